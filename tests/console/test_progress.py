"""What happens now is said on a terminal's last line, after two seconds; nobody else is told anything."""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from contextlib import suppress
from io import StringIO
from pathlib import Path
from subprocess import PIPE, Popen, run
from types import SimpleNamespace

import numpy as np
import pytest

from tests.conftest import SEVEN
from tests.networks import branching, write_workbook
from xlcnn import make_workbook
from xlcnn.console import progress as module
from xlcnn.console.progress import progress


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Standard error as a terminal that nobody has to wait for."""
    stream = Terminal()
    monkeypatch.setattr(module, "sys", SimpleNamespace(stderr=stream))  # pytest has the real one
    monkeypatch.setattr(module, "PATIENCE", 0.05)
    monkeypatch.setattr(module, "EVERY", 0.02)
    monkeypatch.setenv("COLUMNS", "60")
    return stream


def screen(text: str) -> str:
    """What is left to be seen of the last line."""
    lines, row, at = [""], 0, 0
    for piece in re.findall(r"\x1b\[\??[0-9;]*[A-Za-z]|[^\x1b]", text):
        if piece == "\n":
            row, at = row + 1, 0
            lines += [""] * (row + 1 - len(lines))
        elif piece == "\r":
            at = 0
        elif piece == "\x1b[2K":
            lines[row] = ""
        elif piece == "\x1b[1A":
            row = max(0, row - 1)
        elif piece[0] != "\x1b":
            lines[row] = f"{lines[row][:at]:<{at}}{piece}{lines[row][at + 1 :]}"
            at += 1
    return lines[row].rstrip()


def soon(stream: StringIO, text: str) -> bool:
    for _ in range(200):
        if screen(stream.getvalue()).startswith(text):
            return True
        time.sleep(0.01)
    return False


def test_each_stage_is_shown_and_nothing_is_left(terminal: Terminal) -> None:
    with progress("laying out") as say:
        assert soon(terminal, "laying out ")
        say("writing")
        assert soon(terminal, "writing ")
        assert re.fullmatch("writing [━╸╺]+ 0:00:00", screen(terminal.getvalue())), "the longer words are gone"
    assert screen(terminal.getvalue()) == ""
    before = terminal.getvalue()
    time.sleep(0.1)
    assert terminal.getvalue() == before


def test_how_much_is_done_and_what_time_is_left(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    with progress("reading pictures") as say:
        assert soon(terminal, "reading pictures")
        for done in (1, 2, 3):
            time.sleep(0.05)
            say(f"{done} of 30 read", done, 30)
        assert soon(terminal, "3 of 30 read")
        for _ in range(200):
            if re.fullmatch(r"3 of 30 read [━╸╺]+ 0:00:0\d 0:00:0\d left", screen(terminal.getvalue())):
                break
            time.sleep(0.01)
        else:
            pytest.fail(screen(terminal.getvalue()))


def test_the_cursor_comes_back(terminal: Terminal) -> None:
    with progress("laying out"):
        assert soon(terminal, "laying out")
    assert terminal.getvalue().rindex("\x1b[?25h") > terminal.getvalue().rindex("\x1b[?25l")


def test_what_is_quick_says_nothing(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", 5)
    with progress("laying out") as say:
        say("writing")
    assert terminal.getvalue() == ""


def test_two_seconds_are_waited_for() -> None:
    assert module.PATIENCE == 2


def test_where_nobody_looks_nothing_is_said(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    file = StringIO()
    monkeypatch.setattr(module, "sys", SimpleNamespace(stderr=file))
    with progress("laying out") as say:
        say("writing")
        time.sleep(0.2)
    assert file.getvalue() == ""


def test_the_line_is_gone_however_it_ends(terminal: Terminal) -> None:
    def interrupted() -> None:
        with progress("laying out"):
            assert soon(terminal, "laying out")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert screen(terminal.getvalue()) == ""


def test_a_long_stage_stays_on_its_line(terminal: Terminal) -> None:
    with progress("writing " + "a" * 99 + "\n"):
        assert soon(terminal, "writ")
        shown = screen(terminal.getvalue())
    assert len(shown) <= 60
    assert re.search("^writ.* [━╸╺]+ 0:00:00$", shown)


@pytest.mark.parametrize(("width", "shown"), [(43, "[━╸╺]+ 0:00:00 .* left"), (42, "0:00:00"), (20, "0:00:00"), (16, "")])
def test_in_a_narrow_terminal_it_is_one_line(terminal: Terminal, monkeypatch: pytest.MonkeyPatch, width: int, shown: str) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    with progress("writing " + "a" * 99) as say:
        say("writing " + "b" * 99, 1, 2)
        assert soon(terminal, "writing b")
        written = terminal.getvalue()
    assert re.fullmatch(rf"writing b+ *{shown}", screen(written))
    assert len(screen(written)) <= width
    assert "\n" not in written


def test_lines_of_the_command_stand_above_it(terminal: Terminal, capsys: pytest.CaptureFixture[str]) -> None:
    with progress("training") as say:
        assert soon(terminal, "training")
        say.above("epoch 1")
        assert capsys.readouterr().out == "epoch 1\n"
        assert soon(terminal, "training"), "and it comes back"


def test_a_closed_terminal_is_no_error(terminal: Terminal) -> None:
    with progress("laying out"):
        terminal.close()
        time.sleep(0.2)


def test_the_stages_of_making_a_workbook_are_told(tmp_path: Path) -> None:
    told: list[str] = []
    make_workbook(SEVEN, tmp_path / "seven.xlsx", leave_out=["exhibits", "galleries"], say=told.append)
    assert told[0] == "laying out the sheets"
    assert told[-2:] == ["writing About", "packing"]
    assert "writing Conv1" in told


COMMAND = "from xlcnn.console import progress as p; p.PATIENCE = p.EVERY = 0.01; from xlcnn.__main__ import run; run()"


def on_a_terminal(*arguments: str, until: str = "") -> tuple[int, str, str]:
    """Exit code, standard output, and what a terminal got as standard error; Ctrl-C is pressed when it shows `until`."""
    pty = pytest.importorskip("pty", reason="Windows has no such terminals")
    ours, theirs = pty.openpty()
    process = Popen([sys.executable, "-c", COMMAND, *arguments], stdout=PIPE, stderr=theirs, stdin=PIPE)
    os.close(theirs)
    seen = b""
    with suppress(OSError):  # the other end was closed
        while piece := os.read(ours, 4096):
            seen += piece
            if until and until.encode() in seen:
                process.send_signal(signal.SIGINT)
                until = ""
    out, _ = process.communicate()
    os.close(ours)
    return process.returncode, out.decode(), seen.decode()


@pytest.mark.parametrize("command", ["make", "verify"])
def test_on_a_real_terminal(command: str, tmp_path: Path) -> None:
    path = write_workbook(branching(), tmp_path / "made.xlsx", np.zeros((1, 7, 7)))
    arguments = [str(SEVEN), "-o", str(tmp_path / "new.xlsx")] if command == "make" else [str(path), "--trials", "0"]
    code, out, seen = on_a_terminal(command, *arguments)
    assert code == 0
    assert out
    assert "\r" not in out
    assert ("making new.xlsx " if command == "make" else "verifying made.xlsx ") in seen
    assert screen(seen) == ""


def test_ctrl_c_leaves_nothing_on_the_terminal_and_no_file(tmp_path: Path) -> None:
    code, out, seen = on_a_terminal("make", str(SEVEN), "--with", "learning", "-o", str(tmp_path / "new.xlsx"), until="making")
    assert (code, out) == (130, "")
    assert screen(seen) == ""
    assert [*tmp_path.iterdir()] == []


def test_without_a_terminal_standard_error_stays_empty(tmp_path: Path) -> None:
    done = run(
        [sys.executable, "-c", COMMAND, "make", str(SEVEN), "-o", str(tmp_path / "new.xlsx")], capture_output=True, check=True
    )
    assert done.stderr == b""
