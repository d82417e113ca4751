"""`evaluate`: very many labelled pictures through a workbook's own formulas."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xlcnn.cli.options import FILE, as_is_option, force_option, jobs_option, scheduler_option
from xlcnn.cli.saving import Saving, tell
from xlcnn.console.progress import progress
from xlcnn.errors import printable

if TYPE_CHECKING:
    from xlcnn.evaluation.outcome import Evaluation

MNIST = "MNIST's test set (t10k-images-idx3-ubyte.gz, …), else the last 10,000 images of its training set.  [default: none]"
SEEDS = click.IntRange(0, 2**64 - 1)


@click.command(short_help="Say how well a workbook reads a set of labelled pictures.")
@click.argument("workbook", type=FILE)
@click.option("--mnist", type=FILE, metavar="FOLDER", help=MNIST)
@click.option(
    "--images", type=FILE, metavar="FOLDER", help="Pictures, in this folder and those in it, each with a label.  [default: none]"
)
@click.option(
    "--labels", type=FILE, metavar="FILE.csv",
    help="Lines with picture,label; else its folder's name, or its own up to the first _, is a picture's label.  [default: none]",
)  # fmt: skip
@click.option(
    "--sample", type=click.IntRange(1), metavar="PICTURES", help="So many of the pictures, drawn at random.  [default: all]"
)
@click.option(
    "--seed", type=SEEDS, metavar="NUMBER", default=0, show_default=True, help="Where the random numbers of --sample start."
)
@click.option("--numpy", "numpy_only", is_flag=True, help="Ask NumPy alone, with the workbook's weights: a hundred times as fast.")
@click.option(
    "--resume", type=FILE, metavar="FILE", help="Keep every answer in this file, and go on where it ends.  [default: none]"
)
@jobs_option
@scheduler_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--html", type=FILE, metavar="FILE.html", help="Also write one page, with the worst mistakes.  [default: none]")
@click.option(
    "--append", type=FILE, metavar="COPY.xlsx", help="Also write a copy of the workbook with a sheet Evaluation.  [default: none]"
)
@force_option
@as_is_option
@click.pass_context
def evaluate(
    ctx: click.Context, /, workbook: Path, as_json: bool, html: Path | None, append: Path | None, force: bool, **options: Any
) -> None:
    """Push every picture through the formulas of WORKBOOK (an .xlsx file of xlcnn's) and count how often it is right.

    Its own weights and formulas count, whatever they have been changed to; each answer is compared with NumPy, to 1e-9.

    Exit code 0: done. 1: some pictures could not be read, or did not come out as in NumPy. 2: there is no answer.
    """
    if (options["mnist"] is None) == (options["images"] is None):
        raise click.UsageError("give --mnist or --images, one of the two")
    if options["labels"] is not None and options["images"] is None:
        raise click.UsageError("--labels goes with --images: MNIST's files have labels of their own")
    targets = Targets(html, append)
    targets.check(force, options["resume"], [workbook, *read_files(options["labels"], options["images"], options["mnist"])])
    from xlcnn.evaluation.evaluate import evaluate as run

    with progress(f"reading {workbook.name}") as say:
        found = run(workbook, say=say, **options)
    saving = targets.write(found, workbook, force)
    click.echo(json.dumps(found.as_dict(), indent=2, allow_nan=False) if as_json else said(found, saving.written))
    tell(saving.failures)
    ctx.exit(0 if found.ok else 1)


@dataclass(frozen=True)
class Targets:
    """The files that are written besides what is printed."""

    html: Path | None
    append: Path | None

    def check(self, force: bool, resume: Path | None, read: Sequence[Path]) -> None:
        """Raises an error where one of them may not or cannot be written, before anything is computed."""
        from xlcnn.xlsx.files import check_target, check_targets, check_workbook_name, once_each

        named = [path for path in (self.html, self.append) if path is not None]
        kept = [resume] if resume is not None else []
        for path in kept:
            check_target(path, True, *read)
        once_each([*named, *kept])
        check_targets(named, force, [*read, *kept])
        if self.append is not None:
            check_workbook_name(self.append)

    def write(self, found: Evaluation, workbook: Path, force: bool) -> Saving:
        """Write them, each whole or not at all."""
        from xlcnn.evaluation.html import html_report
        from xlcnn.evaluation.sheet import appended

        saving = Saving(force)
        saving.save(self.html, lambda: html_report(found).encode())
        saving.save(self.append, lambda: appended(workbook, found))
        return saving


def read_files(labels: Path | None, images: Path | None, mnist: Path | None) -> Iterator[Path]:
    """The files that are read besides the workbook: none of them may be written over."""
    from xlcnn.evaluation.pictures import found

    if labels is not None:
        yield labels
    if images is not None:
        yield from (images / name for name in found(images))
    if mnist is not None and mnist.is_dir():
        yield from mnist.iterdir()


def said(found: Evaluation, files: Sequence[Path]) -> str:
    """What a person reads, and which files were written."""
    from xlcnn.evaluation.text import text_report

    written = "".join(f"\nwrote {printable(path)}" for path in files)
    return text_report(found) + (f"\n{written}" if written else "")
