"""`make`, `predict` and `verify` with folders, patterns and many files: a row for each, and one exit code."""

from __future__ import annotations

import csv
import json
import os
import shutil
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from tests.digits import draw
from tests.networks import write_workbook
from tests.verifier.helpers import SMALL
from xlcnn.cli import main
from xlcnn.errors import XlcnnError
from xlcnn.verifier import many as workbooks_verified
from xlcnn.verifier.outcomes import Outcome
from xlcnn.workbook import many as workbooks_made
from xlcnn.workbook.many import Unmade


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which one stands: digits in *photos*, one of which is no picture."""
    (tmp_path / "photos").mkdir()
    for digit in "37":
        draw(digit, size=(80, 80), pen=5).save(tmp_path / "photos" / f"{digit}.png")
    (tmp_path / "photos" / "._3.png").write_bytes(b"what macOS puts beside it")
    (tmp_path / "photos" / "5.png").write_text("no picture", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as end:
        main(arguments)
    said = capsys.readouterr()
    assert isinstance(end.value.code, int)
    return end.value.code, said.out, said.err


FEWER = ("--without", "exhibits", "--jobs", "1")
NO_PICTURE = "photos/5.png is not an image that can be read (PNG, JPEG, GIF, BMP, TIFF, WebP, AVIF or HEIC)"


@pytest.mark.parametrize("what", ["photos", "photos/*.png"], ids=["folder", "pattern"])
def test_make_goes_on_after_a_bad_picture(here: Path, capsys: pytest.CaptureFixture[str], what: str) -> None:
    code, out, err = run(capsys, "make", what, *FEWER)
    assert (code, err) == (1, "")
    assert [line.partition(", ")[0] for line in out.splitlines()] == [
        "wrote outputs/3.xlsx: 3", f"error: {NO_PICTURE.partition(', ')[0]}", "wrote outputs/7.xlsx: 7",
    ]  # fmt: skip
    assert {path.name for path in (here / "outputs").iterdir()} == {"3.xlsx", "7.xlsx"}


def test_make_stops_where_it_is_told_to(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "make", "photos", "--fail-fast", "--output", "made", *FEWER)
    assert (code, len(out.splitlines())) == (1, 2)
    assert {path.name for path in (here / "made").iterdir()} == {"3.xlsx"}


def test_make_says_it_to_other_programs(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "make", "photos", "--json", *FEWER)
    rows = json.loads(out)
    assert [row["image"] for row in rows] == ["photos/3.png", "photos/5.png", "photos/7.png"]
    assert rows[0] | {"workbook": "outputs/3.xlsx", "label": 3} == rows[0]
    assert rows[1] == {"image": "photos/5.png", "error": NO_PICTURE}
    code, out, _ = run(capsys, "make", "photos", "--csv", "--force", *FEWER)
    table = list(csv.DictReader(out.splitlines()))
    assert (code, [row["label"] for row in table]) == (1, ["3", "", "7"])


def test_make_with_one_image_has_a_list_of_one(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "make", "photos/3.png", "--output", "one.xlsx", "--json", *FEWER)
    (row,) = json.loads(out)
    assert (code, row["workbook"], row["label"]) == (0, "one.xlsx", 3)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["photos", "--output", "x.xlsx"], "several images become several workbooks, in a folder: x.xlsx is the name of a file"),
        (["photos", "--output", "photos/3.png"], "in a folder: photos/3.png is the name of a file"),
        (["photos", "--sample", "3"], "give IMAGES, or --sample and a digit"),
        (["photos", "--json", "--csv"], "give --json or --csv, not both"),
        (["photos/3.png", "more/3.png"], "photos/3.png and more/3.png would both become outputs/3.xlsx; rename one of them"),
        (
            ["photos/3.png", "--sample", "3"],
            "give IMAGES, or --sample and a digit (`xlcnn make --sample 7`), or --clipboard: only one",
        ),
        ([""], "an empty name stands for no file"),
        (["empty", "*.gif"], "empty is a folder without images"),
        (["photos/*.gif"], "photos/*.gif: no file has such a name"),
        (["photos", "--jobs", "0"], "0 is not in the range"),
        ([], "give IMAGES"),
    ],
    ids=[
        "a file for several",
        "a file that is there",
        "two sources",
        "two tables",
        "two of one name",
        "a picture and a sample",
        "an empty name",
        "nothing in several",
        "nothing found",
        "no job",
        "nothing",
    ],
)
def test_make_refuses_before_any_work(here: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str) -> None:
    (here / "empty").mkdir()
    code, out, err = run(capsys, "make", *arguments)
    assert (code, out) == (2, "")
    assert sentence in err
    assert not (here / "outputs").exists()


def test_the_same_picture_twice_is_made_once(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "link").symlink_to("photos")
    code, out, err = run(capsys, "make", "photos/3.png", "photos/../photos/3.png", "link/3.png", "-o", "x.xlsx", *FEWER)
    assert (code, out.splitlines()[-1], err) == (0, "wrote x.xlsx", "")
    code, out, _ = run(capsys, "make", "photos", "link/3.png", "photos/7.png", *FEWER)
    assert (code, len(out.splitlines())) == (1, 3)


@pytest.mark.parametrize("command", ["make", "predict", "verify"])
@pytest.mark.parametrize("nowhere", ["empty", "*.gif"], ids=["an empty folder", "a pattern"])
def test_what_stands_for_no_file_has_its_row_beside_others(
    books: Path, capsys: pytest.CaptureFixture[str], command: str, nowhere: str
) -> None:
    """All commands say the same; alone, or where nothing is found at all, it is an error."""
    Path("empty").mkdir()
    good, least = ("books/first.xlsx", ["--trials", "0"]) if command == "verify" else ("photos/3.png", [])
    usual = 2 if command == "verify" else 1
    code, out, _ = run(capsys, command, nowhere, good, *least, "--csv", "--jobs", "1")
    rows = list(csv.DictReader(out.splitlines()))
    assert (code, [row["error"].partition(" ")[0].strip(":") for row in rows]) == (usual, ["", nowhere])
    code, out, _ = run(capsys, command, good, nowhere, *least, "--csv", "--jobs", "1", "--fail-fast")
    assert (code, len(list(csv.DictReader(out.splitlines())))) == (usual, 1), "it is known before any work"
    for names in ([nowhere], [nowhere, "*.gif", "empty"]):
        code, out, err = run(capsys, command, *names)
        assert (code, out, len(err.splitlines())) == (2, "", 1)
        assert err.startswith(f"Error: {nowhere}")


def test_make_writes_into_a_folder_that_is_named(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "there").mkdir()
    for folder in ("there", "there/", "new/", "a.xlsx/"):
        assert run(capsys, "make", "photos/3.png", "-o", folder, "--force", *FEWER)[0] == 0
        assert (here / folder / "3.xlsx").is_file()
    assert run(capsys, "make", "--sample", "3", "-o", "there", *FEWER)[0] == 0
    assert (here / "there" / "sample-3.xlsx").is_file()
    code, _, err = run(capsys, "make", "photos/3.png", "-o", "missing", *FEWER)
    assert (code, err) == (2, "Error: missing does not end in .xlsx, so no spreadsheet program would open it\n")


COLUMNS = {
    "make": "image,workbook,label,probability,sure,likeness,second,second_probability,class,second_class,error",
    "predict": "image,label,probability,sure,likeness,second,second_probability,class,second_class,error",
    "verify": "workbook,ok,engine,cells,formulas,problems,first_problem,error",
}


@pytest.mark.parametrize("command", COLUMNS)
def test_a_table_has_the_same_columns_whatever_fails(books: Path, capsys: pytest.CaptureFixture[str], command: str) -> None:
    good, bad = ("books/first.xlsx", "books/hello.xlsx") if command == "verify" else ("photos/3.png", "photos/5.png")
    for names in ([good], [good, bad], [bad, "gone"]):
        _, out, _ = run(capsys, command, *names, "--csv", *(["--force"] if command == "make" else []))
        assert out.splitlines()[0] == COLUMNS[command]


def test_a_drawing_that_cannot_be_written_costs_no_answer(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    code, out, err = run(capsys, "predict", "photos/3.png", "--explain", "out.png")
    assert (code, out.split()[0], err) == (2, "3", "Error: out.png cannot be written: No space left on device\n")
    code, out, err = run(capsys, "predict", "photos/3.png", "--explain", "photos/3.png", "--force")
    assert (code, out) == (2, "")
    assert "photos/3.png is the file that is read" in err


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_predict_takes_patterns(here: Path, capsys: pytest.CaptureFixture[str], jobs: str) -> None:
    code, out, _ = run(capsys, "predict", "photos/*.png", "--json", "--jobs", jobs)
    assert (code, [row.get("label") for row in json.loads(out)]) == (1, [3, None, 7])
    code, out, _ = run(capsys, "predict", "photos", "--json", "--jobs", jobs, "--fail-fast")
    assert (code, [row.get("label") for row in json.loads(out)]) == (1, [3, None])


@pytest.fixture
def books(here: Path) -> Path:
    """A folder with a good workbook, one that is none, and a good one again."""
    folder = here / "books"
    folder.mkdir()
    for name in ("first.xlsx", "last.xlsx"):
        write_workbook(SMALL, folder / name)
    (folder / "hello.xlsx").write_bytes(b"PK")
    (folder / "~$first.xlsx").write_bytes(b"")
    return folder


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_verify_takes_folders(books: Path, capsys: pytest.CaptureFixture[str], jobs: str) -> None:
    code, out, err = run(capsys, "verify", "books", "--trials", "0", "--csv", "--jobs", jobs)
    table = list(csv.DictReader(out.splitlines()))
    assert [(row["workbook"], row["ok"]) for row in table] == [
        ("books/first.xlsx", "True"), ("books/hello.xlsx", "False"), ("books/last.xlsx", "True"),
    ]  # fmt: skip
    assert (code, err) == (2, f"Error: {table[1]['error']}\n")
    assert int(table[0]["formulas"]) > 0


def test_verify_stops_where_it_is_told_to(books: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "verify", "books/*.xlsx", "--trials", "0", "--json", "--jobs", "1", "--fail-fast")
    assert (code, [book["ok"] for book in json.loads(out)["workbooks"]]) == (2, [True, False])


@pytest.mark.parametrize("command", [("make", *FEWER), ("verify", "--trials", "0")], ids=["make", "verify"])
def test_work_that_ends_in_the_middle_has_its_rows(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    """As where the scheduler of a cluster goes."""

    def ends(things: Any, *_: object, **__: object) -> Generator[object]:
        yield Unmade("first", Path("first.xlsx"), XlcnnError("no")) if command[0] == "make" else Outcome(Path("first"), error="no")
        raise XlcnnError("the scheduler has gone")

    monkeypatch.setattr(workbooks_made, "make_workbooks", ends)
    monkeypatch.setattr(workbooks_verified, "outcomes_of", ends)
    names = [shutil.copy("photos/3.png", name) for name in ("a.xlsx", "b.xlsx")]
    code, out, err = run(capsys, command[0], *names, *command[1:], "--json")
    assert code == 2
    assert "the scheduler has gone" in err
    assert '"no"' in out
