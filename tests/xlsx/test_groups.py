"""Which rows a sign of a folded group hides."""

from __future__ import annotations

import pytest

from xlcnn.xlsx.groups import folded


@pytest.mark.parametrize(("levels", "signs", "hidden"), [
    ({}, [], set()), ({2: 1, 3: 1}, [], set()),
    ({2: 1, 3: 1}, [4], {2, 3}), ({2: 1, 3: 1}, [1], {2, 3}), ({2: 1, 3: 1}, [9], set()),
    ({2: 1, 3: 2, 4: 1}, [4], {3}), ({2: 1, 3: 2, 4: 1}, [5], {2, 3, 4}), ({2: 1, 4: 1}, [3], {2, 4}),
])  # fmt: skip
def test_it_hides_what_is_deeper_beside_it(levels: dict[int, int], signs: list[int], hidden: set[int]) -> None:
    assert folded(levels, signs) == hidden
