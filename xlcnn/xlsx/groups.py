"""Rows and columns that a group hides: LibreOffice folds a group whose sign says so, hidden or not (18.3.1.73, 18.3.1.13)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

DEEPEST = 7  # groups in groups


def folded(levels: Mapping[int, int], collapsed: Iterable[int]) -> set[int]:
    """What lies in a group that is `collapsed` in the row or column after or before it."""
    found: set[int] = set()
    for sign in collapsed:
        for step in (-1, 1):
            k = sign + step
            while levels.get(k, 0) > levels.get(sign, 0):
                found.add(k)
                k += step
    return found
