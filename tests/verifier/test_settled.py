"""Whether rounding decides what stands in a cell."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import openpyxl

from tests.verifier.shown.deceptions import cells
from xlcnn import verify
from xlcnn.verifier.settled import tied, unsettled


def with_leak(source: Path, target: Path, share: float) -> Path:
    """A filter that cancels on even paper; what is left of it is multiplied until it decides the answer."""
    book = openpyxl.load_workbook(source)
    given = [
        n for n in book.defined_names if n.startswith(("input.map", "conv.learned", "conv.bias", "dense.weights", "dense.bias"))
    ]
    for name in given:
        for k, cell in enumerate(cells(book, name)):
            row = dict(enumerate([0.1, 0.2, -0.3], 3)).get(k, 0.0)
            ours = {"input.map1": 0.7, "conv.learned1.1": row, "dense.weights1.1": share * (k == 1), "dense.bias": float(k == 2)}
            cell.value = ours.get(name, 0.0)
    book.save(target)
    return target


def test_an_answer_that_only_rounding_decides_is_named(small: Path, tmp_path: Path) -> None:
    """LibreOffice takes a sum that is nearly 0 for 0, other programs do not."""
    kinds = {share: [p.kind for p in verify(with_leak(small, tmp_path / "leak.xlsx", share)).problems] for share in (1.0, 2.0**58)}
    assert kinds == {1.0: [], 2.0**58: ["rounding"]}


def test_the_largest_is_settled_unless_rounding_decides_it() -> None:
    assert not tied(np.array([1.0, 2.0]), np.array([1e-13, 1e-13]))
    assert tied(np.array([2.0, 2.0 + 1e-14]), np.array([1e-13, 1e-13]))
    assert not tied(np.zeros(10), np.zeros(10)), "of whole numbers nothing is rounded"


def test_a_number_is_settled_as_far_as_its_block_shows_numbers() -> None:
    assert unsettled(np.array([1000.0, 1e-9]), np.array([0.1, 0.1])).tolist() == [False, False]
    assert unsettled(np.array([0.5, np.nan]), np.array([0.1, 0.0])).tolist() == [True, False]
