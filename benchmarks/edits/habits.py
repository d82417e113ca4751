"""What people do to any workbook: hide a sheet that they do not need, group rows, format, protect, note, copy, translate."""

from __future__ import annotations

import re
from random import Random

from benchmarks.edits.draft import Draft, Edit, a_title, blocks_of, one_more, restyled
from benchmarks.edits.looks import a_format, in_sheet, unbounded
from benchmarks.edits.structure import RELATIONS
from benchmarks.mutants.model import STRINGS, WORKBOOK, escape
from benchmarks.mutants.shown import after_cells
from xlcnn.grid.references import a1
from xlcnn.sheets.overview import WITHOUT_NUMBER
from xlcnn.sheets.parts import Choice, Computed, Menu, Weight
from xlcnn.verifier.presentation import SPARE

#: As the buttons of Excel and LibreOffice write them, and as people do.
FORMATS = (
    "# ?/?", "# ??/??", "# ?/8", "# ?/100", "#\\ ##0.00", "#\u00a0##0.00", "0.0\\ %", '0.0" px"', '0.00\\ "€"', '"w = "0.00',
    '_-* #,##0.00_-;\\-* #,##0.00_-;_-* "-"??_-;_-@_-', '_($* #,##0.00_);_($* \\(#,##0.00\\);_($* "-"??_);_(@_)',
    '_-* #,##0.00\\ "€"_-;\\-* #,##0.00\\ "€"_-;_-* "-"??\\ "€"_-;_-@_-', "#,##0.00_);[Red](#,##0.00)", "##0.0E+0",
    "[$-407]#,##0.00", "[Color10]0.0;[Red]-0.0;0.0", "#'##0.00", "0.###",
)  # fmt: skip
ANSWERS = ('"digit "0', '"Ziffer "0', '"chiffre "0', "0.0", "# ?/?")


def usual_formats(draft: Draft, rng: Random) -> None:
    """Fractions, money, thousands of one's own country, a name before the number."""
    a_format(draft, rng, FORMATS)


def the_answer_in_words(draft: Draft, rng: Random) -> None:
    """``digit 7`` in the place of 7."""
    guide = draft.whole.layout["guide"]
    block = next(b for b in guide.blocks if b.label == "prediction")
    a_format(draft, rng, ANSWERS, (guide, block))


def a_hidden_sheet(draft: Draft, rng: Random) -> None:
    """One to play with, a gallery, or the description."""
    title = rng.choice([p.title for p in draft.whole.layout.values() if p.sheet.group in SPARE])
    state = rng.choice(["hidden", "veryHidden"])
    new = rf"\g<1>{state}"
    draft.change(WORKBOOK, lambda xml: re.sub(rf'(<sheet [^>]*name="{escape(title)}"[^>]*state=")visible', new, xml))


def grouped_rows(draft: Draft, rng: Random) -> None:
    """An outline that is unfolded."""
    path = draft.path(a_title(draft, rng))
    draft.change(path, lambda xml: re.sub(r'<row r="(\d+)"', lambda m: m[0] + ' outlineLevel="1"' * (5 < int(m[1]) < 12), xml))


def hidden_below(draft: Draft, rng: Random) -> None:
    """An empty row below everything is hidden."""
    placed = rng.choice([p for p in draft.whole.layout.values() if p.blocks])
    new = '<row r="995" hidden="1" customHeight="1" ht="15"/></sheetData>'
    draft.sheet(placed.title, lambda xml: unbounded(xml).replace("</sheetData>", new, 1) if 'r="995"' not in xml else xml)


def hidden_beside(draft: Draft, rng: Random) -> None:
    """Empty columns right of everything are hidden."""
    placed = rng.choice([p for p in draft.whole.layout.values() if p.blocks])
    draft.sheet(placed.title, lambda xml: xml.replace("</cols>", '<col min="900" max="16384" width="9" hidden="1"/></cols>', 1)
                if 'min="900"' not in xml else xml)  # fmt: skip


def numbers_of_ones_own(draft: Draft, rng: Random) -> None:
    """A table of one's own below everything, with formulas that read the network."""
    placed, block = rng.choice(blocks_of(draft, Computed))
    row, cell = rng.randint(800, 880), a1(block.row, block.col)
    cells = f'<c r="B{row}"><v>3</v></c><c r="C{row}"><f>{cell}*2+B{row}</f></c><c r="D{row}"><f>TODAY()</f></c>'
    new = f'<row r="{row}">{cells}</row>'
    draft.sheet(placed.title, lambda xml: unbounded(xml).replace("</sheetData>", new + "</sheetData>", 1)
                if not re.search(r'<row r="(?:8|9)\d\d"', xml) else xml)  # fmt: skip


def translated(draft: Draft, rng: Random) -> None:
    """Every caption and sentence in a language that xlcnn has no words of; formulas shown as text, choices and names stay."""
    kept = re.compile(r":  =|^[A-Za-z0-9_]+$|^\W*$")
    labels = {
        str(value)
        for placed in draft.whole.layout.values()
        for part in placed.parts.values() if part.is_text
        for row, col in placed.positions(part.name).reshape(-1, 2).tolist()
        if (value := draft.whole.book.sheets[placed.title].values.get((row, col))) is not None
    }  # fmt: skip

    def new(m: re.Match[str]) -> str:
        return m[0] if kept.search(m[2]) or m[2] in labels else f"{m[1]}{m[2][::-1].replace(';', ',').replace('&', 'e')}</t>"

    draft.change(STRINGS, lambda xml: re.sub(r"(<t[^>]*>)([^<&]{4,})</t>", new, xml))


def relaxed_rules(draft: Draft, rng: Random) -> None:
    """What may be typed is only recommended: a warning in place of a refusal."""
    draft.sheet(a_title(draft, rng), lambda xml: re.sub(r'errorStyle="\w+"', 'errorStyle="warning"', xml) if "errorStyle" in xml
                else xml.replace("<dataValidation ", '<dataValidation errorStyle="warning" '))  # fmt: skip


def a_rule_for_typing(draft: Draft, rng: Random) -> None:
    """Weights between −9 and 9, with a sentence."""
    placed, block = rng.choice(blocks_of(draft, Weight))
    area = f"{a1(block.row, block.col)}:{a1(*block.last)}"
    new = (
        f'<dataValidations count="1"><dataValidation type="decimal" allowBlank="1" showErrorMessage="1" error="too large" '
        f'sqref="{area}"><formula1>-9</formula1><formula2>9</formula2></dataValidation></dataValidations>'
    )
    draft.sheet(placed.title, lambda xml: re.sub(r"<dataValidations.*</dataValidations>", lambda _: new, xml))


def theme(draft: Draft, rng: Random) -> None:
    """Another theme: colours and fonts."""
    names = [name for name in draft.whole.raw if name.startswith("xl/theme/")]
    for name in names:
        font = rng.choice(["Georgia", "Aptos", "Verdana"])
        draft.change(name, lambda xml: re.sub(r'<a:latin typeface="[^"]+"', f'<a:latin typeface="{font}"', xml))  # noqa: B023
        colour = f"{rng.randrange(16**6):06X}"
        draft.change(name, lambda xml: re.sub(r"(<a:accent\d><a:srgbClr val=\")[0-9A-F]{6}", rf"\g<1>{colour}", xml))  # noqa: B023


def highlighted(draft: Draft, rng: Random) -> None:
    """The ten largest, duplicates, what is above the average: red on rose."""
    look = one_more(draft, "dxfs", "<dxf><font><color rgb=\"FF9C0006\"/></font><fill><patternFill><bgColor rgb=\"FFFFC7CE\"/>"
                    "</patternFill></fill></dxf>")  # fmt: skip
    some = [(p, b) for p, b in blocks_of(draft, Computed, Weight) if p.parts[b.part].shown not in WITHOUT_NUMBER]
    placed, block = rng.choice(some)
    rule = rng.choice(['type="top10" rank="10"', 'type="duplicateValues"', 'type="aboveAverage"', 'type="uniqueValues"'])
    area = f"{a1(block.row, block.col)}:{a1(*block.last)}"
    new = f'<conditionalFormatting sqref="{area}"><cfRule {rule} dxfId="{look}" priority="99"/></conditionalFormatting>'

    def change(xml: str) -> str:
        at = after_cells(xml)
        return xml[:at] + new + xml[at:]

    draft.sheet(placed.title, change)


def centred(draft: Draft, rng: Random) -> None:
    """Numbers in the middle or at the left of their cells, bold, with a border."""
    placed, block = rng.choice(blocks_of(draft, Computed, Weight))
    side = rng.choice(["left", "center", "right"])
    border = one_more(
        draft, "borders", '<border><left style="thin"/><right style="thin"/><top style="thin"/><bottom style="thin"/></border>'
    )
    restyled(draft, placed.title, block.cells(), lambda xf: re.sub(
        r'borderId="\d+"', f'borderId="{border}"', re.sub(r'horizontal="\w+"', f'horizontal="{side}"', xf)
    ))  # fmt: skip


def print_titles(draft: Draft, rng: Random) -> None:
    """The first rows on every page, and a print area of one's own."""
    titles = list(draft.whole.book.sheets)
    k = rng.randrange(len(titles))
    name = "_xlnm.Print_Titles"
    if f'name="{name}" localSheetId="{k}"' in draft.text(WORKBOOK):
        return
    new = f'<definedName name="{name}" localSheetId="{k}">\'{escape(titles[k])}\'!$1:$4</definedName></definedNames>'
    draft.change(WORKBOOK, lambda xml: xml.replace("</definedNames>", new))


def a_copied_sheet(draft: Draft, rng: Random) -> None:
    """A sheet of the workbook copied within it, as Excel does: its formulas read what they read."""
    title = a_title(draft, rng)
    copy, path = f"{title} (2)", draft.path(title)
    if len(copy) > 31 or f'name="{escape(copy)}"' in draft.text(WORKBOOK):
        return
    new = "xl/worksheets/sheet991.xml"
    text = re.sub(r"<(?:drawing|legacyDrawing|hyperlinks|tableParts)\b[^>]*/>|<hyperlinks>.*</hyperlinks>", "", draft.text(path))
    draft.added[new] = re.sub(r' tabSelected="\w+"', "", text)
    kind = re.search(rf'<Override [^>]*PartName="/{re.escape(path)}"[^>]*/>', draft.text("[Content_Types].xml"))
    relation = re.search(r'<Relationship [^>]*relationships/worksheet"[^>]*/>', draft.text(RELATIONS))
    if not kind or not relation:
        return  # another edit has written the package in another way
    draft.change("[Content_Types].xml", lambda xml: xml.replace(kind[0], kind[0] + kind[0].replace(path, new)))
    its = re.sub(r'Target="[^"]*"', f'Target="/{new}"', re.sub(r'Id="\w+"', 'Id="rId991"', relation[0]))
    draft.change(RELATIONS, lambda xml: xml.replace(relation[0], relation[0] + its))
    old = re.search(r"<sheet [^>]*/>", draft.text(WORKBOOK))
    assert old
    tab = re.sub(r'(?<= name=")[^"]*', escape(copy), re.sub(r'(?<=r:id=")[^"]*', "rId991", old[0]))
    tab = re.sub(r'(?<=sheetId=")[^"]*', "991", re.sub(r'(?<=state=")[^"]*', "visible", tab))
    draft.change(WORKBOOK, lambda xml: xml.replace("</sheets>", f"{tab}</sheets>", 1))


def a_number_as_choice(draft: Draft, rng: Random) -> None:
    """A list of the numbers that may be chosen."""
    some = blocks_of(draft, Choice)
    if not some:
        return
    placed, block = rng.choice(some)
    part = placed.parts[block.part]
    assert isinstance(part, Choice)
    items = ",".join(str(n) for n in range(part.low, part.high + 1))
    new = (
        f'<dataValidations count="1"><dataValidation type="list" allowBlank="1" sqref="{a1(block.row, block.col)}">'
        f'<formula1>"{items}"</formula1></dataValidation></dataValidations>'
    )
    if len(items) < 250:
        draft.sheet(placed.title, lambda xml: re.sub(r"<dataValidations.*</dataValidations>", lambda _: new, xml))


def a_larger_choice(draft: Draft, rng: Random) -> None:
    """The cell with the choice is written large and bold on yellow."""
    some = blocks_of(draft, Menu, Choice)
    if some:
        placed, block = rng.choice(some)
        font = one_more(draft, "fonts", '<font><b val="1"/><sz val="14"/><color rgb="FF000000"/><name val="Arial"/></font>')
        fill = one_more(draft, "fills", '<fill><patternFill patternType="solid"><fgColor rgb="FFFFFF00"/></patternFill></fill>')
        restyled(draft, placed.title, block.cells(), lambda xf: re.sub(
            r'fillId="\d+"', f'fillId="{fill}"', re.sub(r'fontId="\d+"', f'fontId="{font}"', xf)
        ))  # fmt: skip


HABITS: dict[str, Edit] = {
    "fractions, money, thousands": usual_formats, "the answer in words": the_answer_in_words,
    "a hidden sheet to play with": a_hidden_sheet,
    "grouped rows": grouped_rows, "hidden rows below": hidden_below, "hidden columns beside": hidden_beside,
    "a table of one's own": numbers_of_ones_own, "translated captions": translated, "rules for typing relaxed": relaxed_rules,
    "a rule for typing": a_rule_for_typing, "another theme": theme, "highlights": highlighted, "borders, in the middle": centred,
    "print titles": print_titles, "a list for a number": a_number_as_choice, "a large choice": a_larger_choice,
    "large paper": in_sheet(r"<pageSetup [^>]*/>", lambda rng: '<pageSetup paperSize="8" orientation="portrait" fitToHeight="0"/>'),
    "another cell selected": in_sheet(
        r"<selection [^>]*/>", lambda rng: '<selection activeCell="C{0}" sqref="C{0}"/>'.format(rng.randint(5, 40))
    ),
}  # fmt: skip
COPIES: dict[str, Edit] = {"a sheet copied within the workbook": a_copied_sheet}  # when nothing moves or is renamed any more
