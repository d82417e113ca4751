"""Numbers that belong to a whole tensor, to each of its maps, or to each of its values: their cells, and how they meet it."""

from __future__ import annotations

from xlcnn.grid.blocks import Shape
from xlcnn.grid.references import References
from xlcnn.sheets.parts import Array

ALL, MAP, VALUE = range(3)  # one number for everything, one for each map, one for each value


def learned_shape(shape: Shape, each: int) -> Shape:
    """The shape of what is learned for a tensor of `shape`."""
    return ((1,), shape[:1], shape)[each]


def spread(values: Array, shape: Shape, learned: Shape) -> Array:
    """The numbers as NumPy computes with them beside a tensor of `shape`; leading batch axes stay."""
    return values if learned == shape else values[(..., *(None,) * (len(shape) - 1))]


def learned_at(at: References, part: str, shape: Shape, learned: Shape, index: Shape) -> str:
    """The cell that belongs to one value of the tensor; it stays where it is when the formula is dragged over a map."""
    return at(part, *index) if learned == shape else at.fixed(part, index[0] if learned != (1,) else 0)


def is_dragged(shape: Shape, learned: Shape) -> bool:
    """Whether the formula of a block's first cell can be dragged over the block."""
    return learned in (shape, (1,)) or len(shape) == 3
