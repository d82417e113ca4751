"""What a person reads of an evaluation: in a terminal, and on a page that stands alone."""

from __future__ import annotations

import re
from base64 import b64decode
from dataclasses import replace
from html.parser import HTMLParser
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from tests.evaluation.made import ALL, BAD, COLOURED, ERRORS, GOOD, NUMPY, PERFECT, SCORES, TORN
from xlcnn.evaluation.html import html_report
from xlcnn.evaluation.outcome import Evaluation
from xlcnn.evaluation.pixels import png
from xlcnn.evaluation.text import text_report

EQUAL = "every one of 1,242 equal to NumPy to 1e-9 (2.0e-15 at most)"
SAID = {
    "the count, the share and its interval": (
        GOOD, "a.xlsx: 1,241 of 1,242 pictures right: 99.92 % (95 % confidence: 99.55 % to 99.99 %)",
    ),
    "that NumPy says the same": (GOOD, EQUAL),
    "by what": (GOOD, "MNIST's test set, through the workbook's own formulas (formualizer 0.13)"),
    "by NumPy alone, of a sample": (NUMPY, "a sample of 100 (seed 7) of MNIST's test set, by NumPy, with the weights"),
    "how many differ and by how much": (BAD, "NOT equal to NumPy: 3 of 1,244 differ by more than 1e-9, 0.25 at most"),
    "that there are errors": (ERRORS, "some give an error in place of a number"),
    "a mistake": (GOOD, "3/a.png: cat, read as <dog> (91.0 %; cat: 8.0 %)"),
    "a mistake of a network without probabilities": (SCORES, "cat, read as <dog> (12.5; cat: 0.08)"),
    "what could not be read": (TORN, "21 pictures could not be read, and are not counted: x.png is <blank> … and 20 more"),
    "a class without pictures": (GOOD, "cow 0 0 – –"),
    "a row of the confusion matrix": (GOOD, "cat 7 1 ·"),
    "a row with what has no answer": (BAD, "<dog> · 1234 · 2"),
}  # fmt: skip


@pytest.mark.parametrize("what", SAID)
def test_the_text_says(what: str) -> None:
    found, words = SAID[what]
    assert words in " ".join(text_report(found).split())


def test_the_text_says_nothing_of_what_is_not() -> None:
    assert "equal" not in text_report(NUMPY)
    assert "mistakes" not in text_report(PERFECT)
    assert "could not be read" not in text_report(GOOD)


class Page(HTMLParser):
    """The tags of a page, each closed by its own."""

    VOID = frozenset({"meta", "img", "br", "link"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.mark.parametrize("name", ALL)
def test_the_page_stands_alone(name: str) -> None:
    page = Page(html_report(ALL[name]))
    assert page.all("script") == page.all("link") == page.all("iframe") == []
    assert [a for _, attributes in page.tags for a in attributes if a.startswith("on")] == []
    assert all((image["src"] or "").startswith("data:image/png;base64,") for image in page.all("img"))
    assert "http" not in html_report(ALL[name]).replace("http-equiv", "")


@pytest.mark.parametrize("name", ALL)
def test_the_page_can_be_read_by_everybody(name: str) -> None:
    """Pictures have words, heads of tables say of what they are, the language is named, light and dark are both there."""
    text = html_report(ALL[name])
    page = Page(text)
    assert page.all("html") == [{"lang": "en"}]
    assert all(image["alt"] for image in page.all("img"))
    assert all(head.get("scope") in ("row", "col") for head in page.all("th"))
    assert len(page.all("caption")) == len(page.all("table")) == 2
    assert "prefers-color-scheme:dark" in text


def test_the_page_says_the_same_as_the_text() -> None:
    for found in ALL.values():
        said = " ".join("".join(Page(html_report(found)).words).split())
        for words in ("pictures right; 95 % confidence", found.source, found.workbook):
            assert words in said
    assert EQUAL[1:] in html_report(GOOD)
    assert 'class="said bad">NOT equal' in html_report(BAD)
    assert "x.png is &lt;blank&gt;" in html_report(TORN)


def test_nothing_from_outside_becomes_a_tag() -> None:
    evil = "<script>alert(1)</script>\"'"
    mistake = replace(GOOD.mistakes[0], picture=evil)
    found = replace(
        GOOD, workbook=evil, source=evil, classes=(evil, "b", "c"), mistakes=(mistake,), unread=1, unread_first=((evil, evil),)
    )  # fmt: skip
    assert Page(html_report(found)).all("script") == []


def test_a_mistake_is_shown_as_the_network_reads_it() -> None:
    (image,) = Page(html_report(GOOD)).all("img")
    data = b64decode((image["src"] or "").partition(",")[2])
    shown = np.asarray(Image.open(BytesIO(data))) / 255
    assert GOOD.mistakes[0].image is not None
    assert np.allclose(shown, GOOD.mistakes[0].image[0], atol=0.5 / 255)


def test_pictures_in_colours_and_of_odd_numbers() -> None:
    assert Image.open(BytesIO(png(np.zeros((3, 4, 5))))).size == (5, 4)
    assert np.asarray(Image.open(BytesIO(png(np.array([[[-1.0, np.nan, 2.0]]]))))).tolist() == [[0, 0, 255]]
    assert Page(html_report(COLOURED)).all("img")[0]["height"] == "67"


def strengths(found: Evaluation) -> list[str]:
    return re.findall(r"rgb\(var\(--wrong\) / ([\d.]+)\)", html_report(found))


def test_the_largest_mistake_is_the_strongest() -> None:
    found = replace(GOOD, confusion=((90, 10, 0), (5, 96, 0), (0, 0, 0)))
    assert strengths(found) == ["0.55", "0.27"]
    assert strengths(PERFECT) == []
