"""A workbook as a dictionary of XML texts, read once and edited many times."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from random import Random
from zipfile import ZipFile

from benchmarks.mutants.model import STYLES, Healthy, escape, healthy
from xlcnn.grid.blocks import Block, Cell
from xlcnn.grid.references import a1
from xlcnn.layout.placed import PlacedSheet
from xlcnn.sheets.parts import Part


@dataclass
class Draft:
    """The parts that were changed, over those of the healthy workbook."""

    whole: Healthy
    changed: dict[str, str] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    added: dict[str, str] = field(default_factory=dict)

    def text(self, part: str) -> str:
        return self.changed[part] if part in self.changed else self.whole.text(part)

    def change(self, part: str, edit: Callable[[str], str]) -> None:
        self.changed[part] = edit(self.text(part))

    def path(self, title: str) -> str:
        return self.whole.book.paths[title]

    def sheet(self, title: str, edit: Callable[[str], str]) -> None:
        self.change(self.path(title), edit)

    def data(self) -> bytes:
        out = BytesIO()
        with ZipFile(out, "w") as archive:
            for name, content in self.whole.raw.items():
                if name not in self.gone:
                    archive.writestr(name, self.changed[name].encode() if name in self.changed else content)
            for name, text in self.added.items():
                archive.writestr(name, text)
        return out.getvalue()


Edit = Callable[[Draft, Random], None]


def fresh(book: str) -> Draft:
    return Draft(healthy(book))


def blocks_of(draft: Draft, *kinds: type[Part]) -> list[tuple[PlacedSheet, Block]]:
    return [(p, b) for p in draft.whole.layout.values() for b in p.blocks if isinstance(p.parts[b.part], kinds or Part)]


def a_title(draft: Draft, rng: Random) -> str:
    return rng.choice(list(draft.whole.book.sheets))


def put(draft: Draft, title: str, values: dict[Cell, float | str | None]) -> None:
    """Constants in cells of a sheet that are there, their styles kept; None erases."""
    wanted = {a1(*cell): value for cell, value in values.items()}

    def cell(m: re.Match[str]) -> str:
        if m[1] not in wanted:
            return m[0]
        value = wanted[m[1]]
        style = re.search(r' s="\d+"', m[0].partition(">")[0])
        head = f'<c r="{m[1]}"{style[0] if style else ""}'
        if value is None:
            return head + "/>"
        return f'{head} t="str"><v>{escape(value)}</v></c>' if isinstance(value, str) else f"{head}><v>{value!r}</v></c>"

    draft.sheet(title, lambda xml: re.sub(r'<c r="([A-Z]+\d+)"(?:[^>]*?/>|.*?</c>)', cell, xml))


def restyled(draft: Draft, title: str, cells: list[Cell], edit: Callable[[str], str]) -> None:
    """Cells whose style (an ``xf`` element) is another one; each gets the edited copy of its own."""
    wanted = {a1(*cell) for cell in cells}
    styles = draft.text(STYLES)
    body = re.search(r'<cellXfs count="\d+">(.*)</cellXfs>', styles)
    assert body
    looks = re.findall(r"<xf [^>]*?(?:/>|>.*?</xf>)", body[1])
    copies: dict[int, int] = {}

    def cell(m: re.Match[str]) -> str:
        if m[1] not in wanted:
            return m[0]
        old = int(m[2] or 0)
        if old not in copies:
            looks.append(edit(looks[old]))
            copies[old] = len(looks) - 1
        return f'<c r="{m[1]}" s="{copies[old]}"'

    draft.sheet(title, lambda xml: re.sub(r'<c r="([A-Z]+\d+)"(?: s="(\d+)")?', cell, xml))
    new = f'<cellXfs count="{len(looks)}">{"".join(looks)}</cellXfs>'
    draft.change(STYLES, lambda xml: xml.replace(body[0], new))


def one_more(draft: Draft, group: str, element: str) -> int:
    """A font, fill or conditional look more; its number."""
    found = re.search(rf'<{group} count="(\d+)">', draft.text(STYLES))
    assert found
    draft.change(STYLES, lambda xml: xml.replace(found[0], f'<{group} count="{int(found[1]) + 1}">').replace(
        f"</{group}>", f"{element}</{group}>"
    ))  # fmt: skip
    return int(found[1])
