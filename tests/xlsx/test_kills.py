"""Killed at any moment, a command leaves the target whole, old or new; the next run clears what it left behind."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import SEVEN
from xlcnn.xlsx.files import write_whole

KILLS = int(os.environ.get("XLCNN_KILLS", "12"))  # of the whole command
WRITES = 200  # kills while files are written, one after the other

#: Writes the same file again and again, by turns with two contents of 3 MB.
WRITER = """
import sys
from itertools import count
from pathlib import Path
from xlcnn.xlsx.files import write_whole
print("ready", flush=True)
for k in count():
    write_whole(Path(sys.argv[1]), (b"old", b"new")[k % 2] * 1_000_000, force=True)
"""


@pytest.mark.slow
def test_killed_at_random_moments(seven: Path, tmp_path: Path) -> None:
    target = tmp_path / "seven.xlsx"
    command = [sys.executable, "-m", "xlcnn", "make", str(SEVEN), "--output", str(target), "--force"]
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    whole = time.perf_counter() - start
    old, new = b"an old file", seven.read_bytes()
    moments = random.Random(0)
    for _ in range(KILLS):
        target.write_bytes(old)
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(moments.uniform(0.5, 1.1) * whole)
        process.kill()
        process.wait()
        assert target.read_bytes() in (old, new)
    subprocess.run(command, check=True, capture_output=True)
    assert [p.name for p in tmp_path.iterdir()] == ["seven.xlsx"]


@pytest.mark.slow
def test_killed_hundreds_of_times_while_writing(tmp_path: Path) -> None:
    target = tmp_path / "file.xlsx"
    target.write_bytes(b"old" * 1_000_000)
    moments = random.Random(1)
    halves = 0
    for _ in range(WRITES):
        process = subprocess.Popen([sys.executable, "-c", WRITER, str(target)], stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(moments.uniform(0, 0.02))
        process.kill()
        process.wait()
        process.stdout.close()
        assert target.read_bytes() in (b"old" * 1_000_000, b"new" * 1_000_000)
        halves += len(list(tmp_path.iterdir())) - 1
    assert halves > WRITES / 20, "the kills must hit the writing itself, or this proves nothing"
    write_whole(target, b"whole", force=True)
    assert [p.name for p in tmp_path.iterdir()] == ["file.xlsx"]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 128 KB, if one can be mounted here."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=128k", "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        mounted = False
    if not mounted:
        pytest.skip("no file system can be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def make(target: Path, **options: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "xlcnn", "make", str(SEVEN), "--output", str(target), "--force"]
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)  # type: ignore[call-overload]


def test_a_full_disk_leaves_the_old_file(small_disk: Path) -> None:
    target = small_disk / "seven.xlsx"
    target.write_bytes(b"an old file")
    done = make(target)
    assert (done.returncode, done.stderr) == (2, f"Error: {target} cannot be written: No space left on device\n")
    assert target.read_bytes() == b"an old file"
    assert [p.name for p in small_disk.iterdir()] == ["seven.xlsx"]


def test_a_file_that_may_not_grow_leaves_the_old_file(tmp_path: Path) -> None:
    """The same where no disk can be mounted: the system refuses to write more than 100 KB."""
    target = tmp_path / "seven.xlsx"
    target.write_bytes(b"an old file")
    resource = pytest.importorskip("resource")
    signal = pytest.importorskip("signal")

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    done = make(target, preexec_fn=limit, env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"})
    assert (done.returncode, done.stderr) == (2, f"Error: {target} cannot be written: File too large\n")
    assert target.read_bytes() == b"an old file"
    assert [p.name for p in tmp_path.iterdir()] == ["seven.xlsx"]


def test_a_read_only_folder_is_named(small_disk: Path) -> None:
    (small_disk / "seven.xlsx").write_bytes(b"an old file")
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    done = make(small_disk / "seven.xlsx")
    assert (done.returncode, done.stderr) == (2, f"Error: {small_disk / 'seven.xlsx'} cannot be written: Read-only file system\n")
    assert (small_disk / "seven.xlsx").read_bytes() == b"an old file"


@pytest.mark.slow
def test_eight_makes_at_once_for_one_target(tmp_path: Path) -> None:
    target = tmp_path / "seven.xlsx"
    command = [sys.executable, "-m", "xlcnn", "make", str(SEVEN), "--output", str(target)]
    makes = [subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for _ in range(8)]
    codes = sorted(m.wait() for m in makes)
    assert codes == [0] + [2] * 7, "one wins, the others see its file"
    assert [p.name for p in tmp_path.iterdir()] == ["seven.xlsx"]
