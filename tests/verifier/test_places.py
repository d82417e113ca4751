"""The cell that a person reads is the cell that is verified: names that lead to a decoy are named; what moved honestly is not."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.conftest import parts_of, write_parts
from tests.verifier.helpers import BOOK, LAYOUT, Short, described_of, with_cell, with_name, with_part
from xlcnn import verify
from xlcnn.grid.formulas import TOKEN
from xlcnn.grid.references import a1, column, column_number, split_area, split_cell
from xlcnn.verifier.places import place_problems
from xlcnn.xlsx.reader import read_book

AREA = re.compile(r'(<(?:mergeCell|hyperlink) ref=")([^"]*)')
CORNER = re.compile(r"([A-Z]+)([0-9]+)")
CELL = re.compile(r'<c r="([A-Z]+)(\d+)"')
ROW = re.compile(r'<row r="(\d+)"')
FORMULA = re.compile(r'(<c r="(\w+)"[^>]*>)<f[^>]*?(?:/>|>[^<]*</f>)')
ANCHOR = re.compile(r"(<(?:\w+:)?col>)(\d+)")
COLS = re.compile(r'(?<= )min="(\d+)" max="(\d+)"')


def told(path: Path) -> list[Short]:
    """What is said of places, without recalculating."""
    return [(p.kind, p.sheet, p.cell) for p in place_problems(described_of(path))]


# ---- rows and columns inserted, as a spreadsheet program does it ----


def inserted(source: Path, target: Path, title: str, row: int, rows: int, col: int = 1, columns: int = 0) -> Path:
    """A copy in which `rows` rows above `row` of a tab, and `columns` before `col`, were inserted; a negative number deletes.

    Every formula and name that reads the tab follows. Shared formulas are spelled out first.
    """
    book = read_book(source.read_bytes())
    parts = parts_of(source)

    def there(text: str, home: str) -> str:
        """A formula, on the tab `home`, after the change."""
        out, end, sheet = [], 0, home
        for match in TOKEN.finditer(text):
            between = text[end : match.start()]
            named = re.search(r"([A-Za-z0-9_]+)!$", between)
            sheet = match[2][1:-2] if match[2] else named[1] if named else sheet if between == ":" else home
            out.append(between)
            end = match.end()
            out.append(place(match) if match[4] and sheet == title else match[0])
        return "".join([*out, text[end:]])

    def place(match: re.Match[str]) -> str:
        return moved(column_number(match[4]), int(match[6]), match[3], match[5])

    def moved(c: int, r: int, fixed_col: str = "", fixed_row: str = "") -> str:
        return f"{fixed_col}{column(c + columns * (c >= col))}{fixed_row}{r + rows * (r >= row)}"

    def shifted(c: int) -> int:
        return c + columns * (c >= col)

    for name, path in book.paths.items():
        formulas = book.sheets[name].formulas

        def spelled(match: re.Match[str]) -> str:
            cell = split_cell(match[2])
            text = there(formulas[cell].at(cell)[1:], name)  # noqa: B023
            return f"{match[1]}<f>{text.replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;')}</f>"

        xml = FORMULA.sub(spelled, parts[path].decode())
        if name == title:
            xml = ROW.sub(lambda m: f'<row r="{int(m[1]) + rows * (int(m[1]) >= row)}"', xml)
            xml = CELL.sub(lambda m: f'<c r="{moved(column_number(m[1]), int(m[2]))}"', xml)
            xml = AREA.sub(lambda m: m[1] + CORNER.sub(lambda c: moved(column_number(c[1]), int(c[2])), m[2]), xml)
            xml = COLS.sub(lambda m: f'min="{shifted(int(m[1]))}" max="{shifted(int(m[2]))}"', xml)
            xml = re.sub(r"<conditionalFormatting.*</conditionalFormatting>|<dataValidations.*</dataValidations>", "", xml)
        parts[path] = xml.encode()
    drawing = re.search(rb"drawings/\w+[.]xml", parts.get(f"xl/worksheets/_rels/{Path(book.paths[title]).name}.rels", b""))
    if drawing:
        part = f"xl/{drawing[0].decode()}"
        xml = ANCHOR.sub(lambda m: m[1] + str(shifted(int(m[2]) + 1) - 1), parts[part].decode())
        parts[part] = xml.encode()
    for part in (name for name in parts if name.startswith("xl/charts/chart")):
        parts[part] = re.sub(r"(?<=<f>)[^<]*", lambda m: there(m[0].replace("'", ""), ""), parts[part].decode()).encode()
    names = re.sub(r"(?<=>)[^<>]*![^<>]*(?=</definedName>)", lambda m: there(m[0], ""), parts[BOOK].decode())
    return write_parts(parts | {BOOK: names.encode()}, target)


HONEST = {
    "a row above everything": ("Guide", 1, 1, 1, 0),
    "three rows above the blocks": ("Pool", 5, 3, 1, 0),
    "a row between two maps": ("Pool", 14, 1, 1, 0),
    "ten rows between two blocks of weights": ("Dense", 9, 10, 1, 0),
    "a column before everything": ("Pool", 1, 0, 1, 1),
    "columns between in and out": ("Pool", 1, 0, 10, 4),
    "rows and columns": ("Softmax", 5, 2, 1, 2),
    "rows between the answer and how sure": ("Guide", 22, 5, 1, 0),
    "columns between the picture and the answer": ("Guide", 1, 0, 20, 3),
    "a row above the list of About": ("About", 3, 2, 1, 0),
    "rows between a caption and its map": ("Pool", 6, 2, 1, 0),
    "a row between one caption and its map": ("Pool", 15, 1, 1, 0),
    "a row above the shapes in the Overview": ("Overview", 9, 1, 1, 0),
    "a column through the cells of one number": ("Softmax", 1, 0, 8, 1),
    "columns through a warning": ("Conv", 1, 0, 30, 2),
}


@pytest.mark.parametrize(("title", "row", "rows", "col", "columns"), HONEST.values(), ids=HONEST)
def test_inserted_rows_and_columns_are_verified(
    small: Path, tmp_path: Path, title: str, row: int, rows: int, col: int, columns: int
) -> None:
    path = inserted(small, tmp_path / "inserted.xlsx", title, row, rows, col, columns)
    assert read_book(path.read_bytes()).names != read_book(small.read_bytes()).names
    assert told(path) == []
    assert verify(path, trials=0).problems == ()


# ---- decoys ----


def put(path: Path, title: str, cells: Mapping[str, str]) -> Path:
    """Other content in cells of a tab, which need not exist: ``{"AF9": "<v>7</v>"}``."""
    part = read_book(path.read_bytes()).paths[title]
    xml = parts_of(path)[part].decode()
    for where, content in cells.items():
        kind = ' t="str"' if content.startswith("<v>'") else ""
        xml = with_cell(xml, where, f'<c r="{where}"{kind}>{content.replace(chr(39), "")}</c>')
    return write_parts(parts_of(path) | {part: xml.encode()}, path)


def formula_of(small: Path, title: str, cell: str) -> str:
    return "<f>" + read_book(small.read_bytes()).sheets[title].formulas[split_cell(cell)].at(split_cell(cell))[1:] + "</f>"


def block(sheet: str, label: str) -> str:
    return next(a1(b.row, b.col) for b in LAYOUT[sheet].blocks if b.label == label)


ANSWER, SURE = block("guide", "prediction"), block("guide", "probability")
FAR = "B205"


def moved_answer(small: Path, tmp_path: Path, shown: str = "<v>7</v>", to: str = FAR) -> Path:
    """The Guide's answer is computed in row 205; where a person reads, another number stands."""
    path = with_name(small, tmp_path / "decoy.xlsx", "guide.prediction", f"Guide!{a1(*split_cell(to), fixed=True)}")
    return put(path, "Guide", {to: formula_of(small, "Guide", ANSWER), ANSWER: shown})


def test_the_answer_cannot_be_a_decoy(small: Path, tmp_path: Path) -> None:
    path = moved_answer(small, tmp_path)
    problem = verify(path, trials=0).problems[0]
    assert (problem.kind, problem.sheet, problem.cell) == ("name", "Guide", "guide.prediction")
    assert problem.expected == f"a place like {ANSWER}, beside the others"
    assert problem.found == "$B$205"


@pytest.mark.parametrize("shown", ["<v>7</v>", "<f>3+4</f>", "<v>'7</v>", "<v>'seven</v>", "<v>1</v>"])
@pytest.mark.parametrize("to", [FAR, "CZ9", "AK9", "AJ10", "AJ8"])
def test_nor_anywhere_else_whatever_is_shown(small: Path, tmp_path: Path, shown: str, to: str) -> None:
    assert ("name", "Guide", "guide.prediction") in told(moved_answer(small, tmp_path, shown, to))


def test_nor_with_words_above_it(small: Path, tmp_path: Path) -> None:
    path = put(moved_answer(small, tmp_path), "Guide", {"B204": "<v>'The answer</v>"})
    assert told(path) == [("name", "Guide", "guide.prediction")]


def test_how_sure_it_is_cannot_be_moved_below_a_decoy(small: Path, tmp_path: Path) -> None:
    """Nothing beside it tells its row: rows might have been inserted, were there not a number in them."""
    path = with_name(small, tmp_path / "decoy.xlsx", "guide.probability", "Guide!$AJ$224")
    path = put(path, "Guide", {"AJ224": formula_of(small, "Guide", SURE), SURE: "<v>0.99</v>"})
    assert told(path) == [("name", "Guide", SURE)]


@pytest.mark.parametrize("shown", ["<v>0.99</v>", "<v>'99 %</v>", "<v>'0,99</v>", "<f>0.99</f>"])
def test_whatever_reads_as_a_number_counts(small: Path, tmp_path: Path, shown: str) -> None:
    path = with_name(small, tmp_path / "decoy.xlsx", "guide.probability", "Guide!$AJ$224")
    path = put(path, "Guide", {"AJ224": formula_of(small, "Guide", SURE), SURE: "<v>'quite</v>", "AJ30": shown})
    assert told(path) == [("name", "Guide", "AJ30")]


def test_a_whole_sheet_cannot_be_moved_below_a_decoy(small: Path, tmp_path: Path) -> None:
    path = inserted(small, tmp_path / "decoy.xlsx", "Guide", 5, 200)
    assert told(path) == []
    assert told(put(path, "Guide", {ANSWER: "<v>7</v>"})) == [("name", "Guide", ANSWER)]


def test_nor_to_the_right_of_one(small: Path, tmp_path: Path) -> None:
    path = inserted(small, tmp_path / "decoy.xlsx", "Softmax", 1, 0, 2, 90)
    assert told(path) == []
    assert told(put(path, "Softmax", {"R6": "<v>0.99</v>"})) == [("name", "Softmax", "R6")]


def test_words_may_stand_in_inserted_rows(small: Path, tmp_path: Path) -> None:
    path = inserted(small, tmp_path / "noted.xlsx", "Pool", 5, 3)
    assert told(put(path, "Pool", {"B5": "<v>'Class 7b: look here</v>"})) == []


def test_numbers_may_stand_below_and_beside(small: Path, tmp_path: Path) -> None:
    path = inserted(small, tmp_path / "noted.xlsx", "Pool", 5, 3)
    assert told(put(path, "Pool", {"B300": "<v>5</v>", "ZZ7": "<f>1+1</f>"})) == []


@pytest.mark.parametrize(("cell", "text"), [("AU11", "7"), ("AV11", "3"), ("AU9", "3"), ("BA11", "0")])
def test_only_numbers_of_a_new_workbook_may_stand_where_rows_were_inserted(
    small: Path, tmp_path: Path, cell: str, text: str
) -> None:
    """The Overview says the shape of a vector in AU10: 3. A row was inserted above it."""
    path = inserted(small, tmp_path / "noted.xlsx", "Overview", 9, 1)
    assert told(path) == []
    assert told(put(path, "Overview", {cell: f"<v>'{text}</v>"})) == [("name", "Overview", cell)]


def test_a_caption_far_above_is_that_of_a_block_only_if_what_is_below_has_moved_too(small: Path, tmp_path: Path) -> None:
    title, (top, left), (bottom, right) = split_area(read_book(small.read_bytes()).names["input.map1"])
    lower = f"{title}!{a1(top + 1, left, fixed=True)}:{a1(bottom + 1, right, fixed=True)}"
    path = with_name(small, tmp_path / "moved.xlsx", "input.map1", lower)
    path = put(path, title, {a1(top, left + k): "" for k in range(right - left + 1)})
    assert told(path) == [("name", "Input", "input.map1")]


def cut(small: Path, tmp_path: Path, caption: bool, behind: bool, above: int = 5) -> Path:
    """The second map of Pool was cut and pasted beside everything, with its caption or not; numbers stay where it was or not."""
    title, (top, left), _ = split_area(read_book(small.read_bytes()).names["pool.map2"])
    path = with_name(small, tmp_path / "cut.xlsx", "pool.map2", f"{title}!$CA$6:$CC$8")
    places = {(y, x): (a1(top + y, left + x), a1(6 + y, 79 + x)) for y in range(3) for x in range(3)}
    path = put(path, title, {to: formula_of(small, title, old) for old, to in places.values()})
    if not behind:
        path = put(path, title, dict.fromkeys((old for old, _ in places.values()), ""))
    return put(path, title, {f"CA{above}": "<v>'map 2</v>"}) if caption else path


@pytest.mark.parametrize(("caption", "behind"), [(True, False), (False, False), (True, True), (False, True)])
def test_a_block_that_was_cut_and_pasted_has_its_caption_and_leaves_nothing(
    small: Path, tmp_path: Path, caption: bool, behind: bool
) -> None:
    expected = [] if caption and not behind else [("name", "Pool", "pool.map2")]
    assert told(cut(small, tmp_path, caption, behind)) == expected


def test_its_caption_stands_right_above_it(small: Path, tmp_path: Path) -> None:
    assert told(cut(small, tmp_path, caption=True, behind=False, above=4)) == [("name", "Pool", "pool.map2")]


def swapped(a: str, b: str) -> Callable[[Path, Path], Path]:
    """Two names that mean each other's cells."""

    def change(small: Path, tmp_path: Path) -> Path:
        places = read_book(small.read_bytes()).names
        path = with_name(small, tmp_path / "swapped.xlsx", a, places[b])
        return with_name(path, path, b, places[a])

    return change


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("pool.map1", "pool.map2"), ("pool.in1", "pool.in2"), ("dense.weights0.1", "dense.weights1.1"),
        ("softmax.score", "softmax.exp"), ("dense.bias", "dense.score"), ("overview.conv.1", "overview.conv.2"),
        ("conv.filter1.1", "conv.filter2.1"),
    ],
)  # fmt: skip
def test_names_that_were_swapped(small: Path, tmp_path: Path, a: str, b: str) -> None:
    found = told(swapped(a, b)(small, tmp_path))
    assert found
    assert {(kind, sheet) for kind, sheet, _ in found} == {("name", LAYOUT[a.partition(".")[0]].title)}


# ---- names of one sheet, relative names, tabs beside ----


def local(name: str, sheet: int, place: str) -> str:
    return f'<definedName name="{name}" localSheetId="{sheet}">{place}</definedName></definedNames>'


def with_local(small: Path, tmp_path: Path, *names: str) -> Path:
    book = parts_of(small)[BOOK].decode()
    for name in names:
        book = book.replace("</definedNames>", name)
    return write_parts(parts_of(small) | {BOOK: book.encode()}, tmp_path / "local.xlsx")


@pytest.mark.parametrize("name", ["guide.prediction", "GUIDE.Prediction", "conv.filter1.1", "about.kind"])
def test_a_name_of_one_sheet_that_hides_the_workbooks(small: Path, tmp_path: Path, name: str) -> None:
    path = with_local(small, tmp_path, local(name, 0, "Guide!$B$205"))
    (problem,) = verify(path, trials=0).problems
    assert (problem.kind, problem.sheet, problem.cell) == ("name", "Guide", name)
    assert "Name Manager" in problem.note


@pytest.mark.parametrize(
    ("name", "reference", "found"),
    [
        ("softmax.doubt", "Softmax!$R$6", [("name", "Softmax", "softmax.doubt")]),
        ("SOFTMAX.Doubt", "Softmax!$R$6:$R$9", [("name", "Softmax", "SOFTMAX.Doubt")]),
        ("my.doubt", "Softmax!$R$6", []), ("softmax", "Softmax!$R$6", []), ("softmax.doubt", "#REF!", []),
        ("softmax.doubt", "1", []),
    ],
)  # fmt: skip
def test_a_name_like_that_of_a_sheets_part_that_nobody_describes(
    small: Path, tmp_path: Path, name: str, reference: str, found: list[Short]
) -> None:
    """What was taken out of the description would still be shown, and nobody would check it."""
    text = f'<definedName name="{name}">{reference}</definedName></definedNames>'
    assert told(with_part(small, tmp_path / "named.xlsx", BOOK, "</definedNames>", text)) == found


def test_other_names_of_one_sheet_hide_nothing(small: Path, tmp_path: Path) -> None:
    path = with_local(small, tmp_path, local("mine", 0, "Guide!$B$205"), local("_xlnm.Print_Titles", 0, "Guide!$1:$2"))
    assert verify(path, trials=0).ok


@pytest.mark.parametrize("place", ["Guide!AF9", "Guide!$AF9", "Guide!AF$9", "Guide!AF9:AF9", "'Guide'!AF$9"])
def test_a_name_that_means_another_cell_from_each_cell(small: Path, tmp_path: Path, place: str) -> None:
    (problem, *_) = verify(with_name(small, tmp_path / "relative.xlsx", "guide.prediction", place), trials=0).problems
    assert (problem.kind, problem.cell) == ("missing", "guide.prediction")
    assert problem.expected == "a range of cells with $ before letters and numbers"


@pytest.mark.parametrize("kind", ["function", "vbProcedure", "xlm"])
def test_a_name_that_is_a_macro_is_no_range(small: Path, tmp_path: Path, kind: str) -> None:
    text = parts_of(small)[BOOK].decode().replace('name="guide.prediction"', f'name="guide.prediction" {kind}="1"')
    path = write_parts(parts_of(small) | {BOOK: text.encode()}, tmp_path / "macro.xlsx")
    assert [(p.kind, p.cell) for p in verify(path, trials=0).problems] == [("missing", "guide.prediction")]


@pytest.mark.parametrize("title", ["Guide", "GUIDE", "Gu\u0131de", "Gu\u0456de"])
def test_a_tab_beside_that_is_called_as_the_guide_is(small: Path, tmp_path: Path, title: str) -> None:
    """The Guide's names are on a tab called Answers; a tab that a person takes for the Guide shows something else."""
    parts = parts_of(small)
    text = parts[BOOK].decode()
    extra = re.search(r"<sheet [^>]*/>", text)
    assert extra
    decoy = extra[0].replace("Guide", title).replace('"rId1"', '"rId99"').replace('sheetId="1"', 'sheetId="99"')
    text = text.replace('name="Guide"', 'name="Answers"').replace(">Guide!", ">Answers!").replace(">'Guide'!", ">Answers!")
    parts[BOOK] = text.replace("<sheets>", "<sheets>" + decoy).encode()
    types = parts["[Content_Types].xml"].decode()
    kind = re.search(r'<Override PartName="/xl/worksheets/sheet1.xml"[^>]*>', types)
    assert kind
    parts["[Content_Types].xml"] = types.replace(kind[0], kind[0] + kind[0].replace("sheet1", "sheet99")).encode()
    relations = parts["xl/_rels/workbook.xml.rels"].decode()
    old = re.search(r'<Relationship [^>]*sheet1.xml"[^>]*>', relations)
    assert old
    new = old[0].replace("sheet1.xml", "sheet99.xml").replace('"rId1"', '"rId99"')
    parts["xl/_rels/workbook.xml.rels"] = relations.replace(old[0], old[0] + new).encode()
    sheet = re.sub(r"<(drawing|legacyDrawing) [^>]*/>", "", parts["xl/worksheets/sheet1.xml"].decode())
    path = write_parts(parts | {"xl/worksheets/sheet99.xml": sheet.encode()}, tmp_path / "beside.xlsx")
    assert told(path) == [("name", title, None)]
