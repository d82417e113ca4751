"""Which lesson's words a workbook has: those of the lessons that come with xlcnn are known, in all their languages."""

from __future__ import annotations

import tomllib
from functools import cache
from heapq import nlargest
from pathlib import Path

from xlcnn.grid.blocks import Block, Cell
from xlcnn.layout.placed import Layout, PlacedSheet
from xlcnn.lesson.general import HERE, general_data, general_languages
from xlcnn.lesson.templates import lesson_words, templates_folder
from xlcnn.sheets.words import Words
from xlcnn.xlsx.book import Book

ENOUGH = 0.5  # of a workbook's captions, that are those of a language: then it is no other one
TRIED = 40  # texts, with which the most likely language is looked for

Captions = dict[Block, tuple[str, Cell]]
"""What stands above each block that has a caption, and where."""


@cache
def files() -> tuple[tuple[Path, str], ...]:
    """The words of every lesson that comes with xlcnn, and those for any network, not yet read."""
    lessons = sorted(templates_folder().glob("*/words.*.toml"))
    told = {path: path.read_text(encoding="utf-8") for path in lessons}
    general = {name: told[lesson_words(name)] + (HERE / f"{name}.toml").read_text(encoding="utf-8") for name in general_languages()}
    intros = {path: path.read_text(encoding="utf-8") for path in sorted(templates_folder().glob("*/intro.*.toml"))}
    return (
        *told.items(),
        *((HERE / f"{name}.toml", text) for name, text in general.items()),
        *((path, general[spoken(path)] + text) for path, text in intros.items()),
    )


def spoken(path: Path) -> str:
    """The language of a file of words: ``words.en.toml``, ``en.toml``."""
    return path.stem.rpartition(".")[2]


@cache
def words_in(path: Path) -> Words:
    if path.name.startswith("intro."):
        return Words(path, general_data(lesson_words(spoken(path)), spoken(path), tomllib.loads(path.read_text(encoding="utf-8"))))
    if path.parent == HERE:
        return Words(path, general_data(lesson_words(path.stem), path.stem))
    return Words(path, tomllib.loads(dict(files())[path]))


def by_likelihood(book: Book, layout: Layout) -> list[Path]:
    """The files of all that are known, the most likely one first: only that one need be read."""
    sheets = (book.sheets[placed.title] for placed in layout.values() if placed.title in book.sheets)
    texts = (value for sheet in sheets for value in sheet.values.values() if isinstance(value, str) and value)
    some = [f'"{text}"' for text in nlargest(TRIED, texts, key=len)]  # long ones are of one lesson alone
    likeness = {path: sum(text in content for text in some) for path, content in files()}
    return sorted(likeness, key=lambda path: -likeness[path])


def language(book: Book, layout: Layout) -> Words | None:
    """The words of which the workbook has most; None where it has none of any."""
    sheets = [placed for placed in layout.values() if placed.title in book.sheets]
    best: Words | None = None
    most = 0
    for words in map(words_in, by_likelihood(book, layout)):
        right = [fits(book, placed, words) for placed in sheets]
        score, all_ = sum(r for r, _ in right), sum(n for _, n in right)
        if score > most:
            best, most = words, score
        if score >= ENOUGH * all_:
            break
    return best


def fits(book: Book, placed: PlacedSheet, words: Words) -> tuple[int, int]:
    """How many captions of a sheet are those of a language, and how many it has."""
    values = book.sheets[placed.title].values
    found = captions(placed, words).values()
    return sum(values.get(where) == text for text, where in found), len(found)


def captions(placed: PlacedSheet, words: Words | None) -> Captions:
    """Without `words`, places alone."""
    blocks = (b for b in placed.blocks if placed.parts[b.part].captioned)
    return {b: (words.caption(placed.name, b) if words else "", (b.row - 1, b.col)) for b in blocks}
