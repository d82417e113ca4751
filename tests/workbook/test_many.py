"""Many images, as many workbooks: the same as one by one, and one that cannot be made stops no other."""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path

import pytest

from tests.digits import draw
from xlcnn import WorkbookError, make_workbook
from xlcnn.workbook import many as module
from xlcnn.workbook.many import Made, Unmade, make_workbooks, targets

FEWER = {"leave_out": ["exhibits"]}


@pytest.fixture(scope="module")
def drawings(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Three digits, and between them a file that is no picture and a picture without a digit."""
    folder = tmp_path_factory.mktemp("drawings")
    for digit in "358":
        draw(digit, size=(80, 80), pen=5).save(folder / f"{digit}.png")
    (folder / "no.png").write_text("no picture", encoding="utf-8")
    return [str(folder / name) for name in ("3.png", "no.png", "5.png", "missing.png", "8.png")]


@pytest.mark.parametrize("jobs", [1, 2])
def test_each_is_made_as_it_would_be_alone(drawings: list[str], tmp_path: Path, jobs: int) -> None:
    found = list(make_workbooks(drawings, tmp_path / "many", jobs=jobs, **FEWER))
    assert [result.image for result in found] == drawings
    assert [type(result) for result in found] == [Made, Unmade, Made, Unmade, Made]
    assert {path.name for path in (tmp_path / "many").iterdir()} == {"3.xlsx", "5.xlsx", "8.xlsx"}
    for image, result in zip(drawings, found, strict=True):
        if isinstance(result, Made):
            alone = tmp_path / result.workbook.name
            assert make_workbook(image, alone, **FEWER) == result.answer  # type: ignore[arg-type]
            assert alone.read_bytes() == result.workbook.read_bytes()
        else:
            assert str(result.error).startswith((f"{image} is not an image", f"{image} cannot be read"))


def test_what_exists_stays_and_the_rest_goes_on(drawings: list[str], tmp_path: Path) -> None:
    (tmp_path / "3.xlsx").write_text("mine", encoding="utf-8")
    first, second = make_workbooks([drawings[0], drawings[2]], tmp_path, jobs=1, **FEWER)
    assert isinstance(first, Unmade)
    assert "exists already; give --force" in str(first.error)
    assert isinstance(second, Made)
    assert (tmp_path / "3.xlsx").read_text(encoding="utf-8") == "mine"


def test_two_that_would_become_one_are_refused_before_any_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "make_workbook", lambda *_, **__: pytest.fail("something was made"))
    with pytest.raises(WorkbookError, match=r"^a/7\.png and b/7\.jpg would both become out/7\.xlsx; rename one of them"):
        make_workbooks(["a/7.png", "a/8.png", "b/7.jpg"], "out")
    for again in ("7.png", "./7.png", "x/../7.png"):
        with pytest.raises(WorkbookError, match=f"^{re.escape(again)} is named twice; name it once$"):
            make_workbooks(["7.png", again], "out")


def test_no_image_is_written_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even by the workbook of another one."""
    monkeypatch.setattr(module, "make_workbook", lambda *_, **__: pytest.fail("something was made"))
    (tmp_path / "7.xlsx").write_bytes(b"a picture with a wrong name")
    (tmp_path / "8.png").symlink_to("7.xlsx")
    with pytest.raises(WorkbookError, match=r"7\.xlsx is an image that is read; give another folder"):
        make_workbooks([str(tmp_path / "8.png"), "7.png"], tmp_path, force=True)


def test_standard_input_has_a_name(tmp_path: Path) -> None:
    assert targets(["-", "a/7.png"], tmp_path) == [tmp_path / "digit.xlsx", tmp_path / "7.xlsx"]


def test_an_unexpected_error_is_one_row(drawings: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a bug\nof ours")

    monkeypatch.setattr(module, "make_workbook", break_down)
    (found,) = make_workbooks(drawings[:1], tmp_path)
    assert isinstance(found, Unmade)
    assert str(found.error) == f"{drawings[0]} became no workbook (ZeroDivisionError: a bug of ours)"


def test_an_error_without_words_is_one_row(drawings: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for error, said in ((MemoryError(), "there is not enough memory"), (KeyError(), "KeyError")):

        def break_down(*_: object, error: Exception = error, **__: object) -> None:
            raise error

        monkeypatch.setattr(module, "make_workbook", break_down)
        (found,) = make_workbooks(drawings[:1], tmp_path)
        assert isinstance(found, Unmade)
        assert str(found.error) == f"{drawings[0]} became no workbook ({said})"


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="kills a process")
def test_one_that_ends_its_process_is_one_row(drawings: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "made", deadly)
    found = list(make_workbooks([drawings[0], drawings[2], drawings[4]], tmp_path, jobs=2))
    assert [type(result) for result in found] == [Made, Unmade, Made]
    assert "the process that made it has ended" in str(found[1].error)  # type: ignore[union-attr]


def deadly(task: tuple[str, Path], **_: object) -> Made:
    if Path(task[0]).name == "5.png":
        os.kill(os.getpid(), signal.SIGKILL)
    return Made(*task, None)
