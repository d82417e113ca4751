"""Other pixels, weights, choices and words."""

from __future__ import annotations

from random import Random

from benchmarks.edits.draft import Draft, Edit, blocks_of, put
from xlcnn.sheets.parts import Choice, Labels, Menu, Part, Picture, Play, Weight


def numbers(*kinds: type[Part], low: float = -2, high: float = 2, most: int = 12) -> Edit:
    """Other numbers in some cells of one block."""

    def edit(draft: Draft, rng: Random) -> None:
        placed, block = rng.choice(blocks_of(draft, *kinds))
        cells = rng.sample(block.cells(), min(rng.randint(1, most), block.height * block.width))
        put(draft, placed.title, {cell: round(rng.uniform(low, high), 3) for cell in cells})

    return edit


def huge_weights(draft: Draft, rng: Random) -> None:
    """All weights of a sheet between −1,000 and 1,000: large terms that nearly cancel."""
    placed = rng.choice(blocks_of(draft, Weight))[0]
    cells = [c for p, b in blocks_of(draft, Weight) if p is placed for c in b.cells()]
    put(draft, placed.title, {cell: round(rng.uniform(-1000, 1000), 2) for cell in cells})


def extreme_numbers(draft: Draft, rng: Random) -> None:
    """Scores of 800, x = −1000."""
    placed, block = rng.choice(blocks_of(draft, Play))
    put(draft, placed.title, {rng.choice(block.cells()): rng.choice([800.0, -1000.0, 1000.0, -800.0, 5000.0])})


def erased_pixels(draft: Draft, rng: Random) -> None:
    placed, block = rng.choice(blocks_of(draft, Picture))
    put(draft, placed.title, dict.fromkeys(rng.sample(block.cells(), min(9, len(block.cells())))))


def a_choice(draft: Draft, rng: Random) -> None:
    placed, block = rng.choice(blocks_of(draft, Choice))
    part = placed.parts[block.part]
    assert isinstance(part, Choice)
    put(draft, placed.title, {block.cell(0, 0): float(rng.randint(part.low, part.high))})


def a_word(draft: Draft, rng: Random) -> None:
    """Another image or filter from the list, as far as nobody has renamed it."""
    placed, block = rng.choice(blocks_of(draft, Menu))
    menu = placed.parts[block.part]
    assert isinstance(menu, Menu)
    where = placed.references.locate(menu.options, rng.randrange(menu.count - 1))  # the last may be renamed
    put(draft, placed.title, {block.cell(0, 0): str(draft.whole.book.sheets[placed.title].values[where])})


def another_label(draft: Draft, rng: Random) -> None:
    """A teacher renames an entry of the list that is not chosen, or one of the classes."""
    placed, block = rng.choice([(p, b) for p, b in blocks_of(draft, Labels) if p.parts[b.part].keys])  # type: ignore[attr-defined]
    put(draft, placed.title, {block.cell(block.height - 1, 0): f"renamed {rng.randint(1, 99)}"})


def choices_as_numbers(draft: Draft, rng: Random) -> None:
    """The words of a list become the numbers 1, 2, 3, and so do the cells where one is chosen."""
    placed, block = rng.choice(blocks_of(draft, Menu))
    menu = placed.parts[block.part]
    assert isinstance(menu, Menu)
    cells = [placed.references.locate(menu.options, k) for k in range(menu.count)]
    words = [draft.whole.book.sheets[placed.title].values[cell] for cell in cells]
    chosen: dict[tuple[int, int], float | str | None] = {cell: float(k) for k, cell in enumerate(cells, start=1)}
    for p, b in blocks_of(draft, Menu):
        if p is placed and p.parts[b.part].options == menu.options:  # type: ignore[attr-defined]
            value = draft.whole.book.sheets[p.title].values[b.cell(0, 0)]
            chosen[b.cell(0, 0)] = float(words.index(value) + 1)
    put(draft, placed.title, chosen)


NUMBERS: dict[str, Edit] = {
    "pixels": numbers(Picture, low=0, high=1),
    "pixels beyond 0 to 1": numbers(Picture, low=-3, high=9),
    "erased pixels": erased_pixels,
    "weights and biases": numbers(Weight),
    "weights of 1,000": huge_weights,
    "a choice": a_choice,
    "an image or a filter": a_word,
    "a renamed choice": another_label,
    "choices renamed to numbers": choices_as_numbers,
}
PLAYING: dict[str, Edit] = {
    "numbers to play with": numbers(Play),
    "scores of 800, x = −1000": extreme_numbers,
}  # not in every workbook
