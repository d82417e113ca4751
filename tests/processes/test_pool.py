"""The same work on many things: in order, by several processes, whatever becomes of one of them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from xlcnn.errors import ImageError, XlcnnError
from xlcnn.processes import pool as module
from xlcnn.processes.pool import AHEAD, cores, pooled

END = 13  # what ends its process
WRONG = 14  # what raises an error


def work(thing: int) -> tuple[int, int]:
    """What is done, and by which process."""
    if thing == END:
        os.kill(os.getpid(), signal.SIGKILL)
    if thing == WRONG:
        raise ImageError("14 cannot be read")
    return thing * thing, os.getpid()


def awkward(thing: int) -> object:
    return lambda: thing


def lost(thing: int) -> tuple[int, int]:
    return -1, thing


def squares(things: list[int], jobs: int) -> list[int]:
    with closing(pooled(work, things, jobs, lost)) as found:
        return [square for square, _ in found]


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_results_come_in_order(jobs: int) -> None:
    assert squares(list(range(12)), jobs) == [k * k for k in range(12)]


def test_several_processes_share_it() -> None:
    with closing(pooled(work, range(12), 2, lost)) as found:
        by = {process for _, process in found}
    assert len(by) == 2
    assert os.getpid() not in by


@pytest.mark.parametrize(("things", "jobs"), [([3], 4), ([], 4), ([1, 2], 1)], ids=["one thing", "nothing", "one job"])
def test_little_is_done_here(things: list[int], jobs: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "started", lambda *_: pytest.fail("a process was started"))
    assert squares(things, jobs) == [k * k for k in things]


def test_where_no_process_can_be_started_it_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "started", lambda *_: None)
    assert squares(list(range(5)), 2) == [0, 1, 4, 9, 16]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="kills a process")
def test_what_ends_its_process_costs_its_own_result_alone() -> None:
    things = [0, END, 1, 2, END, 3, 4, 5, 6, 7, 8, 9, END]
    assert squares(things, 2) == [-1 if k == END else k * k for k in things]


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_error_ends_it_where_its_turn_comes(jobs: int) -> None:
    with closing(pooled(work, [1, 2, WRONG, 3], jobs, lost)) as found:
        assert [next(found)[0] for _ in range(2)] == [1, 4]
        with pytest.raises(ImageError, match="14 cannot be read"):
            list(found)


def test_a_result_that_cannot_be_told_is_an_error() -> None:
    with closing(pooled(awkward, [1, 2], 2, lost)) as found, pytest.raises(Exception, match=r"pickle|lambda"):
        list(found)


def test_no_more_is_begun_than_somebody_takes() -> None:
    begun: list[int] = []

    def things() -> Iterator[int]:
        yield from range(100, 1000)

    class Counted(list[int]):
        def __getitem__(self, k: int) -> int:  # type: ignore[override]
            begun.append(k)
            return super().__getitem__(k)

    with closing(pooled(work, Counted(things()), 2, lost)) as found:
        for _ in range(10):
            next(found)
    assert max(begun) <= 10 + AHEAD * 2


def test_all_its_processes_are_gone_when_nobody_takes_the_rest() -> None:
    with closing(pooled(work, range(100, 200), 2, lost)) as found:
        by = {next(found)[1] for _ in range(20)}
    assert not [process for process in by if lives(process)]


def lives(process: int) -> bool:
    """Whether it is there for longer than its parent needs to notice that it has ended."""
    for _ in range(100):
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return False
        time.sleep(0.05)
    return True


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="asks for the folder of a fork server")
def test_who_is_killed_leaves_no_folder(tmp_path: Path) -> None:
    """The processes that it has left behind remove where it met them."""
    script = tmp_path / "script.py"
    script.write_text(
        "from time import sleep\nfrom xlcnn.processes.pool import pooled\n"
        "if __name__ == '__main__':\n    for done in pooled(abs, range(9), 2, abs): print(done, flush=True), sleep(9)\n",
        encoding="utf-8",
    )
    with tempfile.TemporaryDirectory(prefix="rest-") as folder:  # a short name, for sockets
        here = os.environ | {"TMPDIR": folder}
        with subprocess.Popen([sys.executable, script], env=here, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            assert os.listdir(folder), "it has none at all: this test tests nothing"
            process.kill()
        for _ in range(200):
            if not os.listdir(folder):
                return
            time.sleep(0.05)
        pytest.fail("its folder is still there")


def test_a_script_without_a_main_part_is_told_what_it_lacks(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "from xlcnn.processes.pool import pooled\nprint(list(pooled(str, [1, 2, 3], 2, str)))\n",
        encoding="utf-8",
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert '`if __name__ == "__main__":`' in done.stderr.splitlines()[-1]
    assert XlcnnError.__name__ in done.stderr


def test_there_are_as_many_as_this_process_may_use() -> None:
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    assert cores() == allowed
