"""Reads one XML part of a package with expat: within bounds, and only as every program reads it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn
from xml.parsers import expat

from xlcnn.errors import WorkbookError

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"
SPACE = "http://www.w3.org/XML/1998/namespace space"
BLANKS = " \t\r\n"
DIRECTIVES = frozenset(f"{COMPATIBILITY} {name}" for name in ("ProcessContent", "MustUnderstand", "PreserveElements"))

Attributes = dict[str, str]
Start = Callable[[str, Attributes], Any]
End = Callable[[str], Any]
Text = Callable[[str], Any]


def refuse(part: str, what: str) -> NoReturn:
    """Stop at what programs might read in different ways."""
    raise WorkbookError(f"cannot be verified: {part}: {what}; open it in a spreadsheet program and save it anew")


def parse(part: str, data: bytes, connect: Callable[[expat.XMLParserType], None]) -> None:
    """Run the events of an XML part: `connect` says who hears them. Tags are ``namespace name``.

    Document types are refused (they can hold entity bombs); so is what parsers are known to differ in: other encodings than UTF-8,
    and comments, instructions and CDATA between the tags.
    """
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or data[:4].count(0):
        refuse(part, "is not written in UTF-8")
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    connect(parser)

    def doctype(*_: Any) -> None:
        raise WorkbookError(f"holds a document type declaration in {part}, which no spreadsheet program writes")

    def declaration(version: str, encoding: str | None, _standalone: int) -> None:
        if version != "1.0" or (encoding or "utf-8").lower() not in ("utf-8", "utf8", "us-ascii"):
            refuse(part, "is not XML 1.0 in UTF-8")

    def unusual(what: str) -> Callable[..., None]:
        def heard(*_: Any) -> None:
            if inside[0]:
                refuse(part, f"holds {what}, which no spreadsheet program writes there")

        return heard

    inside = [False]  # the root element; what stands around it means nothing
    first: Any = parser.StartElementHandler  # typeshed believes in lists of attributes

    def root(tag: str, attributes: Any) -> None:
        inside[0] = True
        parser.StartElementHandler = first
        if first is not None:
            first(tag, attributes)

    parser.StartElementHandler = root
    parser.XmlDeclHandler = declaration
    parser.StartDoctypeDeclHandler = doctype
    parser.CommentHandler = unusual("a comment")
    parser.ProcessingInstructionHandler = unusual("an instruction")
    parser.StartCdataSectionHandler = unusual("CDATA")
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise WorkbookError(f"is damaged: its part {part} is not well-formed XML ({error})") from None


def split(tag: str) -> tuple[str, str]:
    """Namespace and name."""
    namespace, _, name = tag.rpartition(" ")
    return namespace, name
