"""What surrounds the formulas and may mislead: hidden cells, manual calculation, colours and words that no longer fit.

None of it changes a result, all of it changes what somebody sees.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from xlcnn.grid.blocks import Cell
from xlcnn.grid.formulas import relative
from xlcnn.grid.references import a1, split_cell
from xlcnn.grid.rules import Rule
from xlcnn.layout.colours import ROUNDED, colour_rules
from xlcnn.layout.placed import PlacedSheet, place
from xlcnn.sheets.base import ABOUT, EXHIBIT, GALLERY, LEARNING
from xlcnn.verifier.description import Described
from xlcnn.verifier.report import Problem
from xlcnn.verifier.shown.all import shown_problems
from xlcnn.verifier.shown.language import by_likelihood, words_in
from xlcnn.xlsx.book import Book

#: Sheets that may be hidden: those that may as well be deleted, and what the input and the description are read from.
SPARE = frozenset({EXHIBIT, LEARNING, GALLERY, ABOUT})

#: Words that show a cell's formula: ``Formula in AQ6:  =SUM(B6:B8)``, in any language.
SHOWN = re.compile(r"\b([A-Z]{1,3}[0-9]{1,7}):  (=\S.*?)(?=     |\n|$)")


def presentation_problems(described: Described) -> list[Problem]:
    """Everything of that kind, sheet by sheet."""
    book = described.book
    problems = []
    languages = by_likelihood(book, described.layout)
    if book.manual:
        do = "switch it to automatic under Formulas > Calculation Options"
        problems.append(Problem("manual", next(iter(book.sheets)), None, "automatic", "manual", do))
    for placed in (p for p in described.layout.values() if p.blocks):
        if placed.title in book.hidden and placed.sheet.group not in SPARE:
            problems.append(Problem("hidden", placed.title, None, "a visible sheet", "a hidden one"))
        problems += [*colour_problems(book, placed), *caption_problems(book, placed, languages)]
    try:
        return [*problems, *shown_problems(described)]
    except (ValueError, LookupError, ArithmeticError, RecursionError) as error:
        found = f"something that no program writes ({type(error).__name__}: {error})"
        return [*problems, Problem("shown", next(iter(book.sheets)), None, "looks that can be understood", found)]


def colour_problems(book: Book, placed: PlacedSheet) -> Iterator[Problem]:
    """Heat maps and marks that are there but no longer fit: other cells, other bounds. One that was removed is no lie."""
    name = placed.title
    rules = [r for r in book.sheets[name].rules if r.kind in ("colorScale", "expression")]
    if not rules:
        return
    found = [(rule, rule.bounds()) for rule in rules]
    taken: set[int] = set()
    missing: list[Rule] = []
    for rule in (r for r in colour_rules(placed) if r.look != ROUNDED):  # that has no colour
        bounds = rule.bounds()
        same = [k for k, (r, b) in enumerate(found) if r.kind == rule.kind and b == bounds and k not in taken]
        exact = [k for k in same if found[k][0].areas == rule.areas]
        if not exact and rule.is_small:
            exact = [k for k in same if found[k][0].is_small and found[k][0].cells == rule.cells]
        if exact:
            taken.add(exact[0])
            continue
        inside = [found[k][0].cells for k in same if found[k][0].cells & rule.cells]
        if not inside or not rule.cells <= frozenset().union(*inside):  # else in pieces, or over more cells: the same colours
            missing.append(rule)
    for rule in missing:
        near = [
            r for k, (r, b) in enumerate(found)
            if k not in taken and r.kind == rule.kind
            and ((r.cells & rule.cells and (is_like_ours(r) or b == rule.bounds())) or (b == rule.bounds() != ("NUM 0", "MAX")))
        ]  # fmt: skip
        if near:
            yield Problem("colours", name, a1(*min((top, left) for top, _, left, _ in rule.areas)), str(rule), str(near[0]))


def is_like_ours(rule: Rule) -> bool:
    """Whether a rule asks for the network's cells, as only ours do; heat maps and highlights without that are somebody's own."""
    return any(text.startswith("formula ") or "ROW(" in text for text in rule.formulas)


def caption_problems(book: Book, placed: PlacedSheet, languages: list[Path]) -> Iterator[Problem]:
    """Words above the blocks that show another formula than the cell's (which may be written in another way)."""
    name = placed.title
    cells = book.sheets[name]
    top = min(b.row for b in placed.blocks)
    fresh = place(placed.sheet, placed.parts, placed.before)  # words do not follow where rows were inserted
    for (row, col), value in cells.values.items():
        if row >= top or not isinstance(value, str) or (row, col) in cells.formulas:
            continue
        for match in SHOWN.finditer(value):
            where = split_cell(match[1])
            before = value[: match.start()]
            if not any(before.endswith(f"{words['panels', 'formula']} ") for words in map(words_in, languages)):
                continue  # somebody's own words
            right, there = placed.explained.get(where), cells.formulas.get(where)
            known = [text for text in (right, fresh.explained.get(where), there.at(where) if there else None) if text is not None]
            if without_tabs(match[2], where) not in [without_tabs(text, where) for text in known]:
                yield Problem("caption", name, a1(row, col), f"{match[1]}: {right}", match[0])


TAB = re.compile(r"('(?:[^']|'')+'|[^\s'!,;:()+*/=<>-]+)!")


def without_tabs(formula: str, where: Cell) -> str:
    """A formula's relative form without the names of tabs: words do not follow, as formulas do, when a tab is renamed."""
    return relative(TAB.sub("!", formula), *where)
