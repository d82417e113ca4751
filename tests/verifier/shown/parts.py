"""The small workbook as the parts of its package, changed as text: fast, and openpyxl would lose what it does not know."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

from tests.conftest import parts_of
from tests.verifier.helpers import BOOK, LAYOUT
from tests.verifier.shown.deceptions import described_parts
from xlcnn.grid.references import a1, a1_range
from xlcnn.verifier.description import Described
from xlcnn.verifier.presentation import presentation_problems
from xlcnn.verifier.report import Problem
from xlcnn.verifier.settings import setting_problems

STYLES, TYPES, RELATIONS = "xl/styles.xml", "[Content_Types].xml", "xl/_rels/workbook.xml.rels"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

Parts = dict[str, str]
Change = Callable[[Parts], None]


@cache
def texts(path: Path) -> tuple[tuple[str, str], ...]:
    return tuple((name, data.decode()) for name, data in parts_of(path).items() if not name.endswith((".png", ".jpeg")))


def said_of(path: Path, change: Change, *judges: Callable[[Described], Iterable[Problem]]) -> list[str]:
    """What is said of the workbook after a change of its parts: tab, cell, and what was found there."""
    parts = dict(texts(path))
    change(parts)
    assert parts != dict(texts(path)), "nothing was changed"
    described = described_parts(parts)
    found = [problem for judge in judges or (presentation_problems, setting_problems) for problem in judge(described)]
    return [f"{p.sheet}!{p.cell}: {p.found}" if p.cell else f"{p.sheet}: {p.found}" for p in found]


def replaced(part: str, pattern: str, text: str) -> Change:
    """A change: the first match of a pattern."""

    def change(parts: Parts) -> None:
        parts[part] = re.sub(pattern, lambda m: m.expand(text), parts[part], count=1, flags=re.DOTALL)

    return change


def in_book(pattern: str, text: str) -> Change:
    return replaced(BOOK, pattern, text)


def place(name: str) -> tuple[str, str]:
    """The tab and first cell of a defined name of the small workbook."""
    sheet, _, label = name.partition(".")
    block = next(b for b in LAYOUT[sheet].blocks if b.label == label)
    return LAYOUT[sheet].title, a1(block.row, block.col)


def on_sheet(title: str, pattern: str, text: str) -> Change:
    """A change of a tab's part."""

    return lambda parts: replaced(part_of(parts, title), pattern, text)(parts)


def dressed(name: str, **style: str) -> Change:
    """A change: the first cell of a name gets another font, fill, border, or alignment, each as its XML."""
    title, cell = place(name)

    def change(parts: Parts) -> None:
        part = part_of(parts, title)
        number = int(re.search(rf'<c r="{cell}" s="(\d+)"', parts[part])[1])  # type: ignore[index]
        body = re.search(r"<cellXfs\b[^>]*>(.*?)</cellXfs>", parts[STYLES], re.DOTALL)
        assert body
        xf = re.findall(r"<xf\b[^>]*?/>|<xf\b[^>]*?>.*?</xf>", body[1], re.DOTALL)[number]
        for kind, xml in style.items():
            if kind == "alignment":
                inner = f"<alignment {xml}/>"
                xf = re.sub(r"<alignment[^>]*/>", inner, xf) if "<alignment" in xf else xf.replace("/>", f">{inner}</xf>")
            else:
                xf = re.sub(rf'{kind}Id="\d+"', f'{kind}Id="{added(parts, kind + "s", xml)}"', xf)
        parts[part] = re.sub(rf'(<c r="{cell}" s=)"\d+"', rf'\1"{added(parts, "cellXfs", xf)}"', parts[part])

    return change


def part_of(parts: Parts, title: str) -> str:
    found = re.search(rf'<sheet [^>]*name="{title}"[^>]*r:id="rId(\d+)"', parts[BOOK])
    assert found
    return f"xl/worksheets/sheet{found[1]}.xml"


def added(parts: Parts, group: str, xml: str) -> int:
    """Add a font, fill, border, … to the styles; its number."""
    body = re.search(rf"<{group}\b[^>]*>(.*?)</{group}>", parts[STYLES], re.DOTALL)
    tag = re.match(r"<(\w+)", xml)
    assert body
    assert tag
    number = len(re.findall(rf"<{tag[1]}[ />]", body[1]))
    parts[STYLES] = parts[STYLES].replace(body[0], body[0].replace(f"</{group}>", f"{xml}</{group}>"))
    return number


def ruled(name: str, *rules: tuple[str, str], whole: bool = False) -> Change:
    """A change: conditional formats over the first cell of a name, or all of it, each with its look (``dxf``, or nothing)."""
    title, cell = place(name)
    if whole:
        cell = a1_range(next(b for p in LAYOUT.values() for b in p.blocks if p.defined_name(b) == name))

    def change(parts: Parts) -> None:
        written = [rule.replace("DXF", str(added(parts, "dxfs", look)) if look else "") for look, rule in rules]
        text = f'<conditionalFormatting sqref="{cell}">{"".join(written)}</conditionalFormatting>'
        part = part_of(parts, title)
        before = next(tag for tag in ("<dataValidations", "<hyperlinks", "<printOptions") if tag in parts[part])
        parts[part] = parts[part].replace(before, text + before, 1)

    return change
