"""Names that look alike are the same to the eye; those that differ in a letter or a number are not."""

from __future__ import annotations

import pytest

from xlcnn.grid.lookalikes import LETTERS, skeleton
from xlcnn.verifier.shown.reading import twin


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


def test_the_same_letters_in_names_and_in_words() -> None:
    letters = [twin_ for twins in LETTERS.values() for twin_ in twins]
    assert len(letters) == len(set(letters))
    for letter, twins in LETTERS.items():
        for twin_ in twins:
            assert twin(twin_) == letter, twin_
            assert skeleton(twin_) == skeleton(letter), twin_


def test_a_digit_is_no_letter_in_words() -> None:
    assert skeleton("1O0") == skeleton("loo")
    assert [twin(text) for text in ("1", "0", "з", "б")] == ["1", "0", "3", "6"]
