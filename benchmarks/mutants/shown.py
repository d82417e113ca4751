"""Every result is right, and something else is shown."""

from __future__ import annotations

import itertools
import re
from random import Random

from benchmarks.mutants.model import STYLES, Damage, Healthy, Mutant, a_block, cell_xml, escape, replaced
from xlcnn.grid.blocks import Block
from xlcnn.grid.references import a1, column
from xlcnn.layout.placed import PlacedSheet
from xlcnn.sheets.parts import Choice, Computed, Labels, Menu, Notice, Weight

# ---- formats, colours, sizes of the writing ----

LIES = (
    '"3"',
    "0.0;;",
    '[=7]"1";0',
    '0"3"',
    "[$3-409]",
    "0,",
    "0*9",
    "yyyy",
    "[h]",
    '[<100]"4"',
    "0.0,,",
    "\\3",
    '0.0" 9"',
    '[>6]"1";0',
    "0,.00",
    "#,.##0",
    "[$-F800]0.0",
    "[$-D000000]0.0",
    "(* 0.0",
    "<0.0",
)


HIDDEN_NOTICES = (";;;", ";;", '"all is well";;', '0"3";;"x"', "0;;")


def styled(whole: Healthy, sheet: str, cell: str, change: str, font: str = "", format_: str = "") -> dict[str, str]:
    """A cell whose style is its own, but for one attribute (``numFmtId="900"``), with a font or format added to the styles."""
    styles = whole.text(STYLES)
    if font:
        number = re.search(r'<fonts count="(\d+)"', styles)
        assert number
        change = f'fontId="{number[1]}"'
        styles = styles.replace(number[0], f'<fonts count="{int(number[1]) + 1}"').replace("</fonts>", font + "</fonts>")
    if format_:
        text = escape(format_).replace('"', "&quot;")
        styles = styles.replace("</numFmts>", f'<numFmt numFmtId="900" formatCode="{text}"/></numFmts>')
    old = cell_xml(whole.sheet(sheet), cell)[0]
    style = re.search(r' s="(\d+)"', old)
    body = re.search(r'<cellXfs count="(\d+)">(.*)</cellXfs>', styles)
    assert body
    looks = re.findall(r"<xf [^>]*?(?:/>|>.*?</xf>)", body[2])
    look = re.sub(rf'{change.partition("=")[0]}="\d+"', change, looks[int(style[1]) if style else 0], count=1)
    new = f'<cellXfs count="{len(looks) + 1}">{body[2]}{look}</cellXfs>'
    number_ = f' s="{len(looks)}"'
    plain = old.replace(style[0], "") if style else old
    parts = replaced(whole, sheet, cell, lambda _: plain.replace(f'r="{cell}"', f'r="{cell}"{number_}', 1))
    return parts | {STYLES: styles.replace(body[0], new)}


def a_format_that_lies(whole: Healthy, rng: Random) -> Mutant:
    placed, block = a_block(whole, rng, Computed, Weight, shown=True)
    notice = isinstance(placed.parts[block.part], Notice)  # 1 and nothing to be seen, or 0 and words
    cell, code = a1(*rng.choice(block.cells())), rng.choice(HIDDEN_NOTICES if notice else LIES)
    return shown(
        whole, "a number format that lies", placed, cell, styled(whole, placed.title, cell, 'numFmtId="900"', format_=code), code
    )


def shown(whole: Healthy, kind: str, placed: PlacedSheet, cell: str, parts: dict[str, str], now: str = "") -> Mutant:
    return Mutant(kind, parts, placed.title, frozenset([cell]), now)


def unreadable(whole: Healthy, rng: Random) -> Mutant:
    """White, or tiny."""
    placed, block = a_block(whole, rng, Computed, shown=True)
    cell = a1(*rng.choice(block.cells()))
    kind, font = rng.choice([
        ("white writing", '<font><name val="Arial"/><sz val="7"/><color rgb="FFFFFFFF"/></font>'),
        ("white writing", '<font><name val="Arial"/><sz val="12"/><color theme="0"/></font>'),
        ("tiny writing", '<font><name val="Arial"/><sz val="1"/><color rgb="FF000000"/></font>'),
    ])  # fmt: skip
    return shown(whole, kind, placed, cell, styled(whole, placed.title, cell, "", font=font), font)


def a_conditional_format(whole: Healthy, rng: Random) -> Mutant:
    """A rule of somebody's own that paints writing and ground alike, or shows another number."""
    placed, block = a_block(whole, rng, Computed, shown=True)
    cell = a1(*rng.choice(block.cells()))
    red = '<color rgb="FFFF0000"/>'
    look = rng.choice([
        f'<dxf><font>{red}</font><fill><patternFill patternType="solid"><bgColor rgb="FFFF0000"/></patternFill></fill></dxf>',
        '<dxf><numFmt numFmtId="190" formatCode="&quot;3&quot;"/></dxf>', '<dxf><numFmt numFmtId="190" formatCode="0,"/></dxf>',
        '<dxf><numFmt numFmtId="190" formatCode=";;;"/></dxf>',
    ])  # fmt: skip
    styles = whole.text(STYLES)
    count = re.search(r'<dxfs count="(\d+)">', styles)
    if not count:
        styles = re.sub(r"<dxfs[^>]*/>", '<dxfs count="0"></dxfs>', styles)
        count = re.search(r'<dxfs count="(\d+)">', styles)
    assert count
    styles = styles.replace(count[0], f'<dxfs count="{int(count[1]) + 1}">').replace("</dxfs>", look + "</dxfs>")
    rule = f'<cfRule type="expression" dxfId="{count[1]}" priority="99"><formula>TRUE</formula></cfRule>'
    xml = whole.sheet(placed.title)
    at = xml.index("<conditionalFormatting") if "<conditionalFormatting" in xml else after_cells(xml)
    xml = xml[:at] + f'<conditionalFormatting sqref="{cell}">{rule}</conditionalFormatting>' + xml[at:]
    parts = {whole.book.paths[placed.title]: xml, STYLES: styles}
    where = frozenset([cell, a1(block.row, block.col)])
    return Mutant("a conditional format that lies", parts, placed.title, where, look)


def after_cells(xml: str) -> int:
    """Where conditional formats stand in a sheet without any."""
    end = re.search(r"</sheetData>(<mergeCells.*?</mergeCells>)?", xml)
    assert end
    return end.end()


# ---- cells that cannot be seen ----


def a_row_of_no_height(whole: Healthy, rng: Random) -> Mutant:
    placed, block = a_block(whole, rng)
    row = rng.choice(block.cells())[0]
    height = rng.choice(["0.4", "1", "2"])
    tag = re.search(rf'<row r="{row}"[^>]*', whole.sheet(placed.title))
    assert tag
    new = re.sub(r' (ht|customHeight)="[^"]*"', "", tag[0]) + f' ht="{height}" customHeight="1"'
    return Mutant("a tiny row", part(whole, placed, tag[0], new), placed.title, frozenset(), f"row {row}")


def a_column_of_no_width(whole: Healthy, rng: Random) -> Mutant:
    placed, block = a_block(whole, rng)
    col = rng.choice(block.cells())[1]
    spans = re.finditer(r'<col width="([^"]+)" customWidth="1" min="(\d+)" max="(\d+)"/>', whole.sheet(placed.title))
    m = next(m for m in spans if int(m[2]) <= col <= int(m[3]))
    pieces = [(int(m[2]), col - 1, m[1]), (col, col, rng.choice(["0.05", "0.2", "0.4"])), (col + 1, int(m[3]), m[1])]
    new = "".join(f'<col width="{w}" customWidth="1" min="{a}" max="{b}"/>' for a, b, w in pieces if a <= b)
    return Mutant("a tiny column", part(whole, placed, m[0], new), placed.title, frozenset(), column(col))


def part(whole: Healthy, placed: PlacedSheet, old: str, new: str) -> dict[str, str]:
    return {whole.book.paths[placed.title]: whole.sheet(placed.title).replace(old, new, 1)}


def merged_cells(whole: Healthy, rng: Random) -> Mutant:
    """A cell of a block merged with its neighbour."""
    wide = [
        (p, b)
        for p in whole.layout.values()
        for b in p.blocks
        if b.rows * b.columns > 1 and not isinstance(p.parts[b.part], Labels)
    ]
    placed, block = rng.choice([(p, b) for p, b in wide if len(b.cells()) > 1])
    cells = block.cells()
    one, other = rng.choice([(a, b) for a, b in itertools.pairwise(cells) if a[0] == b[0] or a[1] == b[1]])
    area = f'<mergeCell ref="{a1(*one)}:{a1(*other)}"/>'
    xml = whole.sheet(placed.title)
    merges = f'</sheetData><mergeCells count="1">{area}</mergeCells>'
    new = re.sub(r"</mergeCells>", area + "</mergeCells>", xml) if "<mergeCells" in xml else xml.replace("</sheetData>", merges)
    return Mutant("merged cells", {whole.book.paths[placed.title]: new}, placed.title, frozenset([a1(*one), a1(*other)]), area)


VIEWS = {
    "a frozen screen": '<sheetView workbookViewId="0"><pane ySplit="90" topLeftCell="A91" state="frozen"/></sheetView>',
    "formulas instead of values": '<sheetView showFormulas="1" showGridLines="0" workbookViewId="0"/>',
    "zeros that do not show": '<sheetView showZeros="0" showGridLines="0" workbookViewId="0"/>',
    "frozen panes scrolled away": (
        '<sheetView topLeftCell="A95" workbookViewId="0"><pane ySplit="4" topLeftCell="A99" state="frozen"/></sheetView>'
    ),
}


def a_window(whole: Healthy, rng: Random) -> Mutant:
    kind = rng.choice(list(VIEWS))
    title = rng.choice([p.title for p in whole.layout.values() if p.blocks])
    xml = re.sub(r"<sheetView .*?</sheetView>", VIEWS[kind], whole.sheet(title), count=1)
    return Mutant(kind, {whole.book.paths[title]: xml}, title, frozenset([None]))


# ---- words, lists, links, charts ----


def a_list_of_other_words(whole: Healthy, rng: Random) -> Mutant:
    """The drop-down offers what is no choice."""
    places = [(p, b) for p in whole.layout.values() for b in p.blocks if isinstance(p.parts[b.part], Menu | Choice)]
    placed = rng.choice(places)[0]
    cells = {a1(b.row, b.col) for p, b in places if p is placed}
    lists = list(
        re.finditer(r"<dataValidation (?:(?!</dataValidation>).)*?type=\"list\".*?</dataValidation>", whole.sheet(placed.title))
    )
    m = rng.choice(lists)
    formula = rng.choice(['"sample 1,sample 99"', "$B$1:$B$3", "$A$300:$A$305", "nowhere"])
    new = re.sub(r"<formula1>.*?</formula1>", lambda _: f"<formula1>{escape(formula)}</formula1>", m[0])
    return Mutant("a list of other words", part(whole, placed, m[0], new), placed.title, frozenset(cells), formula)


def a_link_that_leads_elsewhere(whole: Healthy, rng: Random) -> Mutant:
    link = re.compile(r'<hyperlink ref="(\w+)" location="([^"]*)"')
    title = rng.choice([t for t in whole.book.sheets if link.search(whole.sheet(t))])
    m = rng.choice(list(link.finditer(whole.sheet(title))))
    other = rng.choice([t for t in whole.book.sheets if f"{t}!" not in m[2] and f"{t}'!" not in m[2]])
    new = f'<hyperlink ref="{m[1]}" location="{escape(sheet_place(other))}"'
    xml = whole.sheet(title).replace(m[0], new, 1)
    return Mutant("a link that leads elsewhere", {whole.book.paths[title]: xml}, title, frozenset([m[1]]), f"{m[2]} → {other}")


def sheet_place(title: str) -> str:
    return f"'{title}'!A1"


def a_chart_of_other_cells(whole: Healthy, rng: Random) -> Mutant:
    name = rng.choice([n for n in whole.raw if n.startswith("xl/charts/chart")])
    ranges = list(re.finditer(r"(<(?:val|cat|yVal|xVal)>.*?<f>)([^<]*)\$(\d+)(</f>)", whole.text(name)))
    m = rng.choice(ranges)
    new = f"{m[1]}{m[2]}${int(m[3]) - 1}{m[4]}"
    title = sheet_of_chart(whole, name)
    return Mutant("a chart of other cells", {name: whole.text(name).replace(m[0], new, 1)}, title, frozenset(), new[-60:])


def sheet_of_chart(whole: Healthy, chart: str) -> str:
    """The tab on which a chart is drawn."""
    drawing = next(n for n, x in whole.raw.items() if n.startswith("xl/drawings/_rels/") and f"/{chart}".encode() in x)
    drawing = drawing.replace("_rels/", "").removesuffix(".rels")
    sheet = next(n for n, x in whole.raw.items() if n.startswith("xl/worksheets/_rels/") and f"/{drawing}".encode() in x)
    sheet = sheet.replace("_rels/", "").removesuffix(".rels")
    return next(t for t, p in whole.book.paths.items() if p == sheet)


def a_chart_over_the_network(whole: Healthy, rng: Random) -> Mutant:
    name = rng.choice([n for n in whole.raw if n.startswith("xl/charts/chart")])
    title = sheet_of_chart(whole, name)
    placed = next(p for p in whole.layout.values() if p.title == title)
    block = rng.choice(placed.blocks)
    drawing = next(n for n, x in whole.raw.items() if n.startswith("xl/drawings/_rels/") and f"/{name}".encode() in x)
    drawing = drawing.replace("_rels/", "").removesuffix(".rels")
    place = f"<from><col>{block.col - 1}</col><colOff>0</colOff><row>{block.row - 1}</row><rowOff>0</rowOff></from>"
    xml = re.sub(r"<from>.*?</from>", place, whole.text(drawing), count=1)
    return Mutant("a chart over the network", {drawing: xml}, title, frozenset())


def exchanged(whole: Healthy, kind: str, title: str, one: str, other: str) -> Mutant:
    """The texts of two cells, each in the other's place, their styles kept."""
    xml = whole.sheet(title)
    texts = [re.search(r"<v>.*?</v>", cell_xml(xml, cell)[0]) for cell in (one, other)]
    for cell, text in zip((one, other), reversed(texts), strict=True):
        assert text
        old = cell_xml(xml, cell)
        xml = xml[: old.start()] + re.sub(r"<v>.*?</v>", text[0], old[0]) + xml[old.end() :]
    return Mutant(kind, {whole.book.paths[title]: xml}, title, frozenset([one, other]), f"{one}, {other}")


def choices_exchanged(whole: Healthy, rng: Random) -> Mutant:
    """The words of two choices; the picture or filter of each stays where it was."""
    options = {
        (p.title, p.parts[b.part].options) for p in whole.layout.values() for b in p.blocks if isinstance(p.parts[b.part], Menu)
    }  # type: ignore[attr-defined]
    title, name = rng.choice(sorted(options))
    placed = next(p for p in whole.layout.values() if p.title == title)
    block = next(b for b in placed.blocks if b.part == name)
    one, other = rng.sample(block.cells(), 2)
    return exchanged(whole, "choices exchanged", title, a1(*one), a1(*other))


def captions_exchanged(whole: Healthy, rng: Random) -> Mutant:
    """The captions of two blocks."""
    found = [(p, b) for p in whole.layout.values() for b in p.blocks if caption(whole, p, b)]
    placed, block = rng.choice(found)
    same = [b for p, b in found if p is placed and caption(whole, p, b) != caption(whole, placed, block)]
    if not same:
        return captions_exchanged(whole, rng)
    other = rng.choice(same)
    return exchanged(whole, "captions exchanged", placed.title, a1(block.row - 1, block.col), a1(other.row - 1, other.col))


def caption(whole: Healthy, placed: PlacedSheet, block: Block) -> str | None:
    """The words above a block."""
    cell = (block.row - 1, block.col)
    cells = whole.book.sheets[placed.title]
    value = cells.values.get(cell)
    inside = any(cell in b.cells() for b in placed.blocks)
    return value if isinstance(value, str) and cell not in cells.formulas and not inside else None


SHOWN: tuple[Damage, ...] = (
    a_format_that_lies, unreadable, a_row_of_no_height, a_column_of_no_width, merged_cells, a_window, a_list_of_other_words,
    a_link_that_leads_elsewhere, a_chart_of_other_cells, choices_exchanged, captions_exchanged, a_conditional_format,
    a_chart_over_the_network, a_format_that_lies, a_window,
)  # fmt: skip
