"""Names that look alike are the same to the eye; those that differ in a letter or a number are not."""

from __future__ import annotations

import pytest

from xlcnn.grid.lookalikes import skeleton


@pytest.mark.parametrize(
    "twin", ["Guіde", "GUIDE", "Gulde", "Gu1de", "Guide\u200b", " Guide", "Ｇｕｉｄｅ", "Guidé", "Gυide", "G-uide"]
)
def test_it_looks_like_guide(twin: str) -> None:
    assert skeleton(twin) == skeleton("Guide")


@pytest.mark.parametrize("other", ["Guide2", "Guides", "Guise", "Gide", "", "指南", "Guide (2)"])
def test_it_does_not(other: str) -> None:
    assert skeleton(other) != skeleton("Guide")


def test_numbers_tell_sheets_apart() -> None:
    assert len({skeleton(name) for name in ("Conv1", "Conv2", "Conv3", "ReLU1", "ReLU2", "Conv10")}) == 6
