"""Many images become as many workbooks, by several processes."""

from __future__ import annotations

import os
from collections.abc import Generator, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple

from xlcnn.errors import WorkbookError, XlcnnError, printable, unforeseen
from xlcnn.files.named import identity
from xlcnn.lesson.templates import DEFAULT, Template, find_template
from xlcnn.network.network import Answer
from xlcnn.processes.pool import cores, pooled
from xlcnn.workbook.make import make_workbook
from xlcnn.xlsx.files import read_too

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
    **options: Any,
) -> Generator[Made | Unmade]:
    """`make_workbook` for each of `images`, in their order: ``7.png`` becomes ``7.xlsx`` in `folder`.

    One that cannot be made is yielded with its error, and the rest goes on. `jobs` is the number of processes; None means as many
    as there are cores. With more than one, a script guards its main part with ``if __name__ == "__main__":``, as
    `multiprocessing` asks. `options` are those of `make_workbook`.

    Raises `WorkbookError` where two images would become the same file, `TemplateError`.
    """
    paths = [os.fspath(image) for image in images]
    files = targets(paths, Path(folder))
    home = (find_template(template) if isinstance(template, str) else template).folder
    work = partial(made, template=str(home), options=options)
    if "-" in paths:  # standard input is this process's
        jobs = 1
    return pooled(work, [*zip(paths, files, strict=True)], cores() if jobs is None else jobs, lost, MAKERS)


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
        return Made(image, file, make_workbook(image, file, opened(template), **options))
    except XlcnnError as error:
        return Unmade(image, file, error.with_traceback(None))
    except Exception as error:  # whatever is wrong with one image, the rest goes on
        return Unmade(image, file, WorkbookError(f"{printable(image)} became no workbook ({unforeseen(error)})"))


def lost(task: tuple[str, Path]) -> Unmade:
    """An image that has ended the process that should have made it."""
    image, file = task
    return Unmade(image, file, WorkbookError(f"{printable(image)} became no workbook: the process that made it has ended"))


@cache
def opened(template: str) -> Template:
    """A template, read once a process."""
    return find_template(template)
