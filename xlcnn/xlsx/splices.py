"""Changes at places of an XML part, in which every other byte stays as it was."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from xml.parsers import expat

from xlcnn.xlsx.xml import Attributes, parse, split

TAG = re.compile(rb"<[^<>\"']*(?:\"[^\"]*\"[^<>\"']*|'[^']*'[^<>\"']*)*>")
NAME = re.compile(rb"<([^\s/>]+)")
ATTRIBUTE = re.compile(rb"\s+([^\s=]+)\s*=\s*(\"[^\"]*\"|'[^']*')")

Edit = tuple[int, int, bytes]
"""From where to where in a part, and what to write there instead."""


@dataclass(frozen=True)
class Element:
    """An element of a part: the names from below the root down to it, its attributes, and where it stands.

    Its first tag begins at `start`, its content goes from `inside` to `end`, and after `stop` comes what follows it.
    """

    path: str
    attributes: Attributes
    start: int
    inside: int
    end: int
    stop: int

    @property
    def closed(self) -> bool:
        """Whether it is one tag alone, into which nothing can be written."""
        return self.inside == self.stop


def elements(part: str, data: bytes) -> tuple[Element, ...]:
    """All elements of a small part, the root first. Raises `WorkbookError`."""
    found: list[Element | None] = []
    begun: list[tuple[int, str, Attributes, int]] = []

    def connect(parser: expat.XMLParserType) -> None:
        def start(tag: str, attributes: Attributes) -> None:
            above = begun[-1][1] if begun else None
            path = "" if above is None else f"{above}/{split(tag)[1]}".lstrip("/")
            begun.append((len(found), path, attributes, parser.CurrentByteIndex))
            found.append(None)

        def end(_: str) -> None:
            number, path, attributes, first = begun.pop()
            found[number] = element(data, path, attributes, first, parser.CurrentByteIndex)

        parser.StartElementHandler, parser.EndElementHandler = start, end

    parse(part, data, connect)
    return tuple(element for element in found if element is not None)


def element(data: bytes, path: str, attributes: Attributes, first: int, last: int) -> Element:
    """The element whose tags begin at `first` and, if it has a last one, at `last`."""
    inside = after_tag(data, first)
    if data[inside - 2 : inside] == b"/>":
        return Element(path, attributes, first, inside, inside, inside)
    return Element(path, attributes, first, inside, last, after_tag(data, last))


def after_tag(data: bytes, start: int) -> int:
    """Where the tag ends that begins there."""
    match = TAG.match(data, start)
    assert match is not None, "a parser has found a tag there"
    return match.end()


def prefix(data: bytes, start: int) -> bytes:
    """What stands before the name of the element that begins there: ``x:``, or nothing."""
    match = NAME.match(data, start)
    assert match is not None, "a parser has found a tag there"
    head, colon, _ = match[1].partition(b":")
    return head + colon if colon else b""


def with_attributes(tag: bytes, **values: object) -> bytes:
    """A first tag in which attributes have these values; None takes one away."""
    for name, value in values.items():
        new = b"" if value is None else b' %s="%s"' % (name.encode(), str(value).encode())
        old = next((match for match in ATTRIBUTE.finditer(tag) if match[1] == name.encode()), None)
        if old is not None:
            tag = tag[: old.start()] + new + tag[old.end() :]
        else:
            end = len(tag) - (2 if tag.endswith(b"/>") else 1)
            tag = tag[:end].rstrip() + new + tag[end:]
    return tag


def filled(tag: bytes, content: bytes) -> bytes:
    """An element that is one tag alone, with something in it."""
    name = NAME.match(tag)
    assert name is not None
    return tag[:-2].rstrip() + b">" + content + b"</" + name[1] + b">"


def added(data: bytes, element: Element, content: bytes, **values: object) -> Iterator[Edit]:
    """The edits that write something at the end of an element, and give its attributes other values."""
    tag = with_attributes(data[element.start : element.inside], **values)
    if element.closed:
        yield element.start, element.stop, filled(tag, content)
        return
    yield element.start, element.inside, tag
    yield element.end, element.end, content


def spliced(data: bytes, edits: Iterable[Edit]) -> bytes:
    """The part after its edits, none of which overlap; of several at one place the first comes first."""
    pieces, before = [], 0
    for start, stop, content in sorted(edits, key=lambda edit: edit[:2]):
        pieces += [data[before:start], content]
        before = stop
    return b"".join([*pieces, data[before:]])
