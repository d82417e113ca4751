"""Answers are counted one by one; what is kept does not grow with them."""

from __future__ import annotations

import numpy as np

from xlcnn.evaluation.subject import Answered
from xlcnn.evaluation.tally import MISTAKES, NAMED, Tally


def test_right_wrong_none_and_unread() -> None:
    tally = Tally(2)
    tally.add(0, Answered(0, 0.9, 0.9, 0.0))
    tally.add(0, Answered(1, 0.7, 0.3, 1e-12))
    tally.add(1, Answered(None, float("nan"), 0.1, float("inf"), True))
    tally.add(1, Answered(None, error="torn"))
    assert tally.confusion.tolist() == [[1, 1, 0], [0, 0, 1]]
    assert (tally.count, tally.unread_count, tally.differing_count) == (4, 1, 1)
    assert tally.unread == [(3, "torn")]
    assert tally.differing == [(2, float("inf"))]
    assert tally.apart == float("inf")
    assert [(place, label) for place, label, _ in tally.mistakes] == [(1, 0)]


def test_the_worst_of_very_many_and_of_equals_the_first() -> None:
    margins = np.random.default_rng(0).integers(0, 50, 3000) / 100
    tally = Tally(2)
    for margin in margins.tolist():
        tally.add(0, Answered(1, 0.5 + margin, 0.5))
    order = sorted(range(3000), key=lambda k: (-margins[k], k))
    assert [place for place, _, _ in tally.mistakes] == order[:MISTAKES]


def test_a_mistake_without_a_number_is_none_of_the_worst() -> None:
    tally = Tally(2)
    for found in (Answered(1, float("nan"), 0.5), Answered(1, 0.6, 0.5)):
        tally.add(0, found)
    assert [place for place, _, _ in tally.mistakes] == [1, 0]


def test_only_the_first_are_named() -> None:
    tally = Tally(2)
    for _ in range(3 * NAMED):
        tally.add(0, Answered(None, error="torn"))
        tally.add(0, Answered(0, 1.0, 1.0, 0.5, True))
    assert (tally.unread_count, tally.differing_count) == (3 * NAMED, 3 * NAMED)
    assert (len(tally.unread), len(tally.differing)) == (NAMED, NAMED)
