"""Many images, as many workbooks: the same as one by one, and one that cannot be made stops no other."""

from __future__ import annotations

import io
import os
import re
import shutil
import signal
from pathlib import Path

import openpyxl
import pytest

from tests.digits import draw
from tests.networks import build
from xlcnn import WorkbookError, find_template, make_workbook
from xlcnn.image.files import ImageFile
from xlcnn.network.files import save_network
from xlcnn.workbook import many as module
from xlcnn.workbook.make import Workbook
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
    monkeypatch.setattr(module, "maker_of", lambda *_, **__: pytest.fail("something was made"))
    with pytest.raises(WorkbookError, match=r"^a/7\.png and b/7\.jpg would both become out/7\.xlsx; rename one of them"):
        make_workbooks(["a/7.png", "a/8.png", "b/7.jpg"], "out")
    for again in ("7.png", "./7.png", "x/../7.png"):
        with pytest.raises(WorkbookError, match=f"^{re.escape(again)} is named twice; name it once$"):
            make_workbooks(["7.png", again], "out")


def test_no_image_is_written_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even by the workbook of another one."""
    monkeypatch.setattr(module, "maker_of", lambda *_, **__: pytest.fail("something was made"))
    (tmp_path / "7.xlsx").write_bytes(b"a picture with a wrong name")
    (tmp_path / "8.png").symlink_to("7.xlsx")
    with pytest.raises(WorkbookError, match=r"7\.xlsx is an image that is read; give another folder"):
        make_workbooks([str(tmp_path / "8.png"), "7.png"], tmp_path, force=True)


def test_standard_input_has_a_name(tmp_path: Path) -> None:
    assert targets(["-", "a/7.png"], tmp_path) == [tmp_path / "digit.xlsx", tmp_path / "7.xlsx"]


def test_an_unexpected_error_is_one_row(drawings: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a bug\nof ours")

    monkeypatch.setattr(module, "maker_of", break_down)
    (found,) = make_workbooks(drawings[:1], tmp_path)
    assert isinstance(found, Unmade)
    assert str(found.error) == f"{drawings[0]} became no workbook (ZeroDivisionError: a bug of ours)"


def test_an_error_without_words_is_one_row(drawings: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for error, said in ((MemoryError(), "there is not enough memory"), (KeyError(), "KeyError")):

        def break_down(*_: object, error: Exception = error, **__: object) -> None:
            raise error

        monkeypatch.setattr(module, "maker_of", break_down)
        (found,) = make_workbooks(drawings[:1], tmp_path)
        assert isinstance(found, Unmade)
        assert str(found.error) == f"{drawings[0]} became no workbook ({said})"


@pytest.mark.slow
def test_a_cluster_makes_the_same_and_writes_nothing_itself(cluster: str, drawings: list[str], tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "8.xlsx").write_text("mine", encoding="utf-8")
    here = list(make_workbooks(drawings, tmp_path / "here", jobs=1, **FEWER))
    there = list(make_workbooks(drawings, tmp_path / "there", scheduler=cluster, **FEWER))
    assert [str(result.error) for result in there if isinstance(result, Unmade)] == [
        *(str(result.error) for result in here if isinstance(result, Unmade)),
        f"{tmp_path / 'there' / '8.xlsx'} exists already; give --force to replace it, or another name",
    ]
    for one, other in zip(here[:4], there, strict=False):
        assert type(one) is type(other)
        if isinstance(one, Made) and isinstance(other, Made):
            assert (one.image, one.answer) == (other.image, other.answer)
            assert one.workbook.read_bytes() == other.workbook.read_bytes()
    assert {path.name for path in (tmp_path / "there").iterdir()} == {"3.xlsx", "5.xlsx", "8.xlsx"}
    assert (tmp_path / "there" / "8.xlsx").read_text(encoding="utf-8") == "mine"


def test_standard_input_can_be_sent_again(drawings: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker may end with it in hand."""
    module.standard_input.cache_clear()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(Path(drawings[0]).read_bytes())))
    task = "-", tmp_path / "digit.xlsx"
    for _ in range(2):
        sent = module.packed(task, force=False)
        assert isinstance(sent, ImageFile)
        assert (sent.name, sent.data) == ("standard input", Path(drawings[0]).read_bytes())


def test_what_could_not_be_written_is_not_sent(drawings: list[str], tmp_path: Path) -> None:
    (tmp_path / "3.xlsx").touch()
    assert isinstance(module.packed((drawings[0], tmp_path / "3.xlsx"), force=False), WorkbookError)
    assert isinstance(module.packed((drawings[0], tmp_path / "3.xlsx"), force=True), ImageFile)


@pytest.mark.slow
def test_a_template_of_ones_own_goes_there_too(cluster: str, drawings: list[str], tmp_path: Path) -> None:
    shutil.copytree(find_template("lesson").folder, tmp_path / "mine")
    (tmp_path / "mine" / "words.de.toml").write_text("= nothing", encoding="utf-8")
    options = {"template": str(tmp_path / "mine"), **FEWER}
    for language in ("en", "de"):
        (here,) = make_workbooks(drawings[:1], tmp_path / language, jobs=1, language=language, **options)  # type: ignore[arg-type]
        (there,) = make_workbooks(drawings[:1], tmp_path / language / "2", scheduler=cluster, language=language, **options)  # type: ignore[arg-type]
        if isinstance(here, Made):
            assert here.workbook.read_bytes() == there.workbook.read_bytes()
        else:
            assert isinstance(there, Unmade)
            assert str(here.error) == str(there.error), "it names the folder that is here"
            assert str(tmp_path / "mine" / "words.de.toml") in str(here.error)


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="kills a process")
def test_one_that_ends_its_workers_is_one_row(
    cluster: str, drawings: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "workbook_there", deadly_there)
    found = list(make_workbooks([drawings[0], drawings[2], drawings[4]], tmp_path, scheduler=cluster))
    assert [type(result) for result in found] == [Made, Unmade, Made]
    assert str(found[1].error) == f"{drawings[2]} became no workbook: the process that made it has ended"  # type: ignore[union-attr]
    assert {path.name for path in tmp_path.iterdir()} == {"3.xlsx", "8.xlsx"}


def deadly_there(image: ImageFile, **_: object) -> Workbook:
    if Path(image.name).name == "5.png":
        os.kill(os.getpid(), signal.SIGKILL)
    return Workbook(b"a workbook", None)


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


def test_an_own_template_that_is_called_as_a_shipped_one(
    drawings: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its folder is meant, also where it was named from the folder around it."""
    image = {"name": "input", "kind": "input", "shape": [1, 28, 28]}
    own = build([image, {"name": "dense", "kind": "dense", "inputs": ["input"], "units": 3}])
    (tmp_path / "residual").mkdir()
    save_network(own, tmp_path / "residual")
    (file,) = [str(Path(each).resolve()) for each in drawings[:1]]
    monkeypatch.chdir(tmp_path)
    (found,) = make_workbooks([file], "out", find_template("./residual"), jobs=1)
    assert isinstance(found, Made)
    assert "BatchNorm1" not in openpyxl.load_workbook(found.workbook, read_only=True).sheetnames
