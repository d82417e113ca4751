"""The same work on many things, by several processes, with the results in the order asked.

Each process has a pipe of its own. So one thing that ends its process (there was no memory for it, a library broke down) costs
its own result and no other, and nothing waits for what will never come.
"""

from __future__ import annotations

import os
import pickle
import shutil
import signal
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import current_process, get_all_start_methods, get_context, parent_process
from multiprocessing.connection import Connection, Pipe, wait
from multiprocessing.context import BaseContext
from threading import Thread
from time import monotonic
from types import FrameType
from typing import Any, NamedTuple, TypeVar

from xlcnn.errors import XlcnnError

T = TypeVar("T")
R = TypeVar("R")

AHEAD = 4  # results per process that wait for their turn at most, so that memory does not grow with the number of things
PATIENCE = 0.5  # seconds in which a process may remove what it has half written, before it is killed
MOST = 61  # processes: Windows waits for no more


def cores() -> int:
    """The cores that this process may use; one, where it may have no children."""
    if current_process().daemon:
        return 1
    return min(MOST, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


def pooled(
    work: Callable[[T], R], things: Sequence[T], jobs: int, lost: Callable[[T], R], preload: Sequence[str] = ()
) -> Generator[R]:
    """`work` of each thing, a module's own function, by `jobs` processes; for one that has ended its process, what `lost` gives.

    `preload` names modules that are imported once for all processes. Where none can be started (no room for another, a
    temporary folder of too long a name), everything is done in this process. What `work` raises ends it all, where its turn
    comes. Raises `XlcnnError` where a process ends before it has begun, as in a script without ``if __name__ == "__main__":``.
    """
    workers: list[Worker] = []
    jobs = min(jobs, len(things))
    try:
        while jobs > 1 and len(workers) < jobs and (worker := started(work, preload)) is not None:
            workers.append(worker)
        if not workers:
            yield from map(work, things)
            return
        given = told = 0
        results: dict[int, R | Raised] = {}
        while told < len(things):
            for worker in workers:
                if worker.thing is None and given < min(len(things), told + AHEAD * jobs):
                    worker.give(given, things[given])
                    given += 1
            for worker in answering(workers):
                thing, answer = worker.thing, worker.answer()
                if answer is LOST:
                    workers.remove(worker)
                    worker.end(monotonic())
                    if (another := started(work, preload)) is not None:
                        workers.append(another)
                if thing is not None and answer is not BEGUN:
                    results[thing] = lost(things[thing]) if answer is LOST else answer
            if not workers:
                raise XlcnnError("no process can be started any more: is there too little memory?")
            while told in results:
                result = results.pop(told)
                if isinstance(result, Raised):
                    raise result.error
                yield result
                told += 1
    finally:
        until = monotonic() + PATIENCE
        for worker in workers:
            worker.process.terminate()
        for worker in workers:
            worker.end(until)


BEGUN: Any = object()
LOST: Any = object()


class Raised(NamedTuple):
    """What the work has raised instead of a result."""

    error: Exception


@dataclass(eq=False)
class Worker:
    """A process, the pipe to it, which thing it works on, and whether it has begun."""

    process: Any
    pipe: Connection
    thing: int | None = None
    begun: bool = False

    def give(self, number: int, thing: object) -> None:
        """The next thing. One that has ended meanwhile is found out when it should answer."""
        self.thing = number
        with suppress(OSError):
            self.pipe.send(thing)

    def answer(self) -> Any:
        """What became of its thing: a result, or `Raised`; `BEGUN` or `LOST`, if it only has begun, or has ended."""
        try:
            fine, result = self.pipe.recv()
        except (EOFError, OSError):
            if self.begun:
                return LOST
            reason = 'too little memory, or a script without `if __name__ == "__main__":`'
            raise XlcnnError(f"a process that does part of the work has ended ({reason})") from None
        if not self.begun:
            self.begun = True
            return BEGUN
        self.thing = None
        return result if fine else Raised(result)

    def end(self, until: float) -> None:
        """It may take so long."""
        self.process.join(max(0.0, until - monotonic()))
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        self.pipe.close()


def answering(workers: Sequence[Worker]) -> list[Worker]:
    """Those that have something to say, of which there is at least one."""
    ready = wait([worker.pipe for worker in workers if worker.thing is not None])
    return [worker for worker in workers if worker.pipe in ready]


def started(work: Callable[[Any], Any], preload: Sequence[str]) -> Worker | None:
    """A process that waits for something to do; None where there can be none."""
    try:
        context: Any = safe_context(preload)
        ours, theirs = Pipe()
        with theirs:  # once it is the process's, nobody else may hold it open
            process = context.Process(target=serve, args=(work, theirs))
            process.start()
    except (OSError, ImportError, EOFError):  # EOFError: what starts processes has ended
        return None
    return Worker(process, ours)


def serve(work: Callable[[Any], Any], pipe: Connection) -> None:
    """What a process does: one thing after another, until it is ended."""
    belong_to_the_parent()
    try:
        pipe.send((True, None))
        while True:
            pipe.send_bytes(done(work, pipe.recv()))
    except (EOFError, OSError):
        parent = parent_process()
        assert parent is not None
        end_after(parent.sentinel, PATIENCE)


def done(work: Callable[[Any], Any], thing: object) -> bytes:
    """Whether it went well, and what it gave or raised, as the pipe takes it."""
    try:
        return pickle.dumps((True, work(thing)))
    except Exception as error:
        return pickle.dumps((False, error.with_traceback(None)))


def safe_context(preload: Sequence[str]) -> BaseContext:
    """How processes are started: never by forking this one, which may have threads (NumPy's, or the caller's)."""
    if "forkserver" not in get_all_start_methods():
        return get_context("spawn")
    context = get_context("forkserver")
    context.set_forkserver_preload(list(preload))

    from multiprocessing.forkserver import ensure_running  # which Windows has not

    with silent():
        ensure_running()
    return context


@contextmanager
def silent() -> Iterator[None]:
    """What is started here says nothing: a process that is ended while it starts would print a traceback."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def belong_to_the_parent() -> None:
    """Ctrl-C reaches every process of a terminal; the parent alone answers it. Where the parent is gone, so is the process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, unwind)
    parent = parent_process()
    if parent is not None:
        Thread(target=end_after, args=(parent.sentinel,), daemon=True).start()


def unwind(signal_number: int, frame: FrameType | None) -> None:
    """End, and remove on the way what is half written."""
    raise SystemExit(128 + signal_number)


def end_after(sentinel: int, most: float | None = None) -> None:
    """End once the parent has, or after so many seconds. Nobody else would remove the folder in which it met its processes."""
    if wait([sentinel], most):
        shutil.rmtree(getattr(current_process(), "_config", {}).get("tempdir") or "", ignore_errors=True)
    os._exit(1)
