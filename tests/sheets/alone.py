"""One sheet alone: its tensors by NumPy, and where it stands, without a network around it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from xlcnn.grid.blocks import Shape
from xlcnn.layout.placed import PlacedSheet, place
from xlcnn.sheets.base import Sheet
from xlcnn.sheets.parts import Array, External, Given, Incoming, Part, compute


def sources(*shapes: Shape) -> list[Part]:
    """Tensors of these shapes for a sheet to read, each the output of a sheet of its own."""
    return [Part("output", shape, home=f"source{k}") for k, shape in enumerate(shapes)]


def given_anew(parts: dict[str, Part]) -> Iterator[tuple[str, Array]]:
    """What the cells of a new sheet hold that no formula computes."""
    for part in parts.values():
        if isinstance(part, Given) and part.default is not None:
            yield part.name, part.default


def run(sheet: Sheet, *read: ArrayLike, **given: Any) -> dict[str, Array]:
    """Every tensor of a sheet that reads these arrays; what is not `given` is as on a new sheet."""
    arrays = [np.asarray(array, dtype=float) for array in read]
    parts = sheet.declare(sources(*(array.shape for array in arrays)))
    values = dict(given_anew(parts))
    for part in parts.values():
        if isinstance(part, Incoming | External):
            values[part.name] = part.fetch(arrays[int(part.source.home.removeprefix("source"))])
    return compute(parts, values | {name: np.asarray(value, dtype=float) for name, value in given.items()})


def stand(sheet: Sheet, *shapes: Shape) -> PlacedSheet:
    """Where the sheet stands that reads tensors of these shapes."""
    return place(sheet, sheet.declare(sources(*shapes)))
