"""What the cells of a new workbook hold: the numbers that are given, and by NumPy the results of all formulas.

A formula's result is stored with it, as every program does that saves a workbook: without, Excel's protected view, previews,
phones and readers such as pandas show blanks or zeros. `xlcnn verify` proves that they are what the formulas give.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import accumulate
from math import prod

import numpy as np

from xlcnn.errors import TemplateError
from xlcnn.grid.blocks import Shape
from xlcnn.layout.placed import Layout, PlacedSheet
from xlcnn.network.network import Network, given_values
from xlcnn.sheets.graph import evaluate
from xlcnn.sheets.parts import Array, Given, Labels, Menu, Part, Picture, Recorded, Text, Values
from xlcnn.sheets.plan import Plan
from xlcnn.sheets.words import Words
from xlcnn.xlsx.strings import escaped


def given_numbers(
    network: Network,
    image: Array,
    plan: Plan,
    pictures: Mapping[str, Array],
    records: Mapping[str, Array],
    truth: int | None = None,
) -> dict[str, dict[str, Array]]:
    """What the cells hold that no formula computes: sheet → part → tensor.

    Raises `TemplateError` where training recorded nothing that a sheet shows.
    """
    given = given_values(plan.parts, network.weights)
    image = np.asarray(image, dtype=np.float64)  # a spreadsheet computes with 64 bits
    activations = network.forward(image)
    for name, sheet in plan.sheets.items():
        for part in plan.parts[name].values():
            if isinstance(part, Picture) and sheet is plan.input:
                given[name][part.name] = image
            elif isinstance(part, Picture) and name in pictures:
                given[name][part.name] = pictures[name]
            elif isinstance(part, Recorded):
                given[name][part.name] = recorded(part, records)
        given[name] |= sheet.begin(activations, truth)
    return given


def recorded(part: Recorded, records: Mapping[str, Array]) -> Array:
    """What training recorded of a part, in the part's shape."""
    found = records.get(part.record)
    if found is None or found.size != prod(part.shape):
        count = " × ".join(map(str, part.shape))
        raise TemplateError(f"the template's training.json has no {part.record} of {count} numbers, which {part.home} shows")
    return found.reshape(part.shape)


def computed(layout: Layout, given: Mapping[str, Values], words: Words) -> dict[str, dict[str, Array]]:
    """Every tensor of every sheet, and what formulas say that say words: sheet → part → tensor.

    Raises `NetworkError` where a formula's result is no number that a spreadsheet can hold.
    """
    known = {name: filled(placed, given[name]) | labels(placed, words) for name, placed in layout.items()}
    with np.errstate(all="ignore"):
        values = evaluate({name: placed.parts for name, placed in layout.items()}, known)
    for name, placed in layout.items():
        for part in placed.parts.values():
            if part.is_computed and not np.isfinite(values[name][part.name]).all():
                raise placed.sheet.fail(f"{part.name} holds numbers that are too large for a spreadsheet, or none")
            if isinstance(part, Text):
                values[name][part.name] = np.array(part.says(values[name], placed.references), dtype=object)
    return values


def filled(placed: PlacedSheet, given: Values) -> dict[str, Array]:
    """What formulas read of numbers that are given: of an empty cell, what it means."""
    return {
        name: np.where(np.isnan(numbers), part.empty, numbers) if isinstance(part := placed.parts[name], Given) else numbers
        for name, numbers in given.items()
    }


def labels(placed: PlacedSheet, words: Words) -> dict[str, Array]:
    """The words that stand in cells."""
    parts = (part for part in placed.parts.values() if isinstance(part, Labels))
    return {part.name: np.array(words.labels(placed.name, part), dtype=object) for part in parts}


# ---- in which order they are filled into the blanks of a sheet ----


def changing(placed: PlacedSheet) -> list[Part]:
    """The parts whose numbers and results are left blank: all but words."""
    return [part for part in placed.parts.values() if part.has_cells and not isinstance(part, Labels | Menu)]


def first_places(placed: PlacedSheet) -> dict[str, int]:
    """The place of the first number of each of these parts among all of the sheet."""
    parts = changing(placed)
    firsts = accumulate((prod(part.shape) for part in parts), initial=0)
    return {part.name: first for part, first in zip(parts, firsts, strict=False)}


def offset(index: Shape, shape: Shape) -> int:
    """The place of ``tensor[index]``'s first number among those of a tensor of this shape."""
    places = 0
    for k, size in zip((*index, *(0,) * (len(shape) - len(index))), shape, strict=True):
        places = places * size + k
    return places


def in_order(placed: PlacedSheet, values: Values) -> Array:
    """The numbers and results of these parts; an array of objects, where some are words."""
    parts = changing(placed)
    found = [np.asarray(values[part.name]).ravel() for part in parts]
    if any(part.is_text for part in parts):
        found = [
            np.array([escaped(text) for text in some], dtype=object) if part.is_text else (some + 0.0).astype(object)
            for part, some in zip(parts, found, strict=True)
        ]
    return np.concatenate(found) if found else np.empty(0)


def standing(placed: PlacedSheet, values: Values) -> dict[str, Array]:
    """What is written where the sheet is laid out: choices from a menu, and which of the cells that are given are empty."""
    given = (part for part in placed.parts.values() if isinstance(part, Given))
    return {part.name: values[part.name] if isinstance(part, Menu) else np.isnan(values[part.name]) for part in given}
