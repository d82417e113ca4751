"""Typed options: what a definition may say, within which bounds, and how that is written in a workbook."""

from dataclasses import MISSING, dataclass, fields
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlcnn.sheets.options import (
    LARGEST,
    fraction,
    options_of,
    pair,
    parse_value,
    shape,
    sides,
    values_of,
    whole,
    write_value,
    yes_no,
)  # fmt: skip


@dataclass(frozen=True)
class Thing:
    """Every type of option."""

    name: str
    count: int = whole(1, 9)
    size: tuple[int, int] = pair(default=(2, 2))
    around: tuple[int, int, int, int] = sides(0, 5)
    share: float = fraction(0, 1, default=0.5)
    shape: tuple[int, int, int] = shape()
    shown: bool = yes_no(part_of_network=False)


OPTIONS = options_of(Thing)


@pytest.mark.parametrize(
    ("name", "said", "meant"),
    [
        ("count", 1, 1),
        ("count", 9, 9),
        ("size", 3, (3, 3)),
        ("size", [3], (3, 3)),
        ("size", [1, LARGEST], (1, LARGEST)),
        ("size", (4, 5), (4, 5)),
        ("around", 1, (1, 1, 1, 1)),
        ("around", [1, 2], (1, 2, 1, 2)),
        ("around", [0, 1, 2, 5], (0, 1, 2, 5)),
        ("share", 0, 0.0),
        ("share", 1, 1.0),
        ("share", 0.25, 0.25),
        ("shape", [3, 10, 12], (3, 10, 12)),
        ("shown", True, True),
        ("shown", False, False),
    ],
)
def test_what_an_option_takes(name: str, said: Any, meant: Any) -> None:
    read = OPTIONS[name].read(said)
    assert read == meant
    assert type(read) is type(meant)


WHOLE = "must be a whole number from 1 to 9"
PAIR = "must be a whole number or two"
SIDES = "must be one, two or four whole numbers"
SHAPE = "must be three whole numbers: channels, height, width"
SHARE = "must be a number from 0 to 1"
YES_NO = "must be true or false"


@pytest.mark.parametrize(
    ("name", "said", "words"),
    [
        *(("count", value, WHOLE) for value in (0, 10, -1, 1.0, "1", None, True, [1], float("nan"))),
        *(("size", value, PAIR) for value in ("3x3", [], [1, 2, 3], [1.0, 2], [True, 2], None, 1.5, True, {"rows": 1})),
        *(("size", value, "must lie between 1 and 16384") for value in (0, [1, 0], [1, LARGEST + 1], -1)),
        *(("around", value, SIDES) for value in ([1, 2, 3], [1] * 5, "1", [], [1, None], False)),
        *(("around", value, "must lie between 0 and 5") for value in (-1, 6, [0, 0, 0, 6])),
        *(("shape", value, SHAPE) for value in (28, [28, 28], [1, 28, 28, 1], "1x28x28", [1, 28, 28.0])),
        *(("shape", value, "must lie between 1 and 16384") for value in ([0, 28, 28], [1, 28, LARGEST + 1])),
        *(("share", value, SHARE) for value in (-0.1, 1.1, "0.5", None, True, float("nan"), float("inf"), [0.5])),
        *(("shown", value, YES_NO) for value in (0, 1, "yes", None, "true")),
    ],
)
def test_what_an_option_refuses_is_said(name: str, said: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words) as error:
        OPTIONS[name].read(said)
    assert str(error.value).partition(", not ")[0] == words


@pytest.mark.parametrize(("name", "said"), [("count", 20_000), ("size", [3, 20_000]), ("around", [0, 0, 0, 20_000])])
def test_by_how_much_is_said(name: str, said: Any) -> None:
    with pytest.raises(ValueError, match=r", not 20000$"):
        OPTIONS[name].read(said)


def test_options_come_in_the_order_of_their_definition() -> None:
    assert list(OPTIONS) == ["count", "size", "around", "share", "shape", "shown"]
    assert next(f.name for f in fields(Thing)) == "name", "a field without a type is no option"


def test_what_is_not_said_is_as_usual() -> None:
    thing = Thing("t", count=1, shape=(1, 2, 3))
    assert values_of(thing) == {
        "count": 1, "size": (2, 2), "around": (0, 0, 0, 0), "share": 0.5, "shape": (1, 2, 3), "shown": False,
    }  # fmt: skip


def test_what_is_only_there_to_play_with_is_no_part_of_the_network() -> None:
    assert [name for name, option in OPTIONS.items() if not option.part_of_network] == ["shown"]


def test_what_has_no_default_must_be_said() -> None:
    required = [name for name, option in OPTIONS.items() if option.default is MISSING]
    assert required == ["count", "shape"]


# ---- in a cell ----


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "yes"),
        (False, "no"),
        (2, "2"),
        (0.1, "0.1"),
        (1e-7, "1e-07"),
        ((3, 2), "3 × 2"),
        ((2, 0, 1, 1), "2 × 0 × 1 × 1"),
    ],
)
def test_an_option_in_a_cell_reads_as_a_person_would_write_it(value: Any, text: str) -> None:
    assert write_value(value) == text


@given(
    st.one_of(
        st.booleans(),
        st.integers(-LARGEST, LARGEST),
        st.floats(0, 1),
        st.lists(st.integers(0, LARGEST), min_size=2, max_size=4).map(tuple),
    )
)
def test_what_was_written_is_read_back(value: Any) -> None:
    read = parse_value(write_value(value))
    assert (tuple(read) if isinstance(read, list) else read) == value
    assert isinstance(read, list) or type(read) is type(value)


@pytest.mark.parametrize("text", ["", "maybe", "3 × ", "3 × x", "3x3", "0x10"])
def test_a_cell_that_says_nothing_known_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"invalid literal|could not convert"):
        parse_value(text)
