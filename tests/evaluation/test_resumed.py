"""The file from which an evaluation goes on: whole lines only, one writer at a time, never mixed with anything else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from xlcnn import XlcnnError
from xlcnn.evaluation.resumed import KIND, LONGEST, kept
from xlcnn.evaluation.subject import Answered

ABOUT = {"workbook": "w", "sample": None}
ONE = Answered(1, 0.5, 0.25, 1e-15, False, "")
ALL = [
    ONE, Answered(None, float("nan"), 0.1, float("inf"), True, ""), Answered(None, error="a.png is blank"),
    Answered(0, 1.0, 1.0, None, False, ""),
]  # fmt: skip


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new" / "kept.jsonl"


def earlier(path: Path, classes: int = 2) -> list[Answered]:
    with kept(path, ABOUT) as file:
        return list(file.earlier(classes))


def test_every_kind_of_answer_comes_back(path: Path) -> None:
    with kept(path, ABOUT) as file:
        assert list(file.earlier(2)) == []
        file.add(ALL[:2])
        file.add(ALL[2:])
    assert repr(earlier(path)) == repr(ALL)  # NaN is not equal to itself


def test_added_is_what_comes_later(path: Path) -> None:
    for found in ALL:
        with kept(path, ABOUT) as file:
            assert len(list(file.earlier(2))) == ALL.index(found)
            file.add([found])
    assert len(earlier(path)) == len(ALL)


def test_without_a_file_nothing_is_kept() -> None:
    with kept(None, ABOUT) as file:
        file.add(ALL)
        assert list(file.earlier(2)) == []


@pytest.mark.parametrize("cut", [1, 5, 30])
def test_a_line_that_was_cut_short_is_taken_away(path: Path, cut: int) -> None:
    with kept(path, ABOUT) as file:
        file.add([ONE, ONE])
    path.write_bytes(path.read_bytes()[:-cut])
    assert earlier(path) == [ONE]
    assert path.read_bytes().endswith(b"\n")


def test_a_long_error_stays_a_line_that_can_be_read(path: Path) -> None:
    with kept(path, ABOUT) as file:
        file.add([Answered(None, error="ß\n" * LONGEST), ONE])
    assert [bool(found.error) for found in earlier(path)] == [True, False]


def test_two_at_once_are_one_too_many(path: Path) -> None:
    with (
        kept(path, ABOUT),
        pytest.raises(XlcnnError, match=r"kept\.jsonl is being written by another evaluation"),
        kept(path, ABOUT),
    ):
        pass
    assert earlier(path) == []


@pytest.mark.parametrize(
    "content",
    [b"mine", b"mine\n", b"mine\nand more", b'{"kind": 1}\n', b"[1]\n", b"\0" * 20_000, json.dumps({"kind": KIND + "1"}).encode()],
    ids=["a word", "a line", "two lines", "another kind", "a list", "zeros", "a later version"],
)
def test_a_file_that_is_something_else_stays_as_it_is(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "f").write_bytes(content)
    with pytest.raises(XlcnnError, match="f is no file of an evaluation"), kept(tmp_path / "f", ABOUT):
        pass
    assert (tmp_path / "f").read_bytes() == content


def test_an_empty_file_is_begun(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"")
    assert earlier(tmp_path / "f") == []
    assert json.loads((tmp_path / "f").read_text()) == {"kind": KIND, **ABOUT}


@pytest.mark.parametrize(
    "line",
    [
        "", "x", "[]", "[1]", '[2, 1, 1, 0, false, ""]', '[-1, 1, 1, 0, false, ""]', '["1", 1, 1, 0, false, ""]',
        '[1, [], 1, 0, false, ""]', '[1, 1, 1, 0, 3, ""]', "[1, 1, 1, 0, false, 5]", '[true, 1, 1, 0, false, ""]',
    ],
)  # fmt: skip
def test_a_line_that_is_no_answer_is_named(path: Path, line: str) -> None:
    with kept(path, ABOUT) as file:
        file.add([ONE])
    with path.open("a") as more:
        more.write(line + "\n")
    with pytest.raises(XlcnnError, match=r"kept\.jsonl, line 3 is no answer"):
        earlier(path)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(XlcnnError, match="is a folder"), kept(tmp_path, ABOUT):
        pass
