"""Changes at places of an XML part: every other byte stays, however the part is written."""

import pytest

from xlcnn.xlsx.splices import Element, added, elements, prefix, spliced, with_attributes

PART = """<?xml version="1.0"?>\n<list  note='x > "y"' ><one k="1"/><two>größer<one/></two\n></list>""".encode()


def cut(data: bytes, element: Element) -> tuple[str, bytes, bytes, bytes]:
    return element.path, data[element.start : element.inside], data[element.inside : element.end], data[element.end : element.stop]


def test_where_elements_stand() -> None:
    root, *inner = (cut(PART, element) for element in elements("p", PART))
    assert root[:2] == ("", b"<list  note='x > \"y\"' >")
    assert root[3] == b"</list>"
    assert inner == [
        ("one", b'<one k="1"/>', b"", b""),
        ("two", b"<two>", "größer<one/>".encode(), b"</two\n>"),
        ("two/one", b"<one/>", b"", b""),
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"<list><one/></list>", b"<list><one/><new/></list>"),
        (b"<list></list>", b"<list><new/></list>"),
        (b'<list k="1" />', b'<list k="1"><new/></list>'),
        (b'<x:list xmlns:x="u"/>', b'<x:list xmlns:x="u"><new/></x:list>'),
    ],
)
def test_something_is_added_at_the_end_of_an_element(before: bytes, after: bytes) -> None:
    assert spliced(before, added(before, elements("p", before)[0], b"<new/>")) == after


def test_a_list_is_counted_anew() -> None:
    before = b'<list count="1"><one/></list>'
    assert spliced(before, added(before, elements("p", before)[0], b"<one/>", count=2)) == b'<list count="2"><one/><one/></list>'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b'<c r="A1" s="3">', b'<c r="A1" s="7">'),
        (b"<c r='A1' s = '3' t='s'/>", b"<c r='A1' s=\"7\" t='s'/>"),
        (b'<c r="A1"/>', b'<c r="A1" s="7"/>'),
        (b"<c>", b'<c s="7">'),
        (b'<c x:s="1" note=" s=\'2\' ">', b'<c x:s="1" note=" s=\'2\' " s="7">'),
    ],
)
def test_an_attribute_gets_another_value(before: bytes, after: bytes) -> None:
    assert with_attributes(before, s=7) == after


def test_an_attribute_is_taken_away() -> None:
    assert with_attributes(b'<row r="1" spans="1:9" ht="2"/>', spans=None) == b'<row r="1" ht="2"/>'
    assert with_attributes(b'<row r="1"/>', spans=None) == b'<row r="1"/>'


def test_edits_at_one_place_keep_their_order() -> None:
    assert spliced(b"abc", [(1, 1, b"2"), (1, 2, b"B"), (1, 1, b"1"), (0, 0, b"0")]) == b"0a21Bc"


def test_the_prefix_of_a_tag() -> None:
    assert (prefix(b"<x:c r='A1'/>", 0), prefix(b"<c/>", 0), prefix(b"..<y:c>", 2)) == (b"x:", b"", b"y:")
