"""Notes on cells: the words that are there stay, and ours come under them."""

import pytest

from tests.xlsx.test_reader import MAIN
from xlcnn import WorkbookError
from xlcnn.xlsx.comments import new_comments, with_comments
from xlcnn.xlsx.splices import elements

RUN = '<r><t xml:space="preserve">{}</t></r>'


def comments(*notes: str) -> bytes:
    listed = "".join(f'<comment ref="B{k}" authorId="0">{text}</comment>' for k, text in enumerate(notes, 1))
    authors = "<authors><author>Ms Jones</author></authors>"
    return f'<comments xmlns="{MAIN}">{authors}<commentList>{listed}</commentList></comments>'.encode()


def test_the_first_notes_of_a_sheet() -> None:
    after, new = with_comments("p", new_comments(MAIN), {(2, 2): "a < b\nc", (1, 28): "x"})
    assert new == [(2, 2), (1, 28)]
    text = after.decode()
    assert "<authors><author>xlcnn</author></authors>" in text
    assert f'<comment ref="B2" authorId="0"><text>{RUN.format("a &lt; b" + chr(10) + "c")}</text></comment>' in text
    assert f'<comment ref="AB1" authorId="0"><text>{RUN.format("x")}</text></comment></commentList>' in text


def test_more_notes_beside_others() -> None:
    before = comments("<text><t>hers</t></text>")
    after, new = with_comments("p", before, {(9, 1): "ours"})
    assert new == [(9, 1)]
    expected = before.decode().replace("</authors>", "<author>xlcnn</author></authors>")
    note = f'<comment ref="A9" authorId="1"><text>{RUN.format("ours")}</text></comment></commentList>'
    assert after.decode() == expected.replace("</commentList>", note)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<text><t>hers</t></text>", "<text><r><t>hers</t></r>{}</text>"),
        (
            "<text><r><rPr><b/></rPr><t>he</t></r><r><t>rs</t></r></text>",
            "<text><r><rPr><b/></rPr><t>he</t></r><r><t>rs</t></r>{}</text>",
        ),
        ("<text><t>hers</t><phoneticPr fontId='1'/></text>", "<text><r><t>hers</t></r>{}<phoneticPr fontId='1'/></text>"),
    ],
)
def test_under_the_words_of_a_cell_that_has_a_note(before: str, after: str) -> None:
    found, new = with_comments("p", comments(before), {(1, 2): "ours"})
    assert new == []
    assert found == comments(after.format(RUN.format("\n\nours"))), "nobody else's note, and no new author"


EARLIER = "xlcnn: a constant{0}Expected: 1{0}Found: 2{0}its formula is"


@pytest.mark.parametrize("line", ["\n", "\r\n", "&#10;", "_x000a_"])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<text><r><t>{0}</t></r></text>", "<text>{1}</text>"),
        ("<text><t>{0}</t></text>", "<text>{1}</text>"),
        ("<text><t>{0}{2}{2}{0}{2}{2}17 more cells have a frame, but no note.</t></text>", "<text>{1}</text>"),
        ("<text><r><t>hers</t></r><r><t>{2}{2}{0}</t></r></text>", "<text><r><t>hers</t></r>{3}</text>"),
        ("<text><r><t>hers</t></r><r><t>{2}{2}{0}</t></r><r><t>his</t></r></text>",
         "<text><r><t>hers</t></r><r><t>his</t></r>{3}</text>"),
        ("<text><t>hers{2}{2}{0}{2}{2}his</t></text>", "<text><r><t>hers\n\nhis</t></r>{3}</text>"),
        ("<text><t>hers{2}{2}{0}{2}{2}xlcnn: cut sh…</t></text>", "<text><r><t>hers</t></r>{3}</text>"),
        ("<text><t>xlcnn: I like it</t></text>", "<text><r><t>xlcnn: I like it</t></r>{3}</text>"),
    ],
)  # fmt: skip
def test_in_the_place_of_an_earlier_one_of_ours(before: str, after: str, line: str) -> None:
    """Whatever a program has made of its pieces since."""
    found, _ = with_comments("p", comments(before.format(EARLIER.format(line), "", line)), {(1, 2): "ours"})
    assert found.decode() == comments(after.format("", RUN.format("ours"), "", RUN.format("\n\nours"))).decode()


def test_in_an_empty_note() -> None:
    assert with_comments("p", comments("<text/>"), {(1, 2): "ours"})[0] == comments(f"<text>{RUN.format('ours')}</text>")


def test_what_looks_like_an_escaped_letter_is_none() -> None:
    after = with_comments("p", new_comments(MAIN), {(1, 1): "_x0041_ and _x_"})[0].decode()
    assert "_x005F_x0041_ and _x_" in after


def test_names_with_a_prefix() -> None:
    data = f'<x:comments xmlns:x="{MAIN}"><x:authors/><x:commentList/></x:comments>'.encode()
    after = with_comments("p", data, {(1, 1): "ours"})[0]
    assert {element.path for element in elements("p", after)} >= {"authors/author", "commentList/comment/text/r/t"}
    assert b"<x:t " in after


def test_notes_without_a_list_cannot_be_added_to() -> None:
    with pytest.raises(WorkbookError, match="cannot be annotated: p holds no list of notes"):
        with_comments("p", f'<comments xmlns="{MAIN}"><authors/></comments>'.encode(), {(1, 1): "x"})
