"""The shapes of notes: hidden, one for each, beside whatever is drawn there already."""

import re

import pytest

from xlcnn import WorkbookError
from xlcnn.xlsx.note_shapes import EDGE, LINE, Note, new_shapes, size, with_shapes
from xlcnn.xlsx.notes import older_drawing
from xlcnn.xlsx.tree import tree

NOTE = Note("one\ntwo", (3, 10, 1, 4, 9, 2, 6, 0))
HERS = b'<v:shape id="_x0000_s2051" type="#_x0000_t201"><x:ClientData ObjectType="Button"/></v:shape>'


def test_the_first_shapes_of_a_sheet_are_hidden_notes() -> None:
    root = tree(with_shapes("p", new_shapes(), {(2, 3): NOTE, (5, 1): NOTE}))
    shapes = [shape for shape in root if shape.tag == "shape"]
    assert [shape.get("id") for shape in shapes] == ["_x0000_s1025", "_x0000_s1026"]
    assert [(s.findtext("ClientData/Row"), s.findtext("ClientData/Column")) for s in shapes] == [("1", "2"), ("4", "0")]
    assert shapes[0].findtext("ClientData/Anchor") == "3, 10, 1, 4, 9, 2, 6, 0"
    assert [list(older_drawing(shape)) for shape in shapes] == [[], []], "nothing shows until somebody points there"


def test_what_is_drawn_already_stays_and_no_number_is_taken_twice() -> None:
    before = new_shapes().replace(b"</xml>", HERS + b"</xml>")
    after = with_shapes("p", before, {(1, 1): NOTE})
    assert after.startswith(before.removesuffix(b"</xml>"))
    assert re.findall(rb'id="_x0000_s(\d+)"', after) == [b"2051", b"2052"]


def test_their_kind_is_declared_once() -> None:
    once = with_shapes("p", new_shapes(), {(1, 1): NOTE})
    assert with_shapes("p", once, {(2, 1): NOTE}).count(b'<v:shapetype id="_x0000_t202"') == 1


def test_a_part_that_calls_its_namespaces_otherwise() -> None:
    after = with_shapes("p", b'<xml xmlns:vml="urn:schemas-microsoft-com:vml"><vml:shape/></xml>', {(1, 1): NOTE})
    assert [shape.tag for shape in tree(after)] == ["shape", "shapetype", "shape"]


def test_as_large_as_its_words() -> None:
    assert size("one")[1] == LINE + EDGE
    assert size("one\ntwo")[1] == size("x" * 60)[1] == 2 * LINE + EDGE


def test_shapes_that_no_program_writes_cannot_be_added_to() -> None:
    with pytest.raises(WorkbookError, match="cannot be annotated: p holds shapes of notes"):
        with_shapes("p", b"<xml/>", {(1, 1): NOTE})
