"""A process of its own that may use only so much time and memory."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import Damage, parts_of, sheet_part, with_formula, write_parts
from xlcnn import EngineError, WorkbookError, verify
from xlcnn.engines.base import Engine
from xlcnn.engines.embedded import Formualizer
from xlcnn.verifier.bounded import BEGIN, bounded

pytestmark = pytest.mark.own_process


def gigabytes(count: int) -> int:
    return len(bytearray(count * 2**30))


def wrong() -> None:
    raise WorkbookError("is wrong")


def odd() -> None:
    class Own(Exception):
        pass

    raise Own("cannot be sent")


def start_and_wait(folder: Path) -> None:
    from xlcnn.engines.process import run

    run("sh", ["sh", "-c", f"echo $$ > {folder / 'pid'}; sleep 60; true"], folder / "home", 60)


def leave_something() -> str:
    import tempfile

    return tempfile.mkdtemp(prefix="xlcnn-")


def chatter() -> str:
    os.write(1, b"remarks of an engine")
    print("and of Python")
    return "the answer"


def test_the_result_comes_back_whatever_was_printed() -> None:
    assert bounded(chatter, seconds=30, megabytes=8192) == "the answer"


def test_so_does_an_error_with_its_traceback() -> None:
    with pytest.raises(WorkbookError, match="is wrong") as found:
        bounded(wrong, seconds=30, megabytes=8192)
    assert "in wrong" in "".join(found.value.__notes__)
    with pytest.raises(RuntimeError, match="Own: cannot be sent"):
        bounded(odd, seconds=30, megabytes=8192)


def test_what_takes_too_long_is_ended() -> None:
    start = time.monotonic()
    with pytest.raises(EngineError, match=r"took longer than 0\.5 seconds; --timeout allows more"):
        bounded(time.sleep, 60, seconds=0.5, megabytes=8192)
    assert time.monotonic() - start < 10


def test_so_is_what_does_not_listen() -> None:
    """A pattern that backtracks for ever, in C: no thread of Python runs."""
    with pytest.raises(EngineError, match="took longer"):
        bounded(re.fullmatch, r"(a+)+b", "a" * 60, seconds=1, megabytes=8192)


def test_the_programs_that_it_started_end_too(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="took longer"):
        bounded(start_and_wait, tmp_path, seconds=3, megabytes=8192)
    time.sleep(0.3)
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


def test_nothing_stays_in_the_temporary_folder() -> None:
    assert not Path(bounded(leave_something, seconds=30, megabytes=8192)).parent.exists()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the system itself bounds the memory")
def test_what_needs_too_much_memory_is_ended() -> None:
    with pytest.raises(EngineError, match="probably needed more than 1000 MB; --max-memory-mb allows more"):
        bounded(gigabytes, 2, seconds=30, megabytes=1000)


def test_where_the_system_knows_no_bound_the_guard_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xlcnn.verifier.bounded.KERNEL_BOUNDS", False)
    unbound = BEGIN.replace("; main(i)", "; import xlcnn.verifier.worker as w; w.bound = print; main(i)")
    monkeypatch.setattr("xlcnn.verifier.bounded.BEGIN", unbound)
    with pytest.raises(EngineError, match=r"verifying needed more than 300 MB; --max-memory-mb allows more"):
        bounded(hold, 600, seconds=30, megabytes=300)


def test_a_python_inside_another_program_is_not_started_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    with pytest.raises(EngineError, match="this Python is part of another program"):
        bounded(chatter, seconds=30, megabytes=8192)


# ---- the whole verification, from Python ----


@pytest.fixture(scope="module")
def endless(seven: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook whose formulas take for ever."""
    parts, rows = parts_of(seven), range(1000, 40_000)
    formula = "SUMPRODUCT($J$1000:$J$40000,$J$1000:$J$40000)"
    cells = (f'<row r="{k}"><c r="J{k}"><v>{k}</v></c><c r="K{k}"><f>{formula}+{k}</f><v>0</v></c></row>' for k in rows)
    name = sheet_part("guide")
    parts[name] = parts[name].replace(b"</sheetData>", "".join(cells).encode() + b"</sheetData>")
    return write_parts(parts, tmp_path_factory.mktemp("endless") / "slow.xlsx")


@pytest.mark.slow
def test_a_workbook_whose_formulas_take_for_ever(endless: Path) -> None:
    command = [sys.executable, "-m", "xlcnn", "verify", str(endless), "--trials", "0", "--timeout", "4"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "Error: verifying took longer than 4 seconds; --timeout allows more\n"
    with pytest.raises(EngineError, match="took longer than 4 seconds"):
        verify(endless, trials=0, timeout=4)


SCRIPT = """
import sys, threading, multiprocessing
from xlcnn import verify
def work(path=sys.argv[1]):
    print(verify(path, trials=0).ok, flush=True)
"""
WAYS = {
    "a script without a main part": "work()",
    "a thread": "t = threading.Thread(target=work); t.start(); t.join()",
    "a process that may have no children": (
        "if __name__ == '__main__':\n"
        "    for how in multiprocessing.get_all_start_methods():\n"
        "        p = multiprocessing.get_context(how).Process(target=work, args=sys.argv[1:], daemon=True); p.start(); p.join()\n"
    ),
    "beside a thread that goes on": "t = threading.Timer(9, print, [''], {'end': ''}); t.daemon = True; t.start(); work()",
}


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_it_can_be_called_from_anywhere(way: str, seven: Path, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT + WAYS[way], encoding="utf-8")
    (tmp_path / "pickle.py").write_text("raise SystemExit('a module of the user, with the name of one of ours')", encoding="utf-8")
    if way != "a process that may have no children":  # multiprocessing itself would import it
        command = [sys.executable, "-P", str(script), str(seven)]
    else:
        (tmp_path / "pickle.py").unlink()
        command = [sys.executable, str(script), str(seven)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, cwd=tmp_path)
    assert set(done.stdout.split()) == {"True"}, done.stderr
    assert done.stderr == ""


def test_it_can_be_called_where_python_reads_its_lines(seven: Path) -> None:
    lines = f"from xlcnn import verify\nprint(verify({str(seven)!r}, trials=0).ok)\n"
    done = subprocess.run([sys.executable, "-"], input=lines, capture_output=True, text=True, check=False, timeout=60)
    assert (done.stdout, done.stderr) == ("True\n", "")


@pytest.mark.parametrize("limit", [{"timeout": float("nan")}, {"timeout": float("inf")}, {"timeout": -1}, {"timeout": 10**18}])
def test_limits_of_time_that_are_none_are_refused(limit: dict[str, float], seven: Path) -> None:
    with pytest.raises(EngineError, match="a time limit is a number of seconds up to 604800, not"):
        verify(seven, **limit)  # type: ignore[arg-type]


@pytest.mark.parametrize("megabytes", [0, -1, 10**18, float("nan")])
def test_limits_of_memory_that_are_none_are_refused(megabytes: int, seven: Path) -> None:
    with pytest.raises(EngineError, match="a limit of memory is a number of megabytes from 256 to 1073741824, not"):
        verify(seven, max_memory_mb=megabytes)


class Own(Formualizer):
    name = "own"


def test_an_engine_of_ones_own_and_no_limit_stay_in_this_process(
    damage: Damage, seven: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nowhere(*_: object, **__: object) -> None:
        pytest.fail("a process was started")

    monkeypatch.setattr("xlcnn.verifier.bounded.bounded", nowhere)
    own: Engine = Own()
    assert verify(seven, own, 0).engine == "own"
    path = damage("conv1", "output", (0, 9, 3), with_formula("1+1"))
    assert not verify(path, trials=0, timeout=None).ok


def hold(megabytes: int) -> None:
    kept = bytearray(megabytes * 2**20)
    time.sleep(20)
    del kept
