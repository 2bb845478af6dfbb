"""Let ``python -m threadkeep`` be the command ``threadkeep``."""

from threadkeep.cli import main

main()
