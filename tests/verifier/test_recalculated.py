"""The honest edits' recalculation: what the engine's own file would hold, also of sheets that it does not save."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from benchmarks.edits.recalculated import as_stored, recalculated, with_results
from tests.conftest import parts_of, write_parts
from tests.verifier.helpers import small_at
from xlcnn import verify
from xlcnn.xlsx.reader import read_book


def test_results_are_those_that_the_engine_would_store(small: Path, tmp_path: Path) -> None:
    parts = parts_of(small)
    name = read_book(small.read_bytes()).paths[small_at("input", "output", (0, 0, 0))[0]]
    parts[name] = re.sub(rb'(<c r="B6"[^>]*>)<v>[^<]*', rb"\1<v>0.123", parts[name], count=1)
    data = write_parts(parts, tmp_path / "edited.xlsx").read_bytes()
    assert not verify(tmp_path / "edited.xlsx", trials=0).ok  # old results
    one, other = (read_book(make(data)) for make in (recalculated, with_results))
    for title, cells in one.sheets.items():
        assert cells.values.keys() == other.sheets[title].values.keys()
        for cell, value in cells.values.items():
            same = other.sheets[title].values[cell]
            assert value == same or np.isclose(value, same, rtol=1e-12), (title, cell)  # type: ignore[arg-type]
    (tmp_path / "saved.xlsx").write_bytes(with_results(data))
    assert verify(tmp_path / "saved.xlsx", trials=0).ok


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        (0.5, ("", "<v>0.5</v>")), ("a<b", (' t="str"', "<v>a&lt;b</v>")), (True, (' t="b"', "<v>1</v>")), (None, ("", "")),
        ({"kind": "Div"}, (' t="e"', "<v>#DIV/0!</v>")), (datetime(1900, 3, 1), ("", "<v>61.0</v>")),
    ],
)  # fmt: skip
def test_a_value_as_it_is_stored(value: object, stored: tuple[str, str]) -> None:
    assert as_stored(value) == stored
