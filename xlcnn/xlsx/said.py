"""An element of a sheet outside its cells, as the file says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from xlcnn.xlsx.values import T, decimal, is_on, signed, whole


@dataclass(frozen=True)
class Said:
    """An element outside the cells: its path below the root, ``cols/col``, its attributes, and the text in it."""

    path: str
    attributes: Mapping[str, str]
    text: list[str] = field(default_factory=list)
    part: str = ""

    def __getitem__(self, name: str) -> str:
        return self.attributes.get(name, "")

    def on(self, name: str, usual: bool = False) -> bool:
        return is_on(self.part, self.attributes, name, usual)

    def whole(self, name: str, usual: T) -> int | T:
        return whole(self.part, self.attributes, name, usual)

    def signed(self, name: str, usual: T) -> int | T:
        return signed(self.part, self.attributes, name, usual)

    def decimal(self, name: str, usual: T) -> float | T:
        return decimal(self.part, self.attributes, name, usual)
