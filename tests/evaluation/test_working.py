"""A cluster answers as this process does: the same numbers, whoever ends meanwhile, and from where an earlier run has ended."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import with_formula
from tests.evaluation.data import COUNT, IMAGES, LABELS, write_idx, write_pictures
from tests.verifier.helpers import changed, small_at
from xlcnn import XlcnnError, evaluate
from xlcnn.evaluation import working as module
from xlcnn.evaluation.pictures import Batch, from_folder
from xlcnn.evaluation.subject import Answered
from xlcnn.evaluation.working import Task, given_up, one_by_one
from xlcnn.image.files import ImageFile

NAMES = [f"{k % 3}/{k}.png" for k in range(25)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pictures with labels, one of which is none."""
    folder = write_pictures(tmp_path_factory.mktemp("pictures"), NAMES)
    (folder / "1" / "torn.png").write_bytes(b"torn")
    return folder


# ---- what travels ----


def test_a_batch_is_as_many_parts() -> None:
    batch = Batch([*range(5)], [*"abcde"], np.arange(5))
    parts = batch.parts(2)
    assert [[*part.labels] for part in parts] == [[0, 1], [2, 3], [4]]
    assert [[*part.names] for part in parts] == [[*"ab"], [*"cd"], ["e"]]
    assert [part.images.tolist() for part in parts if part.images is not None] == [[0, 1], [2, 3], [4]]
    assert [len(part.labels) for part in one_by_one(batch)] == [1] * 5


def test_files_travel_as_their_bytes_or_as_what_is_wrong_with_them(folder: Path) -> None:
    pictures = from_folder(folder, None, "012")
    (gone := folder / "2" / "gone.png").touch()
    batch = from_folder(folder, None, "012").batch(0, len(pictures) + 1)
    gone.unlink()
    packed = batch.packed()
    assert [type(file) for file in packed.files].count(ImageFile) == len(pictures)
    assert packed.packed().files == packed.files
    assert [str(one) for one in packed.inputs((1, 6, 6), True)] == [str(one) for one in batch.inputs((1, 6, 6), True)]


def test_however_many_are_sent_as_many_are_answered_together() -> None:
    """NumPy may round in another way where there are more."""
    sizes: list[int] = []

    class Noting:
        input_shape = (1, 6, 6)

        def answers(self, images: list[object], labels: list[int], numpy_only: bool) -> list[int]:
            sizes.append(len(images))
            return labels

    batch = Batch([*range(25)], [*map(str, range(25))], IMAGES[:25])
    assert Task(b"", "", False, False).answers(Noting(), batch) == [*range(25)]  # type: ignore[arg-type, comparison-overlap]
    assert sizes == [10, 10, 5]


def test_what_was_given_up_is_named() -> None:
    assert given_up(Batch([3], ["image 7"], None)) == [
        Answered(None, error="image 7 could not be evaluated: every process that tried has ended")
    ]


# ---- a real cluster ----


@pytest.mark.slow
@pytest.mark.parametrize("numpy_only", [False, True], ids=["formulas", "numpy"])
def test_it_answers_like_one_process(cluster: str, small: Path, mnist: Path, numpy_only: bool) -> None:
    here = evaluate(small, mnist=mnist, numpy_only=numpy_only)
    assert evaluate(small, mnist=mnist, numpy_only=numpy_only, scheduler=cluster) == here


@pytest.mark.slow
def test_it_reads_pictures_of_which_it_has_no_files(cluster: str, small: Path, folder: Path) -> None:
    here = evaluate(small, images=folder, as_is=True)
    assert here.unread == 1
    assert evaluate(small, images=folder, as_is=True, scheduler=cluster) == here


@pytest.mark.slow
def test_it_goes_on_where_another_has_ended(cluster: str, small: Path, mnist: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept.jsonl"
    whole = evaluate(small, mnist=mnist, resume=kept, scheduler=cluster)
    lines = kept.read_bytes().splitlines(keepends=True)
    assert len(lines) == COUNT + 1
    kept.write_bytes(b"".join(lines[:13]))
    assert evaluate(small, mnist=mnist, resume=kept) == whole, "this process goes on where the cluster has ended"
    kept.write_bytes(b"".join(lines[:33]))
    assert evaluate(small, mnist=mnist, resume=kept, scheduler=cluster) == whole
    assert kept.read_bytes().splitlines(keepends=True) == lines


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="kills processes")
def test_a_worker_that_is_killed_in_the_middle_changes_nothing(cluster: str, small: Path, tmp_path: Path) -> None:
    """The numbers are the same, and every picture has one line."""
    from distributed import Client

    many = write_idx(tmp_path / "many", images=np.tile(IMAGES, (20, 1, 1)), labels=np.tile(LABELS, 20))
    with Client(cluster, set_as_default=False) as client:
        workers = [*client.run(os.getpid).values()]

    def say(_: str, done: int, total: int | None) -> None:
        if done >= 200 and workers:
            os.kill(workers.pop(), signal.SIGKILL)
            workers.clear()

    found = evaluate(small, mnist=many, resume=tmp_path / "kept.jsonl", scheduler=cluster, say=say)
    assert not workers, "nobody was killed"
    assert found == evaluate(small, mnist=many)
    assert len((tmp_path / "kept.jsonl").read_bytes().splitlines()) == 20 * COUNT + 1


@pytest.mark.slow
def test_another_workbook_is_another(cluster: str, small: Path, mnist: Path, tmp_path: Path) -> None:
    """A worker keeps the last workbook that it has read."""
    other = changed(small, tmp_path / "other.xlsx", {small_at("dense", "output", (2,)): with_formula("99")})
    for path in (small, other):
        assert evaluate(path, mnist=mnist, scheduler=cluster) == evaluate(path, mnist=mnist)


@pytest.mark.slow
def test_one_that_is_not_there_leaves_nothing(small: Path, mnist: Path, tmp_path: Path) -> None:
    with pytest.raises(XlcnnError, match="no address of a Dask scheduler"):
        evaluate(small, mnist=mnist, resume=tmp_path / "kept.jsonl", scheduler="nowhere")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="kills processes")
def test_a_picture_that_ends_its_workers_is_one_line(
    cluster: str, small: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = evaluate(small, images=folder, as_is=True)
    monkeypatch.setattr(module, "answers_here", deadly)
    there = evaluate(small, images=folder, as_is=True, scheduler=cluster)
    assert there.unread == here.unread + 1
    errors = dict(there.unread_first)
    assert errors.pop("1/7.png") == f"{folder}/1/7.png could not be evaluated: every process that tried has ended"
    assert errors == dict(here.unread_first)
    assert there.total.pictures == here.total.pictures - 1, "its neighbours are counted, once each"


REAL = module.answers_here


def deadly(task: Task, batch: Batch) -> list[Answered]:
    """As it is where a picture breaks a library."""
    if any(name.endswith("1/7.png") for name in batch.names):
        os.kill(os.getpid(), signal.SIGKILL)
    return REAL(task, batch)
