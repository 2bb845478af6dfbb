"""Stop every command at many points, by SIGKILL, power cut, full disk and I/O error, and count what is lost.

    python benchmarks/crashes.py [--points 100] [--seed 0] [--only import] [--way killed]

Each point is a real process of the real command line, stopped at one file operation of its own, of SQLite's or of the
index's; then the archive is opened again and asked for everything (tests/crashes/ has the layer and the questions).
Needs Linux and a C compiler. Exit code 1 if anything was lost.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "crashes"))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from crash_checks import COMMANDS, Stages
from crash_points import WAYS
from faults import Faults, is_available


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--points", type=int, default=100, help="how many points to try of each command in each way")
    parser.add_argument("--seed", type=int, default=0, help="which points")
    parser.add_argument("--only", choices=COMMANDS, action="append", help="a command; may be given again")
    parser.add_argument("--way", choices=list(WAYS), action="append", help="a way to stop it; may be given again")
    given = parser.parse_args()
    if not is_available():
        sys.exit("needs Linux and a C compiler (cc)")
    begin, tried, lost = time.monotonic(), 0, 0
    print(f"{'command':<16} {'stopped by':<10} {'operations':>10} {'points':>7} {'survived':>9} {'lost':>5}")
    with tempfile.TemporaryDirectory(prefix="threadkeep-crashes-") as name:
        folder = Path(name).resolve()
        with Faults(folder / "layer") as faults:
            (folder / "stages").mkdir()
            stages = Stages(folder / "stages", faults)
            for command in given.only or COMMANDS:
                for way in given.way or WAYS:
                    outcome = WAYS[way](stages.named(command), folder / "trial", faults, given.points, given.seed)
                    survived = outcome.tried - len(outcome.lost)
                    print(
                        f"{command:<16} {way:<10} {outcome.operations:>10,} {outcome.tried:>7,} {survived:>9,} "
                        f"{len(outcome.lost):>5,}",
                        flush=True,
                    )
                    for at, what in outcome.lost.items():
                        print(f"    at {at}: {what}")
                    tried += outcome.tried
                    lost += len(outcome.lost)
    print(f"{tried:,} points tried, {tried - lost:,} survived, {lost} lost, {time.monotonic() - begin:,.0f} s")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
