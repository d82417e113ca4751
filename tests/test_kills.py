"""Killed at any moment, a command leaves the target whole, old or new; the next run clears what it left behind."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import SEVEN
from xlcnn.workbook.package import write_whole

KILLS = 12


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


def test_a_dead_commands_leftover_is_removed_and_a_living_ones_is_not(tmp_path: Path) -> None:
    finished = subprocess.Popen([sys.executable, "-c", ""])
    finished.wait()
    living = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(30)"])
    try:
        for process in (finished, living):
            (tmp_path / f".a.xlsx.{process.pid}.tmp").write_bytes(b"half")
        (tmp_path / ".a.xlsx.notes.tmp").write_bytes(b"not ours")
        write_whole(tmp_path / "a.xlsx", b"whole", force=False)
        assert {p.name for p in tmp_path.iterdir()} == {"a.xlsx", f".a.xlsx.{living.pid}.tmp", ".a.xlsx.notes.tmp"}
    finally:
        living.kill()
        living.wait()


def test_eight_makes_at_once_for_one_target(tmp_path: Path) -> None:
    target = tmp_path / "seven.xlsx"
    command = [sys.executable, "-m", "xlcnn", "make", str(SEVEN), "--output", str(target)]
    makes = [subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for _ in range(8)]
    codes = sorted(m.wait() for m in makes)
    assert codes == [0] + [2] * 7, "one wins, the others see its file"
    assert [p.name for p in tmp_path.iterdir()] == ["seven.xlsx"]
