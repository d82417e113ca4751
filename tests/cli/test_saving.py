"""Files that are written after long work: one that fails costs neither the others nor the answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from xlcnn.cli.saving import Saving, kept, tell
from xlcnn.errors import WorkbookError


def test_each_file_stands_for_itself(tmp_path: Path) -> None:
    saving = Saving(force=False)
    (tmp_path / "old").write_bytes(b"mine")
    saving.save(tmp_path / "a", lambda: b"a")
    saving.save(tmp_path / "old", lambda: b"new")
    saving.save(tmp_path / "b", lambda: bytes([1 // 0]))
    saving.save(None, lambda: pytest.fail("nobody asked for it"))
    saving.save(tmp_path / "c", lambda: b"c")
    assert saving.written == [tmp_path / "a", tmp_path / "c"]
    assert [type(failure) for failure in saving.failures] == [WorkbookError, ZeroDivisionError]
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a": b"a", "c": b"c", "old": b"mine"}


def test_what_was_found_outlives_the_end_of_the_work() -> None:
    gone = WorkbookError("the scheduler has gone")

    def work(results: int) -> tuple[list[int], list[Exception]]:
        found: list[int] = []
        with kept(found) as end:
            for k in range(9):
                if k == results:
                    raise gone
                found.append(k)
        return found, end

    assert work(9) == (list(range(9)), [])
    assert work(2) == ([0, 1], [gone])
    with pytest.raises(WorkbookError, match="the scheduler has gone"):
        work(0)


def test_ctrl_c_ends_it(tmp_path: Path) -> None:
    def interrupted() -> bytes:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Saving(force=False).save(tmp_path / "a", interrupted)


def test_each_failure_has_a_line_and_the_last_one_ends_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    tell([])
    with pytest.raises(WorkbookError, match="the last"):
        tell([WorkbookError("first"), MemoryError(), WorkbookError("the last")])
    assert capsys.readouterr().err == "Error: first\nError: there is not enough memory for this\n"
