"""What only Excel would refuse: every workbook that we make is held against these rules.

Excel is not at hand, and the other programs forgive what it does not. Each rule has its source in DESIGN: Microsoft's
[MS-XLSB] 2.5.98.98 and [MS-OI29500] 3.2.3.1.2–3, Excel's published limits, and the trackers of other writers.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from tests.conftest import parts_of
from tests.networks import branching, build, coloured, general_words, uneven, write_workbook
from tests.sheets.learning.lesson import write
from xlcnn import Network
from xlcnn.grid.formulas import complexity
from xlcnn.grid.references import split_cell
from xlcnn.sheets.words import Words

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"

EXCEL_2007 = {
    "ABS", "ADDRESS", "AND", "AVERAGE", "CHOOSE", "COUNT", "COUNTA", "COUNTIF", "EXP", "IF", "IFERROR", "INDEX", "INT",
    "COLUMN", "ISNUMBER", "LN", "MATCH", "MAX", "MIN", "OR", "ROW", "SUM", "SUMPRODUCT",
}  # fmt: skip
A1 = re.compile(r"[A-Za-z]{1,3}[0-9]+|[Rr][0-9]*[Cc][0-9]*")
FUNCTION = re.compile(r"([A-Za-z_][A-Za-z0-9_.]*)\(")


def mischievous(network: Network) -> Words:
    """Words that look like formulas."""
    words = general_words()
    sheet = {"title": "=1+1 is a title", "does": "words", "try": "@try"}
    step = {"title": "-1", "does": "=2", "try": "", "sheets": [network.layers[-1].name], "half": "+3", "corrects": "=4"}
    captions = words.data["captions"] | {"map": "=map {0}", "in": "-in"}
    sheets = {layer.name: sheet for layer in network.layers}
    return Words(words.path, {**words.data, "sheets": sheets, "steps": {"1": step}, "captions": captions})


def many() -> Network:
    """More maps than a formula can name, and links to each row of them."""
    conv = {"name": "conv", "kind": "conv2d", "inputs": ["input"], "filters": 2, "kernel": 2}
    relu = {"name": "relu", "kind": "relu", "inputs": ["input"]}
    softmax = {"name": "softmax", "kind": "softmax2d", "inputs": ["relu"]}
    dense = {"name": "dense", "kind": "dense", "inputs": ["softmax"], "units": 3}
    return build([{"name": "input", "kind": "input", "shape": [260, 2, 2]}, conv, relu, softmax, dense])


@pytest.fixture(scope="module", params=["lesson", "learning", "coloured", "branching", "uneven", "many"])
def parts(request: pytest.FixtureRequest, seven: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    if request.param == "lesson":
        return {"path": str(seven).encode(), **parts_of(seven)}
    if request.param == "learning":
        path = write(tmp_path_factory.mktemp("made") / "learning.xlsx")
        return {"path": str(path).encode(), **parts_of(path)}
    network = {"coloured": coloured, "branching": branching, "uneven": uneven, "many": many}[request.param]()
    path = write_workbook(network, tmp_path_factory.mktemp("made") / "other.xlsx", words=mischievous(network))
    return {"path": str(path).encode(), **parts_of(path)}


def sheets(parts: dict[str, bytes]) -> Iterator[ElementTree.Element]:
    for name, content in parts.items():
        if name.startswith("xl/worksheets/sheet"):
            yield ElementTree.fromstring(content)


def formulas(parts: dict[str, bytes]) -> Iterator[ElementTree.Element]:
    for sheet in sheets(parts):
        yield from sheet.iter(MAIN + "f")


def test_shared_formulas_stay_on_their_sheet(parts: dict[str, bytes]) -> None:
    shared = [f.text for f in formulas(parts) if f.get("t") == "shared" and f.text]
    assert shared, "there should be dragged formulas"
    for text in shared:
        assert not re.search(r"[!{}\[\]]", text), text


def test_every_shared_cell_lies_in_its_masters_range(parts: dict[str, bytes]) -> None:
    for sheet in sheets(parts):
        ranges: dict[str, str] = {}
        members: dict[str, list[str]] = {}
        for cell in sheet.iter(MAIN + "c"):
            f = cell.find(MAIN + "f")
            if f is not None and f.get("t") == "shared":
                if f.get("ref"):
                    assert f.get("si") not in ranges, "two masters share a number"
                    ranges[f.get("si", "")] = f.get("ref", "")
                members.setdefault(f.get("si", ""), []).append(cell.get("r", ""))
        for number, cells in members.items():
            first, _, last = ranges[number].partition(":")
            assert (cells[0], cells[-1]) == (first, last or first)


def test_no_array_formulas_and_only_functions_of_excel_2007(parts: dict[str, bytes]) -> None:
    for f in formulas(parts):
        assert f.get("t") in (None, "shared")
        assert set(FUNCTION.findall(f.text or "")) <= EXCEL_2007, f.text


def test_formulas_keep_to_excels_limits(parts: dict[str, bytes]) -> None:
    for f in formulas(parts):
        text = f.text or ""
        assert len(text) <= 8192
        arguments, levels = complexity(text)
        assert arguments <= 255
        assert levels <= 64
        assert "{" not in text


def test_conditional_formats_stay_on_their_sheet(parts: dict[str, bytes]) -> None:
    values = [v.get("val") or "" for s in sheets(parts) for v in s.iter(MAIN + "cfvo") if v.get("type") == "formula"]
    assert values
    for text in values:
        assert not re.search(r"[!{}]", text), text
        assert not re.search(r"(?<![$A-Z])[A-Z]{1,3}[0-9]", text), f"a relative reference in a colour scale: {text}"
        assert set(FUNCTION.findall(text)) <= EXCEL_2007
    for sheet in sheets(parts):
        for text in (f.text or "" for rule in sheet.iter(MAIN + "cfRule") for f in rule.iter(MAIN + "formula")):
            assert not re.search(r"[!{}]", text), text
            assert set(FUNCTION.findall(text)) <= {"ABS", "AND", "ROW", "COLUMN", "INT", "SUMPRODUCT"}
        for rule in sheet.iter(MAIN + "dataValidation"):
            assert not re.search(r"[!{}]", rule.findtext(MAIN + "formula1") or "")


def test_sheet_names_and_sizes(parts: dict[str, bytes]) -> None:
    book = ElementTree.fromstring(parts["xl/workbook.xml"])
    for sheet in book.iter(MAIN + "sheet"):
        name = sheet.get("name", "")
        assert 1 <= len(name) <= 31
        assert not set(name) & set("[]:*?/\\")
    for sheet in sheets(parts):
        for row in sheet.iter(MAIN + "row"):
            assert 1 <= int(row.get("r", "0")) <= 1_048_576
    styles = ElementTree.fromstring(parts["xl/styles.xml"])
    assert sum(1 for _ in styles.iterfind(f"{MAIN}cellXfs/*")) < 65_490


def test_defined_names_are_never_cells(parts: dict[str, bytes]) -> None:
    book = ElementTree.fromstring(parts["xl/workbook.xml"])
    names = [n.get("name", "") for n in book.iter(MAIN + "definedName") if not n.get("name", "").startswith("_xlnm.")]
    assert len(names) > 10
    for name in names:
        assert re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.]*", name)
        assert not A1.fullmatch(name)
        assert len(name) <= 255
    assert len({n.lower() for n in names}) == len(names)


def test_charts_show_their_axes(parts: dict[str, bytes]) -> None:
    for name, content in parts.items():
        if name.startswith("xl/charts/chart"):
            assert content.count(b'<delete val="0"') == 2, name


def test_texts_that_look_like_formulas_are_texts(parts: dict[str, bytes]) -> None:
    """A caption may start with ``=``: it is a shared string with a quote prefix, never a formula."""
    strings = re.findall(rb"<si><t[^>]*>(.*?)</t></si>", parts["xl/sharedStrings.xml"], re.DOTALL)
    styles = ElementTree.fromstring(parts["xl/styles.xml"])
    quoted = [x.get("quotePrefix") in ("1", "true") for x in styles.iterfind(f"{MAIN}cellXfs/*")]
    for sheet in sheets(parts):
        for cell in sheet.iter(MAIN + "c"):
            assert cell.get("t") != "inlineStr"
            if cell.get("t") == "s":
                text = strings[int(cell.findtext(MAIN + "v") or 0)]
                assert not text.startswith((b"=", b"+", b"-", b"@")) or quoted[int(cell.get("s", "0"))], text


def test_every_formula_cell_has_a_stored_result(parts: dict[str, bytes]) -> None:
    for sheet in sheets(parts):
        for cell in sheet.iter(MAIN + "c"):
            if cell.find(MAIN + "f") is not None:
                if cell.get("t", "n") == "str":  # words: a formula spelled out, the image's name
                    assert cell.findtext(MAIN + "v")
                    continue
                assert cell.get("t", "n") == "n"
                assert np.isfinite(float(cell.findtext(MAIN + "v") or "nan"))


def test_microsofts_validator_finds_nothing(parts: dict[str, bytes]) -> None:
    validator = pytest.importorskip("openxml_audit", reason="needs a newer lxml than the lowest that xlcnn takes")
    result = validator.OpenXmlValidator().validate(parts["path"].decode())
    assert result.is_valid
    assert not result.errors


def test_whatever_can_be_refused_is_refused_with_a_title_and_a_sentence(parts: dict[str, bytes]) -> None:
    """Excel shows 32 characters of a title and 255 of a message; without ``showErrorMessage`` it refuses nothing."""
    rules = [rule for sheet in sheets(parts) for rule in sheet.iter(MAIN + "dataValidation")]
    assert rules
    for rule in rules:
        assert rule.get("showErrorMessage") == "1"
        assert rule.get("errorStyle", "stop") == "stop"
        assert 1 <= len(rule.get("errorTitle", "")) <= 32
        assert 1 <= len(rule.get("error", "")) <= 255


def test_links_lead_to_sheets_that_are_there(parts: dict[str, bytes]) -> None:
    book = ElementTree.fromstring(parts["xl/workbook.xml"])
    names = {sheet.get("name", "") for sheet in book.iter(MAIN + "sheet")}
    links = [link.get("location", "") for sheet in sheets(parts) for link in sheet.iter(MAIN + "hyperlink")]
    assert len(links) > len(names), "at least a way back from each sheet"
    assert {link.rpartition("!")[0].strip("'") for link in links} <= names


def test_merged_cells_do_not_overlap(parts: dict[str, bytes]) -> None:
    for sheet in sheets(parts):
        cells: list[tuple[int, int]] = []
        for merged in sheet.iter(MAIN + "mergeCell"):
            first, last = (split_cell(c) for c in merged.get("ref", "").split(":"))
            cells += [(row, col) for row in range(first[0], last[0] + 1) for col in range(first[1], last[1] + 1)]
        assert len(cells) == len(set(cells))
