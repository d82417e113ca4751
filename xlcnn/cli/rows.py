"""Rows of a command's answer for another program: a JSON list, or a table with commas."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any
from unicodedata import category

if TYPE_CHECKING:
    from xlcnn.lesson.templates import Template
    from xlcnn.network.network import Answer

Row = dict[str, Any]

ANSWER = ("label", "probability", "sure", "likeness", "second", "second_probability", "class", "second_class")
"""The columns of what a network answers, whichever of them it has."""
UNSEEN = {"Cc", "Cs", "Zl", "Zp"}  # kinds of letters: controls of a terminal, bytes of a name that are no letters, ends of lines


def answer_row(found: Answer, template: Template) -> Row:
    """What the network answers to one picture."""
    from xlcnn.lesson.doubt import is_sure

    row: Row = {"label": found.label, "probability": found.probability}
    row["sure"] = is_sure(found, template.sure_from, template.like_from)
    if found.likeness is not None:
        row["likeness"] = found.likeness
    row |= {"second": found.second, "second_probability": found.second_probability}
    if template.classes:
        row |= {"class": template.called(found.label), "second_class": template.called(found.second)}
    return row


def as_list(rows: Iterable[Row]) -> str:
    """What ``--json`` prints."""
    return json.dumps(list(rows), indent=2) + "\n"


def comma_separated(rows: Iterable[Row], columns: Sequence[str]) -> str:
    """What ``--csv`` prints: a command's columns, always the same, and what a row has of them."""
    text = io.StringIO()
    table = csv.DictWriter(text, columns, lineterminator="\n")
    table.writeheader()
    table.writerows({name: as_text(value) for name, value in row.items()} for row in rows)
    return text.getvalue()


def as_text(value: object) -> object:
    """Nothing that a spreadsheet program would take for a formula, or a terminal for a command; a row is a line."""
    if not isinstance(value, str):
        return value
    seen = "".join("?" if category(letter) in UNSEEN else letter for letter in value)
    return f"'{seen}" if seen.startswith(("=", "+", "-", "@")) else seen
