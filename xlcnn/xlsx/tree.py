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


def names(text: str) -> frozenset[str]:
    """The names of elements, written one after the other."""
    return frozenset(text.split())


class Elements(TreeBuilder):
    """Elements without their namespaces, unless these are kept. Document types are refused: they can hold entity bombs."""

    def __init__(self, namespaces: frozenset[str] | None, keep: bool) -> None:
        super().__init__()
        self.namespaces = namespaces
        self.keep = keep
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
        return super().start(tag if self.keep else name, {key.rpartition("}")[2]: value for key, value in attributes.items()})

    def end(self, tag: str, /) -> Element:
        self.extension -= bool(self.extension)
        return super().end(tag if self.keep else tag.rpartition("}")[2])


def tree(data: bytes, namespaces: frozenset[str] | None = None, keep: bool = False) -> Element:
    """The elements of a part, all of them in one of the `namespaces`, where these are given, but for extensions.

    Extensions are left out, and tags are names without their namespaces, unless both are to be kept.

    Raises `WorkbookError`.
    """
    parser = XMLParser(target=Elements(namespaces, keep))
    try:
        parser.feed(data)
        root: Element = parser.close()
    except ParseError as error:
        raise WorkbookError(f"is damaged: one of its parts is not well-formed XML ({error})") from None
    if keep:
        return root
    for extension in [(parent, child) for parent in root.iter() for child in parent if child.tag == "extLst"]:
        extension[0].remove(extension[1])
    return root
