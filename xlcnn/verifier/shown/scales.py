"""Colour scales: whether the numbers on them can be read, and whether ours still mean what the legend says."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite

import numpy as np

from xlcnn.grid.blocks import Block
from xlcnn.grid.references import a1
from xlcnn.layout.colours import colour_rules
from xlcnn.layout.placed import PlacedSheet
from xlcnn.verifier.report import Problem
from xlcnn.verifier.shown.looks import faint, hexadecimal
from xlcnn.workbook import styles
from xlcnn.xlsx.areas import area_of
from xlcnn.xlsx.book import Book
from xlcnn.xlsx.colours import BLACK, LEAST_CONTRAST, Rgb, of_hex
from xlcnn.xlsx.conditions import Condition
from xlcnn.xlsx.looks import Look
from xlcnn.xlsx.number_formats import Ink, ink_for, shown

Grounds = tuple[Rgb, ...]
EITHER = [1.0, -1.0]  # numbers of either sign, where none are known
NEAR = 40  # of 255: colours that are taken for the same


LOW, HIGH = of_hex(styles.ORANGE), of_hex(styles.BLUE)
GROUNDS = tuple(of_hex(text) for text in styles.GROUNDS.values())
USUAL = ((LOW,), GROUNDS, (HIGH,))
FROM_ZERO = ("num 0", "max")


def colours_of(book: Book, condition: Condition) -> tuple[Rgb, ...]:
    """The colours of a scale or of bars."""
    found = (book.looks.palette.colour_of(colour) for colour in condition.colours)
    return tuple(colour for colour in found if colour)


def numbers_in(book: Book, placed: PlacedSheet, block: Block) -> list[float]:
    """What the cells of a block hold, as the file stores it."""
    values = book.sheets[placed.title].values
    return [float(v) for cell in block.cells() if isinstance(v := values.get(cell), int | float) and isfinite(v)]


def written(book: Book, look: Look, value: float) -> Ink:
    """The colour in which a number is written, and its least contrast: its format's, or the cell's own."""
    own = look.colour or BLACK, LEAST_CONTRAST
    return (ink_for(look.number_format, value, book.looks.palette.numbered) if look.inks else None) or own


def lost_on(
    book: Book, placed: PlacedSheet, block: Block, look: Look, grounds: Grounds, most: float = LEAST_CONTRAST
) -> str | None:
    """Writing that cannot be read on some grounds, in words: in the cells' colour, or in that of their format for each number."""
    values = numbers_in(book, placed, block) or EITHER if look.inks else EITHER[:1]
    lost = [faint(ink, grounds, min(least, most)) for ink, least in (written(book, look, value) for value in values)]
    return lost[0] if all(lost) else None


def unreadable_on(book: Book, placed: PlacedSheet, block: Block, scale: Condition, look: Look) -> str | None:
    """Why not one of a block's numbers can be read on a scale, in words. A heat map of one's own may swallow those at one end."""
    colours = colours_of(book, scale)
    inks = [(look.colour, LEAST_CONTRAST), *look.inks]
    wrong = next((w for ink, least in inks for colour in colours if (w := faint(ink, (colour,), least))), None)
    if wrong is None:
        return None
    part, values = placed.parts[block.part], numbers_in(book, placed, block)
    if {b for b in scale.bounds if b.startswith("formula")} - {b for rule in colour_rules(placed) for b in rule.formulas}:
        return lost_on(book, placed, block, look, colours)  # it could lie anywhere
    if not values or len(colours) != len(scale.bounds):  # nothing is known of them
        either = [written(book, look, value) for value in EITHER]
        return wrong if all(faint(ink, (colour,), least) for ink, least in either for colour in colours) else None
    at = np.array([position(bound, values) for bound in scale.bounds])
    order = np.argsort(at, kind="stable")
    seen = [v for v in values if any(letter.isdigit() for letter in shown(part.shown, v) or "")]  # not a dot for hardly anything
    red, green, blue = (np.interp(seen, at[order], np.array([c[k] for c in colours])[order]) for k in range(3))
    grounds = [(round(r), round(g), round(b)) for r, g, b in zip(red, green, blue, strict=True)]
    written_in = [written(book, look, value) for value in seen]
    lost = [faint(ink, (ground,), least) for (ink, least), ground in zip(written_in, grounds, strict=True)]
    return lost[0] if lost and all(lost) else None


def position(bound: str, values: list[float]) -> float:
    """The number at which a scale has one of its colours; that of a formula is taken for the largest, on the side of its sign."""
    kind, _, text = bound.partition(" ")
    low, high = min(values), max(values)
    if kind == "max" or kind == "autoMax":
        return high
    if kind == "min" or kind == "autoMin":
        return low
    try:
        number = float(text)
    except ValueError:
        most = max(abs(low), abs(high))
        return -most if text.lstrip("=").startswith("-") else most
    if kind == "percent":
        return low + (high - low) * number / 100
    return float(np.percentile(values, min(100.0, max(0.0, number)))) if kind == "percentile" else number


def turned_round(book: Book, placed: PlacedSheet) -> Iterator[Problem]:
    """Our own colours in another order: what the legend calls negative is painted as if it were positive."""
    scales = [c for c in book.sheets[placed.title].around.conditions if c.kind == "colorScale"]
    for scale in scales:
        colours = colours_of(book, scale)
        if len(colours) == len(USUAL) or scale.bounds == FROM_ZERO:
            right = USUAL[-len(colours) :]
            palette = frozenset().union(*right)
            kept = all(any(near(colour, ours) for ours in some) for colour, some in zip(colours, right, strict=False))
            borrowed = all(any(near(colour, ours) for ours in palette) for colour in colours)
            block = next((b for b in placed.blocks if any(area.meets(area_of(b)) for area in scale.areas)), None)
            if borrowed and not kept and block is not None:
                text = f"#{hexadecimal(LOW)} for what is below 0, #{hexadecimal(HIGH)} for what is above, as the legend says"
                yield Problem("colours", placed.title, a1(block.row, block.col), text, "the same colours in another order")
                return


def near(one: Rgb, other: Rgb) -> bool:
    return all(abs(a - b) <= NEAR for a, b in zip(one, other, strict=True))
