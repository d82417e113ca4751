"""The report as one page: whole, without scripts, and nothing in a workbook can get into it as markup."""

import re
from base64 import b64decode
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.conftest import LESSON, Damage, cell, tab, with_formula
from xlcnn import verify
from xlcnn.cli import main
from xlcnn.verifier.html import AGREES, FAINT, PAPER, SHOWN, STRONG, html_report, picture
from xlcnn.verifier.report import Problem, Report


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


@pytest.fixture
def damaged(damage: Damage) -> Report:
    """Of a workbook with one wrong cell."""
    return verify(damage("conv1", "output", (0, 9, 3), with_formula("5")), trials=0)


def test_the_page_leads_with_the_first_cause(damaged: Report) -> None:
    page = Page(html_report([damaged], "seven.xlsx"))
    place = f"{tab('conv1')}!{cell('conv1', 'output', (0, 9, 3))}"
    assert page.text.index("The first cause") < page.text.index(place) < page.text.index("Sheet by sheet")
    assert f"it should be {LESSON['conv1'].formula('output', (0, 9, 3))}" in page.text


def test_there_is_a_heat_map_for_each_sheet_that_computes(damaged: Report) -> None:
    page = Page(html_report([damaged], "seven.xlsx"))
    pictures = [attributes["alt"] for tag_, attributes in page.tags if tag_ == "img"]
    assert len(pictures) == len(damaged.difference_maps) == len(LESSON) - 2, "Glossary and About hold nothing but words"
    assert f"{tab('conv1')}: 1 cells, the first {cell('conv1', 'output', (0, 9, 3))}" in pictures
    assert f"{tab('boundary')}: every cell agrees" in pictures


def test_it_stands_alone(seven: Path) -> None:
    page = Page(html_report([verify(seven, trials=0)], "seven.xlsx"))
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


def test_one_page_for_several_engines(damaged: Report) -> None:
    page = Page(html_report([damaged, damaged], "seven.xlsx"))
    assert page.text.count("The first cause") == page.text.count("Sheet by sheet") == 2


def test_a_long_list_of_problems_is_cut_and_counted(damaged: Report) -> None:
    problem = Problem("stale", "Conv1", "B6", 1.0, 2.0)
    page = Page(html_report([Report(False, "x", "1", 0, None, (), (problem,) * (SHOWN + 5))], "x"))
    assert "… and 5 more." in page.text
    assert page.text.count("Conv1!B6") == SHOWN + 1


def test_the_colours_of_the_map() -> None:
    off = np.array([[np.nan, 0, 1e-12], [1.001e-9, 1, np.inf]])
    pixels = np.asarray(Image.open(BytesIO(b64decode(picture(off)))).convert("RGB"))
    assert [tuple(p) for p in pixels.reshape(-1, 3).tolist()] == [PAPER, AGREES, AGREES, FAINT, STRONG, STRONG]


def test_the_command_writes_it(seven: Path, tmp_path: Path) -> None:
    target = tmp_path / "reports" / "seven.html"
    with pytest.raises(SystemExit) as end:
        main(["verify", str(seven), "--trials", "0", "--html", str(target)])
    assert end.value.code == 0
    text = target.read_text(encoding="utf-8")
    assert re.match(r'<!DOCTYPE html>\n<html lang="en">', text)
