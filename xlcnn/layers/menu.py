"""A drop-down of words, and the number of the word that was chosen.

    number = MATCH(choice, options, 0)

The words themselves belong to the lesson, so NumPy knows a choice only by its place in the list, from 1.
"""

from __future__ import annotations

from collections.abc import Iterable

from xlcnn.blocks import Box, References, Shape, block
from xlcnn.layers.base import OPTIONS, Part

SPAN = 7  # a word needs several square cells


def menu_parts(count: int, shape: Shape = ()) -> dict[str, Part]:
    """One drop-down of `count` words for each value of `shape`."""
    return {
        "choice": Part("menu", shape, low=1, high=count),
        OPTIONS: Part("label", (count,)),
        "number": Part("computed", shape),
    }


def number_formula(ref: References, index: Shape) -> str:
    return f"=MATCH({ref.at('choice', index)},{ref.whole(OPTIONS)},0)"


def choose(ref: References, index: Shape, choices: Iterable[str]) -> str:
    """The one among references whose number was chosen."""
    return f"CHOOSE({ref.at('number', index, fixed=True)},{','.join(choices)})"


def list_box(count: int) -> Box:
    """The list of the words."""
    return block(OPTIONS, (), OPTIONS, count, 1, SPAN)
