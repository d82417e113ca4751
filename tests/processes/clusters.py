"""Real clusters for tests: a scheduler and worker processes, on this machine; and work for them that goes wrong in all ways."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from xlcnn.errors import ImageError

END, ONCE, WRONG = -1, -2, -3  # what ends its process, always; only the first time; what raises an error


@contextmanager
def local_cluster(workers: int = 2, threads: int = 2) -> Iterator[str]:
    """The address of a scheduler with so many workers, each a process that is started again where it ends."""
    from distributed import LocalCluster

    options: dict[str, Any] = {"dashboard_address": ":0", "silence_logs": logging.CRITICAL + 1}
    with LocalCluster(n_workers=workers, threads_per_worker=threads, processes=True, host="127.0.0.1", **options) as cluster:
        yield cluster.scheduler_address


@contextmanager
def scheduler_alone(folder: Path, workers: int = 0, before: str = "") -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler's address, and its process and those of its workers, which nobody starts again; `before` is run in each first."""
    file = folder / "scheduler.json"
    common = ["--no-dashboard"]
    processes = [started("scheduler", [*common, "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file)], before)]
    try:
        deadline = time.monotonic() + 30
        while not file.exists() or not file.read_bytes().endswith(b"}"):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        address = json.loads(file.read_text())["address"]
        options = [address, "--no-nanny", "--nthreads", "1", "--local-directory", str(folder), *common]
        processes += [started("worker", options, before) for _ in range(workers)]
        yield address, processes
    finally:
        for process in processes:
            process.kill()
            process.wait()


def started(what: str, arguments: Sequence[str], before: str) -> subprocess.Popen[bytes]:
    code = f"{before}\nfrom distributed.cli.dask_{what} import main\nmain({[*arguments]!r})"
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def squared(thing: int) -> tuple[int, int]:
    """What is done, and by which process."""
    if thing == END:
        os.kill(os.getpid(), signal.SIGKILL)
    if thing == WRONG:
        raise ImageError("it cannot be read")
    return thing * thing, os.getpid()


def slowly(thing: int) -> tuple[int, int]:
    time.sleep(0.05)
    return squared(thing)


def all_squared(things: list[int], folder: str = "") -> list[int]:
    """The squares of several; `ONCE` ends its process, unless a file in the folder says that it has done so."""
    for thing in things:
        if thing == ONCE and not Path(folder, "been").exists():
            Path(folder, "been").touch()
            os.kill(os.getpid(), signal.SIGKILL)
    return [squared(thing)[0] for thing in things]


class Counted:
    """Work that notes in a folder each time that a process unpacks it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.ballast = folder, os.urandom(100_000)

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        (self.folder / f"{os.getpid()}-{time.monotonic_ns()}").touch()

    def __call__(self, thing: int) -> tuple[int, int]:
        return slowly(thing)
