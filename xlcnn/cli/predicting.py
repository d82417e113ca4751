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
from xlcnn.cli.rows import ANSWER, Row, answer_row, as_list, comma_separated
from xlcnn.cli.saving import Saving, tell
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

    Where several images are asked for, one that cannot be read, or a folder without any, has a row with its error, and the rest
    goes on.

    Exit code 0: all were read. 1: some were not. 2: there is nothing to read.
""",
)
@click.argument("images", type=IMAGE, nargs=-1, required=True)
@click.option("--all", "every", is_flag=True, help="Read every digit of each image, from left to right.")
@table_options
@click.option(
    "--explain",
    type=FILE,
    metavar="FILE.png",
    help="Also draw how the (only) image became the numbers that the network reads.  [default: none]",
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
    from xlcnn.lesson.predict import Unread, Ways, pictures, read_all
    from xlcnn.lesson.templates import find_template

    one_table(as_json, as_csv)
    if every and pick is not None:
        raise click.UsageError("give --all or --pick, not both")
    chosen = find_template(template)
    named = pictures(images)
    nowhere = [Unread(name, ImageError(str(error))) for name, error in named.wrong]
    paths = [] if fail_fast and nowhere else list(named.paths)
    if explain is not None:
        check_explained(images, paths, explain, force)
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
    answers += nowhere[:1] if fail_fast else nowhere
    failed = [answer for answer in answers if isinstance(answer, Unread)]
    if failed and named.count == 1 and not any(map(is_many, images)) and not (as_json or as_csv):
        raise failed[0].error
    saving = Saving(force)
    if not failed:
        saving.save(explain, lambda: explained(paths[0], chosen, as_is, pick))
    rows = [as_dict(answer, chosen, every) for answer in answers]
    if as_json:
        click.echo(as_list(rows), nl=False)
    elif as_csv:
        click.echo(comma_separated(rows, ["image", *(["digit"] if every else []), *ANSWER, "error"]), nl=False)
    else:
        for line in lines(answers, chosen, every):
            click.echo(line)
    tell(saving.failures)
    ctx.exit(1 if failed else 0)


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


def check_explained(images: Sequence[str], paths: Sequence[str], target: Path, force: bool) -> None:
    """Raises an error where not one picture is to be drawn, or it cannot be written, before anything is read."""
    from xlcnn.xlsx.files import check_targets

    if len(images) != 1 or len(paths) != 1 or paths[0] == "-":
        raise click.UsageError("--explain draws one image: name one file and no folder")
    if target.suffix.lower() != ".png":
        raise click.UsageError(f"--explain draws a PNG: {printable(target)} does not end in .png")
    check_targets([target], force, [Path(paths[0])])


def explained(path: str, template: Template, as_is: bool, pick: int | None) -> bytes:
    """A picture of how one picture became what the network reads."""
    from xlcnn.image.explain import explain

    channels, height, width = template.network.input_shape
    return explain(path, as_is, (height, width), channels, pick)
