"""What can be asked of the page's server. Each answer is made of one request alone: nothing of it is kept or written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache, partial
from importlib import resources
from typing import Any
from urllib.parse import unquote

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from xlcnn.drawing.gate import Refused
from xlcnn.drawing.limits import PICTURE_BYTES, WORKBOOK_BYTES, Turns, body, done
from xlcnn.drawing.seen import seen
from xlcnn.errors import XlcnnError, printable, unforeseen
from xlcnn.image.files import ImageFile
from xlcnn.lesson.templates import Template
from xlcnn.verifier.limited import verify
from xlcnn.verifier.report import Report, judged, verdict_line
from xlcnn.workbook.make import maker_of
from xlcnn.workbook.styles import BLUE, ORANGE, WHITE
from xlcnn.xlsx.reader import WorkbookFile

PARTS = {
    "/": ("index.html", "text/html"),
    "/page.css": ("page.css", "text/css"),
    "/page.js": ("page.js", "text/javascript"),
    "/canvas.js": ("canvas.js", "text/javascript"),
    "/maps.js": ("maps.js", "text/javascript"),
    "/files.js": ("files.js", "text/javascript"),
    "/shown.js": ("shown.js", "text/javascript"),
    "/words.js": ("words.js", "text/javascript"),
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LANGUAGES = ("en", "de", "es", "fr")  # of the page itself; a template may have others
SECONDS, MEGABYTES = 60.0, 4096  # that a verification may take
SHOWN = 50  # problems of a workbook that is not right


def app(templates: Mapping[str, Template], first: str, language: str) -> Starlette:
    """The application for these templates, by the names that the page shows; it begins with `first`, in `language`."""
    reading, making, verifying = Turns(2), Turns(1), Turns(1)

    def chosen(request: Request) -> tuple[Template, str]:
        """The template and the language that the page has asked for. Raises `Refused`."""
        template = templates.get(request.query_params.get("template", first))
        if template is None:
            raise Refused(404, "there is no such template")
        wanted = request.query_params.get("language", language)
        return template, wanted if wanted in template.languages else template.languages[0]

    async def start(request: Request) -> Response:
        return JSONResponse(
            {
                "first": first,
                "language": language,
                "languages": LANGUAGES,
                "templates": [facts(name, template) for name, template in templates.items()],
                "colours": {"negative": f"#{ORANGE}", "zero": f"#{WHITE}", "positive": f"#{BLUE}"},
                "words": {each: page_words(each) for each in LANGUAGES},
            }
        )

    async def sample(request: Request) -> Response:
        template, _ = chosen(request)
        return Response(template.sample(small(request.path_params["number"])).read_bytes(), media_type="image/png")

    async def read(request: Request) -> Response:
        template, told = chosen(request)
        pick, pictures = number(request, "pick", 1), request.query_params.get("pictures") == "1"
        async with reading.turn():
            image = await picture(request)
            return JSONResponse(await done(partial(seen, image, template, pick, told, pictures)))

    async def workbook(request: Request) -> Response:
        template, told = chosen(request)
        add = tuple(part for part in template.options if part in request.query_params.getlist("with"))
        pick = number(request, "pick", 0) or None
        async with making.turn():
            image = await picture(request)
            made = await done(lambda: maker_of(template, told, add).workbook(image, pick=pick))
        return Response(made.data, media_type=XLSX)

    async def verification(request: Request) -> Response:
        async with verifying.turn():
            file = WorkbookFile(called(request, "the workbook"), await body(request, WORKBOOK_BYTES))
            check = partial(verify, file, timeout=SECONDS, max_memory_mb=MEGABYTES, difference_maps=False)
            return JSONResponse(reported(await done(check), file.name))

    return Starlette(
        routes=[
            *(Route(path, partial(part, *file)) for path, file in PARTS.items()),
            Route("/start", start),
            Route("/sample/{number}", sample),
            Route("/read", read, methods=["POST"]),
            Route("/workbook", workbook, methods=["POST"]),
            Route("/verify", verification, methods=["POST"]),
        ],
        exception_handlers={Refused: refused, XlcnnError: wrong, ClientDisconnect: gone, 500: unexpected},
    )


async def part(file: str, kind: str, request: Request) -> Response:
    """A part of the page itself."""
    return Response((resources.files("xlcnn.drawing") / "page" / file).read_bytes(), media_type=kind)


async def picture(request: Request) -> ImageFile:
    return ImageFile(called(request, "the picture"), await body(request, PICTURE_BYTES))


def called(request: Request, otherwise: str) -> str:
    """What messages call the file that was sent."""
    return printable(unquote(request.headers.get("x-file-name", "")))[:200] or otherwise


def number(request: Request, name: str, otherwise: int) -> int:
    """A small number of the request's query. Raises `Refused`."""
    return small(request.query_params.get(name, str(otherwise)))


def small(text: str) -> int:
    """A number of four digits at most. Raises `Refused`."""
    if not (text.isascii() and text.isdecimal() and len(text) <= 4):
        raise Refused(400, "a small number was expected")
    return int(text)


def facts(name: str, template: Template) -> dict[str, Any]:
    """What the page must know of a template before it has read anything."""
    samples = [gallery.pictures for gallery in template.description.galleries if gallery.name == "samples"]
    return {
        "name": name,
        "languages": template.languages,
        "learning": "learning" in template.options,
        "samples": samples[0] if samples and (template.folder / "samples" / "0.png").is_file() else 0,
    }


@cache
def page_words(language: str) -> dict[str, str]:
    """The page's words in a language."""
    text = (resources.files("xlcnn.drawing") / "page" / f"words.{language}.json").read_text("utf-8")
    words: dict[str, str] = json.loads(text)
    return words


def reported(report: Report, name: str) -> dict[str, Any]:
    """What the page says of a verification."""
    return {
        "ok": report.ok,
        "verdict": verdict_line(report, name),
        "sheets": [
            {
                "sheet": sheet.sheet,
                "cells": sheet.cells,
                "formulas": sheet.formulas,
                "largest": f"{sheet.max_abs_error:.1e}" if sheet.checked else "",
                "verdict": sheet.verdict + judged(sheet),
                "ok": sheet.ok,
            }
            for sheet in report.sheets
        ],
        "problems": [str(problem) for problem in report.problems[:SHOWN]],
        "more": max(0, len(report.problems) - SHOWN),
    }


async def refused(request: Request, error: Exception) -> Response:
    return PlainTextResponse(str(error), getattr(error, "status", 400))


async def wrong(request: Request, error: Exception) -> Response:
    """A sentence for the person who draws: of what was sent, not of the server."""
    return PlainTextResponse(printable(str(error)), 422)


async def gone(request: Request, error: Exception) -> Response:
    return Response(status_code=400)


async def unexpected(request: Request, error: Exception) -> Response:
    return PlainTextResponse(f"something unexpected went wrong ({unforeseen(error)[:300]})", 500)
