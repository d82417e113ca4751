"""Packages and cells that programs read in different ways: each must be refused, with the part's name."""

from __future__ import annotations

import re
from random import Random

from benchmarks.mutants.model import WORKBOOK, Damage, Healthy, Mutant, cell_xml, plain_cells, replaced
from xlcnn.grid.references import a1

MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "xl/_rels/workbook.xml.rels"

#: What is made of one cell's XML: {} is the cell, {r} its place, {f} its formula's element, {v} its value's.
CELLS: dict[str, str] = {
    "a cell there twice": '{}<c r="{r}"><v>9</v></c>',
    "a second formula": "{head}<f>9</f>{f}{v}</c>",
    "a second value": "{head}{f}{v}<v>9</v></c>",
    "a value in CDATA": "{head}{f}<v><![CDATA[9]]></v></c>",
    "a comment within a number": "{head}{f}<v>1<!-- x -->2</v></c>",
    "a foreign formula": '{head}<f xmlns="urn:x">9</f>{f}{v}</c>',
    "a decoy in extLst": "{head}{f}{v}<extLst><ext><v>9</v></ext></extLst></c>",
    "an unknown attribute": '<c R="B2" {rest}{f}{v}</c>',
    "a text beside the number": "{head}{f}{v}<is><t>9</t></is></c>",
    "a formula after its value": "{head}{v}{f}</c>",
}


def a_cell_in_two_ways(whole: Healthy, rng: Random) -> Mutant:
    sheet = rng.choice([s for s, cells in whole.book.sheets.items() if cells.formulas])
    kind, pattern = rng.choice(list(CELLS.items()))
    cells = [a1(*c) for c in plain_cells(whole, sheet)]
    xml = whole.sheet(sheet)
    cell = next(c for c in rng.sample(cells, len(cells)) if "<v>" in cell_xml(xml, c)[0])

    def new(old: str) -> str:
        m = re.fullmatch(r"(<c ([^>]*>))(<f\b.*?(?:</f>|/>))(<v>.*</v>)</c>", old)
        assert m, old
        return pattern.format(old, r=cell, head=m[1], rest=m[2], f=m[3], v=m[4])

    path = whole.book.paths[sheet]
    return Mutant(kind, replaced(whole, sheet, cell, new), sheet, frozenset([cell]), refusal=path)


CHOICE = f'<m:AlternateContent xmlns:m="{MC}"><m:Choice Requires="x"><sheetData/></m:Choice></m:AlternateContent>'
ROWS = {
    "a row there twice": ("</sheetData>", '<row r="6"><c r="B6"><v>9</v></c></row></sheetData>'),
    "rows twice": ("<sheetData>", '<sheetData><row r="6"/></sheetData><sheetData>'),
    "cells in an extension": ("</worksheet>", '<extLst><ext><sheetData><row r="6"/></sheetData></ext></extLst></worksheet>'),
    "a foreign row": ("</sheetData>", '<x:row xmlns:x="urn:x" r="999"/></sheetData>'),
    "cells in a choice": ("<sheetData>", CHOICE + "<sheetData>"),
}  # fmt: skip


def a_sheet_in_two_ways(whole: Healthy, rng: Random) -> Mutant:
    sheet = rng.choice(list(whole.book.sheets))
    kind, (old, new) = rng.choice(list(ROWS.items()))
    path = whole.book.paths[sheet]
    return Mutant(kind, {path: whole.sheet(sheet).replace(old, new, 1)}, sheet, frozenset(), refusal=path)


def a_dependent_with_a_formula(whole: Healthy, rng: Random) -> Mutant:
    """A cell of a dragged block that has a text of its own: LibreOffice computes it, others do not."""
    dependent = re.compile(r'<f t="shared" si="(\d+)"/>')
    sheet = rng.choice([s for s in whole.book.sheets if dependent.search(whole.sheet(s))])
    m = rng.choice(list(dependent.finditer(whole.sheet(sheet))))
    path = whole.book.paths[sheet]
    xml = whole.sheet(sheet)
    new = xml[: m.start()] + f'<f t="shared" si="{m[1]}">9</f>' + xml[m.end() :]
    return Mutant("a shared formula's dependent with its own", {path: new}, sheet, frozenset(), refusal=path)


def an_entry_twice(whole: Healthy, rng: Random) -> Mutant:
    """A part that is in the archive twice, in the same capitals or in others."""
    sheet = rng.choice(list(whole.book.sheets))
    path = whole.book.paths[sheet]
    same = rng.random() < 0.5
    name = path if same else path.replace("sheet", "Sheet")
    decoy = re.sub(r"<f>[^<]*</f>", "", whole.sheet(sheet)).encode()
    kind = "an archive's entry there twice" if same else "entries that differ in capitals"
    return Mutant(kind, {}, sheet, frozenset(), more=((name, decoy),), refusal=path.rsplit("/", 1)[0])


def a_relationship_twice(whole: Healthy, rng: Random) -> Mutant:
    relations = whole.text(RELATIONS)
    sheets = re.findall(r'<Relationship [^>]*/worksheet"[^>]*/>', relations)
    xml = relations.replace("</Relationships>", rng.choice(sheets) + "</Relationships>")
    return Mutant("a relationship there twice", {RELATIONS: xml}, "Guide", frozenset(), refusal=RELATIONS)


def another_workbook(whole: Healthy, rng: Random) -> Mutant:
    link = f'<Relationship Id="x" Type="{OFFICE}/externalLink" Target="l.xml"/></Relationships>'
    xml = whole.text(RELATIONS).replace("</Relationships>", link)
    return Mutant("a link to another workbook", {RELATIONS: xml}, whole.layout["guide"].title, frozenset())


def a_tab_or_name_twice(whole: Healthy, rng: Random) -> Mutant:
    """A tab, or a defined name, that is there twice in other capitals."""
    xml = whole.text(WORKBOOK)
    if rng.random() < 0.5:
        name = rng.choice(list(whole.book.names))
        new = f'<definedName name="{name.upper()}">{whole.book.names[name]}</definedName></definedNames>'
        return Mutant("a name there twice", {WORKBOOK: xml.replace("</definedNames>", new)}, "Guide", frozenset(), refusal=WORKBOOK)
    one, other = rng.sample(list(whole.book.sheets), 2)
    new = xml.replace(f'name="{one}"', f'name="{other.upper()}"', 1)
    return Mutant("a tab there twice", {WORKBOOK: new}, "Guide", frozenset(), refusal=WORKBOOK)


PACKAGES: tuple[Damage, ...] = (
    a_cell_in_two_ways, a_sheet_in_two_ways, a_cell_in_two_ways, a_dependent_with_a_formula, an_entry_twice, a_relationship_twice,
    another_workbook, a_tab_or_name_twice,
)  # fmt: skip
