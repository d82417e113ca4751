"""`--scheduler`: three commands print, write and refuse what they do without it, by machines that have no file of ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.test_many import run
from tests.digits import draw
from tests.evaluation.data import write_idx
from tests.networks import write_workbook
from tests.verifier.helpers import SMALL
from xlcnn.processes import reaching


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which one stands, and no worker: names of files mean nothing to them."""
    (tmp_path / "photos").mkdir()
    for digit in "37":
        draw(digit, size=(80, 80), pen=5).save(tmp_path / "photos" / f"{digit}.png")
    (tmp_path / "photos" / "5.png").write_text("no picture", encoding="utf-8")
    (tmp_path / "books").mkdir()
    for name in ("first.xlsx", "last.xlsx"):
        write_workbook(SMALL, tmp_path / "books" / name)
    (tmp_path / "books" / "hello.xlsx").write_bytes(b"PK")
    write_idx(tmp_path / "mnist")
    monkeypatch.chdir(tmp_path)
    return tmp_path


EVALUATE = ("evaluate", "books/first.xlsx", "--mnist", "mnist")
VERIFY = ("verify", "books", "--trials", "0")
MAKE = ("make", "photos", "--without", "exhibits", "--force")


@pytest.mark.slow
@pytest.mark.parametrize("command", [EVALUATE, (*EVALUATE, "--json"), (*VERIFY, "--json"), MAKE], ids=" ".join)
def test_it_says_what_it_says_with_processes(
    cluster: str, here: Path, capsys: pytest.CaptureFixture[str], command: tuple[str, ...]
) -> None:
    alone = run(capsys, *command, "--jobs", "1")
    written = {path: path.read_bytes() for path in here.glob("outputs/*")}
    for path in written:
        path.unlink()
    assert run(capsys, *command, "--scheduler", cluster, "--jobs", "1") == alone
    assert {path: path.read_bytes() for path in here.glob("outputs/*")} == written
    assert len(written) == (2 if command is MAKE else 0)


@pytest.mark.slow
@pytest.mark.parametrize("source", [["photos/3.png"], ["--sample", "3"]], ids=["picture", "sample"])
def test_make_with_one_image(cluster: str, here: Path, capsys: pytest.CaptureFixture[str], source: list[str]) -> None:
    alone = run(capsys, "make", *source, "-o", "x.xlsx", "--json")
    data = (here / "x.xlsx").read_bytes()
    assert run(capsys, "make", *source, "-o", "x.xlsx", "--force", "--json", "--scheduler", cluster) == alone
    assert (here / "x.xlsx").read_bytes() == data
    code, out, err = run(capsys, "make", *source, "-o", "x.xlsx", "--scheduler", cluster)
    assert (code, out, err) == (2, "", "Error: x.xlsx exists already; give --force to replace it, or another name\n")


@pytest.mark.parametrize("command", [EVALUATE, VERIFY, MAKE, ("make", "photos/3.png")], ids=" ".join)
def test_one_that_is_not_there_is_a_sentence_and_nothing_is_lost(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.setattr(reaching, "CONNECT", 0.2)
    before = {path: path.read_bytes() for path in here.rglob("*") if path.is_file()}
    more = ["--resume", "kept.jsonl"] if command is EVALUATE else []
    code, out, err = run(capsys, *command, *more, "--scheduler", "tcp://127.0.0.1:1")
    assert (code, out) == (2, "")
    assert err == "Error: no Dask scheduler answers at tcp://127.0.0.1:1: start one with `dask scheduler`, or correct it\n"
    assert {path: path.read_bytes() for path in here.rglob("*") if path.is_file()} == before


def test_without_it_dask_is_not_imported(here: Path) -> None:
    import subprocess
    import sys

    code = (
        "import sys\nfrom xlcnn.cli import main\n"
        "try: main(sys.argv[1:])\nexcept SystemExit: print({'dask', 'distributed', 'asyncio'} & sys.modules.keys())"
    )
    for command in (EVALUATE, VERIFY, MAKE):
        done = subprocess.run([sys.executable, "-c", code, *command, "--jobs", "1"], capture_output=True, text=True, check=False)
        assert done.stdout.splitlines()[-1] == "set()", command


def test_help_says_which_of_the_two_counts(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("evaluate", "verify", "make"):
        _, out, _ = run(capsys, command, "--help")
        assert "--scheduler tcp://HOST:PORT" in " ".join(out.split())
        assert "--jobs does not count then" in " ".join(out.split())
