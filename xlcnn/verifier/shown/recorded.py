"""Whether numbers that training measured are those of the lesson's training, if the network is one that comes with xlcnn.

Whoever trains a network of their own has records of their own: so the weights say whose network it is, though some may have been
changed.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from xlcnn.errors import XlcnnError
from xlcnn.grid.references import a1
from xlcnn.lesson.templates import Template, list_templates
from xlcnn.sheets.parts import Array, Part, Recorded
from xlcnn.verifier.description import Described
from xlcnn.verifier.report import Problem

MOST = 0.5  # of the weights, that are the template's: then the network is
CLOSE = 1e-9  # relative: programs store fifteen digits


def record_problems(described: Described) -> Iterator[Problem]:
    """The first number of each record that was typed over."""
    records = [
        (name, part) for name, placed in described.layout.items() for part in placed.parts.values() if isinstance(part, Recorded)
    ]
    if not records:
        return
    for template in list_templates():
        try:
            wrong = [(name, part) for name, part in records if not all_close(*both(described, template, name, part))]
            if wrong and is_network_of(described, template):
                yield from (problem(described, template, name, part) for name, part in wrong)
        except XlcnnError:
            continue  # not a template that anything was made of
        if not wrong:
            return


def both(described: Described, template: Template, name: str, part: Recorded) -> tuple[Array, Array]:
    """What the workbook holds of a record, and what the template has: nothing where that is another network's."""
    measured = template.records.get(part.record)
    found = numbers_in(described, name, part)
    return found, np.resize(measured, found.shape) if measured is not None and measured.size == found.size else np.empty(0)


def numbers_in(described: Described, name: str, part: Part) -> Array:
    """The numbers of a part; NaN where there is none."""
    values = described.book.sheets[described.layout[name].title].values
    cells = described.where[name, part.name].reshape(-1, 2).tolist()
    found = (values.get((row, col)) for row, col in cells)
    return np.array([value if isinstance(value, float) else np.nan for value in found])


def all_close(found: Array, right: Array) -> bool:
    return found.shape == right.shape and bool(np.isclose(found, right, rtol=CLOSE, atol=CLOSE).all())


def is_network_of(described: Described, template: Template) -> bool:
    """Whether most of the workbook's weights are the template's."""
    same = count = 0
    for name, placed in described.layout.items():
        for part in placed.parts.values():
            if part.is_weight:
                right = template.network.weights.get(f"{name}.{part.name}")
                found = numbers_in(described, name, part)
                if right is None or right.size != found.size:
                    return False
                same += int(np.isclose(found, right.reshape(-1), rtol=CLOSE, atol=CLOSE).sum())
                count += found.size
    return count > 0 and same > MOST * count


def problem(described: Described, template: Template, name: str, part: Recorded) -> Problem:
    """Names the first number that is another."""
    found, right = both(described, template, name, part)
    if right.shape != found.shape:
        return Problem("recorded", described.layout[name].title, part.name, f"{part.record} of {template.name}", "another record")
    k = int(np.argmin(np.isclose(found, right, rtol=CLOSE, atol=CLOSE)))
    row, col = described.where[name, part.name].reshape(-1, 2)[k].tolist()
    value = described.book.sheets[described.layout[name].title].values.get((row, col))
    return Problem(
        "recorded", described.layout[name].title, a1(row, col), float(right[k]), value, f"{part.record} of {template.name}"
    )
