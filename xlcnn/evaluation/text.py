"""An evaluation as a person reads it in a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xlcnn.evaluation import words
from xlcnn.evaluation.outcome import Evaluation

MISTAKES = 10  # that are listed


def text_report(found: Evaluation) -> str:
    """All that there is to say, each subject after an empty line."""
    subjects = [list(head(found)), by_class(found), confusion(found), mistakes(found), unread(found)]
    return "\n\n".join("\n".join(lines) for lines in subjects if lines)


def head(found: Evaluation) -> Iterator[str]:
    yield f"{found.workbook}: {words.verdict(found)}"
    yield words.how(found)
    if line := words.compared(found):
        yield line


def by_class(found: Evaluation) -> list[str]:
    rows = [
        (name, f"{share.pictures:,}", f"{share.right:,}", words.percent(share.value), words.between(share))
        for name, share in zip(found.classes, found.by_class, strict=True)
    ]
    return aligned([("class", "pictures", "right", "accuracy", "95 % confidence"), *rows])


def confusion(found: Evaluation) -> list[str]:
    """A row for each class, a column for each answer; a dot in place of 0."""
    none = any(found.unanswered)
    heads = ("is \\ read as", *found.classes, *(["no answer"] if none else []))
    rows = [
        (name, *(f"{count or '·'}" for count in (*row, *([missing] if none else []))))
        for name, row, missing in zip(found.classes, found.confusion, found.unanswered, strict=True)
    ]
    return aligned([heads, *rows])


def mistakes(found: Evaluation) -> list[str]:
    lines = [f"  {mistake.picture}: {words.mistaken(found, mistake)}" for mistake in found.mistakes[:MISTAKES]]
    return ["the worst mistakes:", *lines] if lines else []


def unread(found: Evaluation) -> list[str]:
    if not found.unread:
        return []
    more = found.unread - len(found.unread_first)
    lines = [f"  {error}" for _, error in found.unread_first]
    return [f"{words.uncounted(found)}:", *lines, *([f"  … and {more:,} more"] if more else [])]


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows of texts under each other, the first column to the left, all others to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    padded = [[f"{cell:>{width}}" for cell, width in zip(row, widths, strict=True)] for row in rows]
    return ["  ".join([f"{row[0]:<{widths[0]}}", *cells[1:]]).rstrip() for row, cells in zip(rows, padded, strict=True)]
