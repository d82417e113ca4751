"""`predict`: which digits pictures show, with NumPy alone."""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING, Any

import click

from xlcnn.cli.options import IMAGE, as_is_option, percent, template_option
from xlcnn.console.progress import progress
from xlcnn.errors import printable

if TYPE_CHECKING:
    pass


@click.command(short_help="Say which digits images show.")
@click.argument("images", type=IMAGE, nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
@template_option
@as_is_option
def predict(images: tuple[str, ...], as_json: bool, template: str, as_is: bool) -> None:
    """Say which digit each of IMAGES shows (PNG, JPEG, GIF, BMP, TIFF or WebP files, or folders of them), with NumPy alone."""
    from xlcnn.lesson.predict import pictures, read_digits
    from xlcnn.lesson.templates import find_template

    chosen = find_template(template)
    answers: list[Any] = []
    with progress("reading pictures") as say, closing(read_digits(chosen.network, pictures(images), as_is, jobs=None)) as found:
        for answer in found:
            answers.append(answer)
            say(f"{len(answers)} pictures read")
    if as_json:
        rows: list[dict[str, Any]] = [{"image": path, "label": label, "probability": p} for path, label, p in answers]
        for row in rows if chosen.classes else ():
            row["class"] = chosen.called(row["label"])
        click.echo(json.dumps(rows, indent=2))
        return
    wide = max(len(chosen.called(label)) for _, label, _ in answers)
    for path, label, probability in answers:
        click.echo(f"{chosen.called(label):<{wide}}  {percent(probability):>8}  {printable(str(path))}")
