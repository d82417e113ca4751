"""Packages in which programs find different parts: each is refused in one line that names the part and the reason."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import parts_of, write_parts
from xlcnn import WorkbookError, verify
from xlcnn.xlsx.reader import read_book

BOOK, RELATIONS, TYPES, FIRST = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml", "_rels/.rels"
STRINGS, SHEET = "xl/sharedStrings.xml", "xl/worksheets/sheet5.xml"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"

Edit = Callable[[str], str]


def refusal(path: Path, words: str) -> None:
    with pytest.raises(WorkbookError, match=words) as error:
        verify(path, trials=0)
    assert "\n" not in str(error.value)
    assert str(error.value).startswith(str(path))


# ---- the archive ----


def archive(entries: list[tuple[str, bytes]], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive with these entries, twice the same or not."""
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", compression) as new:
        warnings.simplefilter("ignore")  # that a name is there twice
        for name, content in entries:
            new.writestr(name, content)
    return out.getvalue()


def more(*entries: tuple[str, bytes]) -> Callable[[dict[str, bytes]], bytes]:
    return lambda parts: archive([*parts.items(), *entries])


def before(data: bytes) -> Callable[[dict[str, bytes]], bytes]:
    return lambda parts: data + archive([*parts.items()])


def commented(parts: dict[str, bytes]) -> bytes:
    """An end of another archive in the comment of this one."""
    data = archive([*parts.items()])
    end = archive([("x", b"")])[-22:]
    return data[:-2] + len(end).to_bytes(2, "little") + end


def unlisted(parts: dict[str, bytes]) -> bytes:
    """A part that the directory does not list, where a program that reads from the beginning finds it."""
    data = archive([*parts.items()])
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        start = old.start_dir
    hidden = archive([(SHEET, b"<worksheet/>")])
    hidden = hidden[: hidden.index(b"PK\x01\x02")]
    end = bytearray(data[-22:])
    end[16:20] = (start + len(hidden)).to_bytes(4, "little")
    return data[:start] + hidden + data[start:-22] + bytes(end)


def overlapping(parts: dict[str, bytes]) -> bytes:
    """Two entries of the directory on one place: the second sheet's name on the first one's data."""
    data = bytearray(archive([*parts.items()], zipfile.ZIP_STORED))
    entry = data.rindex(b"xl/styles.xml") - 46
    size = int.from_bytes(data[entry + 20 : entry + 24], "little") + 100
    data[entry + 20 : entry + 24] = data[entry + 24 : entry + 28] = size.to_bytes(4, "little")
    return bytes(data)


ARCHIVES: dict[str, tuple[Callable[[dict[str, bytes]], bytes], str]] = {
    "a part there twice: first or last": (lambda p: archive([(SHEET, b"<worksheet/>"), *p.items()]), f"holds {SHEET} twice"),
    "a part whose name differs in capitals": (more(("xl/Worksheets/Sheet5.xml", b"<worksheet/>")), "differ in capitals only"),
    "the types in capitals": (more(("[CONTENT_TYPES].XML", b"<Types/>")), "differ in capitals only|in pieces"),
    "a name with a backslash": (more(("xl\\worksheets\\sheet5.xml", b"<worksheet/>")), "cannot be the name of a part"),
    "a name that ends at a zero byte": (
        lambda p: more(("xl/worksheets/sheetX.xml", b""))(p).replace(b"sheetX.xml", b"sheet\0.xml"), "cannot be the name of a part",
    ),
    "a name from the root": (more(("/xl/worksheets/sheet5.xml", b"<worksheet/>")), "cannot be the name of a part"),
    "a name through a folder above": (more(("xl/../xl/worksheets/sheet5.xml", b"")), "cannot be the name of a part"),
    "a name with an empty step": (more(("xl//worksheets/sheet5.xml", b"")), "cannot be the name of a part"),
    "a name that ends in a dot": (more(("xl/worksheets/sheet5.xml.", b"")), "cannot be the name of a part"),
    "a part in pieces": (more((f"{SHEET}/[0].piece", b""), (f"{SHEET}/[1].last.piece", b"")), "a part in pieces"),
    "another archive before this one": (before(archive([(SHEET, b"")])[:100]), "has other data around its parts"),
    "a program before the archive": (before(b"MZ" + b"\0" * 98), "has other data around its parts"),
    "the end of another archive in the comment": (commented, "has other data around its parts|can be read"),
    "a part that the directory does not list": (unlisted, "hides a part after"),
    "parts on top of one another": (overlapping, "on top of another part|can be read"),
    "a way to pack that Excel does not know": (lambda p: archive([*p.items()], zipfile.ZIP_BZIP2), "packed in another way"),
}  # fmt: skip


@pytest.mark.parametrize(("make", "words"), ARCHIVES.values(), ids=ARCHIVES)
def test_an_archive_in_which_programs_find_other_parts(
    small: Path, tmp_path: Path, make: Callable[[dict[str, bytes]], bytes], words: str
) -> None:
    path = tmp_path / "deceptive.xlsx"
    path.write_bytes(make(parts_of(small)))
    refusal(path, words)


def test_folders_and_other_files_in_an_archive_are_no_deception(small: Path, tmp_path: Path) -> None:
    """Somebody has unpacked and packed it: folders have entries, and macOS adds files of its own."""
    parts = parts_of(small)
    data = archive([("xl/", b""), ("xl/worksheets/", b""), *parts.items(), ("__MACOSX/._xl", b"x"), (".DS_Store", b"x")])
    (tmp_path / "packed.xlsx").write_bytes(data)
    assert verify(tmp_path / "packed.xlsx", trials=0).ok


# ---- relationships, content types, the workbook part ----


def add(text: str, end: str) -> Edit:
    return lambda xml: xml.replace(end, text + end)


def swap(pattern: str, text: str) -> Edit:
    return lambda xml: re.sub(pattern, lambda _: text, xml, count=1, flags=re.DOTALL)


def relation(number: str, kind: str, target: str, mode: str = "") -> str:
    return f'<Relationship Id="{number}" Type="{OFFICE}/{kind}" Target="{target}"{mode}/>'


OUTSIDE = ' TargetMode="External"'
SHEETS = f'<sheets><sheet xmlns:r="{OFFICE}" name="X" sheetId="99" r:id="rId5"/></sheets>'
NAME = '<definedName name="{}">Guide!$A$1</definedName>'
LINKED: dict[str, tuple[str, Edit, str]] = {
    "two workbooks: first or last": (
        FIRST, add(relation("rId9", "officeDocument", "xl/other.xml"), "</Relationships>"), "leads to more than one part",
    ),
    "a name that is a cell": (BOOK, add('<definedName name="cz99">Pool!$B$6</definedName>', "</definedNames>"), "is a cell itself"),
    "a name that is a cell in R1C1": (BOOK, add('<definedName name="R2C3">1</definedName>', "</definedNames>"), "cell itself"),
    "windows in a choice": (
        BOOK,
        add(f'<m:AlternateContent xmlns:m="{MC}"><m:Choice Requires="x"><bookViews/></m:Choice></m:AlternateContent>', "<sheets>"),
        "an element bookViews inside",
    ),
    "no workbook": (FIRST, swap("officeDocument/2006/relationships/officeDocument", "x/y"), "leads to no workbook part"),
    "a workbook outside the package": (FIRST, swap('"xl/workbook.xml"', '"xl/workbook.xml"' + OUTSIDE), "no workbook"),
    "a workbook that is none": (TYPES, swap(r"sheet\.main\+xml", "styles+xml"), "listed as, officeDocument"),
    "a sheet that is none": (TYPES, swap(r"spreadsheetml\.worksheet\+xml", "spreadsheetml.chartsheet+xml"), "listed as, worksheet"),
    "texts that are none": (TYPES, swap(r"sharedStrings\+xml", "styles+xml"), "listed as, sharedStrings"),
    "two types of one part": (
        TYPES, add(f'<Override PartName="/{SHEET.upper()}" ContentType="x"/>', "</Types>"), f"says twice what /{SHEET} is",
    ),
    "two types of one ending": (TYPES, add('<Default Extension="XML" ContentType="x"/>', "</Types>"), "says twice what .xml is"),
    "a foreign type": (TYPES, add('<x:Override xmlns:x="urn:x" PartName="/x"/>', "</Types>"), "only content types may stand"),
    "a relationship there twice": (RELATIONS, add(relation("rId5", "worksheet", "x.xml"), "</Relationships>"), "rId5 twice"),
    "a foreign relationship": (
        RELATIONS, add('<x:Relationship xmlns:x="urn:x" Id="rId5"/>', "</Relationships>"), "only relationships may stand",
    ),
    "a relationship in a choice": (
        RELATIONS, add(f'<mc:AlternateContent xmlns:mc="{MC}"/>', "</Relationships>"), "only relationships may stand",
    ),
    "a relationship with a second target": (
        RELATIONS, swap("<Relationship ", '<Relationship target="x.xml" '), "other than Id, Type, Target and TargetMode",
    ),
    "texts that only a strict program finds": (
        RELATIONS, swap(f"{OFFICE}/sharedStrings", "http://purl.oclc.org/ooxml/officeDocument/relationships/sharedStrings"),
        "strict in some parts and transitional in others",
    ),
    "two parts of texts": (RELATIONS, add(relation("t2", "sharedStrings", "x.xml"), "</Relationships>"), "more than one part"),
    "a part in other capitals": (RELATIONS, swap("sheets/sheet5.xml", "sheets/Sheet5.xml"), "capitals differ"),
    "two sheets in one part": (RELATIONS, swap("sheets/sheet5.xml", "sheets/sheet4.xml"), "leads twice to"),
    "a sheet outside the package": (
        RELATIONS, swap('sheet5.xml" Id="rId5"', 'sheet5.xml" Id="rId5"' + OUTSIDE), "a worksheet lies outside",
    ),
    "a sheet of macros": (RELATIONS, swap(f"{OFFICE}/worksheet", "http://schemas.microsoft.com/x/xlMacrosheet"), "is no worksheet"),
    "a missing sheet": (RELATIONS, swap("sheets/sheet5.xml", "sheets/sheet55.xml"), "this worksheet is missing"),
    "CDATA in a relationship": (RELATIONS, add("<![CDATA[x]]>", "</Relationships>"), "holds CDATA"),
    "sheets twice: first, last or all": (BOOK, add(SHEETS, "</workbook>"), "holds sheets twice"),
    "sheets in an extension": (BOOK, add(f"<extLst><ext>{SHEETS}</ext></extLst>", "</workbook>"), "an element sheets inside"),
    "sheets in a choice": (
        BOOK, swap("<sheets>", f'<c:AlternateContent xmlns:c="{MC}"><c:Choice>{SHEETS}</c:Choice></c:AlternateContent><sheets>'),
        "an element sheets inside",
    ),
    "names twice": (BOOK, add("<definedNames/>", "</workbook>"), "holds definedNames twice"),
    "names in an extension": (
        BOOK, add(f"<extLst><ext>{NAME.format('guide.prediction')}</ext></extLst>", "</workbook>"), "an element definedName inside",
    ),
    "ways to compute twice": (BOOK, add('<calcPr calcMode="manual"/>', "</workbook>"), "holds calcPr twice"),
    "a tab there twice, in capitals": (BOOK, swap('name="Pool"', 'name="CONV"'), "the sheet CONV twice"),
    "two sheets of one number": (BOOK, swap('sheetId="5"', 'sheetId="4"'), "number of a sheet 4 twice"),
    "two sheets of one relationship": (BOOK, swap('r:id="rId5"', 'r:id="rId4"'), "part of a sheet rId4 twice"),
    "a relationship of another namespace": (
        BOOK, swap(f'xmlns:r="{OFFICE}" name="Pool"', 'xmlns:r="urn:x" name="Pool"'), "in which part the sheet Pool is",
    ),
    "a tab that Excel does not allow": (BOOK, swap('name="Pool"', 'name="a:b"'), "which Excel does not allow"),
    "a tab that is too long": (BOOK, swap('name="Pool"', f'name="{"x" * 32}"'), "which Excel does not allow"),
    "a tab neither hidden nor shown": (BOOK, swap('(?<=name="Pool" sheetId="5" state=")visible', "maybe"), "it is 'maybe'"),
    "a name there twice, in capitals": (BOOK, add(NAME.format("GUIDE.prediction"), "</definedNames>"), "GUIDE.PREDICTION twice"),
    "an element inside a name": (BOOK, swap(">Guide![^<]*</definedName>", "><x/>Guide!$A$1</definedName>"), "inside a name"),
    "a comment inside a name": (BOOK, swap(">Guide!", "><!-- x -->Guide!"), "holds a comment"),
    "names to be read in another way": (
        BOOK, swap("<workbook ", f'<workbook xmlns:mc="{MC}" xmlns:x="urn:x" mc:ProcessContent="x:a" '), "in another way",
    ),
    "a setting that is neither 0 nor 1": (BOOK, swap("<calcPr ", '<calcPr fullPrecision="no" '), "fullPrecision is 'no'"),
}  # fmt: skip


@pytest.mark.parametrize(("part", "edit", "words"), LINKED.values(), ids=LINKED)
def test_a_package_that_programs_put_together_differently(small: Path, tmp_path: Path, part: str, edit: Edit, words: str) -> None:
    parts = parts_of(small)
    xml = parts[part].decode()
    assert edit(xml) != xml
    refusal(write_parts(parts | {part: edit(xml).encode()}, tmp_path / "deceptive.xlsx"), words)


def test_the_workbook_is_where_the_package_says(small: Path, tmp_path: Path) -> None:
    """Under another name, while a decoy has the usual one; the engine looks there, too."""
    parts = parts_of(small)
    moved = {"xl/workbook2.xml": parts[BOOK], "xl/_rels/workbook2.xml.rels": parts[RELATIONS]}
    moved[FIRST] = parts[FIRST].replace(b"xl/workbook.xml", b"xl/workbook2.xml")
    moved[TYPES] = parts[TYPES].replace(b"/xl/workbook.xml", b"/xl/workbook2.xml")
    decoy = {BOOK: parts[BOOK].replace(b'name="Pool"', b'name="Decoy"')}
    path = write_parts(parts | moved | decoy, tmp_path / "moved.xlsx")
    assert "Pool" in read_book(path.read_bytes()).sheets
    assert verify(path, trials=1).ok


def test_the_texts_are_where_the_package_says(small: Path, tmp_path: Path) -> None:
    parts = parts_of(small)
    moved = {"xl/words.xml": parts[STRINGS], STRINGS: b"<sst/>"}
    moved |= {name: parts[name].replace(b"/xl/sharedStrings.xml", b"/xl/words.xml") for name in (RELATIONS, TYPES)}
    assert verify(write_parts(parts | moved, tmp_path / "moved.xlsx"), trials=1).ok
