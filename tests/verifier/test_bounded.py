"""A process that may use only so much time and memory."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import parts_of, sheet_part, write_parts
from xlcnn.errors import EngineError
from xlcnn.verifier.bounded import run_bounded

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no bounds without fork")


@pytest.mark.parametrize("code", [0, 1, 2])
def test_the_exit_code_comes_back(code: int) -> None:
    assert run_bounded(lambda: code, 10, 8192) == code
    assert run_bounded(lambda: sys.exit(code), 10, 8192) == code


def test_what_takes_too_long_is_ended() -> None:
    start = time.monotonic()
    with pytest.raises(EngineError, match=r"took longer than 0\.5 seconds; --timeout allows more"):
        run_bounded(lambda: time.sleep(60) or 0, 0.5, 8192)
    assert time.monotonic() - start < 30


def test_so_is_what_does_not_listen() -> None:
    """A pattern that backtracks for ever, in C: no signal handler of Python runs."""

    def work() -> int:
        import re

        return int(bool(re.fullmatch(r"(a+)+b", "a" * 60)))

    with pytest.raises(EngineError, match="took longer"):
        run_bounded(work, 0.5, 8192)


@pytest.mark.slow
def test_the_programs_that_it_started_end_too(tmp_path: Path) -> None:
    note = tmp_path / "pid"

    def work() -> int:
        from xlcnn.engines.process import run

        run("sh", ["sh", "-c", f"echo $$ > {note}; sleep 60; true"], tmp_path, 60)
        return 0

    with pytest.raises(EngineError, match="took longer"):
        run_bounded(work, 1.5, 8192)
    with pytest.raises(ProcessLookupError):
        os.kill(int(note.read_text()), 0)


def test_what_needs_too_much_memory_is_ended() -> None:
    with pytest.raises(EngineError, match="probably needed more than 1000 MB; --max-memory-mb allows more"):
        run_bounded(lambda: len(bytearray(2 * 2**30)), 10, 1000)


@pytest.mark.slow
def test_a_workbook_whose_formulas_take_for_ever(seven: Path, tmp_path: Path) -> None:
    parts, rows = parts_of(seven), range(1000, 40_000)
    formula = "SUMPRODUCT($J$1000:$J$40000,$J$1000:$J$40000)"
    cells = (f'<row r="{k}"><c r="J{k}"><v>{k}</v></c><c r="K{k}"><f>{formula}+{k}</f><v>0</v></c></row>' for k in rows)
    name = sheet_part("guide")
    parts[name] = parts[name].replace(b"</sheetData>", "".join(cells).encode() + b"</sheetData>")
    path = write_parts(parts, tmp_path / "slow.xlsx")
    command = [sys.executable, "-m", "xlcnn", "verify", str(path), "--trials", "0", "--timeout", "4"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "Error: verifying took longer than 4 seconds; --timeout allows more\n"
