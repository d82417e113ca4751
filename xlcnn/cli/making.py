"""`make` and `render`: workbooks, and pictures of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from xlcnn.cli.options import FILE, IMAGE, PICTURE_KINDS, as_is_option, force_option, pick_option, shipped, template_option
from xlcnn.console.progress import progress
from xlcnn.errors import printable


@click.command(
    short_help="Make a workbook from an image.",
    help=f"Make a workbook from IMAGE, a {PICTURE_KINDS} file, or - for standard input.",
)
@click.argument("image", type=IMAGE, required=False)
@click.option(
    "--sample",
    type=click.IntRange(0, 10**9),
    metavar="DIGIT",
    help="Use one of the template's own pictures instead: a digit, or the number of a hard one, 10 to 13.",
)
@click.option("--clipboard", is_flag=True, help="Use the picture on the clipboard instead.")
@click.option("--output", "-o", type=FILE, metavar="FILE.xlsx", help="The workbook to write.  [default: outputs/IMAGE.xlsx]")
@force_option
@click.option(
    "--language", metavar="CODE", default="en", show_default=True, help=f"The language of the words: {shipped('*/words.*.toml')}."
)
@click.option("--with", "add", multiple=True, metavar="PART", help="Add a part of the template, such as learning; may be repeated.")
@click.option("--truth", type=click.IntRange(0, 10**9), metavar="DIGIT", help="The digit that the image shows, for the sheet Loss.")
@click.option("--without", "leave_out", multiple=True, metavar="PART", help="Leave out a part, such as exhibits; may be repeated.")
@template_option
@as_is_option
@pick_option
def make(
    image: str | None, sample: int | None, clipboard: bool, output: Path | None, template: str, as_is: bool, truth: int | None,
    **options: Any,
) -> None:  # fmt: skip
    from xlcnn.lesson.doubt import said
    from xlcnn.lesson.templates import find_template
    from xlcnn.workbook.make import make_workbook

    if (image is not None) + (sample is not None) + clipboard != 1:
        raise click.UsageError("give an IMAGE, or --sample and a digit (`xlcnn make --sample 7`), or --clipboard")
    chosen = find_template(template)
    source: Any = image
    stem = "digit" if image == "-" else Path(image or "clipboard").stem
    if sample is not None:
        from xlcnn.image import load_image

        stem = f"sample-{sample}"
        source, truth = load_image(chosen.sample(sample), as_is=True), chosen.truth(sample) if truth is None else truth
    if clipboard:
        from xlcnn.image.clipboard import grab

        source = grab()
    target = output or Path("outputs") / f"{stem}.xlsx"
    with progress(f"making {target.name}") as say:
        answer = make_workbook(source, target, chosen, as_is=as_is, truth=truth, say=say, **options)
    if answer is not None:
        click.echo(said(answer, chosen.sure_from, chosen.called, chosen.like_from))
    click.echo(f"wrote {printable(target)}")


@click.command(short_help="Draw every sheet as a picture.")
@click.argument("workbook", type=FILE)
@click.option("--output", "-o", type=FILE, metavar="FOLDER", required=True, help="The folder for the pictures: 01-Guide.png, …")
@force_option
@click.option("--dpi", type=click.IntRange(30, 400), default=110, show_default=True, help="Dots per inch.")
def render(workbook: Path, output: Path, force: bool, dpi: int) -> None:
    """Draw every sheet of WORKBOOK (an .xlsx file) as a PNG (needs LibreOffice and pdftoppm)."""
    from xlcnn.workbook.render import render as draw

    with progress(f"drawing {workbook.name}"):
        paths = draw(workbook, output, dpi, force=force)
    for path in paths:
        click.echo(f"wrote {printable(path)}")
