"""A cluster that is of no use is told in one sentence, before any work."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from tests.processes.clusters import scheduler_alone
from xlcnn.errors import XlcnnError
from xlcnn.processes import reaching as module
from xlcnn.processes.reaching import PACKAGES, Cluster, about, misfit, reached, usable

HERE = {"Python": "3.11", "xlcnn": "1.0", "dask": "2030.1.0"}


def refused(address: str) -> str:
    """What is said of it, in one line."""
    with pytest.raises(XlcnnError) as error, reached(address):
        pytest.fail("it was reached")
    assert "\n" not in str(error.value)
    return str(error.value)


@pytest.mark.parametrize(
    "address", ["", "host", "host:8786", "http://host:80", "tcp://host", "tcp://:1", "tcp://a b:1", "tcp://a:1/x"]
)
def test_what_is_no_address(address: str) -> None:
    assert refused(address).endswith("is no address of a Dask scheduler: give one as tcp://HOST:PORT")


def test_where_dask_is_missing_its_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert refused("tcp://127.0.0.1:1") == "a cluster needs Dask, which is not here: pip install 'xlcnn[cluster]'"


def test_every_machine_says_what_it_has() -> None:
    assert about().keys() == {"Python", "xlcnn", *PACKAGES}


@pytest.mark.parametrize(
    ("there", "said"),
    [
        (HERE, ""),
        (HERE | {"more": "1"}, ""),
        (HERE | {"xlcnn": "0.9"}, "the worker has xlcnn 0.9, not 1.0"),
        (HERE | {"Python": "3.12"}, "the worker has Python 3.12, not 3.11"),
        ({"Python": "3.11", "xlcnn": "1.0"}, "the worker has no dask 2030.1.0"),
        (ModuleNotFoundError("xlcnn"), "the worker has no xlcnn 1.0"),
        (HERE | {"dask": "evil\nversion"}, "the worker has dask evil?version, not 2030.1.0"),
    ],
    ids=["the same", "more", "another xlcnn", "another Python", "no dask", "no xlcnn", "lines"],
)
def test_what_does_not_fit_is_named(there: object, said: str) -> None:
    assert misfit("the worker", HERE, there) == said


class Told:
    """A client whose workers are these, and say this."""

    def __init__(self, said: dict[str, object]) -> None:
        self.said, self.asked, self.paused = said, list[str](), set[str]()

    def run_on_scheduler(self, ask: object, silent: float) -> dict[str, bool]:
        assert ask is usable
        return {worker: worker not in self.paused for worker in self.said}

    def run(self, _: object, workers: list[str], on_error: str) -> dict[str, object]:
        assert on_error == "return"
        self.asked += workers
        return {worker: self.said[worker] for worker in workers}


def test_who_comes_later_is_asked_once_and_used_only_if_it_fits() -> None:
    cluster = Cluster("tcp://host:1", None)  # type: ignore[arg-type]
    cluster.ask = lambda call, *_: call()  # type: ignore[method-assign, assignment, misc, return-value]
    cluster.start = at_once  # type: ignore[method-assign, assignment]
    cluster.client = told = Told({"first": about()})
    assert cluster.look() == {"first"}
    told.said |= {
        "old": about() | {"xlcnn": "0.1"},
        "without": ModuleNotFoundError("xlcnn"),
        "good": about(),
        "gone": OSError("gone"),
    }
    assert cluster.look() == {"first", "good"}
    del told.said["first"]
    told.said["gone"] = about()
    assert cluster.look() == {"good", "gone"} == cluster.workers, "one that did not answer is asked again"
    assert sorted(told.asked) == ["first", "gone", "gone", "good", "old", "without"]
    told.paused = {"good"}
    assert cluster.look() == {"gone"}
    assert "good" in cluster.there, "it has not ended"
    told.paused = set()
    assert cluster.look() == {"good", "gone"}


def at_once(call: Callable[[], Any]) -> Future[Any]:
    """What is called has answered already."""
    future: Future[Any] = Future()
    future.set_result(call())
    return future


def test_nobody_waits_for_one_that_does_not_say_what_it_has() -> None:
    cluster = Cluster("tcp://host:1", None)  # type: ignore[arg-type]
    cluster.ask = lambda call, *_: call()  # type: ignore[method-assign, assignment, misc, return-value]
    frozen: list[Future[Any]] = []

    def start(call: Callable[[], Any]) -> Future[Any]:
        said = call()
        if "frozen" not in said:
            return at_once(lambda: said)
        frozen.append(Future())
        return frozen[-1]

    cluster.start = start  # type: ignore[method-assign, assignment]
    cluster.client = Told({"well": about(), "frozen": about()})
    assert cluster.look() == cluster.look() == {"well"}
    (one,) = frozen
    one.set_result({"frozen": about()})
    assert cluster.look() == {"well", "frozen"}, "once it answers, it is used"


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CONNECT", 0.5)


@pytest.mark.slow
@pytest.mark.usefixtures("hasty")
class TestReal:
    def test_nobody_listens(self) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))  # and nobody answers
            address = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
            assert refused(address) == f"no Dask scheduler answers at {address}: start one with `dask scheduler`, or correct it"

    def test_somebody_listens_and_says_nothing(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            address = f"tcp://127.0.0.1:{server.getsockname()[1]}"
            assert refused(address).startswith(f"no Dask scheduler answers at {address}")

    def test_without_certificates_there_is_no_tls(self) -> None:
        said = refused("tls://127.0.0.1:1")
        assert said.endswith("the certificates are named in Dask's configuration, under distributed.comm.tls")

    def test_a_scheduler_without_workers(self, tmp_path: Path) -> None:
        with scheduler_alone(tmp_path) as (address, _):
            assert refused(address) == f"the scheduler at {address} has no workers: start some with `dask worker {address}`"

    def test_a_scheduler_without_xlcnn(self, tmp_path: Path) -> None:
        with scheduler_alone(tmp_path, before="import sys; sys.modules['xlcnn'] = None") as (address, _):
            assert refused(address).startswith(
                f"the cluster at {address} cannot be used: its scheduler has no xlcnn {about()['xlcnn']};"
            )

    def test_a_worker_with_another_xlcnn(self, cluster: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(module, "VERSION", "99.9")  # of this process, in which the scheduler is, too
        said = refused(cluster)
        assert said.startswith(f"the cluster at {cluster} cannot be used: the worker tcp://")
        assert "not 99.9; every machine of the cluster needs the same versions" in said


@pytest.mark.slow
def test_what_is_here_stays_as_it_was(cluster: str) -> None:
    """Nothing of Dask's is left: no client that others would use, no setting, no thread."""
    import logging
    import threading

    import dask
    from distributed.client import default_client

    def state() -> tuple[object, ...]:
        ours = [thread.name for thread in threading.enumerate() if thread.name.startswith("xlcnn")]
        return {**dask.config.config}, ours, logging.getLogger("distributed").level

    before = state()
    with reached(cluster) as found:
        assert len(found.workers) == 2
        assert state() != before
        with pytest.raises(ValueError, match="No clients found"):
            default_client()
    assert state() == before
