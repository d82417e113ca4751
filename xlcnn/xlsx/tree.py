"""A small part of a package as a tree of elements: styles, themes, drawings, charts."""

from __future__ import annotations

from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

from xlcnn.errors import WorkbookError


class NoDoctype(TreeBuilder):
    """Elements without namespaces; a document type, which can hold entity bombs, is refused."""

    def doctype(self, *_: object) -> None:
        raise WorkbookError("holds a document type declaration, which no spreadsheet program writes")

    def start(self, tag: str, attributes: dict[str, str], /) -> Element:
        return super().start(tag.rpartition("}")[2], {name.rpartition("}")[2]: value for name, value in attributes.items()})

    def end(self, tag: str, /) -> Element:
        return super().end(tag.rpartition("}")[2])


def tree(data: bytes) -> Element:
    """The elements of a part. Raises `WorkbookError`."""
    parser = XMLParser(target=NoDoctype())
    try:
        parser.feed(data)
        root: Element = parser.close()
    except ParseError as error:
        raise WorkbookError(f"is damaged: one of its parts is not well-formed XML ({error})") from None
    return root
