"""The report as one page: whole, without scripts, and nothing in a workbook can get into it as markup."""

import re
from base64 import b64decode
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from tests.conftest import Damage
from xlcnn import verify
from xlcnn.cli import main
from xlcnn.html_report import AGREES, FAINT, PAPER, STRONG, html_report, picture
from xlcnn.report import Problem, Report


class Page(HTMLParser):
    """The tags and texts of a page; every tag that is opened is closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_leads_with_the_first_cause(damage: Damage) -> None:
    path = damage("Conv1", "AU15", lambda cell: re.sub(r"<f.*?(</f>|/>)", "<f>5</f>", cell))
    page = Page(html_report([verify(path)], "seven.xlsx"))
    assert page.text.index("The first cause") < page.text.index("Conv1!AU15") < page.text.index("Sheet by sheet")
    assert "it should be =SUMPRODUCT(E15:G17,$AG$9:$AI$11)+$AG$14" in page.text
    pictures = [attributes for tag, attributes in page.tags if tag == "img"]
    assert len(pictures) == 12
    assert "Conv1: 1 cells, the first AU15" in [attributes["alt"] for attributes in pictures]


def test_it_stands_alone(seven: Path) -> None:
    page = Page(html_report([verify(seven)], "seven.xlsx"))
    assert page.text.strip().count("Verified: seven.xlsx") == 1
    assert not [tag for tag, _ in page.tags if tag in ("script", "link", "iframe", "object")]
    for _, attributes in page.tags:
        assert all((value or "").startswith("data:") for name, value in attributes.items() if name in ("src", "href"))


def test_nothing_in_a_workbook_becomes_markup() -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    problem = Problem("value", evil, "A1", evil, evil, evil)
    page = Page(html_report([Report(False, evil, evil, 0, None, (), (problem, problem))], evil))
    assert not [tag for tag, _ in page.tags if tag in ("script", "img")]
    assert evil in page.text


def test_the_colours_of_the_map() -> None:
    off = np.array([[np.nan, 0, 1e-12], [1.001e-9, 1, np.inf]])
    pixels = np.asarray(Image.open(BytesIO(b64decode(picture(off)))).convert("RGB"))
    assert [tuple(p) for p in pixels.reshape(-1, 3).tolist()] == [PAPER, AGREES, AGREES, FAINT, STRONG, STRONG]


def test_the_command_writes_it(seven: Path, tmp_path: Path, monkeypatch: object) -> None:
    target = tmp_path / "reports" / "seven.html"
    try:
        main(["verify", str(seven), "--trials", "0", "--html", str(target)])
    except SystemExit as end:
        assert end.code == 0
    assert target.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
