"""A small part of a package as a tree of elements: styles, themes, drawings, charts."""

from __future__ import annotations

from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

from xlcnn.errors import WorkbookError

SHEETS = frozenset(
    ("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main"),
)
DRAWINGS = frozenset(
    ("http://schemas.openxmlformats.org/drawingml/2006/main", "http://purl.oclc.org/ooxml/drawingml/main"),
)


class Elements(TreeBuilder):
    """Elements without their namespaces. Document types are refused: they can hold entity bombs."""

    def __init__(self, namespaces: frozenset[str] | None) -> None:
        super().__init__()
        self.namespaces = namespaces
        self.extension = 0  # how deep inside an extension, which programs pass over

    def doctype(self, *_: object) -> None:
        raise WorkbookError("holds a document type declaration, which no spreadsheet program writes")

    def start(self, tag: str, attributes: dict[str, str], /) -> Element:
        namespace, name = tag.rpartition("}")[0].lstrip("{"), tag.rpartition("}")[2]
        if self.extension or name == "extLst":
            self.extension += 1
        elif self.namespaces is not None and namespace not in self.namespaces:
            where = namespace or "no namespace"
            raise WorkbookError(f"cannot be verified: it holds {name} of {where} where no spreadsheet program writes it")
        return super().start(name, {key.rpartition("}")[2]: value for key, value in attributes.items()})

    def end(self, tag: str, /) -> Element:
        self.extension -= bool(self.extension)
        return super().end(tag.rpartition("}")[2])


def tree(data: bytes, namespaces: frozenset[str] | None = None) -> Element:
    """The elements of a part, all of them in one of the `namespaces`, where these are given, but for extensions.

    Raises `WorkbookError`.
    """
    parser = XMLParser(target=Elements(namespaces))
    try:
        parser.feed(data)
        root: Element = parser.close()
    except ParseError as error:
        raise WorkbookError(f"is damaged: one of its parts is not well-formed XML ({error})") from None
    for extension in [(parent, child) for parent in root.iter() for child in parent if child.tag == "extLst"]:
        extension[0].remove(extension[1])
    return root
