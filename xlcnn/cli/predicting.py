"""`predict`: which digits pictures show, with NumPy alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xlcnn.cli.options import (
    FILE,
    IMAGE,
    PICTURE_KINDS,
    as_is_option,
    fail_fast_option,
    force_option,
    jobs_option,
    one_table,
    percent,
    pick_option,
    table_options,
    template_option,
)
from xlcnn.cli.rows import Row, answer_row, as_list, comma_separated
from xlcnn.console.progress import progress
from xlcnn.errors import ImageError, printable
from xlcnn.files.named import is_many

if TYPE_CHECKING:
    from xlcnn.lesson.predict import Reading, Unread
    from xlcnn.lesson.templates import Template


@click.command(
    short_help="Say which digits images show.",
    help=f"""
    Say which digit each of IMAGES shows ({PICTURE_KINDS} files, folders of them, or patterns such as 'photos/*.jpg'), with NumPy
    alone.

    Where several images are asked for, one that cannot be read has a row with its error, and the rest goes on.

    Exit code 0: all were read. 1: some were not. 2: there is nothing to read.
""",
)
@click.argument("images", type=IMAGE, nargs=-1, required=True)
@click.option("--all", "every", is_flag=True, help="Read every digit of each image, from left to right.")
@table_options
@click.option(
    "--explain", type=FILE, metavar="FILE.png", help="Also draw how the (only) image became the numbers that the network reads."
)
@force_option
@template_option
@as_is_option
@pick_option
@jobs_option
@fail_fast_option
@click.pass_context
def predict(
    ctx: click.Context, /, images: tuple[str, ...], every: bool, as_json: bool, as_csv: bool, explain: Path | None, force: bool,
    template: str, as_is: bool, pick: int | None, jobs: int | None, fail_fast: bool,
) -> None:  # fmt: skip
    from xlcnn.lesson.predict import Unread, Ways, read_all
    from xlcnn.lesson.templates import find_template

    one_table(as_json, as_csv)
    if every and pick is not None:
        raise click.UsageError("give --all or --pick, not both")
    chosen = find_template(template)
    paths, beside = searched(images)
    answers: list[Reading | Unread] = []
    reading = read_all(chosen.network, paths, Ways(as_is, pick, every), jobs, chosen.likeness)
    with progress("reading pictures") as say, closing(reading) as found:
        for answer in found:
            answers.append(answer)
            if every:
                say(f"{len(answers)} digits read")
            else:
                say(f"{len(answers)} of {len(paths)} pictures read", len(answers), len(paths))
            if fail_fast and isinstance(answer, Unread):
                break
    answers += beside
    failed = [answer for answer in answers if isinstance(answer, Unread)]
    if failed and len(images) == 1 and not is_many(images[0]) and not (as_json or as_csv):
        raise failed[0].error
    if explain is not None:
        explained(paths, explain, force, chosen, as_is, pick)
    rows = [as_dict(answer, chosen, every) for answer in answers]
    if as_json:
        click.echo(as_list(rows), nl=False)
    elif as_csv:
        click.echo(comma_separated(rows), nl=False)
    else:
        for line in lines(answers, chosen, every):
            click.echo(line)
    ctx.exit(1 if failed else 0)


def searched(images: Sequence[str]) -> tuple[list[str], list[Unread]]:
    """The pictures that are meant, and what could not be searched beside others."""
    from xlcnn.lesson.predict import Unread, pictures

    if len(images) == 1:
        return pictures(images[0]), []
    paths: list[str] = []
    failed: list[Unread] = []
    for image in images:
        try:
            paths += pictures(image)
        except ImageError as error:
            failed.append(Unread(image, error))
    return paths, failed


def as_dict(answer: Reading | Unread, template: Template, every: bool) -> Row:
    """One answer for another program."""
    from xlcnn.lesson.predict import Unread

    if isinstance(answer, Unread):
        return {"image": str(answer.path), "error": str(answer.error)}
    digit = {"digit": answer.digit} if every else {}
    return {"image": answer.path} | digit | answer_row(answer.answer, template)


def lines(answers: Iterable[Reading | Unread], template: Template, every: bool) -> Iterator[str]:
    """One line for each answer, one below the other where they are sure."""
    from xlcnn.lesson.doubt import is_sure, said
    from xlcnn.lesson.predict import Unread

    answers = list(answers)
    called: Callable[[int], str] = template.called
    wide = max((len(called(answer.label)) for answer in answers if not isinstance(answer, Unread)), default=1)
    for answer in answers:
        name = printable(str(answer.path))
        if isinstance(answer, Unread):
            yield f"error: {printable(str(answer.error))}"
            continue
        if every:
            name = f"{name}, digit {answer.digit}"
        if is_sure(answer.answer, template.sure_from, template.like_from):
            yield f"{called(answer.label):<{wide}}  {percent(answer.probability):>8}  {name}"
        else:
            yield f"{said(answer.answer, template.sure_from, called, template.like_from)}  {name}"


def explained(paths: list[str], target: Path, force: bool, template: Template, as_is: bool, pick: int | None) -> None:
    """Draw how one picture became what the network reads."""
    from xlcnn.image.explain import explain
    from xlcnn.xlsx.files import check_target, write_whole

    if len(paths) != 1 or paths == ["-"]:
        raise click.UsageError("--explain draws one image: name one file and no folder")
    if target.suffix.lower() != ".png":
        raise click.UsageError(f"--explain draws a PNG: {printable(target)} does not end in .png")
    check_target(target, force, Path(paths[0]))
    channels, height, width = template.network.input_shape
    write_whole(target, explain(paths[0], as_is, (height, width), channels, pick), force)
