"""Formulas where constants must be, settings, arrays, and names that lead to decoys."""

from __future__ import annotations

import re
from random import Random

from benchmarks.mutants.model import WORKBOOK, Damage, Healthy, Mutant, a_block, escape, replaced, unescape
from xlcnn.grid.references import a1, a1_range, sheet_prefix
from xlcnn.sheets.parts import Choice, Computed, Labels, Menu, Picture, Play, Weight

# ---- live constants ----

LIVE = ("IF({}=9,1,{v})", "{v}+0*{}", "{v}+0*NOW()", "{v}+RAND()/1E9", "IF({}>9999,9,{v})", "{v}*(1+0*{})", "MAX({v},{v}+0*{})",
        "{v}*0^0", "{v}+1E16-1E16", "{v}+(0.1+0.2-0.3)*1E16")  # fmt: skip
LIVE_WORDS = ('IF({}=9,"x",{v})', '{v}&""', 'IF(RAND()>2,"x",{v})', "T({v})", '{v}&REPT("x",0*{})')


def a_live_constant(whole: Healthy, rng: Random) -> Mutant:
    """A formula, right as the workbook stands, in a cell for a weight, a pixel, a choice, a word."""
    name, kinds = rng.choice([("weight", (Weight,)), ("pixel", (Picture,)), ("choice", (Choice, Menu, Play)), ("word", (Labels,))])
    placed, block = a_block(whole, rng, *kinds)
    row, col = rng.choice(block.cells())
    value = whole.book.sheets[placed.title].values.get((row, col))
    other = rng.choice([p for p in whole.layout.values() if p.title != placed.title and p.blocks])
    read = sheet_prefix(other.title) + a1(*rng.choice(other.blocks[0].cells()), fixed=True)
    text = isinstance(value, str)
    written = '"' + str(value).replace('"', '""') + '"' if text else str(value or 0)
    formula = rng.choice(LIVE_WORDS if text else LIVE).replace("{v}", written).replace("{}", read)
    where = a1(row, col)
    places = frozenset([where, None]) if placed.name == "about" else frozenset([where])

    def new(xml: str) -> str:
        style = re.search(r' s="\d+"', xml)
        kind = ' t="str"' if text else ""
        return f'<c r="{where}"{style[0] if style else ""}{kind}><f>{escape(formula)}</f><v>{escape(str(value or 0))}</v></c>'

    return Mutant(f"a formula as a {name}", replaced(whole, placed.title, where, new), placed.title, places, formula)


# ---- settings ----

SETTINGS = {
    "precision as displayed": (r"<calcPr ", '<calcPr fullPrecision="0" '),
    "iterative calculation": (r"<calcPr ", '<calcPr iterate="1" '),
    "R1C1 references": (r"<calcPr ", '<calcPr refMode="R1C1" '),
    "the 1904 system": (r"<workbookPr", '<workbookPr date1904="1"'),
    "a hidden window": (r'visibility="visible"', 'visibility="hidden"'),
}


def a_setting(whole: Healthy, rng: Random) -> Mutant:
    kind = rng.choice(list(SETTINGS))
    pattern, text = SETTINGS[kind]
    return Mutant(kind, {WORKBOOK: re.sub(pattern, text, whole.text(WORKBOOK), count=1)}, whole.layout["guide"].title, frozenset())


def a_setting_of_a_sheet(whole: Healthy, rng: Random) -> Mutant:
    title = rng.choice([p.title for p in whole.layout.values() if p.blocks])
    attribute = rng.choice(['transitionEvaluation="1"', 'enableFormatConditionsCalculation="0"'])
    kind = "Lotus's rules" if attribute.startswith("t") else "colours that stand still"
    xml = whole.sheet(title).replace("<sheetPr", f"<sheetPr {attribute}", 1)
    return Mutant(kind, {whole.book.paths[title]: xml}, title, frozenset([None]))


# ---- cells that another cell fills ----


def an_array(whole: Healthy, rng: Random) -> Mutant:
    """The cell's own formula, entered as an array; over the cell alone or over its block."""
    placed, block = a_block(whole, rng, Computed)
    sheet, corner = placed.title, block.cells()[0]
    cell = rng.choice([corner, *block.cells()[:3]])
    formula = whole.book.sheets[sheet].formulas[cell].at(cell)[1:]
    where = a1(*cell)
    table = rng.random() < 0.3
    ref = where if cell != corner or rng.random() < 0.5 else a1_range(block).replace("$", "")
    kind = f't="dataTable" ref="{where}" dt2D="0" dtr="0" r1="A1"/>' if table else f't="array" ref="{ref}">{escape(formula)}</f>'
    value = whole.book.sheets[sheet].values.get(cell)
    text = ' t="str"' if isinstance(value, str) else ""
    old = f"<v>{escape(str(value))}</v>" if value is not None else ""
    parts = replaced(whole, sheet, where, lambda _: f'<c r="{where}"{text}><f {kind}{old}</c>')
    kind = "a data table" if table else "an array formula"
    return Mutant(kind, parts, sheet, frozenset([where]), formula, refusal=whole.book.paths[sheet])  # if others share its formula


# ---- names ----


def a_decoy_name(whole: Healthy, rng: Random) -> Mutant:
    """A computed cell far below; where a person reads, its number or another one stands."""
    singles = [
        (p, b) for p in whole.layout.values() for b in p.blocks if b.height * b.width == 1 and isinstance(p.parts[b.part], Computed)
    ]
    placed, block = rng.choice(singles)
    where, far = a1(block.row, block.col), f"B{rng.randint(205, 900)}"
    name, sheet = placed.defined_name(block), placed.title
    formula = whole.book.sheets[sheet].formulas[block.row, block.col].at((block.row, block.col))[1:]
    parts = replaced(whole, sheet, where, lambda xml: re.sub(r"<f>.*?</f>", "", xml))
    path = whole.book.paths[sheet]
    row = f'<row r="{far[1:]}"><c r="{far}"><f>{escape(formula)}</f></c></row></sheetData>'
    parts[path] = parts[path].replace("</sheetData>", row)
    place = f"{sheet_prefix(sheet)}$B${far[1:]}"
    parts[WORKBOOK] = re.sub(
        rf'(<definedName name="{re.escape(name)}">)[^<]*', lambda m: m[1] + escape(place), whole.text(WORKBOOK)
    )
    return Mutant("a name that leads to a decoy", parts, sheet, frozenset([name, where, far]), place)


def names_exchanged(whole: Healthy, rng: Random) -> Mutant:
    """Two blocks of one part and size, each under the other's name."""
    alike: dict[tuple[str, str, int, int], list[str]] = {}
    for placed in whole.layout.values():
        for block in placed.blocks:
            alike.setdefault((placed.title, block.part, block.height, block.width), []).append(placed.defined_name(block))
    (sheet, *_), names = rng.choice([(k, v) for k, v in alike.items() if len(v) > 1])
    a, b = rng.sample(names, 2)
    xml, places = whole.text(WORKBOOK), {n: unescape(p) for n, p in whole.book.names.items()}
    for name, place in ((a, places[b]), (b, places[a])):
        xml = re.sub(rf'(<definedName name="{re.escape(name)}">)[^<]*', lambda m: m[1] + escape(place), xml)  # noqa: B023
    return Mutant("names exchanged", {WORKBOOK: xml}, sheet, frozenset(), f"{a}, {b}")


def a_local_name(whole: Healthy, rng: Random) -> Mutant:
    """A name of one sheet that hides the workbook's there."""
    name = rng.choice([n for n in whole.book.names if not n.startswith("_")])
    sheet = whole.book.names[name].rpartition("!")[0].strip("'")
    number, other = rng.choice(list(enumerate(whole.book.sheets)))
    place = f"{escape(sheet_prefix(sheet))}$B$300"
    local = f'<definedName name="{name}" localSheetId="{number}">{place}</definedName></definedNames>'
    xml = whole.text(WORKBOOK).replace("</definedNames>", local)
    return Mutant("a name of one sheet", {WORKBOOK: xml}, sheet, frozenset([name]), other, also=other)


SETTING: tuple[Damage, ...] = (
    a_live_constant, a_setting, an_array, a_decoy_name, a_live_constant, a_setting_of_a_sheet, names_exchanged, a_local_name,
)  # fmt: skip
