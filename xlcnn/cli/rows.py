"""Rows of a command's answer for another program: a JSON list, or a table with commas."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xlcnn.lesson.templates import Template
    from xlcnn.network.network import Answer

Row = dict[str, Any]


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


def comma_separated(rows: Iterable[Row]) -> str:
    """What ``--csv`` prints: all rows under the names of their columns; what a row has not is empty."""
    rows = list(rows)
    names = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    table = csv.DictWriter(text, names, lineterminator="\n")
    table.writeheader()
    table.writerows({name: as_text(value) for name, value in row.items()} for row in rows)
    return text.getvalue()


def as_text(value: object) -> object:
    """Nothing that a spreadsheet program would take for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
