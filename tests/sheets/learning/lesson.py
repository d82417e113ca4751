"""The lesson with its second part: its plan, words, workbooks, and every value by NumPy."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from tests.conftest import SEVEN
from xlcnn import find_template, load_image
from xlcnn.layout.placed import lay_out
from xlcnn.network.network import Network
from xlcnn.sheets.graph import evaluate
from xlcnn.sheets.parts import Array
from xlcnn.sheets.plan import Plan
from xlcnn.sheets.words import Words
from xlcnn.workbook.make import workbook_bytes
from xlcnn.workbook.numbers import given_numbers
from xlcnn.workbook.picture import picture_of

TEMPLATE = find_template("lesson")
DESCRIPTION = TEMPLATE.description
WHOLE: Plan = TEMPLATE.plan_with(["learning"])
LEARNING = [sheet.name for sheet in DESCRIPTION.learning]
LAYOUT = lay_out(WHOLE)
NETWORK = TEMPLATE.network
Changes = Mapping[str, Mapping[str, Any]]


@cache
def words() -> Words:
    return TEMPLATE.words()


def values(image: Array | None = None, changes: Changes | None = None, network: Network = NETWORK) -> dict[str, dict[str, Array]]:
    """Every value of a new workbook by NumPy, with some of the cells changed that no formula computes."""
    given: dict[str, dict[str, Array]] = given_numbers(
        network, load_image(SEVEN) if image is None else image, WHOLE, {}, TEMPLATE.records
    )
    given = {name: dict(parts) for name, parts in given.items()}
    for name, parts in (changes or {}).items():
        given[name] |= {part: np.asarray(value, dtype=float) for part, value in parts.items()}
    for name in ("samples", "draw"):
        shape = WHOLE.parts[name]["picture" if "picture" in WHOLE.parts[name] else next(iter(WHOLE.parts[name]))].shape
        given[name].setdefault(next(iter(WHOLE.parts[name])), np.zeros(shape))
    layers = {name: found for name, found in given.items() if name in WHOLE.parts}
    wanted = {s.name: WHOLE.parts[s.name] for s in WHOLE.described}
    return evaluate(wanted, layers)


def write(path: Path, image: Array | None = None) -> Path:
    """The workbook of an image with both parts of the lesson."""
    image = load_image(SEVEN) if image is None else image
    path.write_bytes(
        workbook_bytes(NETWORK, image, {"own": picture_of(image)}, words(), WHOLE, TEMPLATE.pictures, TEMPLATE.records)
    )
    return path


def blurred(weight: float = 0.55) -> Array:
    """Two digits, one over the other: the network is not sure of what it reads."""
    one, other = (load_image(TEMPLATE.sample(k), as_is=True) for k in (4, 9))
    return np.round(weight * one + (1 - weight) * other, 4)
