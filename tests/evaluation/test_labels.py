"""A picture's label: its line in the table, else its folder's name, else what stands before the first ``_`` of its own."""

from __future__ import annotations

from pathlib import Path, PurePath

import pytest

from xlcnn import ImageError
from xlcnn.evaluation.labels import class_number, label_of, read_table

DIGITS = tuple("0123456789")
ANIMALS = ("cat", "dog", "a bird")
PICTURES = [PurePath("3/a.png"), PurePath("4/a.png"), PurePath("4/b.png"), PurePath("7_c.png")]


@pytest.mark.parametrize(
    ("text", "classes", "found"),
    [
        ("7", DIGITS, 7), (" 7 ", DIGITS, 7), ("07", DIGITS, 7), ("10", DIGITS, None), ("-1", DIGITS, None), ("7.0", DIGITS, None),
        ("²", DIGITS, None), ("", DIGITS, None), ("seven", DIGITS, None), ("9" * 5000, DIGITS, None),
        ("dog", ANIMALS, 1), ("1", ANIMALS, 1), ("Dog", ANIMALS, None), ("a bird", ANIMALS, 2), ("3", ANIMALS, None),
    ],
)  # fmt: skip
def test_a_class_by_its_name_or_number(text: str, classes: tuple[str, ...], found: int | None) -> None:
    assert class_number(text, classes) == found


@pytest.mark.parametrize(
    ("picture", "label"),
    [
        ("7/1_a.png", 7), ("x/7/1_a.png", 7), ("x/1_a.png", 1), ("1_a_2.png", 1), ("x/a_1.png", None), ("x/1.png", None),
        ("7/x/a.png", None), ("11/1_a.png", 1), ("_1.png", None),
    ],
)  # fmt: skip
def test_by_the_folder_then_by_the_name(picture: str, label: int | None, tmp_path: Path) -> None:
    assert label_of(PurePath(picture), {}, tmp_path, DIGITS) == label


def test_the_table_comes_first() -> None:
    assert label_of(PurePath("7/1_a.png"), {PurePath("7/1_a.png"): 3}, Path(), DIGITS) == 3


def test_the_name_of_the_folder_itself_counts(tmp_path: Path) -> None:
    assert label_of(PurePath("a.png"), {}, tmp_path / "7", DIGITS) == 7


def table(tmp_path: Path, text: str, classes: tuple[str, ...] = DIGITS) -> dict[str, int]:
    (tmp_path / "l.csv").write_text(text, encoding="utf-8")
    return {picture.as_posix(): label for picture, label in read_table(tmp_path / "l.csv", PICTURES, classes).items()}


@pytest.mark.parametrize("head", ["", "picture,label\n", "\ufefffile,digit\n", "\n"], ids=["none", "words", "marked", "empty"])
def test_with_and_without_a_heading(tmp_path: Path, head: str) -> None:
    assert table(tmp_path, head + "3/a.png,3\nb.png, 4\n\n7_c.png,7,more\n") == {"3/a.png": 3, "4/b.png": 4, "7_c.png": 7}


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le-marked"])
@pytest.mark.parametrize("head", ["", "picture{0}label\n", "sep={0}\npicture{0}label\n", "\n\npicture{0}label\n"])
def test_as_spreadsheet_programs_write_it(tmp_path: Path, mark: str, code: str, head: str) -> None:
    text = head.format(mark) + f"./3/a.png{mark}3.0\n.\\4\\b.png{mark}04\n3/../7_c.png{mark}7.00\n"
    data = b"\xff\xfe" + text.encode("utf-16-le") if code.endswith("marked") else text.encode(code)
    (tmp_path / "l.csv").write_bytes(data)
    found = read_table(tmp_path / "l.csv", PICTURES, DIGITS)
    assert {picture.as_posix(): label for picture, label in found.items()} == {"3/a.png": 3, "4/b.png": 4, "7_c.png": 7}


def test_a_comma_in_a_number_or_a_name_parts_nothing_where_semicolons_do(tmp_path: Path) -> None:
    assert table(tmp_path, "b.png;4,0\n7_c.png;7,0\n") == {"4/b.png": 4, "7_c.png": 7}


def test_a_class_may_be_called_like_a_number(tmp_path: Path) -> None:
    assert table(tmp_path, "b.png,2.0\n", ("1.0", "2.0", "3.0")) == {"4/b.png": 1}


def test_quotes_and_backslashes(tmp_path: Path) -> None:
    assert table(tmp_path, '"3\\a.png","a bird"\n', ANIMALS) == {"3/a.png": 2}


def test_a_picture_may_be_named_twice_if_nothing_else_is_said(tmp_path: Path) -> None:
    assert table(tmp_path, "b.png,4\n4/b.png,4\n") == {"4/b.png": 4}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("b.png,4\nz.png,1\n", "l.csv, line 2 names z.png, but none is called that"),
        ("b.png,4\na.png,1\n", "l.csv, line 2 names a.png, but several are called that"),
        ("b.png,12\n", r"l.csv, line 1 says 12 of b.png: the workbook's classes are 0, 1, .*9"),
        ("z.png,4\nb.png,4\n", "l.csv, line 1 names z.png, but none is called that"),
        ("z,4\nb.png,4\n", "l.csv, line 1 names z, but none is called that"),
        ("z.png,cat\nb.png,4\n", "l.csv, line 1 names z.png, but none is called that"),
        ("a.png,label\nb.png,4\n", "l.csv, line 1 names a.png, but several are called that"),
        ("b.png,4.5\n", r"l.csv, line 1 says 4.5 of b.png"),
        ("b.png|4\n", r"l.csv has no line of a picture in the folder: its lines must be picture,label"),
        ("b.png\n", "l.csv, line 1 says nothing of b.png"),
        ("b.png,4\n4/b.png,5\n", "l.csv, line 2 says something else of 4/b.png than a line before it"),
        ("", "l.csv has no line of a picture"),
        ("picture,label\n", "l.csv has no line of a picture"),
        ('b.png,"4\n', "l.csv cannot be read"),
    ],
    ids=[
        "unknown",
        "two of that name",
        "no class",
        "a typo in line 1",
        "a typo without an ending",
        "two typos in line 1",
        "two of that name in line 1",
        "no whole number",
        "another mark",
        "no label",
        "two labels",
        "empty",
        "only a heading",
        "no CSV",
    ],
)
def test_a_table_that_does_not_fit_is_one_sentence(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ImageError, match=said) as error:
        table(tmp_path, text)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "content",
    [None, b"\xff\xfe\x00", b"a\0,1", "b.png,4\n".encode("utf-16-le"), "b.png,ß\n".encode("latin-1")],
    ids=["missing", "half a letter", "zero", "UTF-16 that does not say so", "Latin 1"],
)
def test_a_table_that_cannot_be_read(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "l.csv").write_bytes(content)
    with pytest.raises(ImageError, match=r"l\.csv"):
        read_table(tmp_path / "l.csv", PICTURES, DIGITS)
