"""`evaluate` on the command line: what it prints, the files that it writes, each whole or none, and what it refuses."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.conftest import with_formula
from tests.evaluation.data import COUNT, write_idx, write_pictures
from tests.evaluation.test_outcome import CHECK
from tests.networks import write_workbook
from tests.verifier.helpers import SMALL, changed, small_at
from tests.verifier.schemas import wrong
from xlcnn.cli import main
from xlcnn.evaluation.pictures import FILES, TEST

IMAGES = FILES[0].format(TEST)
OPTIONS = ["--html", "r.html", "--append", "copy.xlsx", "--resume", "kept.jsonl"]


@pytest.fixture(scope="session")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_workbook(SMALL, tmp_path_factory.mktemp("good") / "good.xlsx")


@pytest.fixture
def here(good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which one stands: a good workbook, a damaged one, and pictures."""
    (tmp_path / "good.xlsx").write_bytes(good.read_bytes())
    changed(good, tmp_path / "bad.xlsx", {small_at("dense", "output", (2,)): with_formula("99")})
    write_idx(tmp_path / "mnist")
    write_pictures(tmp_path / "p", ["0/a.png", "1/b.png"])
    monkeypatch.chdir(tmp_path)
    return tmp_path


def evaluate(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as end:
        main(["evaluate", *arguments, "--jobs", "1"])
    said = capsys.readouterr()
    assert isinstance(end.value.code, int)
    return end.value.code, said.out, said.err


def written(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} - {"good.xlsx", "bad.xlsx", "mnist", "p"}


def test_everything_at_once(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = evaluate(capsys, "good.xlsx", "--mnist", "mnist", *OPTIONS)
    assert (code, err) == (0, "")
    assert written(here) == {"r.html", "copy.xlsx", "kept.jsonl"}
    assert f"every one of {COUNT} equal to NumPy to 1e-9" in out
    assert out.endswith("\nwrote r.html\nwrote copy.xlsx\n")


def test_json_is_one_object_that_keeps_its_schema(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for book, expected in (("good.xlsx", 0), ("bad.xlsx", 1)):
        code, out, err = evaluate(capsys, book, "--mnist", "mnist", "--json")
        assert (code, err) == (expected, "")
        assert wrong(json.loads(out), CHECK) == []
        assert json.loads(out)["pictures"] == COUNT


def test_a_damaged_workbook_is_told_and_ends_with_1(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = evaluate(capsys, "bad.xlsx", "--mnist", "mnist")
    assert code == 1
    assert f"NOT equal to NumPy: {COUNT} of {COUNT} differ" in out
    code, out, _ = evaluate(capsys, "bad.xlsx", "--mnist", "mnist", "--numpy")
    assert code == 0
    assert "equal to NumPy" not in out


def test_pictures_of_a_folder_one_of_which_is_torn(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "p" / "1" / "torn.png").write_bytes(b"torn")
    code, out, err = evaluate(capsys, "good.xlsx", "--images", "p", "--as-is")
    assert (code, err) == (1, "")
    assert "1 picture could not be read, and is not counted:" in out
    assert "torn.png" in out


def test_a_sample(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = evaluate(capsys, "good.xlsx", "--mnist", "mnist", "--sample", "7", "--seed", "2")
    assert code == 0
    assert "every one of 7 equal" in out
    assert "a sample of 7 (seed 2) of MNIST's test set" in out


WRONG = {
    "no pictures": ([], "give --mnist or --images"),
    "both": (["--mnist", "mnist", "--images", "p"], "give --mnist or --images"),
    "labels of MNIST": (["--mnist", "mnist", "--labels", "l.csv"], "--labels goes with --images"),
    "no folder": (["--mnist", "nowhere"], "nowhere does not hold MNIST's files"),
    "no images": (["--images", "empty"], "empty is a folder without images"),
    "no labels": (["--images", "p", "--labels", "nowhere.csv"], "nowhere.csv cannot be read"),
    "labels that do not fit": (["--images", "p", "--labels", "l.csv"], "l.csv, line 1 says 9 of a.png"),
    "too large a sample": (["--mnist", "mnist", "--sample", "99"], "a sample of 99 cannot be drawn from 60 pictures"),
    "one name twice": (["--mnist", "mnist", "--html", "a", "--resume", "a"], "a is to hold two things"),
    "no workbook's name": (["--mnist", "mnist", "--append", "copy.zip"], "copy.zip does not end in .xlsx"),
    "over the workbook": (["--mnist", "mnist", "--append", "good.xlsx", "--force"], "good.xlsx is the file that is read"),
    "over another file": (["--mnist", "mnist", "--html", "l.csv"], "l.csv exists already; give --force"),
    "a foreign file to go on from": (["--mnist", "mnist", "--resume", "l.csv"], "l.csv is no file of an evaluation"),
    "the workbook to go on from": (["--mnist", "mnist", "--resume", "good.xlsx"], "good.xlsx is the file that is read"),
    "the labels to go on from": (["--images", "p", "--labels", "l.csv", "--resume", "l.csv"], "l.csv is the file that is read"),
    "over the labels": (["--images", "p", "--labels", "l.csv", "--html", "l.csv", "--force"], "l.csv is the file that is read"),
    "over a picture": (["--images", "p", "--html", "p/1/b.png", "--force"], "p/1/b.png is the file that is read"),
    "a picture to go on from": (["--images", "p", "--resume", "p/1/b.png"], "p/1/b.png is the file that is read"),
    "over MNIST": (["--mnist", "mnist", "--html", f"mnist/{IMAGES}", "--force"], f"mnist/{IMAGES} is the file that is read"),
    "over what it goes on from": (
        ["--mnist", "mnist", "--resume", "l.csv", "--html", "same.csv", "--force"],
        "same.csv is the file that is read",
    ),
    "where nobody can write": (["--mnist", "mnist", "--resume", "k", "--html", "/proc/r.html"], "/proc/r.html cannot be written"),
    "in a file": (["--mnist", "mnist", "--resume", "k", "--append", "l.csv/copy.xlsx"], "l.csv is a file and no folder"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_one_sentence_and_nothing_is_lost(name: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "empty").mkdir()
    (here / "l.csv").write_text("a.png,9\n")
    (here / "same.csv").hardlink_to(here / "l.csv")
    before = {path: path.read_bytes() for path in here.rglob("*") if path.is_file()}
    arguments, said = WRONG[name]
    code, out, err = evaluate(capsys, "good.xlsx", *arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert err.count("Error") == 1
    assert "Traceback" not in err
    assert {path: path.read_bytes() for path in here.rglob("*") if path.is_file()} == before


def test_what_cannot_be_appended_costs_neither_the_answer_nor_the_page(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from xlcnn.errors import WorkbookError
    from xlcnn.evaluation import sheet

    def failing(*_: object) -> bytes:
        raise WorkbookError("good.xlsx has no list of sheets")

    monkeypatch.setattr(sheet, "appended", failing)
    code, out, err = evaluate(capsys, "good.xlsx", "--mnist", "mnist", *OPTIONS)
    assert (code, err) == (2, "Error: good.xlsx has no list of sheets\n")
    assert f"every one of {COUNT} equal to NumPy" in out
    assert out.endswith("\nwrote r.html\n")
    assert written(here) == {"kept.jsonl", "r.html"}
    code, out, err = evaluate(capsys, "good.xlsx", "--mnist", "mnist", "--append", "copy.xlsx", "--json")
    assert (code, json.loads(out)["pictures"], err) == (2, COUNT, "Error: good.xlsx has no list of sheets\n")


def test_each_file_that_cannot_be_written_has_its_line_after_the_answer(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    code, out, err = evaluate(capsys, "good.xlsx", "--mnist", "mnist", *OPTIONS)
    assert (code, err) == (
        2,
        "".join(f"Error: {name} cannot be written: No space left on device\n" for name in ("r.html", "copy.xlsx")),
    )
    assert f"every one of {COUNT} equal to NumPy" in out
    assert "wrote" not in out
    assert written(here) == {"kept.jsonl"}


def test_help_says_the_default_of_every_option(capsys: pytest.CaptureFixture[str]) -> None:
    from xlcnn.cli.evaluating import evaluate as command

    for option in command.params:
        if option.param_type_name == "option" and not getattr(option, "is_flag", False):
            assert "[default:" in (option.help or "") or option.show_default, option.name  # type: ignore[attr-defined]
