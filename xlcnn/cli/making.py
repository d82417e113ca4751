"""`make` and `render`: workbooks, and pictures of them."""

from __future__ import annotations

import os
from collections.abc import Generator, Sequence
from contextlib import closing, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xlcnn.cli.options import (
    FILE,
    IMAGE,
    PICTURE_KINDS,
    as_is_option,
    fail_fast_option,
    force_option,
    jobs_option,
    language_option,
    one_table,
    pick_option,
    scheduler_option,
    table_options,
    template_option,
)
from xlcnn.cli.rows import ANSWER, Row, answer_row, as_list, comma_separated
from xlcnn.cli.saving import kept, tell
from xlcnn.console.collecting import uncollected
from xlcnn.console.progress import progress
from xlcnn.errors import printable

if TYPE_CHECKING:
    from xlcnn.lesson.templates import Template
    from xlcnn.workbook.many import Made, Unmade


@click.command(
    short_help="Make workbooks from images.",
    help=f"""
    Make a workbook from each of IMAGES: {PICTURE_KINDS} files, folders of them, or patterns such as 'photos/*.jpg'; - is
    standard input.

    Of several images, one that cannot be made a workbook of, or a folder without any, has a line with its error, and the rest goes
    on.

    Exit code 0: all were made. 1: some of several were not. 2: there is nothing to make one of.
""",
)
@click.argument("images", type=IMAGE, nargs=-1)
@click.option(
    "--sample",
    type=click.IntRange(0, 10**9),
    metavar="DIGIT",
    help="Use one of the template's own pictures instead: a digit, or the number of a hard one, 10 to 13.  [default: none]",
)
@click.option("--clipboard", is_flag=True, help="Use the picture on the clipboard instead.")
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=str),  # as it was typed: a Path has no / at its end
    metavar="FILE.xlsx|FOLDER",
    help="The workbook to write, or the folder for it, which is there or ends in /.  [default: outputs/IMAGE.xlsx]",
)
@force_option
@language_option
@click.option(
    "--with",
    "add",
    multiple=True,
    metavar="PART",
    help="Add a part of the template, such as learning; may be repeated.  [default: none]",
)
@click.option(
    "--truth",
    type=click.IntRange(0, 10**9),
    metavar="DIGIT",
    help="The digit that the image shows, for the sheet Loss.  [default: what the network reads, or the sample's]",
)
@click.option(
    "--without",
    "leave_out",
    multiple=True,
    metavar="PART",
    help="Leave out a part, such as exhibits; may be repeated.  [default: none]",
)
@template_option
@as_is_option
@pick_option
@jobs_option
@scheduler_option
@fail_fast_option
@table_options
@click.pass_context
def make(
    ctx: click.Context, /, images: tuple[str, ...], sample: int | None, clipboard: bool, output: str | None, template: str,
    jobs: int | None, scheduler: str | None, fail_fast: bool, as_json: bool, as_csv: bool, **options: Any,
) -> None:  # fmt: skip
    from xlcnn.files.named import Named, is_many
    from xlcnn.lesson.predict import pictures
    from xlcnn.lesson.templates import find_template
    from xlcnn.workbook.many import Unmade, make_workbooks

    if bool(images) + (sample is not None) + clipboard != 1:
        raise click.UsageError("give IMAGES, or --sample and a digit (`xlcnn make --sample 7`), or --clipboard: only one of them")
    one_table(as_json, as_csv)
    chosen = find_template(template)
    named = pictures(images).once if images else Named(())
    many = named.count > 1 or any(map(is_many, images))
    if many and output is not None and not is_folder(output) and (Path(output).exists() or output.lower().endswith(".xlsx")):
        raise click.UsageError(f"several images become several workbooks, in a folder: {printable(output)} is the name of a file")
    nowhere = [Unmade(name, Path(), error) for name, error in named.wrong]
    paths = [] if fail_fast and nowhere else list(named.paths)
    found: list[Made | Unmade] = []
    with progress("making workbooks" if many else "making a workbook") as say, nullcontext() if many else uncollected():
        if many:
            results = make_workbooks(paths, output or Path("outputs"), chosen, jobs=jobs, scheduler=scheduler, **options)
        else:
            results = one(paths, sample, clipboard, output, chosen, say, scheduler, **options)
        with closing(results), kept(found) as end:
            for result in results:
                found.append(result)
                if many:
                    say(f"{len(found)} of {len(paths)} workbooks made", len(found), len(paths))
                if not as_json and not as_csv:
                    say.above(line(result, chosen, many))
                if fail_fast and isinstance(result, Unmade):
                    break
    beside = nowhere[:1] if fail_fast else nowhere
    found += beside
    if as_json or as_csv:
        rows = [as_row(result, chosen) for result in found]
        click.echo(as_list(rows) if as_json else comma_separated(rows, ["image", "workbook", *ANSWER, "error"]), nl=False)
    else:
        for result in beside:
            click.echo(line(result, chosen, many))
    tell(end)
    ctx.exit(1 if any(isinstance(result, Unmade) for result in found) else 0)


def is_folder(output: str) -> bool:
    """Whether a folder is meant."""
    return output.endswith(("/", os.sep)) or (output != "" and Path(output).is_dir())


def target_of(output: str | None, name: str) -> Path:
    """Where one workbook is written: into a folder by the name of its image."""
    if output is None or is_folder(output):
        return Path("outputs" if output is None else output) / name
    return Path(output)


def one(
    images: Sequence[str], sample: int | None, clipboard: bool, output: str | None, template: Template, say: Any,
    scheduler: str | None, truth: int | None, **options: Any,
) -> Generator[Made]:  # fmt: skip
    """The workbook of one image, of one of the template's own, or of what is on the clipboard. Raises what is wrong with it."""
    from xlcnn.workbook.make import make_workbook
    from xlcnn.workbook.many import Made, Unmade, made_elsewhere

    source: Any = images[0] if images else None
    stem = "digit" if source == "-" else Path(source or "clipboard").stem
    if sample is not None:
        from xlcnn.image import load_image

        stem = f"sample-{sample}"
        source, truth = load_image(template.sample(sample), as_is=True), template.truth(sample) if truth is None else truth
    if clipboard:
        from xlcnn.image.clipboard import grab

        source = grab()
    target = target_of(output, f"{stem}.xlsx")
    say(f"making {target.name}")
    if scheduler is not None:
        (found,) = made_elsewhere([(source, target)], template, scheduler, truth=truth, **options)
        if isinstance(found, Unmade):
            raise found.error
        yield found._replace(image=images[0] if images else stem)
        return
    yield Made(images[0] if images else stem, target, make_workbook(source, target, template, truth=truth, say=say, **options))


def line(result: Made | Unmade, template: Template, many: bool) -> str:
    """What a person reads of a workbook: two lines of one alone, one of each of many."""
    from xlcnn.lesson.doubt import said
    from xlcnn.workbook.many import Unmade

    if isinstance(result, Unmade):
        return f"error: {printable(str(result.error))}"
    wrote = f"wrote {printable(result.workbook)}"
    if result.answer is None:
        return wrote
    answer = said(result.answer, template.sure_from, template.called, template.like_from)
    return f"{wrote}: {answer}" if many else f"{answer}\n{wrote}"


def as_row(result: Made | Unmade, template: Template) -> Row:
    """One workbook for another program."""
    from xlcnn.workbook.many import Unmade

    if isinstance(result, Unmade):
        return {"image": result.image, "error": str(result.error)}
    return {"image": result.image, "workbook": str(result.workbook)} | (
        answer_row(result.answer, template) if result.answer else {}
    )


@click.command(short_help="Draw every sheet as a picture.")
@click.argument("workbook", type=FILE)
@click.option("--output", "-o", type=FILE, metavar="FOLDER", required=True, help="The folder for the pictures: 01-Guide.png, …")
@force_option
@click.option(
    "--dpi",
    type=click.IntRange(30, 400),
    metavar="DOTS",
    default=110,
    show_default=True,
    help="How fine the pictures are, in dots per inch.",
)
def render(workbook: Path, output: Path, force: bool, dpi: int) -> None:
    """Draw every sheet of WORKBOOK (an .xlsx file) as a PNG (needs LibreOffice and pdftoppm)."""
    from xlcnn.workbook.render import render as draw

    with progress(f"drawing {workbook.name}"):
        paths = draw(workbook, output, dpi, force=force)
    for path in paths:
        click.echo(f"wrote {printable(path)}")
