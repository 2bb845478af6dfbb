"""The ways in which a command is stopped: killed, cut off with the power, out of room, or failed by its disk.

Each function tries some of a stage's points, spread over all of them, and gives what became of each: None, or what
was lost.
"""

import errno
import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from crash_checks import Stage, Trial
from faults import FAIL_ON, FAIL_ONCE, KILL, TEAR, Faults
from power_loss import Disk, operations

from threadkeep.errors import ThreadkeepError


@dataclass
class Outcome:
    """How many operations a command has, how many points were tried, and what was lost at which."""

    operations: int
    tried: int = 0
    lost: dict[int, str] = field(default_factory=dict)


Way = Callable[[Stage, Path, Faults, int, int], Outcome]
"""Takes a stage, a folder that is not there, the layer, how many points to try at most, and where chance begins."""


def killed(stage: Stage, folder: Path, faults: Faults, points: int, seed: int = 0) -> Outcome:
    """SIGKILL before an operation, or with half of a write done."""

    def kill(trial: Trial, at: int) -> str:
        ended = trial.run(at=at, action=KILL if at % 2 else TEAR)
        assert ended.code == -9, f"not killed at {at}: {ended}"
        return ended.out

    return _each(stage, folder, faults, points, seed, stop=kill)


def out_of_room(stage: Stage, folder: Path, faults: Faults, points: int, seed: int = 0) -> Outcome:
    """From one operation on nothing that takes room can be done any more."""
    return _each(stage, folder, faults, points, seed, stop=_failing(FAIL_ON, errno.ENOSPC))


def failed_by_the_disk(stage: Stage, folder: Path, faults: Faults, points: int, seed: int = 0) -> Outcome:
    """One operation fails with an I/O error."""
    return _each(stage, folder, faults, points, seed, stop=_failing(FAIL_ONCE, errno.EIO))


def cut_off(stage: Stage, folder: Path, faults: Faults, points: int, seed: int = 0) -> Outcome:
    """The power goes after an operation, and the disk holds one of the things it may hold then."""
    log = folder.with_suffix(".log")
    trial = Trial(stage, folder, faults).prepare()
    disk = Disk(folder)
    assert trial.run(log=log).code == 0
    shutil.rmtree(folder)
    played = list(operations(log))
    outcome = Outcome(len(played))
    before = 0
    for at in {**dict.fromkeys(_spread(len(played), points, seed)), len(played): None}:
        for operation in played[before:at]:
            disk.play(operation)
        before = at
        disk.cut(folder, random.Random(f"{seed} {at}"))
        ask = partial(trial.check, disk.printed.decode(), was_cut=True, was_done=at == len(played))
        _judge(outcome, at, trial, ask)
    return outcome


def _each(
    stage: Stage, folder: Path, faults: Faults, points: int, seed: int, *, stop: Callable[[Trial, int], str]
) -> Outcome:
    trial = Trial(stage, folder, faults)
    whole = trial.prepare().run()
    shutil.rmtree(folder)
    assert whole.code == 0, whole.err
    outcome = Outcome(whole.operations)
    for at in _spread(whole.operations, points, seed):
        _judge(outcome, at, trial, partial(_stop_and_ask, trial, stop, at))
    return outcome


def _stop_and_ask(trial: Trial, stop: Callable[[Trial, int], str], at: int) -> None:
    trial.check(stop(trial.prepare(), at))


def _spread(count: int, points: int, seed: int) -> Iterator[int]:
    """Numbers from 1 to ``count``, at most ``points`` of them: one by chance out of each stretch of equal length."""
    chance = random.Random(seed)
    points = min(points, count)
    for number in range(points):
        yield chance.randint(number * count // points + 1, (number + 1) * count // points)


def _judge(outcome: Outcome, at: int, trial: Trial, ask: Callable[[], None]) -> None:
    outcome.tried += 1
    try:
        ask()
    except (AssertionError, ThreadkeepError, OSError) as error:
        outcome.lost[at] = f"{type(error).__name__}: {error}"
    shutil.rmtree(trial.folder)


def _failing(action: int, error: int) -> Callable[[Trial, int], str]:
    """Fail an operation: the command must say so in words and end with 1, or have got by without."""

    def fail(trial: Trial, at: int) -> str:
        ended = trial.run(at=at, action=action, error=error)
        said = f"at {at} exit code {ended.code}: {ended.err}"
        assert ended.code in (0, 1), said
        assert "Traceback" not in ended.err, said
        errors = [line for line in ended.err.splitlines() if line.startswith("threadkeep: ")]
        assert len(errors) == ended.code, said
        return ended.out

    return fail


WAYS: dict[str, Way] = {
    "killed": killed,
    "power cut": cut_off,
    "disk full": out_of_room,
    "I/O error": failed_by_the_disk,
}
