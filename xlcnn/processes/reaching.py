"""The way to a Dask cluster: its scheduler, the workers that can be used, and one sentence about what cannot.

Dask is imported only here, and only where a scheduler is named.
"""

from __future__ import annotations

import asyncio
import logging
import re
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager, suppress
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from threading import Thread
from time import monotonic, sleep, time
from typing import Any, TypeVar

from xlcnn.errors import XlcnnError, printable
from xlcnn.version import VERSION

R = TypeVar("R")

ADDRESS = re.compile(r"(tcp|tls)://[^\s/]+:\d{1,5}")
CONNECT = 5.0  # seconds in which a scheduler must answer, and a first worker must be there
SILENT = 30.0  # seconds after which a scheduler that says nothing has gone
GOODBYE = 0.3  # seconds to say that the rest is not wanted any more; a scheduler that is not told finds out by itself
LOOK = 0.1  # seconds until it is asked again which workers there are
PACKAGES = (
    "dask",
    "distributed",
    "formualizer",
    "numpy",
    "pillow",
    "opencv-python-headless",
)  # of which, as of Python and xlcnn, every machine must have one version
ALIKE = "every machine of the cluster needs the same versions of Python, Dask, xlcnn and what that computes with"
TLS = "the certificates are named in Dask's configuration, under distributed.comm.tls"
TALKATIVE = ("distributed", "distributed.client", "tornado", "tornado.application", "asyncio")
GONE = (OSError, TimeoutError, CancelledError, asyncio.CancelledError)  # what is raised where somebody has gone


@contextmanager
def reached(address: str) -> Iterator[Cluster]:
    """The cluster whose scheduler is at this address, ``tcp://HOST:PORT``, with workers that have what this machine has.

    Raises `XlcnnError` where it is of no use, before any work. Whatever it was given to do is cancelled in the end.
    """
    if not ADDRESS.fullmatch(address):
        raise XlcnnError(f"{printable(address)} is no address of a Dask scheduler: give one as tcp://HOST:PORT")
    try:
        from dask import config
        from distributed import Client
    except ImportError:
        raise XlcnnError("a cluster needs Dask, which is not here: pip install 'xlcnn[cluster]'") from None

    async def connected() -> Any:
        client = Client(address, asynchronous=True, timeout=CONNECT, set_as_default=False, name="xlcnn")
        try:
            return await client
        except BaseException:
            await client.close(GOODBYE)
            raise

    with quiet(), loop_beside() as loop, config.set({"distributed.admin.large-graph-warning-threshold": "1 GiB"}):
        cluster = Cluster(address, loop)
        try:
            cluster.client = cluster.ask(connected, CONNECT + 1)
        except (OSError, TimeoutError):
            raise XlcnnError(f"no Dask scheduler answers at {address}: start one with `dask scheduler`, or correct it") from None
        except Exception as error:  # one of another version, or something else altogether, may say anything
            reason = printable(" ".join(str(error).split())[:200])
            hint = TLS if address.startswith("tls") else ALIKE
            raise XlcnnError(f"what answers at {address} is no Dask scheduler for this machine ({reason}); {hint}") from None
        try:
            cluster.check()
            yield cluster
        finally:
            with suppress(Exception):
                cluster.ask(lambda: cluster.client.close(), GOODBYE)


class Cluster:
    """A scheduler and its workers; `workers` are those that can be used."""

    def __init__(self, address: str, loop: asyncio.AbstractEventLoop) -> None:
        self.address, self._loop = address, loop
        self.client: Any = None
        self.workers: frozenset[str] = frozenset()
        self.there: frozenset[str] = frozenset()  # these, and those that cannot be used just now
        self._asked: dict[str, Future[Any]] = {}  # what each worker will say of itself
        self._wrong: dict[str, str] = {}  # what is wrong with each that has said it; of most, nothing

    def start(self, call: Callable[[], Awaitable[R]]) -> Future[R]:
        """Let the loop call something, and wait for what comes of it."""

        async def called() -> R:
            return await call()

        return asyncio.run_coroutine_threadsafe(called(), self._loop)

    def ask(self, call: Callable[[], Awaitable[R]], seconds: float = SILENT) -> R:
        """The same, and wait here, too."""
        future = self.start(call)
        try:
            return future.result(seconds)
        finally:
            future.cancel()

    def check(self) -> None:
        """Raises `XlcnnError` where the scheduler or a worker has not what this machine has, or there is no worker."""
        here, until = about(), monotonic() + CONNECT
        wrong = misfit("its scheduler", here, self._of_scheduler())
        while not wrong:
            self.look()
            wrong = next(filter(None, self._wrong.values()), "")
            if self.workers or monotonic() > until:
                break
            sleep(LOOK)
        if wrong:
            raise XlcnnError(f"the cluster at {self.address} cannot be used: {wrong}; {ALIKE}")
        if not self.workers:
            raise XlcnnError(f"the scheduler at {self.address} has no workers: start some with `dask worker {self.address}`")

    def look(self) -> frozenset[str]:
        """Which workers can be used now; a new one has to have what this machine has. Raises `XlcnnError` for a lost scheduler.

        Nobody waits for what a worker says of itself: one that is frozen, or out of reach, is not used, and that is all.
        """
        try:
            well = self.ask(lambda: self.client.run_on_scheduler(usable, silent=SILENT))
        except GONE:
            raise self.gone() from None
        self.there, there = frozenset(well), frozenset(name for name in well if well[name])
        for name in there - self._asked.keys() - self._wrong.keys():
            self._asked[name] = self.start(partial(self.client.run, about, workers=[name], on_error="return"))
        here = about()
        for name, asked in list(self._asked.items()):
            if asked.done() or name not in there:
                said = self._asked.pop(name).result().get(name) if asked.done() and not asked.exception() else OSError()
                self._wrong |= {} if ended(said) else {name: misfit(f"the worker {name}", here, said)}
        self.workers = frozenset(name for name in there if self._wrong.get(name) == "")
        return self.workers

    def gone(self) -> XlcnnError:
        """What is said where the scheduler does not answer any more."""
        return XlcnnError(f"the scheduler at {self.address} has gone while it was needed: start it again, then the command")

    def _of_scheduler(self) -> object:
        try:
            return self.ask(lambda: self.client.run_on_scheduler(about))
        except GONE:
            raise self.gone() from None
        except Exception as error:  # it cannot import this
            return error


def usable(silent: float, dask_scheduler: Any = None) -> dict[str, bool]:
    """Asked of the scheduler: its workers, and whether each takes work (with too little memory it is paused) and was heard of."""
    workers = dask_scheduler.workers.items()
    return {name: each in dask_scheduler.running and time() - each.last_seen < silent for name, each in workers}


def about() -> dict[str, str]:
    """What this machine has that must be the same everywhere."""
    found = {"Python": "{}.{}".format(*sys.version_info), "xlcnn": VERSION}
    for package in PACKAGES:
        with suppress(PackageNotFoundError):
            found[package] = version(package)
    return found


def ended(said: object) -> bool:
    """Whether a worker has ended instead of answering."""
    return isinstance(said, OSError)


def misfit(name: str, here: Mapping[str, str], there: object) -> str:
    """What a machine has not that is here; nothing, if it fits. One that cannot say what it has cannot import xlcnn."""
    if not isinstance(there, dict):
        return f"{name} has no xlcnn {here['xlcnn']}"
    for package, wanted in here.items():
        if there.get(package) != wanted:
            has = f"{package} {there[package]}, not" if package in there else f"no {package}"
            return printable(f"{name} has {has} {wanted}")
    return ""


@contextmanager
def loop_beside() -> Iterator[asyncio.AbstractEventLoop]:
    """An event loop in a thread of its own: so whatever the network does, a signal ends the waiting for it."""
    loop = asyncio.new_event_loop()
    loop.set_exception_handler(lambda *_: None)
    thread = Thread(target=loop.run_forever, name="xlcnn-cluster", daemon=True)
    thread.start()
    try:
        yield loop
    finally:
        with suppress(Exception):
            asyncio.run_coroutine_threadsafe(all_cancelled(), loop).result(GOODBYE)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(GOODBYE)
        if not thread.is_alive():
            loop.close()


async def all_cancelled() -> None:
    """Nothing goes on in this loop."""
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks, timeout=GOODBYE / 2)


@contextmanager
def quiet() -> Iterator[None]:
    """Dask logs what happens to it; what matters of that is said here in a sentence."""
    loggers = [logging.getLogger(name) for name in TALKATIVE]
    kept = [logger.level for logger in loggers]
    try:
        for logger in loggers:
            logger.setLevel(logging.CRITICAL + 1)
        yield
    finally:
        for logger, level in zip(loggers, kept, strict=True):
            logger.setLevel(level)
