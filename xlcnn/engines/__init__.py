"""Spreadsheet engines, one file each: the one door through which anything is recalculated.

To add one, write its file with a class like those beside it, and register it here.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from xlcnn.errors import EngineError

if TYPE_CHECKING:
    from xlcnn.engines.base import Engine

DEFAULT = "formualizer"
TIMEOUT = 120.0  # seconds that another program may take
#: Name → module and class, imported only when asked for.
ENGINES = {
    "formualizer": ("embedded", "Formualizer"),
    "libreoffice": ("libreoffice", "LibreOffice"),
    "gnumeric": ("gnumeric", "Gnumeric"),
    "ironcalc": ("ironcalc", "IronCalc"),
}
PROGRAMS = frozenset({"libreoffice", "gnumeric"})  # that are started once or several times, each time with a limit of their own


def find_engine(name: str = DEFAULT, timeout: float = TIMEOUT) -> Engine:
    """The engine of that name; another program gets `timeout` seconds. Raises `EngineError` where there is none."""
    if name not in ENGINES:
        raise EngineError(f"there is no engine {name!r}; there are: {', '.join(ENGINES)}")
    module, engine = ENGINES[name]
    found: Engine = getattr(import_module(f"xlcnn.engines.{module}"), engine)(timeout)
    return found


def present(timeout: float = TIMEOUT) -> list[Engine]:
    """Every engine that this machine has."""
    found = []
    for engine in (find_engine(name, timeout) for name in ENGINES):
        try:
            engine.version()
        except EngineError:
            continue
        found.append(engine)
    return found
