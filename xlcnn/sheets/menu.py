"""A drop-down of words, and the number of the word that was chosen.

    number = the place of the chosen word in the list; 1, if it is not there

The words themselves belong to the lesson, so NumPy knows a choice only by its place in the list, from 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from xlcnn.grid.blocks import Box, Shape, stack
from xlcnn.grid.references import References
from xlcnn.sheets.parts import WHOLE, Array, Computed, Labels, Menu, Notice, Part, Parts, Values

SPAN = 6  # a word needs several square cells


def menu_parts(keys: Iterable[tuple[str, int]], shape: Shape = ()) -> Iterator[Part]:
    """One drop-down of words for each value of `shape`, each set to the first; `keys` name the words."""
    keys = tuple(keys)
    yield Menu("choice", shape, np.ones(shape), count=len(keys), span=SPAN)
    yield Labels("options", (len(keys),), keys=keys, span=SPAN)
    yield Computed(
        "number", shape,
        numpy=lambda t: np.where(np.isnan(t["choice"]), 1, t["choice"]),
        excel=lambda at, *i: f"IFERROR(MATCH({at('choice', *i)},{at.whole('options')},0),1)",
        number_format=WHOLE, coloured=False, explained=False,
    )  # fmt: skip
    yield Notice(
        "known", shape,
        numpy=lambda t: np.where(np.isnan(t["choice"]), 0.0, 1.0),
        excel=lambda at, *i: f"IF(ISNUMBER(MATCH({at('choice', *i)},{at.whole('options')},0)),1,0)",
        words="choice", span=SPAN,
    )  # fmt: skip


def chosen(t: Values, choices: list[Array], index: Shape = ()) -> Array:
    """The one among arrays whose number was chosen; not a number, if there is none of that number."""
    number = t["number"][index]
    return choices[int(number) - 1] if 1 <= number <= len(choices) else np.full(choices[0].shape, np.nan)


def choose(at: References, index: Shape, choices: Iterable[str]) -> str:
    """The same among references."""
    return f"CHOOSE({at.fixed('number', *index)},{','.join(choices)})"


def choice_box(p: Parts, *index: int) -> Box:
    """The drop-down, and what is wrong with the choice."""
    return stack([p["choice"].block(*index), p["known"].block(*index)], gap=0)
