"""The same work on many things by a real Dask cluster: in order, each once, whoever ends in the middle of it."""

from __future__ import annotations

import os
import signal
import time
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from tests.processes.clusters import END, ONCE, WRONG, Counted, all_squared, scheduler_alone, slowly, squared
from xlcnn.errors import ImageError, XlcnnError
from xlcnn.processes import cluster as module
from xlcnn.processes.cluster import clustered, shared_out
from xlcnn.processes.pool import AHEAD
from xlcnn.processes.reaching import reached

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="kills processes")]

WORKERS = 2


def lost(thing: int) -> tuple[int, int]:
    return thing, 0


def squares(things: list[int], cluster: str) -> list[int]:
    return [square for square, _ in clustered(squared, things, cluster, lost)]


def test_results_come_in_order_from_several_processes_that_are_not_this_one(cluster: str) -> None:
    found = list(clustered(slowly, range(40), cluster, lost))
    assert [square for square, _ in found] == [k * k for k in range(40)]
    by = {process for _, process in found}
    assert len(by) == WORKERS
    assert os.getpid() not in by


def test_nobody_is_idle_while_another_has_two(cluster: str) -> None:
    assert len({process for _, process in clustered(slowly, range(WORKERS), cluster, lost)}) == WORKERS


def test_one_that_is_frozen_is_not_waited_for(tmp_path: Path) -> None:
    with scheduler_alone(tmp_path, workers=2) as (address, processes):
        with reached(address) as both:
            while len(both.look()) < 2:
                time.sleep(0.05)
        processes[1].send_signal(signal.SIGSTOP)
        try:
            assert squares([*range(20)], address) == [k * k for k in range(20)]
        finally:
            processes[1].send_signal(signal.SIGCONT)


def test_nothing_is_nothing(cluster: str) -> None:
    assert squares([], cluster) == []


def test_a_worker_that_is_killed_in_the_middle_costs_nothing(cluster: str) -> None:
    things = [*range(60)]
    found: list[tuple[int, int]] = []
    with closing(clustered(slowly, things, cluster, lost)) as results:
        for result in results:
            found.append(result)
            if len(found) == 20:
                os.kill(result[1], signal.SIGKILL)
    assert [square for square, _ in found] == [k * k for k in things]


def test_what_ends_its_workers_is_one_result(cluster: str) -> None:
    assert squares([1, 2, END, 3], cluster) == [1, 4, END, 9]


def test_of_several_together_only_the_culprit_is_given_up(cluster: str, tmp_path: Path) -> None:
    """And what ended its worker by chance is done."""
    things = [[1, 2], [3, END, 4], [ONCE, 5], [6]]
    work = partial(all_squared, folder=str(tmp_path))
    with reached(cluster) as where:
        found = list(shared_out(work, things, where, lambda part: [None], split=lambda thing: [[one] for one in thing]))
    assert found == [[1, 4], [9, None, 16], [4, 25], [36]]


def test_an_error_ends_it_where_its_turn_comes(cluster: str) -> None:
    with closing(clustered(squared, [1, 2, WRONG, 3], cluster, lost)) as found:
        assert [next(found)[0] for _ in range(2)] == [1, 4]
        with pytest.raises(ImageError, match="it cannot be read"):
            list(found)


def test_what_is_sent_is_packed_when_its_turn_comes(cluster: str) -> None:
    begun: list[int] = []

    def pack(thing: int) -> int:
        begun.append(thing)
        return thing + 1

    with closing(clustered(squared, range(1000), cluster, lost, pack)) as found:
        assert [next(found)[0] for _ in range(10)] == [(k + 1) ** 2 for k in range(10)]
    assert begun == [*range(len(begun))]
    assert len(begun) <= 10 + AHEAD * WORKERS


def test_the_work_is_unpacked_once_by_each_worker(cluster: str, tmp_path: Path) -> None:
    list(clustered(Counted(tmp_path), range(40), cluster, lost))
    by = [path.name.partition("-")[0] for path in tmp_path.iterdir()]
    assert len(by) == len(set(by)) == WORKERS


def test_one_job_after_another_has_its_own_work(cluster: str) -> None:
    for folder in ("a", "b"):
        assert list(clustered(partial(pair, folder), [1, 2], cluster, lost)) == [(folder, 1), (folder, 2)]  # type: ignore[comparison-overlap]


def pair(name: str, thing: int) -> tuple[str, int]:
    return name, thing


def test_little_room_is_room_for_one_after_the_other(cluster: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ROOM", 1)
    assert squares([*range(12)], cluster) == [k * k for k in range(12)]


def test_when_nobody_takes_the_rest_it_is_cancelled(cluster: str) -> None:
    from distributed import Client

    with closing(clustered(slowly, range(1000), cluster, lost)) as found:
        next(found)
    with Client(cluster, set_as_default=False) as client:
        assert client.run_on_scheduler(lambda dask_scheduler: len(dask_scheduler.tasks)) == 0


def test_a_scheduler_that_goes_is_told_in_a_sentence(tmp_path: Path) -> None:
    with scheduler_alone(tmp_path, workers=1) as (address, (scheduler, _)):
        found = clustered(slowly, range(1000), address, lost)
        next(found)
        scheduler.kill()
        with pytest.raises(XlcnnError, match=rf"^the scheduler at {address} has gone while it was needed: start it again"):
            list(found)


def test_when_all_workers_have_gone_for_good_that_is_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ALONE", 1.0)
    with scheduler_alone(tmp_path, workers=1) as (address, (_, worker)):
        found = clustered(slowly, range(1000), address, lost)
        next(found)
        worker.kill()
        with pytest.raises(XlcnnError, match=rf"^the scheduler at {address} has lost all its workers: start some"):
            list(found)
