"""The project's own samples: ``seeds/<format>/<sample>``, each with the records it must give beside it."""

from pathlib import Path

SEEDS = Path(__file__).resolve().parent.parent / "seeds"


def seed(name: str) -> Path:
    """The sample called ``name``, whatever its format."""
    [found] = SEEDS.glob(f"*/{name}")
    return found
