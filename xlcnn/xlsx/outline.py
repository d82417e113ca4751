"""What stands around what is read: the children of a part's root, each once, and nothing of theirs hidden in an extension.

Extensions (``extLst``), choices (``mc:AlternateContent``) and elements of other namespaces are passed over; what is read of a part
may not stand inside them, where some programs would find it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol
from xml.parsers import expat

from xlcnn.xlsx.xml import BLANKS, DIRECTIVES, MAIN, STRICT, Attributes, parse, refuse, split

Heard = Callable[[str, Attributes], None]
ASIDE = frozenset(("extLst", "AlternateContent", "controls", "oleObjects"))


class Listener(Protocol):
    """Hears what stands in the children `ASIDE` of a part's root: names without their namespaces."""

    def start(self, tag: str, attrs: dict[str, str], /) -> object: ...

    def end(self, tag: str, /) -> object: ...

    def data(self, data: str, /) -> object: ...


def outline(
    part: str, data: bytes, main: str, root: str, once: frozenset[str], read: frozenset[str], start: Heard,
    end: Callable[[str], None], text: Callable[[str], None], connected: Callable[[expat.XMLParserType], None] = lambda _: None,
    aside: Listener | None = None,
) -> None:  # fmt: skip
    """Run the events of a part whose root is `root`: `start` hears ``cols/col`` and its attributes, `end` ``cols/col``.

    Elements `once` stand there once at most; elements `read` stand nowhere else than where they are heard. What stands in the
    extension of the part itself, or in another child `ASIDE` of its root, is told `aside`.
    """
    path: list[str] = []
    seen: set[str] = set()
    skipped = 0

    def begin(tag: str, a: Attributes) -> None:
        nonlocal skipped
        namespace, name = split(tag)
        if not path:
            if tag != f"{main} {root}":
                refuse(part, f"its root is {tag[:100]}, not {main} {root}")
        elif not a.keys().isdisjoint(DIRECTIVES):
            refuse(part, f"tells programs to read {name} in another way than it stands")
        elif skipped or namespace != main or name == "extLst":
            skipped += 1
            if name == "sheetData" or (namespace in (MAIN, STRICT) and name in read):  # LibreOffice takes both for one
                refuse(part, f"holds an element {name} inside an extension or a choice")
        else:
            if len(path) == 1 and name in once:
                if name in seen:
                    refuse(part, f"holds {name} twice")
                seen.add(name)
            elif len(path) > 1 and name in once:
                refuse(part, f"holds {name} inside {path[-1]}")
            start("/".join([*path[1:], name]), a)
        if aside is not None and (path[1:2] or [name])[0] in ASIDE:
            aside.start(name, {split(key)[1]: value for key, value in a.items()})
        if not path and not a.keys().isdisjoint(DIRECTIVES):
            refuse(part, "tells programs to read it in another way than it stands")
        path.append(name)

    def finish(_: str) -> None:
        nonlocal skipped
        if aside is not None and path[1:2] and path[1] in ASIDE:
            aside.end(path[-1])
        if skipped:
            skipped -= 1
        elif len(path) > 1:
            end("/".join(path[1:]))
        path.pop()

    def between(data: str) -> None:
        if not skipped:
            text(data)
        if aside is not None and path[1:2] and path[1] in ASIDE:
            aside.data(data)

    def connect(parser: expat.XMLParserType) -> None:
        parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = begin, finish, between
        connected(parser)

    parse(part, data, connect)


def nothing(part: str) -> Callable[[str], None]:
    """Text that belongs to no element that is read must be blank."""

    def heard(data: str) -> None:
        if data.strip(BLANKS):
            refuse(part, "holds text between its elements")

    return heard
