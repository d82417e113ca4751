"""`verify` with one workbook or several, and the files that it writes besides: each whole, or none."""

import json
import os
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest

from tests.conftest import with_formula
from tests.networks import write_workbook
from tests.verifier.helpers import SMALL, changed, small_at
from tests.verifier.schemas import sarif, wrong
from xlcnn.cli import main

TAB, WRONG = small_at("conv", "output", (0, 1, 1))
WRITTEN = {"--html": "r.html", "--sarif": "r.sarif", "--junit": "r.xml", "--annotate": "copy.xlsx"}
"""What takes the name of a file, and one."""


@pytest.fixture(scope="session")
def workbooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a good workbook, a bad one, and one that is none."""
    folder = tmp_path_factory.mktemp("workbooks")
    write_workbook(SMALL, folder / "good.xlsx")
    changed(folder / "good.xlsx", folder / "bad.xlsx", {(TAB, WRONG): with_formula("5")})
    (folder / "torn.xlsx").write_bytes(b"PK")
    return folder


@pytest.fixture
def here(workbooks: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which one stands, with these workbooks in it."""
    for path in workbooks.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    monkeypatch.chdir(tmp_path)
    return tmp_path


def verify(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as end:
        main(["verify", "--trials", "0", *arguments])
    said = capsys.readouterr()
    assert isinstance(end.value.code, int)
    return end.value.code, said.out, said.err


def options(*without: str) -> list[str]:
    return [word for option, name in WRITTEN.items() if option not in without for word in (option, name)]


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} - {"good.xlsx", "bad.xlsx", "torn.xlsx"}


def test_every_file_at_once(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = verify(capsys, "bad.xlsx", *options())
    assert (code, err) == (1, "")
    assert files(here) == set(WRITTEN.values())
    assert wrong(json.loads((here / "r.sarif").read_text()), sarif()) == []
    assert ElementTree.parse(here / "r.xml").getroot().get("failures") != "0"
    assert "Expected: " in openpyxl.load_workbook(here / "copy.xlsx")[TAB][WRONG].comment.text
    assert out.splitlines()[-2].startswith("NOT verified: bad.xlsx")
    assert out.splitlines()[-1] == "wrote copy.xlsx: 1 cell is marked"


def test_json_is_json_alone(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = verify(capsys, "bad.xlsx", "--json", *options())
    assert (code, err) == (1, "")
    assert wrong(json.loads(out)) == []


def test_several_workbooks_one_after_the_other(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(capsys, "good.xlsx", "good.xlsx")[0] == 0
    code, out, err = verify(capsys, "good.xlsx", "bad.xlsx")
    assert (code, err) == (1, "")
    assert [line.split(" ")[0] for line in out.splitlines() if "xlsx" in line] == ["verified:", "NOT"]
    assert "\n\n" in out


def test_several_workbooks_as_json_sarif_and_junit(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = verify(capsys, "bad.xlsx", "torn.xlsx", "good.xlsx", "--json", *options("--html", "--annotate"))
    assert code == 2
    assert err.startswith("Error: torn.xlsx is not a workbook")
    assert len(err.splitlines()) == 1
    found = json.loads(out)
    assert wrong(found) == []
    assert [(book["workbook"], book["ok"]) for book in found["workbooks"]] == [
        ("bad.xlsx", False),
        ("torn.xlsx", False),
        ("good.xlsx", True),
    ], "the rest goes on"
    (run,) = json.loads((here / "r.sarif").read_text())["runs"]
    assert [artifact["location"]["uri"] for artifact in run["artifacts"]] == ["bad.xlsx", "torn.xlsx", "good.xlsx"]
    assert [suite.get("name") for suite in ElementTree.parse(here / "r.xml").getroot()] == ["bad.xlsx", "torn.xlsx", "good.xlsx"]


def test_each_workbook_that_cannot_be_read_has_its_line(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = verify(capsys, "torn.xlsx", "gone.xlsx", "good.xlsx")
    assert code == 2
    assert [line.split(" ")[:2] for line in err.splitlines()] == [["Error:", "torn.xlsx"], ["Error:", "gone.xlsx"]]
    assert "verified: good.xlsx" in out


def test_all_engines_of_a_workbook_that_cannot_be_read(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = verify(capsys, "torn.xlsx", "--json", "--engine", "all")
    assert code == 2
    assert wrong(json.loads(out)) == []


def test_of_a_workbook_that_cannot_be_read_machines_hear_why_and_nobody_gets_a_copy(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = verify(capsys, "torn.xlsx", "--json", *options())
    assert code == 2
    assert len(err.splitlines()) == 1
    assert json.loads(out)["error"] == err.removeprefix("Error: ").rstrip()
    assert files(here) == {"r.sarif", "r.xml"}
    assert "torn.xlsx is not a workbook" in (here / "r.sarif").read_text()
    assert "torn.xlsx is not a workbook" in (here / "r.xml").read_text()


def test_a_copy_of_a_verified_workbook_is_the_workbook(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = verify(capsys, "good.xlsx", "--annotate", "copy.xlsx")
    assert code == 0
    assert out.splitlines()[-1] == "wrote copy.xlsx: 0 cells are marked"
    assert (here / "copy.xlsx").read_bytes() == (here / "good.xlsx").read_bytes()


# ---- what is refused before anything is computed: one line, exit code 2, and every file as it was ----


@pytest.mark.parametrize(("option", "name"), WRITTEN.items())
def test_what_is_there_stays_without_force(here: Path, capsys: pytest.CaptureFixture[str], option: str, name: str) -> None:
    (here / name).write_text("mine")
    code, out, err = verify(capsys, "bad.xlsx", *options())
    assert (code, out) == (2, "")
    assert err == f"Error: {name} exists already; give --force to replace it, or another name\n"
    assert (here / name).read_text() == "mine"
    assert files(here) == {name}, "nor is another one written"
    assert verify(capsys, "bad.xlsx", "--force", option, name)[0] == 1
    assert (here / name).read_bytes() != b"mine"


@pytest.mark.parametrize("option", WRITTEN)
@pytest.mark.parametrize("name", ["bad.xlsx", "same.xlsx", "./b/../bad.xlsx"])
def test_no_workbook_is_ever_replaced(here: Path, capsys: pytest.CaptureFixture[str], option: str, name: str) -> None:
    (here / "same.xlsx").hardlink_to(here / "bad.xlsx")
    (here / "b").mkdir()
    before = (here / "bad.xlsx").read_bytes()
    code, out, err = verify(capsys, "bad.xlsx", option, name, "--force")
    assert (code, out) == (2, "")
    assert err.endswith("is the file that is read; give another name to what is written\n")
    assert (here / "bad.xlsx").read_bytes() == before


def test_two_things_are_not_written_into_one_file(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = verify(capsys, "bad.xlsx", "--sarif", "r", "--junit", "./r", "--force")
    assert (code, err) == (2, "Error: r is to hold two things; give each a name of its own\n")
    assert files(here) == set()


def test_a_copy_is_a_workbook_by_its_name(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = verify(capsys, "bad.xlsx", "--annotate", "copy.xls")
    assert (code, err) == (2, "Error: copy.xls does not end in .xlsx, so no spreadsheet program would open it\n")


@pytest.mark.parametrize("option", ["--html", "--annotate"])
def test_what_is_about_one_workbook(here: Path, capsys: pytest.CaptureFixture[str], option: str) -> None:
    code, _, err = verify(capsys, "bad.xlsx", "good.xlsx", option, WRITTEN[option])
    assert code == 2
    assert f"{option} is about one workbook: name one" in err
    assert files(here) == set()


def test_without_a_workbook(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = verify(capsys)
    assert code == 2
    assert "Missing argument 'WORKBOOK...'" in err


def test_a_copy_that_cannot_be_made_costs_neither_the_answer_nor_the_reports(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "bad.xlsx").replace(here / "open.xlsx")
    from xlcnn import WorkbookError
    from xlcnn.verifier import annotate as module

    def refuse(*_: object, **__: object) -> None:
        raise WorkbookError("open.xlsx cannot be annotated: why")

    monkeypatch.setattr(module, "annotate", refuse)
    code, out, err = verify(capsys, "open.xlsx", *options())
    assert (code, err) == (2, "Error: open.xlsx cannot be annotated: why\n")
    assert out.splitlines()[-1].startswith("NOT verified: open.xlsx")
    assert files(here) == {"open.xlsx", *WRITTEN.values()} - {"copy.xlsx"}
    code, out, err = verify(capsys, "open.xlsx", "--json", "--annotate", "copy.xlsx")
    assert (code, wrong(json.loads(out)), err) == (2, [], "Error: open.xlsx cannot be annotated: why\n")


def test_each_file_that_cannot_be_written_has_its_line_after_the_answer(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    code, out, err = verify(capsys, "bad.xlsx", *options())
    assert (code, err.splitlines()) == (
        2, [f"Error: {name} cannot be written: No space left on device" for name in WRITTEN.values()]
    )  # fmt: skip
    assert out.splitlines()[-1].startswith("NOT verified: bad.xlsx")
    assert files(here) == set()


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder into which nobody can write")
@pytest.mark.parametrize(("option", "name"), WRITTEN.items())
def test_where_nobody_can_write_it_is_told_before(here: Path, capsys: pytest.CaptureFixture[str], option: str, name: str) -> None:
    code, out, err = verify(capsys, "bad.xlsx", *options(option), option, f"/proc/{name}")
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert err.startswith(f"Error: /proc/{name} cannot be written: ")
    assert files(here) == set()


@pytest.mark.parametrize("names", [["torn.xlsx", "good.xlsx"], ["*orn.xlsx"], ["folder"], ["torn.xlsx", "torn.xlsx"]])
def test_who_names_several_gets_a_list(here: Path, capsys: pytest.CaptureFixture[str], names: list[str]) -> None:
    """However many there are, or come of it: the program that reads it need not know."""
    (here / "folder").mkdir()
    (here / "folder" / "torn.xlsx").write_bytes(b"PK")
    code, out, _ = verify(capsys, *names, "--fail-fast", "--json", "--jobs", "1")
    found = json.loads(out)
    assert (code, wrong(found), len(found["workbooks"])) == (2, [], 1)


def test_several_workbooks_end_with_how_many_are_verified(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(capsys, "good.xlsx", "torn.xlsx", "bad.xlsx")[1].splitlines()[-2:] == ["", "1 of 3 workbooks verified"]
    assert verify(capsys, "good.xlsx", "good.xlsx")[1].splitlines()[-1] == "2 of 2 workbooks verified"
    assert verify(capsys, "torn.xlsx", "gone.xlsx")[1] == "0 of 2 workbooks verified\n"
    assert "workbooks verified" not in verify(capsys, "good.xlsx")[1]
