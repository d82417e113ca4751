"""Sheets as a graph: each reads the parts of earlier ones. Their declarations, and every value in one pass by NumPy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from xlcnn.errors import NetworkError
from xlcnn.grid.letters import alike
from xlcnn.sheets.base import Sheet
from xlcnn.sheets.parts import Array, Part, Parts, Values, compute


def declare(sheets: Iterable[Sheet], before: Mapping[str, Parts] | None = None) -> dict[str, dict[str, Part]]:
    """The parts of every sheet, which may read those declared `before`. Raises `NetworkError` where they do not fit together."""
    known: dict[str, Parts] = dict(before or {})
    parts: dict[str, dict[str, Part]] = {}
    for sheet in sheets:
        if sheet.name in known:
            raise NetworkError(f"two layers are called {sheet.name}")
        parts[sheet.name] = sheet.declare([find(sheet, name, known) for name in sheet.inputs])
        known[sheet.name] = parts[sheet.name]
    return parts


def check_titles(sheets: Iterable[Sheet]) -> None:
    """Raises `NetworkError` where two sheets want the same tab: Excel does not tell capitals from small letters."""
    titles: set[str] = set()
    for sheet in sheets:
        if alike(sheet.title) in titles:
            raise NetworkError(f"two layers want the sheet {sheet.title}")
        titles.add(alike(sheet.title))


def find(sheet: Sheet, name: str, parts: Mapping[str, Parts]) -> Part:
    """The part that a sheet reads: ``conv1`` means ``conv1.output``."""
    source, _, part = name.partition(".")
    if source not in parts:
        raise NetworkError(f"layer {sheet.name} reads {source}, but no layer before it is called that")
    try:
        return parts[source][part or "output"]
    except KeyError:
        raise NetworkError(f"layer {sheet.name} reads {name}, but {source} has no {part or 'output'}") from None


def evaluate(
    parts: Mapping[str, Parts], given: Mapping[str, Values], known: Mapping[str, Mapping[str, Array]] | None = None
) -> dict[str, dict[str, Array]]:
    """Every value of every sheet by NumPy, from the values of the parts that are `given`: sheet → part → tensor.

    Sheets that are `known` already are taken as they are.
    """
    values = {name: dict(tensors) for name, tensors in (known or {}).items()}
    for name, mine in parts.items():
        if name not in values:
            values[name] = compute(mine, fetch(mine, values) | dict(given.get(name, {})))
    return values


def fetch(parts: Parts, values: Mapping[str, Values]) -> dict[str, Array]:
    """What a sheet reads of earlier ones, with its padding."""
    found = {}
    for part in parts.values():
        if part.read is not None and part.read.name in values.get(part.read.home, {}):
            found[part.name] = part.fetch(values[part.read.home][part.read.name])  # type: ignore[attr-defined]
    return found
