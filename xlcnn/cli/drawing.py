"""`draw`: a page to draw on, in the browser."""

from __future__ import annotations

import click

from xlcnn.cli.options import language_option, template_option
from xlcnn.errors import XlcnnError


@click.command(short_help="Draw on a page in the browser.")
@template_option
@language_option
@click.option(
    "--port", type=click.IntRange(0, 65535), metavar="PORT", default=0, help="The port of the address.  [default: any free one]"
)
@click.option("--no-browser", is_flag=True, help="Print the address, and open no browser.")
@click.pass_context
def draw(ctx: click.Context, template: str, language: str, port: int, no_browser: bool) -> None:
    """Draw a digit in the browser, or drop a picture on the page, and see what every layer of the network makes of it, live; then
    download its workbook. Ctrl-C ends it.

    The page is served to this machine alone, on 127.0.0.1. Its address is good once, for one browser.
    """
    from xlcnn.lesson.templates import find_template, list_templates

    try:
        from xlcnn.drawing.serve import serve
    except ImportError as error:
        if (error.name or "").partition(".")[0] not in ("starlette", "uvicorn", "anyio"):
            raise
        raise XlcnnError(f"the page needs {error.name}, which is not installed: pip install 'xlcnn[draw]'") from None
    chosen = find_template(template)
    known = {each.name: each for each in list_templates()}
    name = chosen.name if known.get(chosen.name, chosen).folder == chosen.folder else str(chosen.folder)
    serve({**known, name: chosen}, name, language, port, not no_browser, announced, ctx.find_root().params.get("debug", False))


def announced(address: str) -> None:
    click.echo(f"drawing at {address}\n(for one browser on this machine; Ctrl-C ends it)")
