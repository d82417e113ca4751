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
from tests.networks import branching, coloured
from xlcnn.network import Network
from xlcnn.templates import Words, find_template
from xlcnn.workbook import picture_of, workbook_bytes

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"

EXCEL_2007 = {"SUMPRODUCT", "SUM", "MAX", "MIN", "EXP", "INDEX", "MATCH", "IF", "COUNTIF", "CHOOSE", "ADDRESS"}
A1 = re.compile(r"[A-Za-z]{1,3}[0-9]+|[Rr][0-9]*[Cc][0-9]*")
FUNCTION = re.compile(r"([A-Za-z_][A-Za-z0-9_.]*)\(")


def words_for(network: Network) -> Words:
    """The lesson's words, lent to layers that the lesson does not have."""
    words = find_template().words()
    sheet = {"title": "=1+1 is a title", "does": "words", "try": "@try"}
    sheets = {
        layer.name: {**sheet, "options": {key: f"@{key} {{0}}" for key, _ in layer.labels(network.parts[layer.name])}}
        for layer in network.layers
    }
    step = {"title": "-1", "does": "=2", "try": "", "sheets": [network.layers[-1].name], "half": "+3", "corrects": "=4"}
    return Words(words.path, {**words.data, "sheets": sheets, "steps": {"1": step}})


@pytest.fixture(scope="module", params=["lesson", "coloured", "branching"])
def parts(request: pytest.FixtureRequest, seven: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    if request.param == "lesson":
        return {"path": str(seven).encode(), **parts_of(seven)}
    network = {"coloured": coloured, "branching": branching}[request.param]()
    image = np.random.default_rng(0).uniform(size=network.input.shape)
    path = tmp_path_factory.mktemp("made") / "other.xlsx"
    path.write_bytes(workbook_bytes(network, image, picture_of(image), words_for(network)))
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
        assert text.count(",") < 255
        assert text.count("(") <= 64
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
            assert set(FUNCTION.findall(text)) <= {"AND", "ROW", "COLUMN"}
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
    assert len(styles.find(MAIN + "cellXfs") or ()) < 65_490


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
    quoted = [x.get("quotePrefix") in ("1", "true") for x in styles.find(MAIN + "cellXfs") or ()]
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
