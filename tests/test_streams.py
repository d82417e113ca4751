"""Standard streams as they can be: closed, full, broken, narrow, with few letters. The exit code is right all the same."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import SEVEN, Damage, with_formula
from tests.digits import draw
from tests.test_cli import xlcnn

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs a shell's redirections")

FULL = pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")


def shell(line: str, cwd: Path, **env: str) -> tuple[int, str, str]:
    """What bash says of a line in which ``xlcnn`` stands for the command."""
    words = f"set -o pipefail; xlcnn() {{ '{sys.executable}' -m xlcnn \"$@\"; }}; {line}"
    done = subprocess.run(["bash", "-c", words], cwd=cwd, capture_output=True, check=False, env={**os.environ, **env}, timeout=120)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


ANSWERS = [
    "templates",
    "--help",
    "--version",
    "make --help",
    "predict '{seven}'",
    "predict --json '{seven}'",
    "make '{seven}' -o x.xlsx",
]


@FULL
@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_that_finds_no_room_is_an_error(answer: str, tmp_path: Path) -> None:
    code, _, err = shell(f"xlcnn {answer.format(seven=SEVEN)} > /dev/full", tmp_path)
    assert (code, err) == (2, "Error: the answer could not be printed: standard output: No space left on device\n")


@pytest.mark.parametrize("answer", ANSWERS)
def test_so_is_one_that_nobody_can_receive(answer: str, tmp_path: Path) -> None:
    code, _, err = shell(f"xlcnn {answer.format(seven=SEVEN)} >&-", tmp_path)
    assert (code, err) == (2, "Error: the answer could not be printed: standard output: it is closed\n")


@pytest.mark.parametrize("answer", ANSWERS)
def test_who_has_read_enough_gets_no_error(answer: str, tmp_path: Path) -> None:
    line = f"xlcnn {answer.format(seven=SEVEN)}"
    assert shell(f"{line} | true", tmp_path)[::2] == (0, "")
    code, out, err = shell(f"{line.replace('x.xlsx', 'y.xlsx')} | head -1", tmp_path)
    assert (code, len(out.splitlines()), err) == (0, 1, "")


def test_the_verdict_is_the_exit_code_however_much_of_it_is_read(damage: Damage, seven: Path, tmp_path: Path) -> None:
    path = damage("conv1", "output", (0, 9, 3), with_formula("1+1"))
    for book, verdict in ((seven, 0), (path, 1)):
        code, _, err = shell(f"xlcnn verify --trials 0 '{book}' | head -1", tmp_path)
        assert (code, err) == (verdict, "")
    assert shell(f"xlcnn verify --trials 0 '{path}' >&-", tmp_path)[0] == 2


@FULL
@pytest.mark.parametrize("nowhere", ["2>&-", "2> /dev/full", ">&- 2>&-", "> /dev/full 2>&1", "<&- >&- 2>&-"])
@pytest.mark.parametrize("wrong", ["verify no.xlsx", "nothing", "make no.png", "verify x.xlsx --timeout nan"])
def test_errors_that_nobody_can_read_are_errors(wrong: str, nowhere: str, tmp_path: Path) -> None:
    assert shell(f"xlcnn {wrong} {nowhere}", tmp_path) == (2, "", "")
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_written_whole_though_all_streams_are_closed(seven: Path, tmp_path: Path) -> None:
    """The first file that is opened would become standard output."""
    shell(f"xlcnn make '{SEVEN}' -o x.xlsx <&- >&- 2>&-", tmp_path)
    assert (tmp_path / "x.xlsx").read_bytes() == seven.read_bytes()
    assert shell("xlcnn verify x.xlsx --engine ironcalc --trials 0 2>&-", tmp_path)[0] == 0


@pytest.mark.parametrize("command", ["make - -o x.xlsx", "predict -", "verify x.xlsx --image -"])
def test_standard_input_that_is_closed_or_empty(command: str, tmp_path: Path) -> None:
    assert shell(f"xlcnn {command} <&-", tmp_path) == (2, "", "Error: standard input is closed: there is no image to read\n")
    assert shell(f"xlcnn {command} < /dev/null", tmp_path) == (2, "", "Error: standard input is empty\n")


@pytest.mark.parametrize("encoding", ["ascii", "ascii:strict", "cp1252", "cp437", "latin-1", "utf-16", "koi8-r"])
def test_a_console_that_lacks_letters(encoding: str, tmp_path: Path) -> None:
    draw("3").save(tmp_path / "Übung→😀.png")
    command = [sys.executable, "-m", "xlcnn"]
    env = {**os.environ, "PYTHONIOENCODING": encoding}
    for arguments, shown in (["templates"], "Input {} Conv1"), (["predict", "Übung→😀.png"], "bung{}"):
        done = subprocess.run([*command, *arguments], cwd=tmp_path, capture_output=True, check=False, env=env)
        text = done.stdout.decode(encoding.partition(":")[0])
        assert (done.returncode, done.stderr) == (0, b"")
        assert shown.format("→") in text or shown.format("->") in text
    done = subprocess.run([*command, "make", "→😀.png"], cwd=tmp_path, capture_output=True, check=False, env=env)
    assert done.returncode == 2
    assert "cannot be read" in done.stderr.decode(encoding.partition(":")[0])


@pytest.mark.parametrize("locale", ["C", "POSIX", "nothing"])
def test_a_locale_that_says_nothing(locale: str, tmp_path: Path) -> None:
    code, out, err = xlcnn("templates", cwd=tmp_path, env={"LC_ALL": locale, "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"})
    assert (code, err) == (0, "")
    assert "-> Conv1" in out or "→ Conv1" in out


@pytest.mark.parametrize("columns", ["10", "1", "40", "0", "-7", "many", "99999999999999999999"])
def test_a_terminal_of_any_width(columns: str, tmp_path: Path) -> None:
    code, out, err = xlcnn("templates", cwd=tmp_path, env={"COLUMNS": columns})
    assert (code, err) == (0, "")
    for whole in ("Input → Conv1 → ReLU1 → Conv2 → ReLU2 → MaxPool → Dense → Softmax", "galleries, exhibits, +learning"):
        assert whole in out, "nothing is cut"
    for arguments in (["--help"], ["verify", "--help"], ["verify", "no.xlsx"]):
        code, _, err = xlcnn(*arguments, cwd=tmp_path, env={"COLUMNS": columns})
        assert "Traceback" not in err
        assert code == (0 if "--help" in arguments else 2)


@pytest.mark.slow
def test_every_engine_gets_the_one_picture_of_standard_input(seven: Path, tmp_path: Path) -> None:
    arguments = ["verify", str(seven), "--engine", "all", "--trials", "0", "--json", "--image", "-"]
    code, out, err = xlcnn(*arguments, cwd=tmp_path, stdin=SEVEN.read_bytes())
    assert (code, err) == (0, "")
    assert len(json.loads(out)["engines"]) >= 2
    draw("3").save(tmp_path / "3.png")
    code, out, _ = xlcnn(*arguments, cwd=tmp_path, stdin=(tmp_path / "3.png").read_bytes())
    assert code == 1
    assert all(p["kind"] == "image" for engine in json.loads(out)["engines"] for p in engine["problems"])
    assert xlcnn(*arguments, cwd=tmp_path, stdin=b"rubbish")[0] == 2
