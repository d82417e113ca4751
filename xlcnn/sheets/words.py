"""The words of a lesson in one language, as sheets ask for them. No Python reads their meaning.

What a lesson's own file does not say of a sheet is said in general: its kind's name, the first line about its kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Protocol

from xlcnn.grid.blocks import Block
from xlcnn.sheets.options import options_of, values_of, write_value
from xlcnn.sheets.parts import Incoming, Labels, Parts


class Named(Protocol):
    """What words must know of a sheet."""

    kind: ClassVar[str]

    @property
    def name(self) -> str: ...

    @property
    def title(self) -> str: ...


@dataclass(frozen=True)
class Step:
    """One step of the lesson: its words, and the names of the sheets that show it."""

    number: int
    title: str
    does: str
    try_: str
    sheets: tuple[str, ...]
    half: str
    corrects: str

    @property
    def marks(self) -> list[str]:
        """The half-truth that is told, and the earlier one that is corrected, each with its mark."""
        return [f"{mark} {text}" for mark, text in (("½", self.half), ("✓", self.corrects)) if text]


@dataclass(frozen=True)
class Words:
    """``words["guide", "answer"]``, and what is put together from such words."""

    path: Path
    data: Mapping[str, Any]

    def __getitem__(self, key: tuple[str, ...]) -> str:
        found: Any = self.data
        for name in key:
            found = found[name]
        return str(found)

    def get(self, *key: str) -> str | None:
        """Words that need not be there."""
        try:
            return self[key]
        except KeyError:
            return None

    @property
    def steps(self) -> list[Step]:
        """The steps of the lesson, in order."""
        return [
            Step(int(n), s["title"], s["does"], s["try"], tuple(s["sheets"]), s.get("half", ""), s.get("corrects", ""))
            for n, s in sorted(self.data.get("steps", {}).items(), key=lambda item: int(item[0]))
        ]

    # ---- of a sheet ----

    def title(self, sheet: Named) -> str:
        return self.get("sheets", sheet.name, "title") or f"{sheet.title}: {self.kind(sheet)}"

    def does(self, sheet: Named, parts: Parts) -> str:
        """What the sheet does, with the facts of its tensors filled in."""
        own = self.get("sheets", sheet.name, "does")
        return own.format(**facts(sheet, parts)) if own else (sheet.__doc__ or "").partition("\n")[0]

    def try_(self, sheet: Named) -> str:
        return self.get("sheets", sheet.name, "try") or ""

    def kind(self, sheet: Named) -> str:
        return self.get("kinds", sheet.kind) or sheet.kind

    def options(self, sheet: Named) -> str:
        """A layer's options as a student would say them; what is as usual, or only there to play with, is left out."""
        known, values = options_of(sheet), values_of(sheet)
        order = list(self.data.get("options", {}))
        told = [n for n, option in known.items() if option.part_of_network and values[n] != option.default]
        told.sort(key=lambda n: order.index(n) if n in order else len(order))
        patterns = {n: self.get("options", n) for n in told}
        shown = ((f"{n} {{0}}" if text is None else text).format(write_value(values[n])) for n, text in patterns.items())
        return ", ".join(text for text in shown if text)

    # ---- of a block ----

    def own_caption(self, sheet: str, key: str) -> str:
        return self.get("sheets", sheet, "captions", key) or key

    def caption(self, sheet: str, block: Block) -> str:
        """The words above a block: the sheet's own, those of a choice of the same name, or those of all such blocks."""
        own = self.get("sheets", sheet, "captions", block.label) or self.get("sheets", sheet, "captions", block.key)
        if own is not None:
            return own
        option = self.get("sheets", sheet, "options", block.key)
        if option is not None:
            return option
        general = self.get("captions", block.key) or block.label
        return general.format(*block.numbers, *("",) * 4)

    def labels(self, sheet: str, part: Labels) -> list[str]:
        """What the cells of a part that holds words say."""
        if part.texts:
            return list(part.texts)
        return [(self.get("sheets", sheet, "options", key) or f"{key} {{0}}").format(k) for key, k in part.keys]


def facts(sheet: Named, parts: Parts) -> dict[str, object]:
    """What the words of a sheet may mention."""
    came_in = (*next((p.source.shape for p in parts.values() if isinstance(p, Incoming)), (1, 1, 1)), 1, 1)
    out = (*(parts["output"].shape if "output" in parts else ()), 1, 1, 1)
    known = values_of(sheet)
    own = known.get("shape", came_in)
    return {
        "channels": came_in[0],
        "height": own[1],
        "width": own[2],
        "out_height": out[1],
        "out_width": out[2],
        "filters": known.get("filters", out[0]),
        "units": known.get("units", out[0]),
        "kernel": " × ".join(str(n) for n in known.get("kernel", ())),
    }
