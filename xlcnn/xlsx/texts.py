"""Texts as a package holds them, shared or in their cells: only what spreadsheet programs write, or a refusal.

They are CT_Rst of ECMA-376 Part 1, 18.4.8.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NoReturn
from xml.parsers import expat

from xlcnn.xlsx.values import decimal, whole
from xlcnn.xlsx.xml import BLANKS, SPACE, Attributes, End, Start, Text, parse, refuse, split

ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
CHILDREN = {"": ("t", "r", "rPh", "phoneticPr"), "r": ("rPr", "t"), "rPh": ("t",)}


@dataclass(frozen=True)
class Run:
    """A piece of a text, and how it looks where it says so: its colour as the file writes it, which a `Palette` understands."""

    text: str
    colour: Attributes | None
    points: float | None


class InRuns(str):
    """A text of which not all pieces look alike. It is equal to the same text in one piece."""

    runs: tuple[Run, ...]


def text_of(heard: list[str], runs: list[Run]) -> str:
    """A text, with the looks of its pieces where there are any."""
    text = unescaped("".join(heard))
    if not any(run.colour is not None or run.points is not None for run in runs):
        return text
    found = InRuns(text)
    found.runs = tuple(runs)
    return found


def run_of(part: str, text: str, looks: Mapping[str, Attributes]) -> Run:
    """A piece, with the attributes of its colour and size."""
    written = looks.get("color")
    for name in ("theme", "indexed") if written else ():
        whole(part, written or {}, name, None)  # what is none is refused here; which colour it is, the palette knows
    return Run(text, written, decimal(part, looks.get("sz", {}), "val", None))


def unescaped(text: str) -> str:
    """A text as Excel shows it: ``_x000D_`` stands for a letter that XML cannot hold (ST_Xstring: 22.9.2.19)."""
    return ESCAPED.sub(_letter, text) if "_x" in text else text


def _letter(match: re.Match[str]) -> str:
    number = int(match[1], 16)
    return match[0] if 0xD800 <= number < 0xE000 else chr(number)  # half a letter is none


def rich_text(part: str, main: str, heard: list[str], runs: list[Run], wrong: Callable[[str], NoReturn]) -> tuple[Start, End, Text]:
    """Hears the inside of an ``si`` or ``is`` and puts its text, or its runs', into `heard`; hints how to say it are none.

    Each of its runs is put into `runs`, with its look.
    """
    path: list[str] = []
    looks: dict[str, Attributes] = {}
    begun = 0  # how much had been heard before this run
    seen: set[str] = set()
    texts = {"": 0, "r": 0, "rPh": 0}  # how many texts a parent holds

    def start(tag: str, a: Attributes) -> None:
        nonlocal begun
        namespace, name = split(tag)
        parent = "/".join(path)
        if parent == "r/rPr":
            looks[name] = a
        elif name == "r":
            begun = len(heard)
            looks.clear()
        if namespace != main or not (name in CHILDREN.get(parent, ()) or parent == "r/rPr"):
            wrong(f"holds an element {name} where no spreadsheet program writes one")
        if name == "t" and parent == "" and "r" in seen:
            wrong("holds runs of text and a text")
        elif name == "t" and parent in texts:
            texts[parent] += 1
            if texts[parent] > 1 or not a.keys() <= {SPACE}:
                wrong("holds two texts in one, or a text with attributes")
        elif parent == "" and name in texts:
            if name == "r" and texts[""]:
                wrong("holds a text and runs of text")
            texts[name] = 0
            seen.add(name)
        path.append(name)

    def end(_: str) -> None:
        if path == ["r"]:
            runs.append(run_of(part, "".join(heard[begun:]), looks))
        path.pop()

    def text(data: str) -> None:
        if path in (["t"], ["r", "t"]):
            heard.append(data)
        elif path != ["rPh", "t"] and data.strip(BLANKS):
            wrong("holds text between its elements")

    return start, end, text


def read_strings(part: str, data: bytes, main: str) -> list[str]:
    """The shared strings of a package (18.4.9)."""
    found: list[str] = []
    heard: list[str] = []
    runs: list[Run] = []
    depth = skipped = 0  # how deep inside; and how deep inside an extLst, which says nothing

    def wrong(what: str) -> NoReturn:
        refuse(part, f"text {len(found)} {what}")

    inner: tuple[Start, End, Text] | None = None

    def start(tag: str, a: Attributes) -> None:
        nonlocal depth, skipped, inner
        depth += 1
        if depth == 1 and tag == f"{main} sst":
            return
        if skipped or (depth == 2 and tag == f"{main} extLst"):
            skipped += 1
            if split(tag)[1] == "si":
                wrong("is followed by another in an extension")
        elif depth == 2 and tag == f"{main} si" and not a:
            heard.clear()
            runs.clear()
            inner = rich_text(part, main, heard, runs, wrong)
        elif depth > 2 and inner is not None:
            inner[0](tag, a)
        else:
            wrong(f"is followed by an element {split(tag)[1]} where no spreadsheet program writes one")

    def end(tag: str) -> None:
        nonlocal depth, skipped, inner
        depth -= 1
        if skipped:
            skipped -= 1
        elif depth == 1:
            found.append(text_of(heard, runs))
            inner = None
        elif inner is not None:
            inner[1](tag)

    def text(data: str) -> None:
        if inner is not None:
            inner[2](data)
        elif not skipped and data.strip(BLANKS):
            wrong("is followed by text between the elements")

    def connect(parser: expat.XMLParserType) -> None:
        parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text

    parse(part, data, connect)
    return found
