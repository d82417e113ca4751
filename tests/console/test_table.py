"""Rows of texts in terminals of every width."""

import pytest

from xlcnn.console.table import columns, table

HEADS, ROWS = ("name", "layers"), [("one", "a → b → c"), ("twenty", "d")]


@pytest.mark.parametrize("width", [None, 17, 80])
def test_a_table_where_it_has_room(width: int | None) -> None:
    assert table(HEADS, ROWS, width) == "name    layers\none     a → b → c\ntwenty  d"


@pytest.mark.parametrize("width", [0, 1, 10, 16])
def test_a_list_where_it_has_none(width: int) -> None:
    assert table(HEADS, ROWS, width) == "name: one\nlayers: a → b → c\n\nname: twenty\nlayers: d"


@pytest.mark.parametrize(("said", "width"), [("10", 10), ("0", None), ("-3", None), ("x", None), ("", None), ("²", None)])
def test_who_looks_at_a_terminal_says_how_wide_it_is(said: str, width: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", said)
    assert columns() == width
