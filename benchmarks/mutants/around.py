"""Damage to more than one formula, or to what surrounds them."""

from __future__ import annotations

import re
from random import Random

from benchmarks.mutants.formulas import shifted
from benchmarks.mutants.model import Damage, Healthy, Mutant, cell_xml, escape, unescape
from xlcnn.grid.formulas import moved
from xlcnn.grid.references import a1, a1_range, column, column_number, split_cell
from xlcnn.sheets.parts import Given, Menu, Part
from xlcnn.verifier.presentation import SHOWN, SPARE


def dollar_lost_in_a_dragged_formula(whole: Healthy, rng: Random) -> Mutant:
    dragged = re.compile(r'<f t="shared" ref="([^"]+)"[^>]*>([^<]*\$[^<]*)</f>')
    sheet = rng.choice([s for s, path in whole.book.paths.items() if dragged.search(whole.text(path))])
    path = whole.book.paths[sheet]
    xml = whole.text(path)
    m = rng.choice(list(dragged.finditer(xml)))
    at = rng.choice([k for k, letter in enumerate(m[2]) if letter == "$"])
    text = m[2][:at] + m[2][at + 1 :]
    first, last = (split_cell(c) for c in m[1].split(":"))
    inside = [a1(r, c) for r in range(first[0], last[0] + 1) for c in range(first[1], last[1] + 1)]
    return Mutant("$ lost in a dragged formula", {path: xml[: m.start(2)] + text + xml[m.end(2) :]}, sheet, frozenset(inside), text)


def a_sheets_formulas_shifted(whole: Healthy, rng: Random) -> Mutant:
    sheet = rng.choice([s for s, cells in whole.book.sheets.items() if cells.formulas])
    path = whole.book.paths[sheet]
    rows, cols = rng.choice([(1, 0), (0, 1), (2, 1)])
    bare = re.compile(r"(<f\b[^>]*>)([^<]+)(</f>)")

    def shift(m: re.Match[str]) -> str:
        text = m[2].replace("&quot;", '"').replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        return m[1] + escape(moved(text.replace("$", ""), rows, cols)) + m[3]

    return Mutant("a sheet's formulas shifted", {path: bare.sub(shift, whole.text(path))}, sheet, frozenset())


def a_defined_name_moved(whole: Healthy, rng: Random) -> Mutant:
    part = "xl/workbook.xml"
    xml = whole.text(part)
    names = list(re.finditer(r'<definedName name="([^"_]+)">([^<]+)</definedName>', xml))
    m = rng.choice(names)
    rows, cols = rng.choice([(1, 0), (0, 1), (1, 1)])
    place = re.sub(r"\$([A-Z]+)\$(\d+)", lambda c: f"${column(column_number(c[1]) + cols)}${int(c[2]) + rows}", m[2])
    sheet, _, area = place.partition("!")
    where: frozenset[str | None] = frozenset([m[1], area.replace("$", "").split(":")[0]])
    if m[1].startswith("about."):
        where |= {None}  # what it then says of the network may be named for the whole sheet
    text = f'<definedName name="{m[1]}">{place}</definedName>'
    return Mutant("a defined name moved", {part: xml.replace(m[0], text)}, sheet.strip("'"), where, place)


def a_colour_rule_that_no_longer_fits(whole: Healthy, rng: Random) -> Mutant:
    sheet = rng.choice([s for s, cells in whole.book.sheets.items() if cells.rules])
    path = whole.book.paths[sheet]
    xml = whole.text(path)
    rule = rng.choice(list(re.finditer(r"<conditionalFormatting .*?</conditionalFormatting>", xml)))
    ways = [re.sub(r'sqref="([A-Z]+\d+)', lambda m: 'sqref="' + a1(*(n + 1 for n in split_cell(m[1]))), rule[0], count=1)]
    references = list(re.finditer(r"\$([A-Z]+)\$(\d+)", rule[0]))
    if references:
        r = rng.choice(references)
        ways.append(rule[0][: r.start()] + f"${r[1]}${int(r[2]) + 1}" + rule[0][r.end() :])
    new = rng.choice(ways)
    return Mutant("a colour rule that no longer fits", {path: xml.replace(rule[0], new)}, sheet, frozenset(), new[:200])


def a_caption_that_no_longer_fits(whole: Healthy, rng: Random) -> Mutant:
    part = "xl/sharedStrings.xml"
    xml = whole.text(part)
    shown = [m for m in re.finditer(r"<t[^>]*>([^<]*)</t>", xml) if SHOWN.search(unescape(m[1]))]
    m = rng.choice(shown)
    text = unescape(m[1])
    formula = rng.choice(list(SHOWN.finditer(text)))
    new = shifted(formula[2], rng.randrange(99), *rng.choice([(1, 0), (0, 1)]))
    damaged = text[: formula.start(2)] + new + text[formula.end(2) :]
    places = [(s, a1(*c)) for s, cells in whole.book.sheets.items() for c, v in cells.values.items() if v == text]
    sheet, cell = places[0]
    return Mutant("a caption that no longer fits", {part: xml.replace(m[1], escape(damaged))}, sheet, frozenset([cell]), new)


def manual_calculation(whole: Healthy, rng: Random) -> Mutant:
    part = "xl/workbook.xml"
    return Mutant(
        "calculation set to manual", {part: whole.text(part).replace("<calcPr", '<calcPr calcMode="manual"')}, "Guide", frozenset()
    )


def a_hidden_sheet(whole: Healthy, rng: Random) -> Mutant:
    part = "xl/workbook.xml"
    shown = [
        p for p in whole.layout.values() if p.blocks and p.sheet.group not in SPARE
    ]  # not one of words alone, nor to play with
    sheet = rng.choice([placed.title for placed in shown])
    state = rng.choice(["hidden", "veryHidden"])
    xml = re.sub(rf'(<sheet [^>]*name="{sheet}"[^>]*state=")visible', rf"\g<1>{state}", whole.text(part))
    return Mutant("a hidden sheet", {part: xml}, sheet, frozenset([None]))


def hidden_rows_or_columns(whole: Healthy, rng: Random) -> Mutant:
    placed = rng.choice([placed for placed in whole.layout.values() if placed.blocks])
    block = rng.choice(placed.blocks)
    row, col = rng.choice(block.cells())
    path = whole.book.paths[placed.title]
    xml = whole.text(path)
    if rng.random() < 0.5:
        xml = re.sub(rf'<row r="{row}"', f'<row r="{row}" hidden="1"', xml)
    else:
        widths = re.finditer(r'<col width="([^"]+)" customWidth="1" min="(\d+)" max="(\d+)"/>', xml)
        m = next(m for m in widths if int(m[2]) <= col <= int(m[3]))
        spans = [(int(m[2]), col - 1, ""), (col, col, ' hidden="1"'), (col + 1, int(m[3]), "")]
        parts = [f'<col width="{m[1]}" customWidth="1" min="{a}" max="{b}"{h}/>' for a, b, h in spans if a <= b]
        xml = xml.replace(m[0], "".join(parts))
    return Mutant("a hidden row or column", {path: xml}, placed.title, frozenset(), f"{a1(row, col)} of {a1_range(block)}")


def is_number(part: Part) -> bool:
    """Whether its cells hold numbers that no formula computes."""
    return isinstance(part, Given) and not isinstance(part, Menu)


def a_number_as_text(whole: Healthy, rng: Random) -> Mutant:
    placed = rng.choice([s for s in whole.layout.values() if any(is_number(p) for p in s.parts.values())])
    row, col = rng.choice(rng.choice([b for b in placed.blocks if is_number(placed.parts[b.part])]).cells())
    path = whole.book.paths[placed.title]
    xml, where = whole.text(path), a1(row, col)
    old = cell_xml(xml, where)
    value = re.search(r"<v>(.*?)</v>", old[0])
    new = f'<c r="{where}" t="str"><v>{value[1] if value else 1}</v></c>'
    return Mutant("a number stored as text", {path: xml.replace(old[0], new)}, placed.title, frozenset([where]))


def a_line_of_about_that_lies(whole: Healthy, rng: Random) -> Mutant:
    """Another number in what the workbook says of one sheet. Then it is that sheet that does not fit, or About itself."""
    about = whole.layout["about"]
    lines = [k for k, text in enumerate(about.parts["options"].texts) if re.search(r"\d", text)]  # type: ignore[attr-defined]
    line = rng.choice(lines)
    where = a1(*about.references.locate("options", line))
    path = whole.book.paths[about.title]
    xml = whole.text(path)
    text = str(whole.book.sheets[about.title].values[split_cell(where)])
    m = rng.choice(list(re.finditer(r"\d+", text)))
    damaged = text[: m.start()] + str(int(m[0]) + 1) + text[m.end() :]
    new = xml.replace(cell_xml(xml, where)[0], f'<c r="{where}" t="str"><v>{escape(damaged)}</v></c>')
    also = list(whole.layout.values())[line].title
    return Mutant("a line of About that lies", {path: new}, about.title, frozenset(), damaged, also=also)


AROUND: tuple[Damage, ...] = (
    dollar_lost_in_a_dragged_formula, a_sheets_formulas_shifted, a_defined_name_moved, a_colour_rule_that_no_longer_fits,
    a_caption_that_no_longer_fits, manual_calculation, a_hidden_sheet, hidden_rows_or_columns, a_number_as_text,
    a_line_of_about_that_lies,
)  # fmt: skip
