"""Let ``python -m threadkeep`` be the command ``threadkeep``."""

from threadkeep.cli.main import main

main()
