"""An evaluation as a sheet of a copy of the workbook: counts as numbers, everything that follows from them as formulas."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from xlcnn.errors import WorkbookError, printable
from xlcnn.evaluation import words
from xlcnn.evaluation.outcome import Evaluation, Mistake, Share, Z
from xlcnn.evaluation.pixels import png
from xlcnn.files.reading import read_regular, reason
from xlcnn.grid.blocks import Cell
from xlcnn.grid.references import a1
from xlcnn.xlsx.additions import with_sheet
from xlcnn.xlsx.limits import USUAL_LIMITS
from xlcnn.xlsx.new_sheet import Heat, NewCell, NewPicture, NewSheet

TITLE = "Evaluation"
HEADS = ("class", "pictures", "right", "accuracy", "from", "to")
TOP = 7  # the row of the first class; its heads are above
LEFT = 8  # the column of the classes' names before the confusion matrix
MISTAKES = 12
WIDE = 56  # pixels of a picture
MOST_HEATED = 60  # classes: Excel takes about 250 areas
BLUE, ORANGE = "8DB6E2", "F7B76B"


def appended(workbook: Path, found: Evaluation) -> bytes:
    """The copy of the workbook with this sheet at its end. Raises `WorkbookError`."""
    name = printable(workbook)
    try:
        return with_sheet(read_regular(workbook, USUAL_LIMITS.file_bytes), TITLE, evaluation_sheet(found), USUAL_LIMITS)
    except (OSError, ValueError) as error:
        raise WorkbookError(f"{name} cannot be read: {reason(error)}") from None
    except WorkbookError as error:
        raise WorkbookError(f"{name} {printable(str(error))}") from None


def evaluation_sheet(found: Evaluation) -> NewSheet:
    """Its cells and pictures."""
    none = any(found.unanswered)
    cells = {**dict(head(found)), **dict(by_class(found, none)), **dict(confusion(found, none))}
    start = TOP + len(found.classes) + 3
    shown = found.mistakes[:MISTAKES]
    if shown:
        cells[start - 1, 1] = NewCell("the worst mistakes", "name")
    heights, pictures = {}, []
    for row, mistake in enumerate(shown, start):
        heights[row] = WIDE + 6
        cells[row, 2] = NewCell(words.mistaken(found, mistake), "text")
        cells[row, LEFT] = NewCell(mistake.picture, "text")
        pictures += list(picture(found, mistake, row))
    widths = {1: 14.0, **dict.fromkeys(range(2, 7), 10.0), 7: 3.0, LEFT: 14.0}
    widths |= {LEFT + 1 + k: max(6.0, len(name) + 2.0) for k, name in enumerate(answers(found, none))}
    return NewSheet(cells, widths, heights, heats(len(found.classes)), pictures)


def head(found: Evaluation) -> Iterator[tuple[Cell, NewCell]]:
    yield (1, 1), NewCell("How well this workbook read", "title")
    yield (2, 1), NewCell(f"{words.verdict(found)}; as measured, whatever has been changed since", "text")
    yield (3, 1), NewCell(words.how(found), "text")
    said = words.compared(found)
    if found.unread:
        said = f"{said}; {words.unread(found)}" if said else words.unread(found)
    yield (4, 1), NewCell(said or None, "text")


def answers(found: Evaluation, none: bool) -> list[str]:
    """The heads of the confusion matrix."""
    return [*found.classes, *(["no answer"] if none else [])]


def called(name: str) -> float | str:
    """A class that is a number as a number: Excel warns of a text that could be one."""
    return int(name) if name.isascii() and name.isdecimal() and str(int(name)) == name else name


def by_class(found: Evaluation, none: bool) -> Iterator[tuple[Cell, NewCell]]:
    """The table of accuracies: a row for each class, and one for all."""
    yield (TOP - 2, 5), NewCell("95 % confidence", "name")
    for col, name in enumerate(HEADS, 1):
        yield (TOP - 1, col), NewCell(name, "name" if col == 1 else "head")
    last = LEFT + len(answers(found, none))
    for k, (name, share) in enumerate(zip(found.classes, found.by_class, strict=True)):
        row = TOP + k
        yield (row, 1), NewCell(called(name), "name")
        yield (row, 2), NewCell(share.pictures, "count", f"SUM({a1(row, LEFT + 1)}:{a1(row, last)})")
        yield (row, 3), NewCell(share.right, "count", a1(row, LEFT + 1 + k))
        yield from shares(row, share, "share")
    row, total = TOP + len(found.classes), found.total
    yield (row, 1), NewCell("all", "name")
    for col, number in ((2, total.pictures), (3, total.right)):
        yield (row, col), NewCell(number, "total", f"SUM({a1(TOP, col)}:{a1(row - 1, col)})")
    yield from shares(row, total, "whole")


def shares(row: int, share: Share, style: str) -> Iterator[tuple[Cell, NewCell]]:
    """The accuracy and its interval (`Share.interval` says whose formula that is); empty where there are no pictures."""
    n, right, p = (a1(row, col) for col in (2, 3, 4))
    low, high = share.interval or ("", "")
    value = share.value if share.value is not None else ""
    half = f"{Z}*SQRT({p}*(1-{p})/{n}+{Z}^2/(4*{n}^2))"
    bound = f"({p}+{Z}^2/(2*{n}){{}}{half})/(1+{Z}^2/{n})"
    yield (row, 4), NewCell(value, style, f'IF({n}=0,"",{right}/{n})')
    yield (row, 5), NewCell(low, style, f'IF({n}=0,"",MAX(0,{bound.format("-")}))')
    yield (row, 6), NewCell(high, style, f'IF({n}=0,"",MIN(1,{bound.format("+")}))')


def confusion(found: Evaluation, none: bool) -> Iterator[tuple[Cell, NewCell]]:
    yield (TOP - 2, LEFT + 1), NewCell("read as", "name")
    yield (TOP - 1, LEFT), NewCell("shows", "name")
    for k, name in enumerate(answers(found, none), 1):
        yield (TOP - 1, LEFT + k), NewCell(called(name), "head")
    for k, (row, missing) in enumerate(zip(found.confusion, found.unanswered, strict=True)):
        yield (TOP + k, LEFT), NewCell(called(found.classes[k]), "name")
        for j, count in enumerate((*row, *([missing] if none else [])), 1):
            yield (TOP + k, LEFT + j), NewCell(count, "count")


def heats(classes: int) -> list[Heat]:
    """Blue for what is right, orange for what is not: each from white to its own largest number."""
    if not 1 < classes <= MOST_HEATED:
        return []
    right, wrong = [], []
    for k in range(classes):
        row, cells = TOP + k, [a1(TOP + k, LEFT + 1 + j) for j in range(classes)]
        right.append(a1(row, LEFT + 1 + k))
        wrong += [f"{part[0]}:{part[-1]}" if len(part) > 1 else part[0] for part in (cells[:k], cells[k + 1 :]) if part]
    return [Heat(" ".join(right), BLUE), Heat(" ".join(wrong), ORANGE)]


def picture(found: Evaluation, mistake: Mistake, row: int) -> Iterator[NewPicture]:
    """A mistake's picture, as large as its row has room for."""
    if mistake.image is not None:
        _, height, width = mistake.image.shape
        share = WIDE / max(height, width)
        size = max(1, round(width * share)), max(1, round(height * share))
        yield NewPicture((row, 1), *size, png(mistake.image), f"A picture of {words.mistaken(found, mistake)}")
