"""What surrounds the formulas and may mislead: none of it changes a result, all of it changes what somebody sees."""

import re
from pathlib import Path

import pytest

from tests.conftest import LESSON, SEVEN, Damage, at, cell, parts_of, sheet_part, tab, with_formula, write_parts
from tests.verifier.helpers import BOOK, STRINGS, Short, described_of, problems, with_part
from xlcnn import make_workbook, verify
from xlcnn.grid.references import a1
from xlcnn.verifier.presentation import presentation_problems


def told(path: Path) -> list[Short]:
    """What is said of the looks of a workbook, without recalculating it."""
    return [(p.kind, p.sheet, p.cell) for p in presentation_problems(described_of(path))]


def test_nothing_misleads_in_a_new_workbook(seven: Path) -> None:
    assert told(seven) == []


def change(seven: Path, tmp_path: Path, sheet: str, pattern: str, text: str) -> list[Short]:
    part = sheet if "/" in sheet else sheet_part(sheet)
    return told(with_part(seven, tmp_path / "changed.xlsx", part, pattern, text))


# ---- hidden ----


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
@pytest.mark.parametrize("sheet", ["relu2", "guide"])
def test_a_hidden_sheet(seven: Path, tmp_path: Path, sheet: str, state: str) -> None:
    found = change(seven, tmp_path, BOOK, rf'(name="{tab(sheet)}"[^>]*state=")visible', rf"\1{state}")
    assert found == [("hidden", tab(sheet), None)]


@pytest.mark.parametrize("sheet", ["about", "draw", "boundary"])
def test_a_hidden_gallery_or_sheet_to_play_with_hides_nothing_of_the_network(seven: Path, tmp_path: Path, sheet: str) -> None:
    assert change(seven, tmp_path, BOOK, rf'(name="{tab(sheet)}"[^>]*state=")visible', r"\1hidden") == []


def test_a_hidden_row_is_told_once_for_each_block(seven: Path, tmp_path: Path) -> None:
    row = LESSON["relu1"].references.locate("in", 1, 6, 0)[0]
    found = change(seven, tmp_path, "relu1", rf'<row r="{row}"', f'<row r="{row}" hidden="1"')
    assert found == [("hidden", *at("relu1", part, (1, 6, 0))) for part in ("in", "output")]


def test_a_row_without_height_is_hidden_too(seven: Path, tmp_path: Path) -> None:
    row = LESSON["relu1"].references.locate("in", 1, 6, 0)[0]
    assert change(seven, tmp_path, "relu1", rf'<row r="{row}" ht="[^"]*"', f'<row r="{row}" ht="0"')


def test_hidden_columns(seven: Path, tmp_path: Path) -> None:
    first = LESSON["relu1"].references.locate("in", 0, 0, 0)[1]
    found = change(seven, tmp_path, "relu1", rf'(<col [^>]*min="{first}" max="\d+")/>', r'\1 hidden="1"/>')
    assert set(found) == {("hidden", *at("relu1", part, (c, 0, 0))) for part in ("in", "output") for c in (0, 1)}


def test_a_hidden_row_beside_the_network_is_nobodys_concern(seven: Path, tmp_path: Path) -> None:
    below = LESSON["relu1"].extent[0] + 1
    assert change(seven, tmp_path, "relu1", rf'<row r="{below}"', f'<row r="{below}" hidden="1"') == []


def test_a_hidden_cell_does_not_hide_that_it_is_wrong(damage: Damage) -> None:
    path = damage("relu1", "output", (0, 0, 1), with_formula("5"))  # the first cell's formula is the block's
    name, row = sheet_part("relu1"), LESSON["relu1"].references.locate("output", 0, 0, 1)[0]
    hidden = parts_of(path)[name].replace(b'<row r="%d"' % row, b'<row r="%d" hidden="1"' % row)
    write_parts(parts_of(path) | {name: hidden}, path)
    assert problems(path, trials=0)[0] == ("value", *at("relu1", "output", (0, 0, 1)))


# ---- calculation ----


def test_manual_calculation(seven: Path, tmp_path: Path) -> None:
    assert change(seven, tmp_path, BOOK, "<calcPr", '<calcPr calcMode="manual"') == [("manual", tab("guide"), None)]


# ---- colours ----


def test_colours_of_other_cells(seven: Path, tmp_path: Path) -> None:
    first, last = cell("relu1", "in", (0, 0, 0)), cell("relu1", "in", (0, 25, 25))
    before = re.sub(r"\d+$", lambda m: str(int(m[0]) - 1), last)
    found = change(seven, tmp_path, "relu1", rf'sqref="{first}:{last}', f'sqref="{first}:{before}')
    assert found == [("colours", tab("relu1"), first)]


def test_colours_whose_range_is_written_from_its_other_corner(seven: Path, tmp_path: Path) -> None:
    """Excel turns such a range round; here it reaches a column too far, and begins a row too late."""
    first, last = cell("functions", "sigmoid", (0,)), cell("functions", "sigmoid", (20,))
    row, col = LESSON["functions"].references.locate("sigmoid", 0)
    found = change(seven, tmp_path, "functions", f'sqref="{first}:{last}"', f'sqref="{a1(row + 1, col + 1)}:{last}"')
    assert found == [("colours", tab("functions"), first)]


def fixed(where: str) -> str:
    return re.sub(r"([A-Z]+)(\d+)", r"$\1$\2", where)


def test_colours_with_another_bound(seven: Path, tmp_path: Path) -> None:
    first, below = cell("relu1", "in", (0, 0, 0)), cell("relu1", "in", (0, 1, 0))
    start = 'val="-MAX(MAX('
    found = change(seven, tmp_path, "relu1", re.escape(start + fixed(first)), start + fixed(below))
    assert found == [("colours", tab("relu1"), first)]


def test_a_mark_for_another_row(seven: Path, tmp_path: Path) -> None:
    first = cell("maxpool", "in", (0, 0, 0))
    fixed = LESSON["maxpool"].references.fixed("in", 0, 0, 0)
    found = change(seven, tmp_path, "maxpool", re.escape(f"ROW()-ROW({fixed})+1"), f"ROW()-ROW({fixed})")
    assert found == [("colours", tab("maxpool"), first)]


def test_colours_that_were_removed_are_no_lie(seven: Path, tmp_path: Path) -> None:
    assert change(seven, tmp_path, "relu1", r"(?s)<conditionalFormatting.*</conditionalFormatting>", "") == []


def test_one_colour_scale_that_was_removed_is_none_either(seven: Path, tmp_path: Path) -> None:
    assert change(seven, tmp_path, "conv2", r"<conditionalFormatting .*?</conditionalFormatting>", "") == []


def test_a_rule_that_a_program_split_by_ranges_still_fits(seven: Path, tmp_path: Path) -> None:
    """Gnumeric and others write one rule per range."""
    name = sheet_part("relu1")
    xml = parts_of(seven)[name].decode()
    rule = re.search(r'<conditionalFormatting sqref="([^"]+)">(.*?)</conditionalFormatting>', xml)
    assert rule
    assert " " in rule[1]
    pieces = "".join(f'<conditionalFormatting sqref="{one}">{rule[2]}</conditionalFormatting>' for one in rule[1].split())
    path = write_parts(parts_of(seven) | {name: xml.replace(rule[0], pieces).encode()}, tmp_path / "split.xlsx")
    assert told(path) == []


def test_somebody_elses_rule_beside_the_network_is_no_lie(seven: Path, tmp_path: Path) -> None:
    rule = (
        '<conditionalFormatting sqref="XX1:XY9"><cfRule type="expression" priority="99"><formula>XX1=1</formula>'
        "</cfRule></conditionalFormatting>"
    )
    assert change(seven, tmp_path, "relu1", "<conditionalFormatting", f"{rule}<conditionalFormatting") == []


# ---- words ----


def shown(sheet: str) -> tuple[str, str]:
    """A formula that a sheet shows as text, of its first output: the cell and the formula."""
    return cell(sheet, "output", (0, 0, 0)), LESSON[sheet].explained[LESSON[sheet].references.locate("output", 0, 0, 0)]


def test_another_formula_as_text(seven: Path, tmp_path: Path) -> None:
    where, text = shown("relu1")
    other = text.replace(cell("relu1", "in", (0, 0, 0)), cell("relu1", "in", (0, 1, 0)))
    assert other != text
    ((kind, sheet, _),) = change(seven, tmp_path, STRINGS, re.escape(f"{where}:  {text}"), f"{where}:  {other}")
    assert (kind, sheet) == ("caption", tab("relu1"))


def test_the_formula_as_text_of_another_cell(seven: Path, tmp_path: Path) -> None:
    where, text = shown("relu1")
    ((kind, sheet, _),) = change(seven, tmp_path, STRINGS, re.escape(f"{where}:  {text}"), f"B2:  {text}")
    assert (kind, sheet) == ("caption", tab("relu1"))


@pytest.mark.parametrize("words", ["{where}:  {spaced}", "{where} holds what follows", "See {where}: {text}"])
def test_words_in_another_hand_are_no_lie(seven: Path, tmp_path: Path, words: str) -> None:
    """Spaces in the formula, a sentence that names a cell, other punctuation."""
    where, text = shown("relu1")
    new = words.format(where=where, text=text, spaced=text.replace(",", " , "))
    assert change(seven, tmp_path, STRINGS, re.escape(f"{where}:  {text}"), new) == []


def test_somebodys_notes_below_the_network_are_no_captions(seven: Path, tmp_path: Path) -> None:
    row = LESSON["relu1"].extent[0] + 5
    note = f'<row r="{row}"><c r="B{row}" t="str"><v>{cell("relu1", "output", (0, 0, 0))}:  =MIN(0,B6) is wrong, why?</v></c></row>'
    assert change(seven, tmp_path, "relu1", "</sheetData>", f"{note}</sheetData>") == []


def test_in_any_language(tmp_path: Path) -> None:
    make_workbook(SEVEN, tmp_path / "siete.xlsx", language="es")
    assert verify(tmp_path / "siete.xlsx", trials=0).ok
