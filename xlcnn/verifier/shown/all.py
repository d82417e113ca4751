"""Everything that is shown, sheet by sheet."""

from __future__ import annotations

from collections.abc import Iterator

from xlcnn.verifier.description import Described
from xlcnn.verifier.report import Problem
from xlcnn.verifier.shown.between import numbers_between
from xlcnn.verifier.shown.cells import cell_problems
from xlcnn.verifier.shown.conditions import condition_problems
from xlcnn.verifier.shown.drawn import drawn_problems
from xlcnn.verifier.shown.looks import look_problems
from xlcnn.verifier.shown.recorded import record_problems
from xlcnn.verifier.shown.scales import turned_round
from xlcnn.verifier.shown.surroundings import surrounding_problems
from xlcnn.verifier.shown.views import window_problems
from xlcnn.verifier.shown.words import word_problems


def shown_problems(described: Described) -> Iterator[Problem]:
    """What a person sees that is not what the cells hold."""
    for placed in (p for p in described.layout.values() if p.title in described.book.sheets):
        yield from cell_problems(described.book, placed)
        yield from window_problems(described, placed)
        yield from look_problems(described.book, placed)
        yield from condition_problems(described.book, placed)
        yield from turned_round(described.book, placed)
        yield from numbers_between(placed, described.book.sheets[placed.title])
        yield from surrounding_problems(described.book, placed)
        yield from drawn_problems(described.book, described.layout, placed)
    yield from word_problems(described)
    yield from record_problems(described)
