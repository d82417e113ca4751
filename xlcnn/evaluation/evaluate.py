"""`xlcnn.evaluate`: a set of labelled pictures through one workbook, which answers by its own formulas."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import AbstractContextManager, closing, nullcontext
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlcnn.engines import find_engine
from xlcnn.errors import ImageError, WorkbookError, XlcnnError, printable
from xlcnn.evaluation.outcome import NUMPY, Evaluation, Mistake
from xlcnn.evaluation.pictures import Pictures, from_folder, from_mnist, sampled
from xlcnn.evaluation.resumed import kept
from xlcnn.evaluation.subject import Subject, read_subject
from xlcnn.evaluation.tally import Tally
from xlcnn.evaluation.working import TOGETHER, Task, all_answers
from xlcnn.files.reading import read_regular, reason
from xlcnn.version import VERSION
from xlcnn.xlsx.limits import USUAL_LIMITS

if TYPE_CHECKING:
    from xlcnn.processes.reaching import Cluster

Where = str | os.PathLike[str]


def evaluate(
    workbook: Where,
    *,
    mnist: Where | None = None,
    images: Where | None = None,
    labels: Where | None = None,
    sample: int | None = None,
    seed: int = 0,
    numpy_only: bool = False,
    as_is: bool = False,
    resume: Where | None = None,
    jobs: int | None = 1,
    scheduler: str | None = None,
    say: Callable[[str, int, int | None], object] = lambda stage, done, total: None,
) -> Evaluation:
    """How well a workbook reads pictures whose labels are known, by its own formulas, each held against NumPy.

    The pictures are MNIST's in the folder `mnist`, or those in the folder `images`, whose label is their line in the CSV file
    `labels`, else their folder's name, else what stands before the first ``_`` of their own. Of them `sample` are drawn with
    `seed`. `numpy_only` asks NumPy alone, with the weights that stand in the workbook. In the file `resume` every answer is kept:
    the same call goes on where the last one ended. `jobs` is the number of processes (None: one for each core); with more than one,
    a script guards its main part with ``if __name__ == "__main__":``. A Dask cluster at the address `scheduler` computes in their
    place. `say` is told what is done, how much of it, and of how much.

    Raises `WorkbookError`, `ImageError`, `EngineError`, or `XlcnnError` for what cannot be read, and labels that do not fit.
    """
    name = printable(workbook)
    book = whole_file(Path(workbook))
    say(f"reading {name}", 0, None)
    subject = read_subject(book, name)
    pictures = sampled(labelled(subject, mnist, images, labels), sample, seed)
    engine = find_engine()
    by = (NUMPY, VERSION) if numpy_only else (engine.name, engine.version())
    about = {
        "workbook": sha256(book).hexdigest(), "pictures": pictures.mark, "sample": [sample, seed] if sample else None,
        "engine": by, "xlcnn": VERSION, "as_is": as_is,
    }  # fmt: skip
    task = Task(book, name, numpy_only, as_is)
    with computing(scheduler) as cluster:
        tally = counted(task, subject, pictures, None if resume is None else Path(resume), as_listed(about), jobs, cluster, say)
    if tally.unread_count == len(pictures):
        raise ImageError(f"none of the {len(pictures):,} pictures could be read; the first: {tally.unread[0][1]}")
    return outcome(subject, pictures, tally, task, (sample, seed if sample else None), by)


def computing(scheduler: str | None) -> AbstractContextManager[Cluster | None]:
    """Who computes: the cluster at this address, if one is named; it must be there before anything is written."""
    if scheduler is None:
        return nullcontext()
    from xlcnn.processes.reaching import reached

    return reached(scheduler)


def as_listed(about: dict[str, Any]) -> dict[str, Any]:
    """The same as JSON gives it back."""
    return {key: list(value) if isinstance(value, tuple) else value for key, value in about.items()}


def whole_file(path: Path) -> bytes:
    """The workbook's bytes. Raises `WorkbookError`."""
    try:
        return read_regular(path, USUAL_LIMITS.file_bytes)
    except (OSError, ValueError) as error:
        raise WorkbookError(f"{printable(path)} cannot be read: {reason(error)}") from None


def labelled(subject: Subject, mnist: Where | None, images: Where | None, labels: Where | None) -> Pictures:
    """The pictures that are meant. Raises `XlcnnError`."""
    if (mnist is None) == (images is None):
        raise XlcnnError("give the pictures of mnist or a folder of images, one of the two")
    if mnist is not None:
        if labels is not None:
            raise XlcnnError("MNIST's files have labels of their own; labels go with images")
        return from_mnist(Path(mnist), subject.input_shape, subject.classes)
    assert images is not None
    return from_folder(Path(images), None if labels is None else Path(labels), subject.classes)


def counted(
    task: Task, subject: Subject, pictures: Pictures, resume: Path | None, about: dict[str, Any], jobs: int | None,
    cluster: Cluster | None, say: Callable[[str, int, int | None], object],
) -> Tally:  # fmt: skip
    """All answers, those among them that the file holds already."""
    tally = Tally(len(subject.classes))
    with kept(resume, about) as file:
        for found in file.earlier(len(subject.classes), task.numpy_only):
            if tally.count == len(pictures):
                raise XlcnnError(f"{printable(resume or '')} holds more answers than there are pictures; delete it to begin anew")
            tally.add(pictures.labels[tally.count], found)
        size = task.batch * (TOGETHER if cluster is not None else 1)
        firsts = range(tally.count, len(pictures), size)
        batches = [pictures.batch(first, min(first + size, len(pictures))) for first in firsts]
        say(said(tally, pictures), tally.count, len(pictures))
        with closing(all_answers(task, subject, batches, jobs, cluster)) as answers:
            for found_ones in answers:
                file.add(found_ones)
                for found in found_ones:
                    tally.add(pictures.labels[tally.count], found)
                say(said(tally, pictures), tally.count, len(pictures))
    return tally


def said(tally: Tally, pictures: Pictures) -> str:
    return f"{tally.count} of {len(pictures)} pictures evaluated"


def outcome(
    subject: Subject, pictures: Pictures, tally: Tally, task: Task, drawn: tuple[int | None, int | None], by: tuple[str, str]
) -> Evaluation:
    """What has been counted, with the pictures of the worst mistakes."""
    names = [printable(name) for name in pictures.names]
    mistakes = []
    for place, label, found in tally.mistakes:
        assert found.answer is not None
        (image,) = pictures.batch(place, place + 1).inputs(subject.input_shape, task.as_is)
        shown = None if isinstance(image, ImageError) else image  # it may have gone since
        mistakes.append(Mistake(names[place], label, found.answer, found.value, found.of_label, shown))
    return Evaluation(
        printable(Path(task.name).name), pictures.source, *drawn, *by, subject.classes,
        tuple(tuple(row[:-1]) for row in tally.confusion.tolist()), tuple(tally.confusion[:, -1].tolist()), tuple(mistakes),
        tally.unread_count, tuple((names[place], error) for place, error in tally.unread),
        None if task.numpy_only else tally.differing_count, tally.apart,
        tuple((names[place], apart) for place, apart in tally.differing), subject.gives_shares,
    )  # fmt: skip
