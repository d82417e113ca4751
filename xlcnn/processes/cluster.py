"""The same work on many things, by the workers of a Dask cluster, with the results in the order asked: `pool` on many machines.

Machines need share no files: what is worked on is sent. Dask carries, and says which workers there are; which of them gets what is
decided here, as in the pool. So it is known what a worker had in hand when it ended: `shares` keeps that account.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from hashlib import sha256
from queue import Empty, SimpleQueue
from threading import Lock
from time import monotonic
from typing import Any, NamedTuple, TypeVar
from uuid import uuid4

from xlcnn.errors import XlcnnError, unforeseen
from xlcnn.processes.pool import Raised, done
from xlcnn.processes.reaching import GONE, Cluster, reached
from xlcnn.processes.shares import Shares

T = TypeVar("T")
R = TypeVar("R")

LOOK = 0.5  # seconds after which it is asked again which workers there are
ALONE = 60.0  # seconds without any worker until that is the end: one that has ended may be started again
ROOM = 256 * 2**20  # bytes that are under way at most, for they lie in the scheduler's memory
ENDS = ("KilledWorker", "NoValidWorkerError", "WorkerStartTimeoutError")  # what Dask raises for a worker that has ended


def clustered(
    work: Callable[[Any], R],
    things: Sequence[T],
    scheduler: str,
    lost: Callable[[T], R],
    pack: Callable[[T], Any] = lambda thing: thing,
) -> Generator[R]:
    """`shared_out` by the cluster at this address. Raises `XlcnnError` where it is of no use, before any work."""
    with reached(scheduler) as cluster:
        yield from shared_out(work, things, cluster, lost, pack)


def shared_out(
    work: Callable[[Any], R],
    things: Sequence[T],
    cluster: Cluster,
    lost: Callable[[T], R],
    pack: Callable[[T], Any] = lambda thing: thing,
    split: Callable[[T], Sequence[T]] = lambda thing: (),
) -> Generator[R]:
    """`work` of each thing by the cluster's workers, in order; for one with which several of them have ended, what `lost` gives.

    `work`, a module's own function or a `partial` of one, goes to each worker once; of each thing goes what `pack` makes of it
    when its turn comes, a file's bytes for instance. Of a thing with which a worker has ended, `split` gives the parts, which
    are then done one by one; their results are lists, which together are its own. What `work` raises ends it all, where its
    turn comes. Raises `XlcnnError` where the scheduler goes, or all workers.
    """
    shares = Shares(things, lost, split)
    post = Post(cluster, pickle.dumps(work))
    looked = there = monotonic()
    while not shares.done:
        waiting = set(cluster.workers)
        while waiting and post.has_room:  # whoever has least is next, so that nobody is idle while another has two
            worker = min(waiting, key=lambda name: (shares.in_hand(name), name))
            given = shares.give(worker, len(cluster.workers))
            if given is None:
                waiting.remove(worker)
            else:
                post.send(given[0], worker, pickle.dumps(pack(given[1])))
        for ticket, result in post.arrived():
            shares.failed(ticket) if result is None else shares.came(ticket, result.value)
        if monotonic() > looked + LOOK:
            for ticket in shares.without(cluster.look()):
                post.take_back(ticket)
                shares.returned(ticket) if shares.holder(ticket) in cluster.there else shares.failed(ticket)
            looked = monotonic()
            there = looked if cluster.workers else there
            if looked > there + ALONE:
                raise XlcnnError(f"the scheduler at {cluster.address} has lost all its workers: start some, then the command again")
        yield from shares.taken()


class Answer(NamedTuple):
    """What has come of a thing: a result, or what was `Raised` instead."""

    value: Any


class Post:
    """Carries the work to the workers: once to the first of them, from which the others fetch it. And to each worker its things."""

    def __init__(self, cluster: Cluster, work: bytes) -> None:
        self._cluster, self._work, self._mark = cluster, work, sha256(work).hexdigest()
        self._name = f"xlcnn-{uuid4().hex}"
        self._shared: Any = None
        self._came: SimpleQueue[int] = SimpleQueue()
        self._sent: dict[int, tuple[Future[bytes], int]] = {}
        self._bytes = 0

    @property
    def has_room(self) -> bool:
        """Whether more may be under way: it lies in the memory of the one scheduler."""
        return self._bytes < ROOM

    def send(self, ticket: int, worker: str, thing: bytes) -> None:
        """A thing for a worker."""
        answer = self._cluster.start(partial(self._answer, ticket, worker, thing))
        self._sent[ticket] = answer, len(thing)
        self._bytes += len(thing)
        answer.add_done_callback(lambda _: self._came.put(ticket))

    def take_back(self, ticket: int) -> Future[bytes] | None:
        """Nobody waits for its answer any more."""
        answer, size = self._sent.pop(ticket, (None, 0))
        self._bytes -= size
        if answer is not None:
            answer.cancel()
        return answer

    def arrived(self) -> Iterator[tuple[int, Answer | None]]:
        """What has come, after waiting a moment for a first; None in place of an answer where the worker has ended."""
        with suppress(Empty):
            ticket = self._came.get(timeout=LOOK)
            while True:
                if (answer := self.take_back(ticket)) is not None:
                    yield ticket, self._opened(answer)
                ticket = self._came.get_nowait()

    def _opened(self, answer: Future[bytes]) -> Answer | None:
        try:
            fine, result = pickle.loads(answer.result())
        except GONE:
            if self._cluster.client.status != "running":
                raise self._cluster.gone() from None
            return None
        except Exception as error:
            if type(error).__name__ in ENDS:
                return None
            reason = unforeseen(error)[:300]
            raise XlcnnError(f"the cluster at {self._cluster.address} could not do its part ({reason})") from None
        return Answer(result if fine else Raised(result))

    async def _answer(self, ticket: int, worker: str, thing: bytes) -> bytes:
        """What this worker answers; where it has ended, that is waited for until it is taken back."""
        client = self._cluster.client
        if self._shared is None or self._shared.status in ("cancelled", "lost", "error"):
            # a task and no scattered data: where all have ended who had it, it is made again
            self._shared = client.submit(bytes, self._work, key=f"{self._name}-work-{ticket}", pure=False)
        key = f"{self._name}-{ticket}"
        future = client.submit(done_there, self._mark, self._shared, thing, key=key, workers=[worker], pure=False)
        try:
            return await client.gather(future)  # type: ignore[no-any-return]
        finally:
            future.release()


ONE = Lock()
"""A worker may have several threads; a workbook in the engine, and much else, is for one at a time."""

KNOWN: dict[str, Callable[[Any], Any]] = {}
"""The work that this worker has unpacked, by its mark: the last alone, for a workbook in the engine is large."""


def done_there(mark: str, work: bytes, thing: bytes) -> bytes:
    """What a worker does."""
    with ONE:
        if mark not in KNOWN:
            KNOWN.clear()
            KNOWN[mark] = pickle.loads(work)
        return done(KNOWN[mark], pickle.loads(thing))
