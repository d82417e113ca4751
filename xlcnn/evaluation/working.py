"""Answers to many pictures in their order, by this process or by several."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from functools import partial

from xlcnn.errors import XlcnnError
from xlcnn.evaluation.pictures import Batch
from xlcnn.evaluation.subject import Answered, Subject, read_subject
from xlcnn.lesson.predict import processes
from xlcnn.processes.pool import pooled

BATCH, NUMPY_BATCH = 10, 100  # pictures that are answered together; NumPy is a hundred times as fast


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
        return subject.answers(batch.inputs(subject.input_shape, self.as_is), batch.labels, self.numpy_only)


def all_answers(task: Task, subject: Subject, batches: Sequence[Batch], jobs: int | None) -> Generator[list[Answered]]:
    """The answers to each batch, in order; they do not depend on `jobs`, the number of processes (None: one for each core).

    However it ends, its processes are gone. Raises `EngineError`, and `XlcnnError` if a process ends.
    """
    count = processes([""] * sum(len(batch.labels) for batch in batches)) if jobs is None else jobs
    if count <= 1:
        return (task.answers(subject, batch) for batch in batches)
    return pooled(partial(answers_here, task), batches, count, lost)


def answers_here(task: Task, batch: Batch) -> list[Answered]:
    """The answers of another process, which reads the workbook once."""
    if not HERE:
        HERE.append(read_subject(task.book, task.name))
    return task.answers(HERE[0], batch)


def lost(batch: Batch) -> list[Answered]:
    raise XlcnnError("a process that evaluates pictures has ended (too little memory: --jobs 1 needs less)")


HERE: list[Subject] = []
"""The workbook that this process has read."""
