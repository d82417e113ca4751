"""Many images become as many workbooks, by several processes, or by other machines: these send them back, to be written here."""

from __future__ import annotations

import os
from collections.abc import Generator, Sequence
from contextlib import closing
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from xlcnn.errors import WorkbookError, XlcnnError, printable, unforeseen
from xlcnn.files.named import identity
from xlcnn.image.files import ImageFile, read_image
from xlcnn.lesson.carried import Carried, carried, unpacked
from xlcnn.lesson.templates import DEFAULT, Template, find_template
from xlcnn.network.network import Answer
from xlcnn.processes.pool import cores, pooled
from xlcnn.workbook.make import Maker, Workbook, maker_of
from xlcnn.xlsx.files import check_target, check_workbook_name, read_too, write_whole

MAKERS = ["xlcnn.workbook.make", "xlcnn.image.ink", "xlcnn.image.prepare"]  # imported once for all processes


class Made(NamedTuple):
    """A workbook that was written, and what the network answers; None, if it has no classes."""

    image: str
    workbook: Path
    answer: Answer | None


class Unmade(NamedTuple):
    """An image of which there is no workbook."""

    image: str
    workbook: Path
    error: XlcnnError


def make_workbooks(
    images: Sequence[str | os.PathLike[str]],
    folder: str | os.PathLike[str],
    template: Template | str = DEFAULT,
    *,
    jobs: int | None = None,
    scheduler: str | None = None,
    **options: Any,
) -> Generator[Made | Unmade]:
    """`make_workbook` for each of `images`, in their order: ``7.png`` becomes ``7.xlsx`` in `folder`.

    One that cannot be made is yielded with its error, and the rest goes on. `jobs` is the number of processes; None means as many
    as there are cores. With more than one, a script guards its main part with ``if __name__ == "__main__":``, as
    `multiprocessing` asks. A Dask cluster at the address `scheduler` makes them in their place; they are written here.
    `options` are those of `make_workbook`.

    Raises `WorkbookError` where two images would become the same file, `TemplateError`.
    """
    paths = [os.fspath(image) for image in images]
    tasks = [*zip(paths, targets(paths, Path(folder)), strict=True)]
    if isinstance(template, str):
        template = find_template(template)
    if scheduler is not None:
        return made_elsewhere(tasks, template, scheduler, **options)
    work = partial(made, template=str(template.folder.resolve()), options=options)
    if "-" in paths:  # standard input is this process's
        jobs = 1
    return pooled(work, tasks, cores() if jobs is None else jobs, lost, MAKERS)


def targets(images: Sequence[str], folder: Path) -> list[Path]:
    """The file that each image becomes. Raises `WorkbookError` where two would be one."""
    files = [folder / f"{'digit' if image == '-' else Path(image).stem}.xlsx" for image in images]
    found: dict[str, str] = {}
    for image, file in zip(images, files, strict=True):
        name = os.path.normcase(file)
        if name in found and identity(found[name]) == identity(image):
            raise WorkbookError(f"{printable(image)} is named twice; name it once")
        if name in found:
            both = f"{printable(found[name])} and {printable(image)}"
            raise WorkbookError(f"{both} would both become {printable(file)}; rename one of them, or make them one at a time")
        found[name] = image
    over = read_too(files, map(Path, images))
    if over is not None:
        raise WorkbookError(f"{printable(over)} is an image that is read; give another folder to what is written")
    return files


def made(task: tuple[str, Path], template: str, options: dict[str, Any]) -> Made | Unmade:
    """One of them, whatever is wrong with it."""
    image, file = task
    try:
        maker, each = told_once(opened(template), **options)
        return Made(image, file, maker.write(image, file, **each))
    except Exception as error:  # whatever is wrong with one image, the rest goes on
        return Unmade(image, file, as_sentence(image, error))


def told_once(
    template: Template, language: str = "en", add: Sequence[str] = (), leave_out: Sequence[str] = (), **each: Any
) -> tuple[Maker, dict[str, Any]]:
    """Of the options of `make_workbook` those that hold for all workbooks, as what makes them, and the others."""
    return maker_of(template, language, tuple(add), tuple(leave_out)), each


def lost(task: tuple[str, Path]) -> Unmade:
    """An image that has ended the process that should have made it."""
    image, file = task
    return Unmade(image, file, WorkbookError(f"{printable(image)} became no workbook: the process that made it has ended"))


def as_sentence(image: str, error: Exception) -> XlcnnError:
    """What is said of it."""
    if isinstance(error, XlcnnError):
        return error.with_traceback(None)
    return WorkbookError(f"{printable(image)} became no workbook ({unforeseen(error)})")


@cache
def opened(template: str) -> Template:
    """A template, read once a process."""
    return find_template(template)


# ---- by other machines ----


def made_elsewhere(
    tasks: Sequence[tuple[str | ImageFile | np.ndarray, Path]],
    template: Template,
    scheduler: str,
    force: bool = False,
    **options: Any,
) -> Generator[Made | Unmade]:
    """The workbook of each image by the Dask cluster at this address, written here into its file as soon as its turn comes."""
    from xlcnn.processes.cluster import clustered

    work = partial(workbook_there, template=carried(template), options=options)
    with closing(clustered(work, tasks, scheduler, lost_there, partial(packed, force=force))) as found:
        for (image, file), one in zip(tasks, found, strict=True):
            yield written(called(image), file, one, force)


def called(image: str | ImageFile | np.ndarray) -> str:
    """What messages call an image."""
    return image if isinstance(image, str) else image.name if isinstance(image, ImageFile) else "the image"


def packed(task: tuple[str | ImageFile | np.ndarray, Path], force: bool) -> ImageFile | np.ndarray | XlcnnError:
    """The image itself, for a machine that has not its file; or why there will be no workbook."""
    image, file = task
    try:
        check_workbook_name(file)
        if not isinstance(image, str):
            check_target(file, force)
            return image
        check_target(file, force, Path(image))
        return standard_input() if image == "-" else read_image(image)
    except XlcnnError as error:
        return error.with_traceback(None)


@cache
def standard_input() -> ImageFile:
    """It can be read only once, and may have to be sent again."""
    return read_image("-")


def workbook_there(image: ImageFile | np.ndarray | XlcnnError, template: Carried, options: dict[str, Any]) -> Workbook | XlcnnError:
    """What the other machine does: the workbook, or what is wrong with it."""
    if isinstance(image, XlcnnError):
        return image
    try:
        with unpacked(template) as found:
            maker, each = told_once(found, **options)
            return maker.workbook(image, **each)
    except Exception as error:
        return as_sentence(called(image), error)


def written(image: str, file: Path, found: Workbook | XlcnnError, force: bool) -> Made | Unmade:
    """The workbook in its place, whole; or why it is not there."""
    if isinstance(found, XlcnnError):
        return Unmade(image, file, found)
    try:
        write_whole(file, found.data, force)
    except XlcnnError as error:
        return Unmade(image, file, error.with_traceback(None))
    return Made(image, file, found.answer)


def lost_there(task: tuple[str | ImageFile | np.ndarray, Path]) -> XlcnnError:
    """What is said of an image with which several processes have ended."""
    return lost((called(task[0]), task[1])).error
