"""Notes on cells, as Excel keeps their words (ECMA-376 Part 1, 18.7).

What is there stays; a cell that has a note gets a longer one, in which ours takes the place of an earlier one of ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from xlcnn.errors import WorkbookError
from xlcnn.grid.blocks import Cell
from xlcnn.grid.references import a1
from xlcnn.xlsx.splices import Edit, Element, added, elements, prefix, spliced
from xlcnn.xlsx.strings import escaped

AUTHOR = "xlcnn"
NOTE = "commentList/comment"
ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
LINE = rb"(?:\r?\n|&#10;|&#x0?A;|_x000A_)"  # its end, as one program or another writes it
BREAK = re.compile(LINE + LINE, re.IGNORECASE)
OURS = re.compile(  # a paragraph of an earlier note, which may have been cut
    rb"xlcnn: [^\n]*?(?:%bExpected: |\xe2\x80\xa6$)|[0-9]+ more cells have a frame, but no note\.$" % LINE, re.IGNORECASE
)


def new_comments(main: str) -> bytes:
    """A part without any notes, in the namespace of its workbook."""
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    return f'{head}<comments xmlns="{main}"><authors></authors><commentList></commentList></comments>'.encode()


def with_comments(part: str, data: bytes, texts: Mapping[Cell, str]) -> tuple[bytes, list[Cell]]:
    """The part with notes on these cells, and the cells that had none before. Raises `WorkbookError`."""
    found = elements(part, data)
    head = prefix(data, found[0].start).decode()
    lists = {element.path: element for element in found if element.path in ("authors", "commentList")}
    if len(lists) != 2:
        raise WorkbookError(f"cannot be annotated: {part} holds no list of notes, or none of who wrote them")
    there = {element.attributes.get("ref", ""): element for element in found if element.path == NOTE}
    number = sum(element.path == "authors/author" for element in found)
    edits: list[Edit] = []
    new: dict[Cell, bytes] = {}
    for cell, text in texts.items():
        note = there.get(a1(*cell))
        if note is None:
            words = f"<{head}text>{run(text, head)}</{head}text>"
            new[cell] = f'<{head}comment ref="{a1(*cell)}" authorId="{number}">{words}</{head}comment>'.encode()
        else:
            edits += longer(data, [element for element in found if note.start <= element.start < note.stop], text, head)
    if new:
        edits += added(data, lists["authors"], f"<{head}author>{AUTHOR}</{head}author>".encode())
        edits += added(data, lists["commentList"], b"".join(new.values()))
    return spliced(data, edits), list(new)


def run(text: str, head: str) -> str:
    """A piece of a text; what Excel would take for an escaped letter is escaped itself."""
    return f'<{head}r><{head}t xml:space="preserve">{escaped(ESCAPE.sub("_x005F_", text))}</{head}t></{head}r>'


def longer(data: bytes, note: Sequence[Element], text: str, head: str) -> Iterator[Edit]:
    """The edits that write a piece under a note's own: a text that is in no piece becomes one, or programs would show only that.

    What xlcnn has written there before goes: of two notes, nobody would know which one is true.
    """
    body = next((element for element in note if element.path == f"{NOTE}/text"), None)
    if body is None:
        return
    pieces = [element for element in note if element.path in (f"{NOTE}/text/t", f"{NOTE}/text/r")]
    if not pieces:
        yield from added(data, body, run(text, head).encode())
        return
    gone = 0
    for piece in pieces:
        words = next((t for t in note if t.path.endswith("/t") and piece.start <= t.start < piece.stop), piece)
        before = data[words.inside : words.end]
        kept = theirs(before)
        if before and not kept:
            gone += 1
            yield piece.start, piece.stop, b""
            continue
        if kept != before:
            yield words.inside, words.end, kept
        if words is piece:
            yield piece.start, piece.start, f"<{head}r>".encode()
            yield piece.stop, piece.stop, f"</{head}r>".encode()
    under = "\n\n" if gone < len(pieces) else ""
    yield pieces[-1].stop, pieces[-1].stop, run(under + text, head).encode()


def theirs(words: bytes) -> bytes:
    """The words of a piece but for the paragraphs of ours."""
    paragraphs = BREAK.split(words)
    kept = [paragraph for paragraph in paragraphs if not OURS.match(paragraph)]
    return words if len(kept) == len(paragraphs) else b"\n\n".join(kept)
