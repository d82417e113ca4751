"""An element of a sheet outside its cells, as the file says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

TRUE = ("1", "true", "on")


@dataclass(frozen=True)
class Said:
    """An element outside the cells: its path below the root, ``cols/col``, its attributes, and the text in it."""

    path: str
    attributes: Mapping[str, str]
    text: list[str] = field(default_factory=list)

    def __getitem__(self, name: str) -> str:
        return self.attributes.get(name, "")

    def on(self, name: str, usual: bool = False) -> bool:
        return self.attributes[name] in TRUE if name in self.attributes else usual
