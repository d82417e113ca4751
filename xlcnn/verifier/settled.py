"""Whether rounding decides what stands in a cell: then programs, which round and add in their own ways, show different numbers.

Weights that magnify what is left where the terms of a sum cancel would make a workbook that is right by NumPy and says something
else in LibreOffice, which takes a sum that is nearly 0 for 0.
"""

from __future__ import annotations

import numpy as np

from xlcnn.grid.references import a1
from xlcnn.sheets.parts import Array
from xlcnn.verifier.recalculation import Recalculation
from xlcnn.verifier.report import Problem

SETTLED = 1e-3  # of a block's largest number: what rounding may move without changing what a person reads from it
ADVICE = "its terms are so much larger than their sum that programs differ; make its largest weights smaller"


def rounding_problems(now: Recalculation) -> list[Problem]:
    """The first cell that each program would fill in its own way, as the workbook stands."""
    for name, tensors in now.reference.items():
        placed, slack = now.described.layout[name], now.slack[name]
        for part, x in tensors.items():
            where = now.described.where.get((name, part))
            if where is None or part not in slack or not placed.parts[part].is_computed:
                continue
            for index in map(tuple, np.argwhere(unsettled(x, slack[part])).tolist()):
                found = f"{float(x[index]):.3g}, give or take {float(slack[part][index]):.2g}"
                expected, place = "a number that rounding leaves as it is", a1(*where[index].tolist())
                return [Problem("rounding", placed.title, place, expected, found, ADVICE)]
        if {"prediction", "in"} <= {*placed.parts} and tied(tensors["in"], slack["in"]):
            place = a1(*now.described.where[name, "prediction"].tolist())
            return [Problem("rounding", placed.title, place, "one largest score", "two that differ by less than their rounding")]
    return []


def unsettled(x: Array, slack: Array) -> Array:
    """Where rounding may move a number by a good share of its block's largest."""
    scale = np.abs(x[np.isfinite(x)]).max(initial=1.0)
    return np.asarray(slack > SETTLED * scale)


def tied(x: Array, slack: Array) -> bool:
    """Whether rounding decides which number is the largest; equal ones that leave nothing to round are in order."""
    if x.ndim != 1 or x.size < 2 or not np.isfinite(x).all():
        return False
    second, first = np.argsort(x, kind="stable")[-2:]
    return bool(x[first] - x[second] < slack[first] + slack[second])
