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
NAN, INF = float("nan"), float("inf")
ALL = [
    ONE, Answered(None, NAN, 0.1, INF, True, ""), Answered(None, error="a.png is blank"), Answered(0, INF, 1.0, 0.0, False, ""),
    Answered(1, NAN, NAN, INF, False, ""),
]  # fmt: skip
BY_NUMPY = [Answered(0, 1.0, 1.0), Answered(1, NAN, NAN), Answered(None, NAN, 0.5), Answered(None, error="a.png is blank")]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new" / "kept.jsonl"


def earlier(path: Path, numpy_only: bool = False) -> list[Answered]:
    with kept(path, ABOUT) as file:
        return list(file.earlier(2, numpy_only))


def test_every_kind_of_answer_comes_back(path: Path) -> None:
    with kept(path, ABOUT) as file:
        assert list(file.earlier(2)) == []
        file.add(ALL[:2])
        file.add(ALL[2:])
    assert repr(earlier(path)) == repr(ALL)  # NaN is not equal to itself


def test_so_do_those_of_numpy_alone(path: Path) -> None:
    with kept(path, ABOUT) as file:
        file.add(BY_NUMPY)
    assert repr(earlier(path, numpy_only=True)) == repr(BY_NUMPY)
    with pytest.raises(XlcnnError, match="line 2 is no answer"):
        earlier(path)


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


@pytest.mark.parametrize("length", [1, 7, len('{"kind": "xlcnn evaluate 1"'), 40])
def test_a_first_line_that_was_cut_short_is_begun_anew(path: Path, length: int) -> None:
    """There is nothing in the file that could be lost."""
    with kept(path, ABOUT):
        pass
    whole = path.read_bytes()
    path.write_bytes(whole[:length])
    assert earlier(path) == []
    assert path.read_bytes() == whole


def test_what_is_no_line_of_ours_at_the_end_stays(path: Path) -> None:
    with kept(path, ABOUT) as file:
        file.add([ONE])
    content = path.read_bytes() + b"x" * (LONGEST + 5)
    path.write_bytes(content)
    with pytest.raises(XlcnnError, match="line 3 is no answer"):
        earlier(path)
    assert path.read_bytes() == content


def test_a_full_disk_is_told_with_the_name_and_what_is_there_stays(path: Path) -> None:
    resource = pytest.importorskip("resource", reason="Windows has no such limits")
    with kept(path, ABOUT) as file:
        file.add([ONE])
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 5, limits[1]))
    try:
        with pytest.raises(XlcnnError, match=r"kept\.jsonl cannot be written: File too large"), kept(path, ABOUT) as file:
            file.add([ONE])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert earlier(path) == [ONE]


@pytest.mark.parametrize(
    ("key", "said"),
    [("workbook", "workbook"), ("sample", "--sample and --seed"), ("engine", "engine, or --numpy"), ("as_is", "--as-is")],
)
def test_what_differs_is_called_as_one_types_it(tmp_path: Path, key: str, said: str) -> None:
    with kept(tmp_path / "f", {key: 1}):
        pass
    with pytest.raises(XlcnnError) as error, kept(tmp_path / "f", {key: 2}):
        pass
    assert f"f is of another evaluation (not the same {said}); give another name to --resume" in str(error.value)


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
        '[1, [], 1, 0, false, ""]', '[1, 1.0, 1.0, 0.0, 3, ""]', "[1, 1.0, 1.0, 0.0, false, 5]",
        '[true, 1.0, 1.0, 0.0, false, ""]', '[1, null, 1.0, 0.0, false, ""]', '[1, 1.0, 1.0, null, false, ""]',
        '[1, NaN, 1.0, 0.0, false, ""]', '[1, 1.0, NaN, 0.0, false, ""]', '[1, 1.0, 1.0, NaN, false, ""]',
        '[null, 1.0, 1.0, 0.0, false, ""]', '[null, null, null, null, false, ""]', '[1, 1.0, 1.0, -1.0, false, ""]',
        '[1, "1.0", 1.0, 0.0, false, ""]', '[1, 1.0, 1.0, 0.0, false, "blank"]', '[1, 1.0, 1.0, 0.0, false, "", 1]',
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
