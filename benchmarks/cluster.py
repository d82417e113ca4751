"""Throughput of `evaluate` by the pool and by a Dask cluster of 1, 2 and 4 workers on this machine, as ratios measured in one run.

The lesson answers random pictures. What counts is the time in which the last three quarters of them come, so the start of
processes and the reading of the workbook do not; the configurations take turns, and of several rounds the fastest counts. Besides:
how busy the scheduler and the client are, which are one each, however many workers there are; and what a piece of work costs them,
by pieces of nothing, and how many of these they carry in a second.

    python -m benchmarks.cluster [--pictures N] [--rounds N]
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from tests.evaluation.data import write_idx
from tests.processes.clusters import scheduler_alone
from xlcnn import evaluate, find_template, make_workbook
from xlcnn.evaluation.working import BATCH, TOGETHER
from xlcnn.processes.cluster import shared_out
from xlcnn.processes.reaching import reached

JOBS, WORKERS = (1, 2, 4), (1, 2, 4)
WARM = 0.25  # of the pictures, until it is measured
NOTHINGS = 1500


@dataclass(frozen=True)
class Run:
    """Seconds per picture, processor seconds per picture of those who compute, and the shares of a core that the others take."""

    picture: float
    computing: float
    scheduler: float
    client: float


Busy = Callable[[], tuple[float, float]]  # processor seconds until now, of those who compute and of the scheduler


def measured(book: Path, mnist: Path, count: int, busy: Busy, **by: Any) -> Run:
    """One evaluation."""
    marks: list[tuple[float, ...]] = []

    def say(_: str, done: int, total: int | None) -> None:
        if total is not None and (not marks or done > marks[-1][0]) and done >= WARM * count:
            marks.append((done, time.perf_counter(), *busy(), time.process_time()))

    found = evaluate(book, mnist=mnist, say=say, **by)
    assert found.total.pictures == count
    assert not found.differing
    pictures, wall, computing, scheduler, client = (b - a for a, b in zip(marks[0], marks[-1], strict=True))
    return Run(wall / pictures, computing / pictures, scheduler / wall, client / wall)


def seconds(*processes: psutil.Process) -> float:
    """The processor seconds of these processes."""
    return float(sum(sum(process.cpu_times()[:2]) for process in processes))


def of_the_pool() -> tuple[float, float]:
    """This process and those that it has started."""
    own = psutil.Process()
    return seconds(own, *own.children(recursive=True)), 0.0


@contextmanager
def cluster(workers: int) -> Iterator[tuple[str, Busy]]:
    """A scheduler's address, and what tells how busy all are."""
    with tempfile.TemporaryDirectory() as folder, scheduler_alone(Path(folder), workers) as (address, processes):
        scheduler, *others = (psutil.Process(process.pid) for process in processes)
        yield address, lambda: (seconds(*others), seconds(scheduler))


def carried(address: str, busy: Busy) -> tuple[float, float, float]:
    """Pieces of nothing a second, each as large as one of pictures; processor seconds of scheduler and client for each."""
    things = [bytes(BATCH * TOGETHER * 28 * 28)] * NOTHINGS
    with reached(address) as found:
        until = time.monotonic() + 20
        while len(found.look()) < 2 and time.monotonic() < until:
            time.sleep(0.1)
        start, before, own = time.perf_counter(), busy()[1], time.process_time()
        for _ in shared_out(bytes, things, found, bytes):
            pass
        return (
            NOTHINGS / (time.perf_counter() - start), (busy()[1] - before) / NOTHINGS, (time.process_time() - own) / NOTHINGS,
        )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--pictures", type=int, default=320)
    parser.add_argument("--rounds", type=int, default=2)
    options = parser.parse_args()
    best: dict[str, list[Run]] = {}
    with tempfile.TemporaryDirectory() as name:
        book, count = Path(name) / "book.xlsx", options.pictures
        template = find_template("lesson")
        make_workbook(template.pictures["samples"][7], book, template)
        images = np.random.default_rng(1).integers(0, 256, (count, 28, 28)).astype(np.uint8)
        mnist = write_idx(Path(name) / "mnist", images=images, labels=np.zeros(count, np.uint8))
        for _ in range(options.rounds):
            for jobs in JOBS:
                best.setdefault(f"pool, {jobs}", []).append(measured(book, mnist, count, of_the_pool, jobs=jobs))
            for workers in WORKERS:
                with cluster(workers) as (address, busy):
                    best.setdefault(f"cluster, {workers}", []).append(measured(book, mnist, count, busy, scheduler=address))
        with cluster(2) as (address, busy):
            most, scheduler, client = carried(address, busy)
    one = min(run.picture for run in best["pool, 1"])
    heads = f"{'by':<12}{'pictures/s':>12}{'pool, 1 = 1':>14}{'slowest':>10}{'ms of a core each':>20}"
    print(f"{heads}{'scheduler':>11}{'client':>8}  of a core")
    for key, runs in best.items():
        fast = min(runs, key=lambda run: run.picture)
        slow = max(run.picture for run in runs) / fast.picture - 1
        own = f"{100 * fast.scheduler:10.1f}%{100 * fast.client:7.1f}%" if key.startswith("cluster") else ""
        each = 1000 * min(run.computing for run in runs)
        print(f"{key:<12}{1 / fast.picture:12.1f}{one / fast.picture:14.2f}{100 * slow:9.0f}%{each:20.1f}{own}")
    print(
        f"\na piece is {BATCH * TOGETHER} pictures; of pieces of nothing, as large, {most:.0f} are carried a second by two workers,"
    )
    print(f"for {1000 * scheduler:.2f} ms of the scheduler's processor and {1000 * client:.2f} ms of the client's")


if __name__ == "__main__":
    main()
