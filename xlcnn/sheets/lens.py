"""Look inside one cell: pick a map, a row and a column, and see the window that this one activation is made of.

All numbers count from 1, as a person counts. What lies outside the map is brought back to its edge:

    looking[k]      = max(1, min(size[k], ⌊pick[k]⌋))
    window[i, u, v] = in[i, (row − 1)·stride + u, (column − 1)·stride + v]
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np

from xlcnn.grid.blocks import Block, Box, Shape, beside, stack
from xlcnn.grid.references import References, a1, a1_range
from xlcnn.grid.rules import Rule
from xlcnn.sheets import typed
from xlcnn.sheets.parts import WHOLE, Array, Choice, Computed, Notice, Part, Parts, Values

PICKS = ("pickmap", "pickrow", "pickcol")
SPAN = 3


def pick_parts(output: Shape) -> Iterator[Part]:
    """The cells in which somebody picks a map, a row and a column of the output, and what they come to."""
    for name, size, middle in zip(PICKS, output, (1, output[1] // 2, output[2] // 2), strict=True):
        default = np.array(float(max(1, middle)))
        yield Choice(name, (), default, low=1, high=size, span=SPAN, number_format=WHOLE)
    yield Computed(
        "looking", (1, 3),
        numpy=lambda t: [[typed.whole(t[name], 1, size) for name, size in zip(PICKS, output, strict=True)]],
        excel=lambda at, _, k: typed.whole_formula(at(PICKS[k]), 1, output[k]),
        span=SPAN, number_format=WHOLE, coloured=False, explained=False,
    )  # fmt: skip
    yield Notice(
        "found", (),
        numpy=lambda t: float(all(t[name] == t["looking"][0, k] for k, name in enumerate(PICKS))),
        excel=lambda at: "IF(AND(" + ",".join(at(name) + "=" + at("looking", 0, k) for k, name in enumerate(PICKS)) + "),1,0)",
        words="cell", span=3 * SPAN,
    )  # fmt: skip


def strongest(output: Array) -> dict[str, Array]:
    """The cell of the first map that is furthest from 0: a good one to begin with."""
    y, x = np.unravel_index(int(np.abs(output[0]).argmax()), output.shape[1:])
    return {name: np.array(float(n)) for name, n in zip(PICKS, (1, int(y) + 1, int(x) + 1), strict=True)}


def looked(t: Values) -> tuple[int, int, int] | None:
    """The index of the cell that is looked into, from 0; None where there is no such cell."""
    numbers = np.asarray(t["looking"], dtype=float).ravel().tolist()
    if not all(1 <= n <= size and n == int(n) for n, size in zip(numbers, t["output"].shape[-3:], strict=True)):
        return None
    o, y, x = (int(n) - 1 for n in numbers)
    return o, y, x


def look(t: Values, shape: Shape, see: Callable[[int, int, int], Array]) -> Array:
    """What `see` gives for the picked cell; not a number, where there is no such cell."""
    where = looked(t)
    return np.full(shape, np.nan) if where is None else np.asarray(see(*where))


def picks(at: References) -> list[str]:
    """The references to the map, row and column that are looked at."""
    return [at.fixed("looking", 0, k) for k in range(3)]


def window_cell(at: References, channel: int, u: int, v: int, stride: Shape) -> str:
    """The number at (u, v) of the window: looked up in the incoming map."""
    _, row, col = picks(at)
    y, x = (f"{n}+{k}" if step == 1 else f"({n}-1)*{step}+{k + 1}" for n, k, step in zip((row, col), (u, v), stride, strict=True))
    return f"INDEX({at.whole('in', channel)},{y},{x})"


def window_text(at: References, channels: Sequence[int], kernel: Shape, stride: Shape) -> str:
    """An expression whose result is the window's range as text, in the picked one of `channels`, or in the only one."""
    number, row, col = picks(at)
    corners = [at.fixed("in", c, 0, 0) for c in channels]
    tops = [f"ROW({corner})" for corner in corners]
    top = tops[0] if len(tops) == 1 else f"CHOOSE({number},{','.join(tops)})"
    y, x = f"{top}+({row}-1)*{stride[0]}", f"COLUMN({corners[0]})+({col}-1)*{stride[1]}"
    first, last = f"ADDRESS({y},{x},4)", f"ADDRESS({y}+{kernel[0] - 1},{x}+{kernel[1] - 1},4)"
    return first if tuple(kernel) == (1, 1) else f'{first}&":"&{last}'


def range_text(at: References, part: str, *index: int) -> str:
    """An expression whose result is the fixed range of a block as text, or its only cell; it follows inserted rows."""
    first, *last = (at.whole(part, *index) if len(index) > 1 else at.fixed(part, *index)).split(":")
    return '&":"&'.join(f"ADDRESS(ROW({cell}),COLUMN({cell}))" for cell in (first, *last))


def pick_box(p: Parts) -> Box:
    """The cells to pick with, what they come to, and what is wrong with them."""
    return stack([beside((p[name].block() for name in PICKS), gap=0), p["looking"].block(), p["found"].block()], gap=0)


def marks(blocks: Iterable[Block], at: References, kernel: Shape, stride: Shape, reads_all: bool) -> Iterator[Rule]:
    """Where somebody looks inside one cell: that cell in its map, and its window in the maps before it."""
    number, row, col = picks(at)
    height, width = kernel
    for b in blocks:
        top, left = (f"{of}()-{of}({a1(b.row, b.col, fixed=True)})+1" for of in ("ROW", "COLUMN"))  # follows inserted rows
        if b.part == "output":
            test = f"AND({number}={b.index[0] + 1},{top}={row},{left}={col})"
        elif b.part == "in":
            y, x = (n if step == 1 else f"({n}-1)*{step}+1" for n, step in zip((row, col), stride, strict=True))
            mine = "" if reads_all else f"{number}={b.index[0] + 1},"
            test = f"AND({mine}{top}>={y},{top}<{y}+{height},{left}>={x},{left}<{x}+{width})"
        else:
            continue
        yield Rule("expression", a1_range(b, fixed=False), [test])
