"""What a part says of itself: where its cells come from, what may be typed there, how it is fetched and labelled."""

from dataclasses import replace

import numpy as np
import pytest

from xlcnn.grid.blocks import Shape
from xlcnn.sheets.parts import (
    MAP,
    TWO_DECIMALS,
    Choice,
    Computed,
    Constant,
    External,
    Incoming,
    Labels,
    Limit,
    Menu,
    Notice,
    Padding,
    Part,
    Picture,
    Play,
    Recorded,
    Text,
    Weight,
    compute,
    external,
    incoming,
)  # fmt: skip

SOURCE = Part("output", (2, 3, 4), home="before", signed=False)

PARTS: dict[str, Part] = {
    "incoming": incoming("in", SOURCE),
    "external": external("far", SOURCE),
    "picture": Picture("output", (1, 2, 2)),
    "weight": Weight("weight", (2, 2)),
    "constant": Constant("class", (3,), np.arange(3.0)),
    "recorded": Recorded("confusion", (2, 2), np.full((2, 2), np.nan), record="confusion"),
    "play": Play("at", (), np.array(1.5)),
    "choice": Choice("pickrow", (), np.array(1.0), low=1, high=26),
    "menu": Menu("choice", (), np.array(1.0), count=7),
    "labels": Labels("options", (2,), texts=("a", "b")),
    "computed": Computed("sum", (), numpy=lambda t: t["at"] + 1, excel=lambda at: f"{at('at')}+1"),
    "notice": Notice("valid", (), words="pixel", numpy=lambda t: 1.0, excel=lambda at: "1"),
    "text": Text("celltext", (), says=lambda t, at: "=1", excel=lambda at: '"=1"'),
}


def those(question: str) -> set[str]:
    return {name for name, part in PARTS.items() if getattr(part, question)}


def test_every_part_says_where_its_cells_come_from() -> None:
    assert those("has_formula") == {"incoming", "computed", "notice", "text"}
    assert those("is_computed") == {"computed", "notice"}
    assert those("is_given") == {"picture", "weight", "constant", "recorded", "play", "choice", "menu"}
    assert those("is_weight") == {"weight"}
    assert those("is_text") == {"labels", "text"}
    assert set(PARTS) - those("has_cells") == {"external"}


def test_a_cell_is_given_or_computed_but_never_both() -> None:
    for part in PARTS.values():
        kinds = (part.has_formula, part.is_given, part.is_text and not part.has_formula, not part.has_cells)
        assert sum(kinds) == 1, part


def test_what_is_there_to_be_changed() -> None:
    assert those("editable") == {"picture", "weight", "play", "choice", "menu"}
    assert not any(part.has_formula for part in PARTS.values() if part.editable)


@pytest.mark.parametrize("signed", [True, False])
def test_the_middle_of_a_heat_map_is_yellow_only_where_somebody_may_draw(signed: bool) -> None:
    grounds = {name: replace(part, signed=signed).ground for name, part in PARTS.items()}
    assert {name for name, ground in grounds.items() if ground == "yours"} == (set() if signed else those("editable"))


def test_a_narrow_cell_shows_one_decimal_a_wider_one_two_unless_the_part_says_it_itself() -> None:
    part = PARTS["computed"]
    assert replace(part, span=1).shown == MAP
    assert replace(part, span=2).shown == TWO_DECIMALS
    assert replace(part, span=1, number_format="0").shown == replace(part, span=2, number_format="0").shown == "0"


def test_what_may_be_typed() -> None:
    limits = {name: part.limit for name, part in PARTS.items() if part.limit is not None}
    numbers = {"weight": Limit("number"), "play": Limit("number")}
    bounded = {"picture": Limit("decimal", 0, 1), "choice": Limit("whole", 1, 26), "menu": Limit("list", 1, 7)}
    assert limits == numbers | bounded


def test_an_empty_pixel_is_empty_paper_and_another_empty_cell_is_no_number() -> None:
    empty = {name: getattr(part, "empty", None) for name, part in PARTS.items() if part.is_given}
    assert empty.pop("picture") == 0
    assert all(np.isnan(value) for value in empty.values())  # type: ignore[arg-type]


def test_what_is_read_on_another_sheet() -> None:
    assert {name for name, part in PARTS.items() if part.read is SOURCE} == {"incoming", "external"}
    assert all(part.read is None for name, part in PARTS.items() if name not in ("incoming", "external"))


def test_only_a_notice_is_shown_as_words() -> None:
    assert PARTS["notice"].notice == "pixel"  # type: ignore[attr-defined]
    assert PARTS["computed"].notice == ""  # type: ignore[attr-defined]


def test_a_notice_is_neither_captioned_nor_coloured_nor_explained() -> None:
    notice = PARTS["notice"]
    assert isinstance(notice, Notice)
    assert (notice.captioned, notice.coloured, notice.explained) == (False, False, False)


def test_computing_goes_through_the_parts_in_their_order() -> None:
    twice = Computed("twice", (), numpy=lambda t: 2 * t["sum"], excel=lambda at: f"2*{at('sum')}")
    parts = {"at": PARTS["play"], "sum": PARTS["computed"], "twice": twice}
    values = compute(parts, {"at": np.array(4.0)})
    assert values["sum"] == 5
    assert values["twice"] == 10
    assert isinstance(values["twice"], np.ndarray)


# ---- fetching ----


def test_without_padding_it_is_fetched_as_it_is() -> None:
    x = np.arange(24.0).reshape(2, 3, 4)
    for name in ("incoming", "external"):
        assert PARTS[name].shape == SOURCE.shape
        assert PARTS[name].fetch(x) is x  # type: ignore[attr-defined]
    assert PARTS["incoming"].source_index((1, 2, 3)) == (1, 2, 3)  # type: ignore[attr-defined]


def test_what_is_fetched_is_negative_only_if_its_source_may_be() -> None:
    assert PARTS["incoming"].signed is False
    assert PARTS["external"].signed is False
    assert incoming("in", Part("output", (3,))).signed is True


PADDED = incoming("in", SOURCE, Padding((2, 0, 1, 3)))


@pytest.mark.parametrize("value", [0.0, -np.inf])
def test_padding_stands_on_each_side_for_itself(value: float) -> None:
    part = incoming("in", SOURCE, Padding((2, 0, 1, 3), value))
    assert part.shape == (2, 2 + 3 + 1, 0 + 4 + 3)
    x = np.arange(1.0, 25).reshape(2, 3, 4)
    fetched = part.fetch(x)
    assert fetched.shape == part.shape
    assert (fetched[:, 2:5, 0:4] == x).all()
    assert (fetched == value).sum() == fetched.size - x.size


def test_a_batch_is_padded_image_by_image() -> None:
    x = np.ones((5, 2, 3, 4))
    assert PADDED.fetch(x).shape == (5, *PADDED.shape)


def test_each_cell_knows_what_it_fetches_and_padding_fetches_nothing() -> None:
    x = np.arange(1.0, 25).reshape(2, 3, 4)
    fetched = PADDED.fetch(x)
    for index in np.ndindex(*PADDED.shape):
        source = PADDED.source_index(index)
        assert fetched[index] == (0 if source is None else x[source]), index


def test_padding_is_shown_where_excel_reads_it_as_numpy_does() -> None:
    """A shown 0 is a number; Excel's MAX passes over an empty cell as over −∞."""
    assert Padding().shown is True
    assert Padding((1, 1, 1, 1), -np.inf, shown=False).shown is False


# ---- blocks ----


@pytest.mark.parametrize(
    ("part", "index", "label", "size"),
    [
        (Weight("weight", (2, 3, 5, 4), label="filter"), (0, 2), "filter1.3", (5, 4)),
        (Weight("weight", (2, 3, 5, 4), label="weights", start=(0,)), (1, 0), "weights1.1", (5, 4)),
        (Part("output", (2, 5, 4), label="map"), (1,), "map2", (5, 4)),
        (Part("output", (10,), label="score", start=(0,)), (9,), "score9", (1, 1)),
        (Part("output", (10,)), (), "output", (10, 1)),
        (Part("winner", ()), (), "winner", (1, 1)),
        (Part("looking", (1, 3)), (), "looking", (1, 3)),
    ],
)
def test_a_block_is_called_after_its_part_and_its_numbers(part: Part, index: Shape, label: str, size: Shape) -> None:
    (block,) = part.block(*index).blocks
    assert (block.label, (block.height, block.width), block.index) == (label, size, index)


def test_a_block_stands_under_its_caption() -> None:
    box = Part("score", (3,), span=4, rise=2).block()
    (block,) = box.blocks
    assert (block.row, block.col) == (1, 0)
    assert (box.height, box.width) == (1 + 3 * 2, 4)


def test_maps_stand_one_under_the_other_and_a_vector_is_one_column() -> None:
    assert [b.label for b in Part("output", (3, 2, 2), label="map").maps().blocks] == ["map1", "map2", "map3"]
    assert [b.label for b in Part("output", (3,), label="map").maps().blocks] == ["map"]


def test_parts_are_the_same_only_if_they_are_one() -> None:
    """They hold functions and arrays, which cannot be compared."""
    assert Weight("w", (2,)) != Weight("w", (2,))
    assert isinstance(PARTS["external"], External)
    assert isinstance(PARTS["incoming"], Incoming)


@pytest.mark.parametrize(("width", "apart"), [(1, 7), (4, 7), (5, 7), (6, 8)])
def test_maps_of_few_columns_leave_room_for_their_captions(width: int, apart: int) -> None:
    columns = sorted({block.col for block in Part("output", (9, 2, width)).maps().blocks})
    assert columns[1] - columns[0] == apart
