"""Spreadsheet engines, one file each, imported only when asked for."""

from __future__ import annotations

from xlcnn.engines.base import Edits, Engine, Grid, stored_grid
from xlcnn.errors import EngineError

NAMES = ("formualizer", "libreoffice")


def find_engine(name: str) -> Engine:
    """The engine of that name. Raises `EngineError` where there is none."""
    if name == "formualizer":
        from xlcnn.engines.embedded import Formualizer

        return Formualizer()
    if name == "libreoffice":
        from xlcnn.engines.libreoffice import LibreOffice

        return LibreOffice()
    raise EngineError(f"there is no engine {name!r}; there are: {', '.join(NAMES)}")


__all__ = ["NAMES", "Edits", "Engine", "Grid", "find_engine", "stored_grid"]
