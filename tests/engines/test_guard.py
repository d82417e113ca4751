"""The guard between xlcnn and what it starts."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from xlcnn.engines import guard
from xlcnn.engines.guarded import guarded

pytestmark = pytest.mark.skipif(not hasattr(os, "killpg"), reason="looks for processes as Unix has them")


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def started(command: list[str], folder: str = "") -> subprocess.Popen[bytes]:
    start = [sys.executable, "-I", "-S", guard.__file__, "0", folder, *command]
    return subprocess.Popen(start, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)


def is_gone(process: int) -> bool:
    try:
        os.kill(process, 0)
        stat = Path(f"/proc/{process}/stat")
        return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z"
    except ProcessLookupError:  # also while it is looked at
        return True


def soon(is_so: object, *arguments: object) -> bool:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if is_so(*arguments):  # type: ignore[operator]
            return True
        time.sleep(0.02)
    return False


@pytest.mark.parametrize(
    ("code", "found"), [("pass", 0), ("raise SystemExit(3)", 3), ("import os; os.kill(os.getpid(), 9)", 137), ("1/0", 1)]
)
def test_the_exit_code_is_the_commands(code: str, found: int) -> None:
    assert guarded(python(code), 30).code == found


def test_a_request_of_any_size_is_handed_on() -> None:
    length = "import sys; print(len(sys.stdin.buffer.read()))"
    for size in (0, 1, 3_000_000):
        assert guarded(python(length), 30, request=b"x" * size).output.split() == [str(size).encode()]
    assert guarded(python("pass"), 30, request=b"x" * 3_000_000).code == 0, "it need not be read"


def test_time_is_bounded_whatever_the_command_does_with_its_streams() -> None:
    for code in ("import time; time.sleep(60)", "import os, time; os.close(0); os.close(1); os.close(2); time.sleep(60)"):
        start = time.monotonic()
        with pytest.raises(subprocess.TimeoutExpired):
            guarded(python(code), 0.5)
        assert time.monotonic() - start < 10


def test_children_that_it_leaves_behind_end_with_it() -> None:
    said = guarded(["sh", "-c", "sleep 60 >/dev/null 2>&1 & echo $!"], 30).output
    assert soon(is_gone, int(said))


@pytest.mark.parametrize("end", ["word", "silence", "SIGTERM"])
def test_it_ends_with_its_lifeline(end: str, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    process = started(["sh", "-c", "echo $$; sleep 60; true"], str(folder))
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(b"0\n")
    process.stdin.flush()
    child = int(process.stdout.readline())
    if end == "word":
        process.stdin.write(b"!")
    if end == "SIGTERM":
        process.terminate()
    else:
        process.stdin.close()
    assert soon(is_gone, child)
    process.wait(10)
    assert folder.exists() is (end != "silence"), "nobody else is left to remove it"
    process.stdout.close()


def test_a_lifeline_that_somebody_else_holds_too_is_cut_with_a_word(tmp_path: Path) -> None:
    """A `fork` beside it copies the pipe, so closing it here ends nothing."""
    process = started(["sleep", "60"])
    assert process.stdin is not None
    copy = os.dup(process.stdin.fileno())
    process.stdin.write(b"0\n!")
    process.stdin.close()
    assert process.wait(10) == 137
    os.close(copy)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="looks for open pipes in /proc")
def test_so_does_who_waits_for_it(tmp_path: Path) -> None:
    copies: list[int] = []

    def fork_beside() -> None:
        for name in os.listdir("/proc/self/fd"):
            if int(name) > 2 and os.readlink(f"/proc/self/fd/{name}").startswith("pipe:"):
                copies.append(os.dup(int(name)))  # noqa: PERF401

    with pytest.raises(subprocess.TimeoutExpired):
        guarded(["sh", "-c", f"echo $$ > {tmp_path / 'pid'}; sleep 60; true"], 1, meanwhile=fork_beside)
    try:
        assert soon(is_gone, int((tmp_path / "pid").read_text()))
    finally:
        for copy in copies:
            os.close(copy)


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("  12345\n", 12345),
        ('"python.exe","4711","Console","1","12,345 K"\r\n', 12345),
        ('"python.exe","4711","Konsole","1","12.345 K"\r\n', 12345),
        ('"python.exe","4711","Console","1","12\u202f345 Ko"\r\n', 12345),
        ("INFO: No tasks are running which match the specified criteria.\r\n", 0),
        ("", 0),
    ],
)
def test_what_systems_say_of_memory(said: str, number: int) -> None:
    assert guard.last_number(said) == number


def test_this_process_has_a_size() -> None:
    assert 10_000 < guard.kilobytes(os.getpid()) < 10**8
