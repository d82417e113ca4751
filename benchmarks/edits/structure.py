"""Rows and columns inserted, sheets renamed, sorted, deleted, charts taken off, the whole saved as strict."""

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random

from benchmarks.edits.draft import Draft, Edit, a_title
from benchmarks.mutants.model import WORKBOOK, escape, unescape
from xlcnn.grid.formulas import TOKEN
from xlcnn.grid.references import column, column_number, split_cell
from xlcnn.xlsx.strict import ADDRESSES

# ---- rows and columns ----


@dataclass(frozen=True)
class Insertion:
    """`rows` rows above `row` of a tab and `columns` columns before `col`."""

    title: str
    row: int
    rows: int
    col: int
    columns: int

    def cell(self, text: str) -> str:
        m = re.fullmatch(r"(\$?)([A-Z]+)(\$?)(\d+)", text)
        assert m
        c, r = column_number(m[2]), int(m[4])
        return f"{m[1]}{column(c + self.columns * (c >= self.col))}{m[3]}{r + self.rows * (r >= self.row)}"

    def formula(self, text: str, home: str) -> str:
        """A formula of the tab `home` after the insertion."""
        out, end, sheet, quoted = [], 0, home, ""
        for m in TOKEN.finditer(text):
            between = text[end : m.start()]
            named = re.search(r"([A-Za-z0-9_]+)!$", between)
            sheet = quoted if quoted and not between else named[1] if named else sheet if between == ":" else home
            quoted = m[2][1:-2] if m[2] else ""
            reference = text[m.start(3) if m[3] is not None else m.start(4) : m.end()]
            moved = m[4] and sheet == self.title
            out += [between, m[0][: len(m[0]) - len(reference)] + self.cell(reference) if moved else m[0]]
            end = m.end()
        return "".join([*out, text[end:]])

    def area(self, text: str) -> str:
        """Places without a sheet: ``B6:C7 E9``."""
        return re.sub(r"[A-Z]+\d+", lambda m: self.cell(m[0]), text)


FORMULA = re.compile(r"(<f>|<formula[12]?>)([^<]+)")
BOUND = re.compile(r'(<cfvo type="formula" val=")([^"]+)')
SHARED = re.compile(r'(<c r="(\w+)"[^>]*>)<f t="shared"[^>]*?(?:/>|>[^<]*</f>)')


def inserted(rows: bool) -> Edit:
    def edit(draft: Draft, rng: Random) -> None:
        placed = rng.choice([p for p in draft.whole.layout.values() if p.blocks])
        span = [(b.row, b.row + b.rows) if rows else (b.col, b.col + b.columns) for b in placed.blocks]
        lines = [k for k in range(2, max(end for _, end in span) + 2) if not any(start < k < end for start, end in span)]
        at, many = rng.choice(lines), rng.randint(1, 4)
        insert(draft, Insertion(placed.title, *((at, many, 1, 0) if rows else (1, 0, at, many))))

    return edit


def insert(draft: Draft, made: Insertion) -> None:
    """Every formula, name, list, rule and chart follows, as in a spreadsheet program. Shared formulas are spelled out."""
    for title, cells in draft.whole.book.sheets.items():
        xml = draft.text(draft.path(title))
        home = title == made.title
        if not home and f"{made.title}!" not in xml and f"{made.title}'!" not in xml:
            continue

        def shared(m: re.Match[str]) -> str:
            cell = split_cell(m[2])
            return f"{m[1]}<f>{escape(cells.formulas[cell].at(cell)[1:])}</f>"  # noqa: B023

        xml = SHARED.sub(shared, xml)
        for pattern in (FORMULA, BOUND):
            xml = pattern.sub(lambda m: m[1] + escape(made.formula(unescape(m[2]), title)), xml)  # noqa: B023
        draft.changed[draft.path(title)] = shifted(xml, made) if home else xml
    draft.change(WORKBOOK, lambda xml: re.sub(
        r"(?<=>)[^<>]*![^<>]*(?=</definedName>)", lambda m: escape(made.formula(unescape(m[0]), "")), xml
    ))  # fmt: skip
    drawing = re.search(r"drawings/(drawing\d+\.xml)", relations(draft, made.title))
    if drawing:
        draft.change(f"xl/drawings/{drawing[1]}", lambda xml: anchored(xml, made))
    for chart in [name for name in draft.whole.raw if name.startswith("xl/charts/chart")]:
        draft.change(chart, lambda xml: re.sub(r"(?<=<f>)[^<]*", lambda m: escape(made.formula(unescape(m[0]), "")), xml))


def relations(draft: Draft, title: str) -> str:
    name = draft.path(title).replace("worksheets/", "worksheets/_rels/") + ".rels"
    return draft.text(name) if name in draft.whole.raw else ""


def anchored(xml: str, made: Insertion) -> str:
    """Charts and pictures move along; they count rows and columns from 0."""
    xml = re.sub(r"<col>(\d+)", lambda m: f"<col>{int(m[1]) + made.columns * (int(m[1]) + 1 >= made.col)}", xml)
    return re.sub(r"<row>(\d+)", lambda m: f"<row>{int(m[1]) + made.rows * (int(m[1]) + 1 >= made.row)}", xml)


def shifted(xml: str, made: Insertion) -> str:
    """A sheet's cells, widths and areas after the insertion."""
    xml = re.sub(r"<dimension [^>]*/>", "", xml)
    xml = re.sub(r'<row r="(\d+)"', lambda m: f'<row r="{int(m[1]) + made.rows * (int(m[1]) >= made.row)}"', xml)
    xml = re.sub(r'(?<=<c r=")[A-Z]+\d+', lambda m: made.cell(m[0]), xml)
    xml = re.sub(r'(?<=<mergeCell ref=")[^"]*|(?<=<hyperlink ref=")[^"]*|(?<= sqref=")[^"]*', lambda m: made.area(m[0]), xml)
    return re.sub(r'min="(\d+)" max="(\d+)"', lambda m: " ".join(
        f'{name}="{int(n) + made.columns * (int(n) >= made.col)}"' for name, n in (("min", m[1]), ("max", m[2]))
    ), xml)  # fmt: skip


# ---- sheets ----


def sheet_order(draft: Draft, rng: Random) -> None:
    def change(xml: str) -> str:
        sheets = re.findall(r"<sheet [^>]*/>", xml)
        order = iter(rng.sample(sheets, len(sheets)))
        xml = re.sub(r'<definedName name="_xlnm.*?</definedName>', "", xml)  # print areas count sheets by their place
        return re.sub(r"<sheet [^>]*/>", lambda _: next(order), xml)

    draft.change(WORKBOOK, change)


def a_renamed_sheet(draft: Draft, rng: Random) -> None:
    """As a spreadsheet program does it: formulas, names, links and charts follow."""
    old, new = a_title(draft, rng), rng.choice(["My sheet", "7b", "Übung 1", "a-b", "R1", "Layer(2)"])
    if f'name="{new}"' in draft.text(WORKBOOK):
        return
    place = re.compile(rf"(?<![\w.'])(?:'{re.escape(old)}'|{re.escape(old)})!")
    for part in [n for n in draft.whole.raw if n.startswith(("xl/worksheets/sheet", "xl/charts/chart")) or n == WORKBOOK]:
        draft.change(part, lambda xml: place.sub(f"'{new}'!", xml))
    draft.change(WORKBOOK, lambda xml: xml.replace(f'name="{old}"', f'name="{new}"', 1))


def no_charts(draft: Draft, rng: Random) -> None:
    title = a_title(draft, rng)
    draft.sheet(title, lambda xml: re.sub(r"<drawing [^>]*/>", "", xml))


def without_glossary(draft: Draft, rng: Random) -> None:
    """A sheet to read was deleted."""
    path = draft.path("Glossary")
    relation = re.search(
        rf'<Relationship [^>]*Target="/?(?:xl/)?{re.escape(path.removeprefix("xl/"))}"[^>]*/>', draft.text(RELATIONS)
    )
    assert relation
    number = re.search(r'Id="(\w+)"', relation[0])
    assert number
    draft.gone.add(path)
    draft.change(RELATIONS, lambda xml: xml.replace(relation[0], ""))
    draft.change("[Content_Types].xml", lambda xml: re.sub(rf'<Override [^>]*PartName="/{re.escape(path)}"[^>]*/>', "", xml))
    draft.change(WORKBOOK, lambda xml: re.sub(rf'<sheet [^>]*r:id="{number[1]}"[^>]*/>', "", xml))
    draft.change(WORKBOOK, lambda xml: re.sub(r'<definedName name="_xlnm[^<]*</definedName>', "", xml))


RELATIONS = "xl/_rels/workbook.xml.rels"


def names_of_ones_own(draft: Draft, rng: Random) -> None:
    place = f"'{a_title(draft, rng)}'!$B$6:$C$9"
    name = f'<definedName name="my_name_{rng.randint(1, 99)}">{escape(place)}</definedName></definedNames>'
    if name.split('"')[1] not in draft.text(WORKBOOK):
        draft.change(WORKBOOK, lambda xml: xml.replace("</definedNames>", name))


def strict(data: dict[str, bytes]) -> dict[str, bytes]:
    """As Excel saves a *Strict Open XML Spreadsheet*."""
    parts = dict(data)
    for name, content in data.items():
        if name.endswith((".xml", ".rels")):
            for address, usual in ADDRESSES:
                content = re.sub(re.escape(usual) + rb'(?=["/])', address, content)
            parts[name] = content.replace(b"<workbook ", b'<workbook conformance="strict" ')
    return parts


#: What comes after everything else, since it moves cells or renames them.
LAST: dict[str, Edit] = {
    "no charts": no_charts, "names of one's own": names_of_ones_own, "a deleted glossary": without_glossary,
    "rows inserted": inserted(True), "columns inserted": inserted(False), "a renamed sheet": a_renamed_sheet,
    "order of the sheets": sheet_order,
}  # fmt: skip
