"""Which class a picture shows, as whoever collected the pictures says: in a table, by folders, or in the files' names."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePath

from xlcnn.errors import ImageError, printable
from xlcnn.files.reading import read_text, reason


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
    """The lines ``picture,label`` of a CSV file; a first line that names no picture is a heading. Raises `ImageError`.

    A picture is named by its place in the folder, or by its file's name, where only one is called that.
    """
    name = printable(path)
    try:
        lines = list(enumerate(csv.reader(read_text(path).splitlines(), strict=True), 1))
    except (OSError, ValueError, csv.Error) as error:
        raise ImageError(f"{name} cannot be read: {reason(error)}") from None
    known = by_names(pictures)
    found: dict[PurePath, int] = {}
    for number, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        picture = known.get(cells[0].strip().replace("\\", "/"))
        if picture is None and number == 1:
            continue
        at = f"{name}, line {number}"
        if picture is None:
            there = "several are" if cells[0].strip() in known else "none is"
            raise ImageError(f"{at} names {printable(cells[0])}, but {there} called that; write a picture's place in the folder")
        label = class_number(cells[1], classes) if len(cells) > 1 else None
        if label is None:
            said = printable(cells[1]) if len(cells) > 1 else "nothing"
            raise ImageError(f"{at} says {said} of {printable(cells[0])}: the workbook's classes are {listed(classes)}")
        if found.setdefault(picture, label) != label:
            raise ImageError(f"{at} says something else of {printable(cells[0])} than a line before it; keep one of them")
    if not found:
        raise ImageError(f"{name} has no line of a picture in the folder: its lines must be picture,label")
    return found


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
