"""Another program runs with bounds: a home of its own, no way out through a proxy, a time limit for all that it starts."""

import os
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import write_parts
from xlcnn.engines.process import results, run
from xlcnn.errors import EngineError


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_what_it_printed_comes_back_whether_out_or_error(tmp_path: Path) -> None:
    said = run("Python", python("import sys; print('out', flush=True); print('error', file=sys.stderr)"), tmp_path, 30)
    assert said.split() == ["out", "error"]


def test_its_home_is_its_own_and_its_proxy_leads_nowhere(tmp_path: Path) -> None:
    code = "import os; print(*(os.environ[name] for name in ('HOME', 'http_proxy', 'https_proxy')))"
    assert run("Python", python(code), tmp_path, 30).split() == [str(tmp_path), "http://127.0.0.1:9", "http://127.0.0.1:9"]


def test_it_cannot_ask_for_input(tmp_path: Path) -> None:
    assert run("Python", python("import sys; print(repr(sys.stdin.read()))"), tmp_path, 30).strip() == "''"


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="there are no process groups")
def test_at_the_time_limit_its_children_end_too(tmp_path: Path) -> None:
    note, start = tmp_path / "pid", time.monotonic()
    with pytest.raises(EngineError, match=r"sh did not finish within 0\.5 seconds"):
        run("sh", ["sh", "-c", f"sleep 60 & echo $! > {note}; wait"], tmp_path, 0.5)
    assert time.monotonic() - start < 30
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and Path(f"/proc/{note.read_text().strip()}").exists():
        state = Path(f"/proc/{note.read_text().strip()}/stat").read_text().rpartition(")")[2].split()[0]
        if state == "Z":
            break
        time.sleep(0.05)
    else:
        with pytest.raises(ProcessLookupError):
            os.kill(int(note.read_text()), 0)


def test_a_workbook_that_it_wrote_badly_is_one_error(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    path.write_bytes(b"half")
    with pytest.raises(EngineError, match="LibreOffice wrote a workbook that is not a workbook that can be read"):
        results("LibreOffice", path, {})


def test_a_sheet_that_it_left_out_is_empty(seven: Path, tmp_path: Path) -> None:
    grids = results("LibreOffice", seven, {"Nowhere": (2, 3)})
    assert grids["Nowhere"].rows == [[None] * 3] * 2
    with pytest.raises(EngineError, match="wrote a workbook that is not an Excel workbook"):
        results("LibreOffice", write_parts({"x": b""}, tmp_path / "zip.xlsx"), {})
