"""Answers counted one after the other: what is kept does not grow with their number."""

from __future__ import annotations

from heapq import heappush, heappushpop
from math import isnan

import numpy as np

from xlcnn.evaluation.subject import Answered

MISTAKES = 24  # that are shown
NAMED = 20  # pictures that are named one by one of those that could not be read, or where NumPy differs


class Tally:
    """What has been counted so far.

    `confusion` has a row for each label and a column for each answer; the last column is of no answer. `mistakes`, `unread` and
    `differing` name pictures by their place; of these only the worst, or the first, are kept.
    """

    def __init__(self, classes: int) -> None:
        self.confusion = np.zeros((classes, classes + 1), dtype=np.int64)
        self.count = 0  # of all pictures, those that could not be read among them
        self.unread_count, self.unread = 0, list[tuple[int, str]]()
        self.differing_count, self.differing = 0, list[tuple[int, float]]()
        self.apart: float | None = None
        self._worst: list[tuple[float, int, int, Answered]] = []

    def add(self, label: int, found: Answered) -> None:
        """Count the next picture's answer."""
        place, self.count = self.count, self.count + 1
        if found.error:
            self.unread_count += 1
            self.unread += [(place, found.error)] if len(self.unread) < NAMED else []
            return
        none = self.confusion.shape[0]
        self.confusion[label, none if found.answer is None else found.answer] += 1
        if found.apart is not None:
            self.apart = max(self.apart or 0.0, found.apart)
        if found.differs:
            self.differing_count += 1
            self.differing += [(place, found.apart or 0.0)] if len(self.differing) < NAMED else []
        if found.answer not in (label, None):
            self._keep((badness(found), -place, label, found))

    def _keep(self, mistake: tuple[float, int, int, Answered]) -> None:
        if len(self._worst) < MISTAKES:
            heappush(self._worst, mistake)
        else:
            heappushpop(self._worst, mistake)

    @property
    def mistakes(self) -> list[tuple[int, int, Answered]]:
        """Place, label and answer of the worst, the worst first: those that gave the wrong class most more than the right one."""
        return [(-place, label, found) for _, place, label, found in sorted(self._worst, key=lambda one: one[:2], reverse=True)]


def badness(found: Answered) -> float:
    """How much more the answer got than the label; a damaged workbook may give no number."""
    more = found.value - found.of_label
    return 0.0 if isnan(more) else more
