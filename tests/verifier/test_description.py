"""The workbook says itself what it is: on the sheet About, and by its defined names."""

import re
from pathlib import Path

import openpyxl
import pytest

from tests.conftest import LESSON, Damage, at, cell, parts_of, tab, write_parts
from tests.networks import coloured, write_workbook
from tests.verifier.helpers import (
    BOOK,
    LAYOUT,
    SMALL,
    changed,
    described_of,
    emptied,
    problems,
    small_at,
    to_text,
    with_name,
    with_part,
)
from xlcnn import Template, WorkbookError, verify
from xlcnn.grid.blocks import stack
from xlcnn.grid.references import a1, a1_range, split_area
from xlcnn.layout.placed import lay_out
from xlcnn.sheets.layers.relu import ReLU
from xlcnn.sheets.plan import TITLES, plan
from xlcnn.verifier.description import OLDER, Described, area, describe, place_by_names
from xlcnn.verifier.description import tab as tab_of
from xlcnn.verifier.places import place_problems
from xlcnn.verifier.report import PRESENTATION, Problem
from xlcnn.xlsx.reader import Book, SheetCells, read_book

LINES = [sheet.name for sheet in (p.sheet for p in LESSON.values()) if sheet.name not in TITLES]


# ---- what is right ----


def test_a_new_workbook_describes_the_sheets_that_it_was_made_of(seven: Path, template: Template) -> None:
    described = described_of(seven)
    assert described.plan.described == template.plan.described
    assert list(described.layout) == list(LESSON)
    for name, placed in described.layout.items():
        assert placed.blocks == LESSON[name].blocks, name


@pytest.mark.parametrize("network", [coloured(), SMALL], ids=["coloured", "small"])
def test_so_does_another(network: object, tmp_path: Path) -> None:
    described = described_of(write_workbook(network, tmp_path / "other.xlsx"))  # type: ignore[arg-type]
    assert described.plan.described == network.layers  # type: ignore[attr-defined]


def test_its_parts_are_where_its_names_say(seven: Path) -> None:
    described = described_of(seven)
    assert described.where["conv1", "output"].shape == (2, 26, 26, 2)
    assert a1(*described.where["conv1", "output"][0, 9, 3]) == cell("conv1", "output", (0, 9, 3))
    assert ("input", "samples") not in described.where, "what is read where it stands has no cells"
    assert described.sizes[tab("conv1")] == LESSON["conv1"].extent


def test_the_words_of_a_drop_down_are_read(seven: Path, template: Template) -> None:
    described = described_of(seven)
    options = template.words().data["sheets"]["conv1"]["options"]
    menu = described.layout["conv1"].parts["choice"]
    assert described.options("conv1", menu) == list(options.values())  # type: ignore[arg-type]


# ---- what somebody may have moved or renamed ----


def renamed(source: Path, target: Path, old: str, new: str) -> Path:
    """A copy whose tab has another name, with every formula that reads it, as a spreadsheet program does."""
    parts = parts_of(source)
    for name, content in parts.items():
        if name.endswith(".xml") and name.startswith("xl/") and name != "xl/sharedStrings.xml":
            text = re.sub(rf"(?<![A-Za-z0-9'])'?{re.escape(old)}'?!", f"'{new}'!", content.decode())
            parts[name] = (text.replace(f'name="{old}"', f'name="{new}"') if name == BOOK else text).encode()
    return write_parts(parts, target)


@pytest.mark.parametrize("sheet", ["input", "conv1", "softmax", "guide", "network", "about"])
def test_a_renamed_tab_is_found_by_its_names(seven: Path, tmp_path: Path, sheet: str) -> None:
    path = renamed(seven, tmp_path / "renamed.xlsx", tab(sheet), "Mein Blatt")
    report = verify(path, trials=0)
    assert report.ok, report.problems[:3]
    assert "Mein Blatt" in [s.sheet for s in report.sheets]
    assert tab(sheet) not in [s.sheet for s in report.sheets]


def test_words_need_not_follow_a_renamed_tab(seven: Path, tmp_path: Path) -> None:
    """No spreadsheet program changes words; those above the input's formulas name the gallery by its old tab."""
    path = renamed(seven, tmp_path / "renamed.xlsx", tab("samples"), "Mein Blatt")
    assert problems(path, trials=0) == []


def names(*places: str) -> Book:
    return Book(b"", {}, {}, {f"conv1.part{k}": place for k, place in enumerate(places)})


def test_the_tab_is_the_one_on_which_most_names_are() -> None:
    assert tab_of(names("A!$A$1", "B!$A$1:$B$2", "B!$C$1"), "conv1") == "B"
    assert tab_of(names("'Mein Blatt'!$A$1", "#REF!", "#REF!"), "conv1") == "Mein Blatt"
    assert tab_of(names("#REF!"), "conv1") is None
    assert tab_of(names("A!$A$1"), "conv11") is None


def test_a_block_that_was_cut_and_pasted_elsewhere_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its name and whatever reads it follow, as in every spreadsheet program."""
    network, path = coloured(), tmp_path / "moved.xlsx"
    with monkeypatch.context() as patch:
        patch.setattr(ReLU, "arrange", lambda self, p: stack([p["in"].maps(), p["output"].maps()], gap=3))
        write_workbook(network, path)
    fresh, described = lay_out(plan(network.layers)), described_of(path)
    assert described.layout["relu"].blocks != fresh["relu"].blocks
    report = verify(path, trials=1)
    assert report.ok, report.problems[:3]


def test_a_sheet_of_which_everything_moved_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "moved.xlsx"
    with monkeypatch.context() as patch:
        patch.setattr("xlcnn.layout.placed.LEFT", 5)
        write_workbook(SMALL, path)
    described = described_of(path)
    assert {b.col - f.col for n, p in described.layout.items() for b, f in zip(p.blocks, LAYOUT[n].blocks, strict=True)} == {3}
    assert list(place_problems(described)) == []
    assert [p for p in verify(path, trials=0).problems if p.kind not in PRESENTATION] == []  # the notes have not moved


# ---- names that are wrong ----


def test_a_deleted_name(seven: Path, tmp_path: Path) -> None:
    path = with_name(seven, tmp_path / "changed.xlsx", "conv1.filter1.1", None)
    assert problems(path) == [("missing", tab("conv1"), "conv1.filter1.1")]


def test_a_name_of_another_size(seven: Path, tmp_path: Path) -> None:
    block = next(b for b in LESSON["conv1"].blocks if b.label == "map1")
    shorter = a1_range(block).rpartition("$")[0] + f"${block.last[0] - 1}"
    path = with_name(seven, tmp_path / "changed.xlsx", "conv1.map1", f"{tab('conv1')}!{shorter}")
    (problem,) = verify(path).problems
    assert (problem.kind, problem.sheet, problem.cell) == ("size", tab("conv1"), "conv1.map1")
    assert problem.expected == "26 × 26 cells"
    assert problem.found == f"25 × 26 cells, {shorter.replace('$', '')}"


def test_a_name_on_another_sheet(seven: Path, tmp_path: Path) -> None:
    block = next(b for b in LESSON["relu1"].blocks if b.label == "map1")
    path = with_name(seven, tmp_path / "changed.xlsx", "relu1.map1", f"{tab('conv1')}!{a1_range(block)}")
    assert problems(path) == [("missing", tab("relu1"), "relu1.map1")]


PLACES = ["Nowhere!$A$1:$B$2", "#REF!", "[1]Conv1!$AR$6:$BQ$31", "Conv1!$BQ$31:$AR$6", "OFFSET(A1,1,1)", ""]


@pytest.mark.parametrize("place", PLACES)
def test_names_that_point_nowhere_are_named(seven: Path, tmp_path: Path, place: str) -> None:
    path = with_name(seven, tmp_path / "changed.xlsx", "conv1.map1", place)
    assert problems(path) == [("missing", tab("conv1"), "conv1.map1")]


@pytest.mark.parametrize("place", PLACES)
def test_so_are_those_of_the_description_itself(seven: Path, tmp_path: Path, place: str) -> None:
    path = with_name(seven, tmp_path / "changed.xlsx", "about.kind", place)
    ((kind, _, _),) = problems(path)
    assert kind == "missing"


def test_a_missing_sheet(seven: Path, tmp_path: Path) -> None:
    path = with_part(seven, tmp_path / "changed.xlsx", BOOK, rf'<sheet [^>]*name="{tab("relu1")}"[^>]*/>', "")
    assert problems(path) == [("missing", tab("relu1"), None)]


MOVED = [
    ("relu1", "relu1.map1"),
    pytest.param("draw", "draw.picture0.1", marks=pytest.mark.slow),
    pytest.param("samples", "samples.picture0.1", marks=pytest.mark.slow),
    ("conv1", "conv1.bias2"),
]


@pytest.mark.parametrize(("sheet", "name"), MOVED)
def test_a_name_that_was_moved_leads(seven: Path, tmp_path: Path, sheet: str, name: str) -> None:
    _, (top, left), (bottom, right) = split_area(read_book(seven.read_bytes()).names[name])
    lower = f"{tab(sheet)}!{a1(top + 1, left, True)}:{a1(bottom + 1, right, True)}"
    path = with_name(seven, tmp_path / "changed.xlsx", name, lower)
    report = verify(path, trials=0)
    first = report.problems[0]
    assert (first.kind, first.sheet, first.cell) == ("name", tab(sheet), name)
    if sheet != "draw":  # of its two blocks nobody can tell which one has moved
        assert first.expected == f"a place like {a1(top, left)}, beside the others"


@pytest.mark.parametrize("step", [(1, 0), (0, 1), (-1, 0)], ids=["down", "right", "up"])
@pytest.mark.parametrize("key", ["name", "kind", "reads", "options"])
def test_a_moved_name_of_the_description_is_noticed_there(seven: Path, tmp_path: Path, key: str, step: tuple[int, int]) -> None:
    _, (top, left), (bottom, right) = split_area(read_book(seven.read_bytes()).names[f"about.{key}"])
    place = f"{tab('about')}!{a1(top + step[0], left + step[1], True)}:{a1(bottom + step[0], right + step[1], True)}"
    found = problems(with_name(seven, tmp_path / "changed.xlsx", f"about.{key}", place), trials=0)
    assert found
    assert found[0][1] == tab("about")
    assert found[0][0] in ("missing", "description", "label", "name")


def test_a_name_alone_on_its_sheet_has_no_neighbours_to_be_moved_from(seven: Path) -> None:
    """So the whole sheet may stand elsewhere, and a single block is held against a new workbook's."""
    assert list(place_problems(described_of(seven))) == []


# ---- the description is wrong ----


def lies(sheet: str, column: str, text: str, seven: Path, tmp_path: Path) -> tuple[Problem, ...]:
    """The problems if a line of About says something else."""
    where = (tab("about"), cell("about", column, (LINES.index(sheet),)))
    return describe(read_book(changed(seven, tmp_path / "lies.xlsx", {where: to_text(text)}).read_bytes()))[1]


def lie(sheet: str, column: str, text: str, seven: Path, tmp_path: Path) -> Problem:
    """The first of them."""
    return lies(sheet, column, text, seven, tmp_path)[0]


CONV2 = "kernel {}; stride 1 × 1; padding 0 × 0 × 0 × 0; lens yes; filters 2; presets no"
LIES = [
    ("conv2", "kind", "conv3d", "unknown kind 'conv3d'"),
    ("conv2", "kind", "", "unknown kind ''"),
    ("conv2", "name", "two words", "a layer's name must be a word"),
    ("conv2", "name", "", "a layer's name must be a word"),
    ("conv2", "name", "guide", "no layer can be called guide"),
    ("conv2", "options", CONV2.format("3 × x"), "could not convert"),
    ("conv2", "options", CONV2.format("three"), "could not convert"),
    ("conv2", "options", CONV2.format("3 × 3 × 3"), "kernel must be a whole number or two"),
    ("conv2", "options", CONV2.format("0 × 3"), "kernel must lie between 1 and"),
    ("conv2", "options", CONV2.format("3 × 3") + "; colour 3", "unknown key colour"),
    ("conv2", "options", "", "kernel is missing"),
]


@pytest.mark.parametrize(("sheet", "column", "text", "reason"), LIES, ids=[f"{x[1]} {x[2][:20]}" for x in LIES])
def test_a_wrong_line_is_named(seven: Path, tmp_path: Path, sheet: str, column: str, text: str, reason: str) -> None:
    problem = lie(sheet, column, text, seven, tmp_path)
    assert (problem.kind, problem.sheet) == ("description", tab("about"))
    assert problem.cell == cell("about", "name", (LINES.index(sheet),))
    assert reason in str(problem.found)
    assert "\n" not in str(problem)


TOGETHER = [
    ("dense", "reads", "nobody", "no layer before it is called that"),
    ("dense", "reads", "softmax", "no layer before it is called that"),
    ("dense", "reads", "maxpool.colour", "maxpool has no colour"),
    ("dense", "reads", "", "reads no layer"),
    ("softmax", "reads", "maxpool", "reads a vector"),
    ("relu1", "kind", "input", "shape is missing"),
    ("conv2", "name", "conv1", "conv"),
    ("conv2", "options", CONV2.format("30 × 3"), "does not fit"),
]


@pytest.mark.parametrize(("sheet", "column", "text", "reason"), TOGETHER, ids=[f"{x[0]} {x[1]} {x[2][:9]}" for x in TOGETHER])
def test_sheets_that_do_not_fit_together_are_named(
    seven: Path, tmp_path: Path, sheet: str, column: str, text: str, reason: str
) -> None:
    problem = lie(sheet, column, text, seven, tmp_path)
    assert (problem.kind, problem.sheet) == ("description", tab("about"))
    assert reason in str(problem.found)


def test_a_line_that_describes_another_network_is_held_against_the_sheets(seven: Path, tmp_path: Path) -> None:
    problem, *others = lies("dense", "options", "units 11; evidence yes", seven, tmp_path)
    first = next(b for b in LESSON["dense"].blocks if b.part in ("unit", "weight", "bias", "product", "output"))
    assert (problem.kind, problem.sheet, problem.cell) == ("size", tab("dense"), f"dense.{first.label}")
    assert ("missing", "dense.weights10.1") in [(p.kind, p.cell) for p in others]


def test_a_number_where_a_text_must_be_is_read_as_one(damage: Damage) -> None:
    """Excel makes a number of it when somebody types 5 into the cell."""
    path = damage("about", "name", (0,), lambda xml: re.sub(r' t="\w+"', "", re.sub(r"<v>.*?</v>", "<v>5</v>", xml)))
    assert problems(path)[0][:2] == ("description", tab("about"))


def test_two_columns_of_different_height(seven: Path, tmp_path: Path) -> None:
    title, (top, left), (bottom, _) = split_area(read_book(seven.read_bytes()).names["about.reads"])
    path = with_name(seven, tmp_path / "changed.xlsx", "about.reads", f"{title}!{a1(top, left, True)}:{a1(bottom - 1, left, True)}")
    ((kind, sheet, _),) = problems(path)
    assert (kind, sheet) == ("missing", tab("about"))


def listing(rows: int) -> Book:
    """A workbook that lists so many sheets, all of them called x."""
    values = {(row, col): text for row in range(1, rows + 1) for col, text in enumerate(("x", "relu", "", ""), start=1)}
    keys = ("name", "kind", "reads", "options")
    places = {f"about.{key}": f"About!{a1(1, k, True)}:{a1(rows, k, True)}" for k, key in enumerate(keys, start=1)}
    return Book(b"", {"About": SheetCells(dict(values), {})}, {}, places)


def test_a_list_of_too_many_sheets_is_not_read() -> None:
    (problem,) = describe(listing(257))[1]
    assert problem.expected == "a list of sheets, as high in every column"
    (problem,) = describe(listing(256))[1]
    assert problem.kind == "description"


def test_a_description_without_an_input(small: Path, tmp_path: Path) -> None:
    """The line of the input is the first; here it says that it is a ReLU."""
    title, where = small_at("about", "kind", (0,))
    path = changed(small, tmp_path / "lies.xlsx", {(title, where): to_text("relu"), small_at("about", "options", (0,)): emptied})
    ((kind, sheet, _),) = problems(path)
    assert (kind, sheet) == ("description", LAYOUT["about"].title)


def test_what_about_says_is_compared_word_by_word(small: Path, tmp_path: Path) -> None:
    """A line that can be read, but that xlcnn would write in another way, is named at its cell."""
    where = small_at("about", "options", (1,))
    other = "presets yes; filters 2; lens yes; padding 1; stride 1; kernel 3"
    found = problems(changed(small, tmp_path / "other.xlsx", {where: to_text(other)}), trials=0)
    assert found == [("label", *where)]


def test_a_workbook_of_somebody_else(tmp_path: Path) -> None:
    path = tmp_path / "other.xlsx"
    openpyxl.Workbook().save(path)
    with pytest.raises(WorkbookError, match="was not made by xlcnn: nothing in it says which network it computes"):
        verify(path)


def test_a_workbook_of_an_older_version_is_answered_in_one_line(seven: Path, tmp_path: Path) -> None:
    parts = parts_of(seven)
    book = parts[BOOK].replace(b'<definedName name="about.', b'<definedName name="was.')
    older = f'<definedName name="{OLDER}">{tab("network")}!$B$5:$H$18</definedName></definedNames>'.encode()
    path = write_parts(parts | {BOOK: book.replace(b"</definedNames>", older)}, tmp_path / "older.xlsx")
    with pytest.raises(WorkbookError) as error:
        verify(path)
    assert str(error.value).startswith(f"{path} was made by an older version of xlcnn")
    assert "xlcnn make" in str(error.value)
    assert "\n" not in str(error.value)


def test_a_new_workbook_with_a_name_of_the_older_version_is_no_older_one(seven: Path, tmp_path: Path) -> None:
    older = f'<definedName name="{OLDER}">{tab("network")}!$B$5:$H$18</definedName></definedNames>'
    assert problems(with_part(seven, tmp_path / "both.xlsx", BOOK, "</definedNames>", older), trials=0) == []


# ---- its pieces ----


def test_an_area_is_a_range_on_a_sheet_that_exists() -> None:
    book = Book(b"", {"A": SheetCells({}, {})}, {}, {"x.a": "A!$B$2:$C$3", "x.b": "B!$B$2", "x.c": "A!$B$2"})
    assert area(book, "x.a") == ("A", (2, 2), (3, 3))
    assert area(book, "x.c") == ("A", (2, 2), (2, 2))
    for name in ("x.b", "x.d"):
        assert isinstance(area(book, name), Problem)


def test_blocks_go_where_the_names_say(small: Path) -> None:
    book = read_book(small.read_bytes())
    fresh = LAYOUT["softmax"]
    place = split_area(book.names["softmax.prediction"])
    elsewhere = book.names | {"softmax.prediction": f"{place[0]}!$ZZ$99"}
    placed, wrong = place_by_names(Book(b"", book.sheets, {}, elsewhere), fresh)
    assert wrong == ()
    assert placed.references("prediction") == "ZZ99"
    assert placed.references("output", 0) == fresh.references("output", 0)


def test_describing_gives_a_workbook_or_problems_never_both(seven: Path) -> None:
    described, wrong = describe(read_book(seven.read_bytes()))
    assert isinstance(described, Described)
    assert wrong == ()
    described, wrong = describe(Book(b"", {}, {}, {"about.name": "#REF!"}))
    assert described is None
    assert [p.kind for p in wrong] == ["missing"]


def test_the_tabs_of_the_lesson_are_those_of_the_names(seven: Path) -> None:
    book = read_book(seven.read_bytes())
    titles = {name: placed.title if placed.blocks else None for name, placed in LESSON.items()}
    assert {name: tab_of(book, name) for name in LESSON} == titles, "words alone have no names"
    assert at("guide", "prediction") == (tab("guide"), cell("guide", "prediction"))
