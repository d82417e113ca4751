"""Answers to many pictures in their order, by this process, by several, or by a cluster."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from xlcnn.errors import XlcnnError, printable
from xlcnn.evaluation.pictures import Batch
from xlcnn.evaluation.subject import Answered, Subject, read_subject
from xlcnn.lesson.predict import processes
from xlcnn.processes.pool import pooled

if TYPE_CHECKING:
    from xlcnn.processes.reaching import Cluster

BATCH, NUMPY_BATCH = 10, 100  # pictures that are answered together; NumPy is a hundred times as fast
TOGETHER = 2  # batches that go to another machine at once: each that is sent takes a moment of the one scheduler's time


@dataclass(frozen=True)
class Task:
    """What is asked of each picture."""

    book: bytes
    name: str
    numpy_only: bool
    as_is: bool

    @property
    def batch(self) -> int:
        return NUMPY_BATCH if self.numpy_only else BATCH

    def answers(self, subject: Subject, batch: Batch) -> list[Answered]:
        """Always of as many together, however many there are: so NumPy rounds everywhere in the same way."""
        parts = batch.parts(self.batch)
        images = ((part, part.inputs(subject.input_shape, self.as_is)) for part in parts)
        return [found for part, some in images for found in subject.answers(some, part.labels, self.numpy_only)]


def all_answers(
    task: Task, subject: Subject, batches: Sequence[Batch], jobs: int | None, cluster: Cluster | None = None
) -> Generator[list[Answered]]:
    """The answers to each batch, in order; they do not depend on `jobs`, the number of processes (None: one for each core), nor
    on whether a cluster gives them.

    However it ends, its processes are gone. Raises `EngineError`, and `XlcnnError` if a process ends.
    """
    if cluster is not None:
        from xlcnn.processes.cluster import shared_out

        return shared_out(partial(answers_here, task), batches, cluster, given_up, Batch.packed, one_by_one)
    count = processes([""] * sum(len(batch.labels) for batch in batches)) if jobs is None else jobs
    if count <= 1:
        return (task.answers(subject, batch) for batch in batches)
    return pooled(partial(answers_here, task), batches, count, lost)


def answers_here(task: Task, batch: Batch) -> list[Answered]:
    """The answers of another process, which reads the workbook once."""
    return task.answers(subject_here(task.book, task.name), batch)


@lru_cache(maxsize=1)  # the last workbook that this process has read: in the engine it is large
def subject_here(book: bytes, name: str) -> Subject:
    return read_subject(book, name)


def lost(batch: Batch) -> list[Answered]:
    raise XlcnnError("a process that evaluates pictures has ended (too little memory: --jobs 1 needs less)")


def one_by_one(batch: Batch) -> list[Batch]:
    """Its pictures, each alone: so the one with which a process ends takes no other with it."""
    return batch.parts(1)


def given_up(batch: Batch) -> list[Answered]:
    """What is said of a picture with which several processes have ended."""
    reason = "could not be evaluated: every process that tried has ended"
    return [Answered(None, error=f"{printable(name)} {reason}") for name in batch.names]
