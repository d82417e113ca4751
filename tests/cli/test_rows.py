"""Rows for another program: the columns of a command, and nothing that a program would obey."""

from __future__ import annotations

import csv
import json

import pytest

from xlcnn.cli.rows import as_list, comma_separated


def test_the_columns_are_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert comma_separated([], ["a", "b"]) == "a,b\n"
    assert comma_separated([{"b": 1}, {"a": "x"}], ["a", "b"]) == "a,b\n,1\nx,\n"
    with pytest.raises(ValueError, match="c"):
        comma_separated([{"c": 1}], ["a", "b"])


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("=1+1", "'=1+1"), ("-1", "'-1"), ("\x1b[31m", "?[31m"), ("a\nb", "a?b"), ("a\rb", "a?b"), ("\t=1", "?=1"),
        ("\udcff.png", "?.png"), ("a\u2028b", "a?b"), ("caf\xe9\xa0\U0001f600", "caf\xe9\xa0\U0001f600"), ('a"b,c', 'a"b,c'),
    ],
)  # fmt: skip
def test_a_row_is_a_line_of_letters_that_can_be_seen(name: str, cell: str) -> None:
    text = comma_separated([{"a": name}], ["a"])
    assert len(text.encode().splitlines()) == 2
    assert list(csv.DictReader(text.splitlines())) == [{"a": cell}]


@pytest.mark.parametrize("name", ["\udcff.png", "\x1b[31m\n", "\U0001f600"])
def test_json_keeps_every_name(name: str) -> None:
    """Those, too, that are no text: they are escaped, and lead to the file again."""
    text = as_list([{"image": name}])
    assert text.isascii()
    assert json.loads(text) == [{"image": name}]
