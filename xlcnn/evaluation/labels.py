"""Which class a picture shows, as whoever collected the pictures says: in a table, by folders, or in the files' names."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePath
from posixpath import normpath

from xlcnn.errors import ImageError, printable
from xlcnn.files.reading import read_regular, reason
from xlcnn.lesson.predict import ENDINGS

DELIMITERS = ",;\t"  # as spreadsheet programs write them in one country or another
WHOLE = re.compile("([0-9]+)[.,]0+")  # a whole number, as a spreadsheet program may write it


def class_number(text: str, classes: Sequence[str]) -> int | None:
    """The class that is meant: its name or its number, as `7` or `07`; None where there is none of that name."""
    text = text.strip()
    if text in classes:
        return classes.index(text)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 and int(text) < len(classes) else None


def label_of(picture: PurePath, table: Mapping[PurePath, int], root: Path, classes: Sequence[str]) -> int | None:
    """The class of a picture below the folder `root`: its line in the table, else its folder's name, else its own up to ``_``."""
    if picture in table:
        return table[picture]
    folder = (root.resolve() / picture).parent.name
    by_folder = class_number(folder, classes)
    if by_folder is not None:
        return by_folder
    head, line, _ = picture.name.partition("_")
    return class_number(head, classes) if line else None


def read_table(path: Path, pictures: Sequence[PurePath], classes: Sequence[str]) -> dict[PurePath, int]:
    """The lines ``picture,label`` of a CSV file, whichever of `DELIMITERS` it has. Raises `ImageError`.

    A picture is named by its place in the folder, or by its file's name, where only one is called that.
    """
    name = printable(path)
    known = by_names(pictures)
    found: dict[PurePath, int] = {}
    for place, (number, cells) in enumerate(table_lines(path, known)):
        named = plain(cells[0])
        picture = known.get(named)
        label = label_number(cells[1], classes) if len(cells) > 1 else None
        if place == 0 and named not in known and label is None and not named.lower().endswith(ENDINGS):
            continue  # a heading
        at = f"{name}, line {number}"
        if picture is None:
            there = "several are" if named in known else "none is"
            raise ImageError(f"{at} names {printable(cells[0])}, but {there} called that; write a picture's place in the folder")
        if label is None:
            said = printable(cells[1]) if len(cells) > 1 else "nothing"
            raise ImageError(f"{at} says {said} of {printable(cells[0])}: the workbook's classes are {listed(classes)}")
        if found.setdefault(picture, label) != label:
            raise ImageError(f"{at} says something else of {printable(cells[0])} than a line before it; keep one of them")
    if not found:
        raise ImageError(f"{name} has no line of a picture in the folder: its lines must be picture,label")
    return found


def table_lines(path: Path, known: Mapping[str, PurePath | None]) -> list[tuple[int, list[str]]]:
    """The cells of each line that has any, with its number: parted as most of them name a picture. Raises `ImageError`."""
    try:
        rows = decoded(read_regular(path)).splitlines()
        begin = 1 if rows and rows[0].strip().lower() in [f"sep={mark}".strip() for mark in DELIMITERS] else 0  # Excel's own line
        mark = max(DELIMITERS, key=lambda mark: named_by(csv.reader(rows[begin:], delimiter=mark), known))
        parted = enumerate(csv.reader(rows[begin:], delimiter=mark, strict=True), begin + 1)
        return [(number, cells) for number, cells in parted if any(cell.strip() for cell in cells)]
    except (OSError, ValueError, csv.Error) as error:
        raise ImageError(f"{printable(path)} cannot be read: {reason(error)}") from None


def named_by(lines: Iterable[list[str]], known: Mapping[str, PurePath | None]) -> int:
    """How many lines name a picture and say something of it."""
    return sum(len(cells) > 1 and plain(cells[0]) in known for cells in lines)


def decoded(data: bytes) -> str:
    """A text in UTF-8, or in UTF-16 where marks at its beginning say so, as Excel writes it. Raises `ValueError` in words."""
    marked = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = data.decode("utf-16" if marked else "utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError("it is a text neither in UTF-8 nor in UTF-16; save it as CSV UTF-8") from None
    if "\0" in text:
        raise ValueError("it is no text, or one in UTF-16 that does not say so; save it as CSV UTF-8")
    return text


def plain(name: str) -> str:
    """A picture's place as we write it: ``a/b.png`` for ``.\\a\\b.png``."""
    return normpath(name.strip().replace("\\", "/"))


def label_number(text: str, classes: Sequence[str]) -> int | None:
    """The class that a line means; spreadsheet programs write 2 as ``2.0``, too."""
    number = class_number(text, classes)
    whole = WHOLE.fullmatch(text.strip())
    return class_number(whole[1], classes) if number is None and whole else number


def by_names(pictures: Sequence[PurePath]) -> dict[str, PurePath | None]:
    """How a table may name each picture; None is behind a name that several have."""
    found: dict[str, PurePath | None] = {}
    for picture in pictures:
        found[picture.name] = None if picture.name in found else picture
    return found | {picture.as_posix(): picture for picture in pictures}


def listed(classes: Sequence[str]) -> str:
    """The classes in a sentence."""
    shown = [printable(name) for name in classes]
    return ", ".join(shown) if len(shown) <= 12 else f"{', '.join(shown[:10])}, … {shown[-1]}"
