"""The answer of a network: its classes, perhaps with names, the probability of each, and which is the most probable."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from xlcnn.sheets.base import Layer
from xlcnn.sheets.looks import Chart
from xlcnn.sheets.parts import WHOLE, Array, Computed, Constant, Labels, Part, Parts, Values

NAME = 8  # columns of a class's name
SPAN = 4  # a table of words and numbers wants wider cells than a map
SUREST = 0.5  # below it another class may be as probable


def first_largest(x: Array) -> Array:
    """The index of the first largest value along the last axis; not a number where one of them is none, as in Excel."""
    return np.asarray(np.where(np.isnan(x).any(axis=-1), np.nan, x.argmax(axis=-1)))


def check_sure(layer: Layer, sure_from: float) -> None:
    """Raises `NetworkError` where an answer is called sure though another class may be as probable."""
    if 0 < sure_from < SUREST:
        raise layer.fail(f"is not sure from a probability of {sure_from:g}: it must be {SUREST:g} at least, or 0")


def class_parts(count: int, named: bool) -> Iterator[Part]:
    """The numbers of the classes, and beside them their names."""
    yield Constant("class", (count,), np.arange(count, dtype=float), span=SPAN, number_format=WHOLE)
    if named:
        yield Labels("name", (count,), keys=tuple(("class", k) for k in range(count)), span=NAME, look="name")


def prediction() -> Computed:
    """The class of the first largest probability."""

    def most_probable(t: Values) -> Array:
        found = first_largest(t["output"])
        return np.where(np.isnan(found), np.nan, t["class"][np.nan_to_num(found).astype(int)])

    return Computed(
        "prediction", (), span=SPAN, number_format=WHOLE, coloured=False, explained=False,
        numpy=most_probable,
        excel=lambda at: f"INDEX({at.whole('class')},MATCH(MAX({at.whole('output')}),{at.whole('output')},0))",
    )  # fmt: skip


def chart(p: Parts) -> Chart:
    """The probabilities as bars, below the table."""
    return Chart(
        "chart", row=max(15, p["class"].shape[0] + 5), col=0, x="name" if "name" in p else "class", columns="output",
        width=6 * SPAN, percent=True,
    )  # fmt: skip
