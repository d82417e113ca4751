"""The window and each sheet's view show the lesson; zooming, scrolling and resizing are everybody's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.verifier.shown.parts import in_book, on_sheet, said_of

WINDOW, VIEW, PANE = 'visibility="visible"', "<sheetView ", r"<pane [^>]*/>"
AREA = r'(name="_xlnm.Print_Area" localSheetId="0"[^>]*>)[^<]*'


@pytest.mark.parametrize(("pattern", "text", "found"), [
    (WINDOW, 'visibility="veryHidden"', "a hidden window"), ('minimized="0"', 'minimized="1"', "one that is minimized"),
    ('showSheetTabs="1"', 'showSheetTabs="0"', "none"), ('tabRatio="600"', 'tabRatio="0"', "none"),
    (WINDOW, f'windowWidth="10" windowHeight="10" {WINDOW}', "one of hardly any size"),
    (WINDOW, f'windowWidth="20000" windowHeight="100" {WINDOW}', "one of hardly any size"),
    (WINDOW, f'xWindow="500000" {WINDOW}', "one that lies beyond every screen"),
    ("<workbookPr", '<workbookPr showObjects="none"', "none"), ("<workbookPr", '<workbookPr showObjects="placeholders"', "none"),
])  # fmt: skip
def test_a_window_in_which_nothing_is_seen(small: Path, pattern: str, text: str, found: str) -> None:
    (problem,) = said_of(small, in_book(pattern, text))
    assert problem.startswith(f"Guide: {found}")


@pytest.mark.parametrize(("pattern", "text"), [
    (WINDOW, f'xWindow="-28920" yWindow="1500" windowWidth="29040" windowHeight="15840" {WINDOW}'),  # on a second screen
    (WINDOW, f'windowWidth="6000" windowHeight="4500" {WINDOW}'), ('activeTab="0"', 'activeTab="3"'),
    ("<bookViews>", '<bookViews><workbookView visibility="hidden"/>'),  # a second window
    ("<bookViews>.*</bookViews>", ""), ("<workbookPr", '<workbookPr showObjects="all"'), ('tabRatio="600"', 'tabRatio="850"'),
])  # fmt: skip
def test_a_window_of_ones_own(small: Path, pattern: str, text: str) -> None:
    assert said_of(small, in_book(pattern, text)) == []


@pytest.mark.parametrize(("title", "pattern", "text", "found"), [
    ("Guide", VIEW, '<sheetView zoomScale="10" ', "10 %"), ("Conv", VIEW, '<sheetView zoomScale="24" ', "24 %"),
    ("Conv", VIEW, '<sheetView rightToLeft="1" ', "from right to left"),
    ("Guide", VIEW, '<sheetView topLeftCell="A500" ', "a place far"),
    ("Guide", VIEW, '<sheetView topLeftCell="ZZ1" ', "a place far"),
    ("Conv", PANE, '<pane ySplit="4" topLeftCell="A900" state="frozen"/>', "a place far"),
    ("Conv", PANE, '<pane ySplit="9000" topLeftCell="A301" state="split"/>', "a place far"),
    ("Conv", PANE, '<pane ySplit="9000" topLeftCell="A301"/>', "a place far"),
    ("Conv", "</sheetViews>", '</sheetViews><customSheetViews><customSheetView scale="10"/></customSheetViews>', "10 %"),
])  # fmt: skip
def test_a_view_that_does_not_show_the_lesson(small: Path, title: str, pattern: str, text: str, found: str) -> None:
    (problem,) = said_of(small, on_sheet(title, pattern, text))
    assert problem.startswith(f"{title}: {found}")


@pytest.mark.parametrize(("title", "pattern", "text"), [
    ("Guide", VIEW, '<sheetView zoomScale="25" '), ("Guide", VIEW, '<sheetView zoomScale="400" zoomScaleNormal="10" '),
    ("Guide", VIEW, '<sheetView zoomScale="0" '), ("Guide", VIEW, '<sheetView topLeftCell="C30" '),
    ("Conv", VIEW, '<sheetView view="pageBreakPreview" '), ("Conv", VIEW, '<sheetView view="pageLayout" '),
    ("Conv", PANE, '<pane ySplit="4" topLeftCell="C9" state="frozen"/>'),
    ("Conv", PANE, '<pane ySplit="1500" topLeftCell="A9" state="split"/>'),
    ("Glossary", PANE, '<pane ySplit="4" topLeftCell="A40" state="frozen"/>'),
    ("Conv", "</sheetViews>", '</sheetViews><customSheetViews><customSheetView scale="90"/></customSheetViews>'),
])  # fmt: skip
def test_a_view_of_ones_own(small: Path, title: str, pattern: str, text: str) -> None:
    assert said_of(small, on_sheet(title, pattern, text)) == []


@pytest.mark.parametrize(("cells", "wrong"), [
    ("Guide!$A$200:$AF$230", True), ("Guide!$A$1:$B$2", True), ("Guide!$B$5:$Z$20", False), ("#REF!", False),
    ("Guide!$A$200:$AF$230,Guide!$B$5:$AK$30", False),
])  # fmt: skip
def test_a_print_area_without_a_number_of_the_network(small: Path, cells: str, wrong: bool) -> None:
    said = said_of(small, in_book(AREA, rf"\g<1>{cells}"))
    assert said == (["Guide: a print area without any of them"] if wrong else [])


def test_a_preview_of_a_part_of_the_sheet(small: Path) -> None:
    def change(parts: dict[str, str]) -> None:
        in_book(AREA, r"\g<1>Guide!$B$5:$D$9")(parts)
        on_sheet("Guide", VIEW, '<sheetView view="pageBreakPreview" ')(parts)

    assert said_of(small, change) == ["Guide: a preview of a part of it: choose View > Normal"]
