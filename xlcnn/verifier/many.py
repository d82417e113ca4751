"""Many workbooks are verified, by several processes, or by other machines, which have none of their files."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlcnn.engines import present
from xlcnn.errors import EngineError, WorkbookError, XlcnnError, printable
from xlcnn.processes.pool import cores, pooled
from xlcnn.verifier.limited import verify
from xlcnn.verifier.outcomes import Outcome
from xlcnn.verifier.report import Report, unable

if TYPE_CHECKING:
    from xlcnn.xlsx.limits import Limits
    from xlcnn.xlsx.reader import WorkbookFile


def outcomes_of(
    workbooks: Sequence[Path], engine: str, picture: Any, jobs: int | None = None, scheduler: str | None = None, **options: Any
) -> Generator[Outcome]:
    """What comes of each workbook, in their order; one that cannot be read does not stop the others.

    With the engine ``all``, each that this machine has is asked. `jobs` is the number of processes; None means as many as there
    are cores. A Dask cluster at the address `scheduler` verifies in their place, with the engines of its machines. `options` are
    those of `xlcnn.verify`.
    """
    if scheduler is not None:
        return outcomes_elsewhere(workbooks, engine, picture, scheduler, options)
    work = partial(outcome_of, engine=engine, picture=picture, options=options)
    return pooled(work, workbooks, cores() if jobs is None else jobs, lost, ["xlcnn.verifier.bounded"])


def outcome_of(workbook: Path, engine: str, picture: Any, options: dict[str, Any]) -> Outcome:
    """What comes of one: its reports, or what is wrong with it."""
    try:
        return Outcome(workbook, tuple(reports_of(workbook, engine, picture, **options)))
    except XlcnnError as error:
        return failed(workbook, error)


def failed(workbook: Path, error: XlcnnError) -> Outcome:
    return Outcome(workbook, error=printable(str(error)), failure=error.with_traceback(None))


def lost(workbook: Path) -> Outcome:
    """A workbook that has ended the process that should have verified it."""
    error = WorkbookError(f"{printable(workbook)} could not be verified: the process that did it has ended")
    return Outcome(workbook, error=str(error), failure=error)


def reports_of(
    workbook: Path | WorkbookFile, engine: str, picture: Any, trials: int, timeout: float, **options: Any
) -> Iterator[Report]:
    """The report of the engine, or of each that this machine has: one that is not able does not stop the others."""
    if engine != "all":
        yield verify(workbook, engine, trials, picture, timeout=timeout, **options)
        return
    for each in present(timeout):
        try:
            yield verify(workbook, each, trials, picture, timeout=timeout, **options)
        except EngineError as error:
            yield unable(each, trials, error)


# ---- by other machines ----


def outcomes_elsewhere(
    workbooks: Sequence[Path], engine: str, picture: Any, scheduler: str, options: dict[str, Any]
) -> Generator[Outcome]:
    """What comes of each workbook, by the Dask cluster at this address. Raises `ImageError` for a picture that cannot be read."""
    from xlcnn.processes.cluster import clustered

    if isinstance(picture, str | os.PathLike):
        from xlcnn.image.files import read_image

        picture = read_image(picture)
    work = partial(reports_there, engine=engine, picture=picture, options=options)
    pack = partial(packed, limits=options.get("limits"))
    with closing(clustered(work, workbooks, scheduler, lost_there, pack)) as found:
        for workbook, one in zip(workbooks, found, strict=True):
            yield failed(workbook, one) if isinstance(one, XlcnnError) else Outcome(workbook, one)


def packed(workbook: Path, limits: Limits | None) -> WorkbookFile | XlcnnError:
    """The workbook itself, for a machine that has not its file; or why it cannot be read."""
    from xlcnn.xlsx.limits import USUAL_LIMITS
    from xlcnn.xlsx.reader import read_file

    try:
        return read_file(workbook, limits or USUAL_LIMITS)
    except XlcnnError as error:
        return error.with_traceback(None)


def reports_there(
    file: WorkbookFile | XlcnnError, engine: str, picture: Any, options: dict[str, Any]
) -> tuple[Report, ...] | XlcnnError:
    """What the other machine does: its reports, or what is wrong with it."""
    if isinstance(file, XlcnnError):
        return file
    try:
        return tuple(reports_of(file, engine, picture, **options))
    except XlcnnError as error:
        return error.with_traceback(None)


def lost_there(workbook: Path) -> XlcnnError:
    """What is said of a workbook with which several processes have ended."""
    error = lost(workbook).failure
    assert error is not None
    return error
