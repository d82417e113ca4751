"""About: a sheet's line says all that is needed to build the sheet again."""

from typing import Any

import pytest

from tests.conftest import LESSON
from xlcnn.network.files import as_data, build
from xlcnn.sheets.about import COLUMNS, about, read_row, write_row
from xlcnn.sheets.base import Sheet
from xlcnn.sheets.options import Option, options_of
from xlcnn.sheets.parts import Labels
from xlcnn.sheets.plan import KINDS

#: Of every type of option something unusual; the first that an option takes is tried.
UNUSUAL = (True, False, [4, 0, 1, 2], [3, 10, 12], [5, 3], 7, 2, 0.1)


def unusual(option: Option) -> Any:
    """What an option takes and what is not as usual."""
    for value in UNUSUAL:
        try:
            if option.read(value) != option.default:
                return value
        except ValueError:
            continue
    raise AssertionError("an option of a new type: add something unusual of it above")


def one_of(kind: str) -> Sheet:
    """A sheet of a kind with all its options set to something unusual."""
    options = {name: unusual(option) for name, option in options_of(KINDS[kind]).items()}
    inputs = ["before", "softmax.exp"]
    sheet: Sheet = build({"name": "one", "kind": kind, "sheet": "My sheet", "inputs": inputs, **options}, KINDS)
    return sheet


def again(sheet: Sheet) -> Sheet:
    """The sheet, built from its line."""
    built: Sheet = build({**read_row(write_row(sheet)), "sheet": sheet.title}, KINDS)
    return built


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_line_says_builds_the_same_sheet(kind: str) -> None:
    sheet = one_of(kind)
    assert again(sheet) == sheet
    assert type(again(sheet)) is KINDS[kind]


@pytest.mark.parametrize("kind", ["conv2d", "maxpool2d", "dense"])
def test_what_is_as_usual_is_said_too(kind: str) -> None:
    """A newer version may have other defaults. Of an option that is newer than workbooks, only what is not as usual."""
    needed = {"conv2d": {"filters": 1, "kernel": 2}, "dense": {"units": 1}}.get(kind, {})
    sheet = build({"name": "one", "kind": kind, "inputs": ["before"], **needed}, KINDS)
    assert {item.partition(" ")[0] for item in write_row(sheet)[3].split("; ")} == {
        name for name, option in options_of(sheet).items() if not option.silent
    }  # fmt: skip
    assert again(sheet) == sheet


@pytest.mark.parametrize("kind", KINDS)
def test_plain_data_builds_the_same_sheet(kind: str) -> None:
    sheet = one_of(kind)
    assert build(as_data(sheet), KINDS) == sheet


def test_a_line_reads_as_a_person_would_write_it() -> None:
    name, kind, reads, options = write_row(one_of("conv2d"))
    assert (name, kind, reads) == ("one", "conv2d", "before, softmax.exp")
    assert options == (
        "kernel 5 × 3; stride 5 × 3; padding 4 × 0 × 1 × 2; dilation 5 × 3; lens yes; filters 7; groups 7; bias no; presets yes"
    )


def test_empty_cells_and_spaces_do_not_matter() -> None:
    assert read_row(["relu1", "relu", " conv1 ,conv2,", None]) == {"name": "relu1", "kind": "relu", "inputs": ["conv1", "conv2"]}
    assert read_row(["c", "conv2d", "x", " filters 2 ;; lens no;"])["filters"] == 2


@pytest.mark.parametrize("options", ["filters", "filters two", "kernel 3 × three", "lens maybe"])
def test_an_option_that_cannot_be_read_is_refused(options: str) -> None:
    with pytest.raises(ValueError, match=r"invalid literal|could not convert"):
        read_row(["conv", "conv2d", "input", options])


def test_the_sheet_has_a_column_of_each_and_a_row_for_each_sheet() -> None:
    sheets = [build({"name": "input", "kind": "input", "shape": [1, 2, 2]}, KINDS)]
    parts = about(sheets, "About").declare([])
    assert list(parts) == list(COLUMNS)
    assert [part.texts for part in parts.values() if isinstance(part, Labels)] == [
        ("input",), ("input",), ("",), ("shape 1 × 2 × 2",),
    ]  # fmt: skip


def test_the_lessons_workbook_describes_every_sheet_but_those_that_follow_from_them() -> None:
    names = LESSON["about"].parts["name"]
    assert isinstance(names, Labels)
    assert set(names.texts) == set(LESSON) - {"guide", "overview", "network", "glossary", "about"}
