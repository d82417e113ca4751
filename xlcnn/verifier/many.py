"""Many workbooks are verified, by several processes."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from xlcnn.engines import present
from xlcnn.errors import EngineError, WorkbookError, XlcnnError, printable
from xlcnn.processes.pool import cores, pooled
from xlcnn.verifier.limited import verify
from xlcnn.verifier.outcomes import Outcome
from xlcnn.verifier.report import Report, unable


def outcomes_of(
    workbooks: Sequence[Path], engine: str, picture: Any, jobs: int | None = None, **options: Any
) -> Generator[Outcome]:
    """What comes of each workbook, in their order; one that cannot be read does not stop the others.

    With the engine ``all``, each that this machine has is asked. `jobs` is the number of processes; None means as many as there
    are cores. `options` are those of `xlcnn.verify`.
    """
    work = partial(outcome_of, engine=engine, picture=picture, options=options)
    return pooled(work, workbooks, cores() if jobs is None else jobs, lost, ["xlcnn.verifier.bounded"])


def outcome_of(workbook: Path, engine: str, picture: Any, options: dict[str, Any]) -> Outcome:
    """What comes of one: its reports, or what is wrong with it."""
    try:
        return Outcome(workbook, tuple(reports_of(workbook, engine, picture, **options)))
    except XlcnnError as error:
        return Outcome(workbook, error=printable(str(error)), failure=error.with_traceback(None))


def lost(workbook: Path) -> Outcome:
    """A workbook that has ended the process that should have verified it."""
    error = WorkbookError(f"{printable(workbook)} could not be verified: the process that did it has ended")
    return Outcome(workbook, error=str(error), failure=error)


def reports_of(workbook: Path, engine: str, picture: Any, trials: int, timeout: float, **options: Any) -> Iterator[Report]:
    """The report of the engine, or of each that this machine has: one that is not able does not stop the others."""
    if engine != "all":
        yield verify(workbook, engine, trials, picture, timeout=timeout, **options)
        return
    for each in present(timeout):
        try:
            yield verify(workbook, each, trials, picture, timeout=timeout, **options)
        except EngineError as error:
            yield unable(each, trials, error)
