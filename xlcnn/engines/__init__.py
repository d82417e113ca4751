"""Spreadsheet engines, one file each, imported only when asked for."""

from __future__ import annotations

from xlcnn.engines.base import Edits, Engine, Grid, stored_grid
from xlcnn.engines.process import TIMEOUT
from xlcnn.errors import EngineError

NAMES = ("formualizer", "libreoffice", "gnumeric")


def find_engine(name: str, timeout: float = TIMEOUT) -> Engine:
    """The engine of that name; another program gets `timeout` seconds. Raises `EngineError` where there is none."""
    if name == "formualizer":
        from xlcnn.engines.embedded import Formualizer

        return Formualizer()
    if name == "libreoffice":
        from xlcnn.engines.libreoffice import LibreOffice

        return LibreOffice(timeout)
    if name == "gnumeric":
        from xlcnn.engines.gnumeric import Gnumeric

        return Gnumeric(timeout)
    raise EngineError(f"there is no engine {name!r}; there are: {', '.join(NAMES)}")


def present(timeout: float = TIMEOUT) -> list[Engine]:
    """Every engine that this machine has."""
    found = []
    for engine in (find_engine(name, timeout) for name in NAMES):
        try:
            engine.version()
        except EngineError:
            continue
        found.append(engine)
    return found


__all__ = ["NAMES", "Edits", "Engine", "Grid", "find_engine", "present", "stored_grid"]
