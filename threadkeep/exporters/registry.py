"""Registry of the exporters: each public module of this package is a format and satisfies ``Exporter``."""

import importlib
import pkgutil
from typing import cast

from threadkeep import exporters
from threadkeep.errors import UnknownFormat
from threadkeep.exporters.exporter import Exporter

NOT_FORMATS = ("exporter", "registry")


def all_exporters() -> dict[str, Exporter]:
    """Return every exporter by name."""
    found = {}
    for module in pkgutil.iter_modules(exporters.__path__):
        if not module.name.startswith("_") and module.name not in NOT_FORMATS:
            exporter = cast(Exporter, importlib.import_module(f"{exporters.__name__}.{module.name}"))
            found[exporter.NAME] = exporter
    return dict(sorted(found.items()))


def exporter_named(name: str) -> Exporter:
    """Return the exporter called ``name``. Raises UnknownFormat."""
    found = all_exporters()
    try:
        return found[name]
    except KeyError:
        raise UnknownFormat(f"no export format is called {name!r}", f"there are {', '.join(found)}") from None
