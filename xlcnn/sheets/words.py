"""The words of a lesson in one language, as sheets ask for them. No Python reads their meaning.

What a lesson's own file does not say of a sheet is said in general: its kind's name, the first line about its kind.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
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


@dataclass(frozen=True)
class HalfTruth:
    """What one sheet says too simply, on purpose, and a later one corrects."""

    told: str
    half: str
    corrected: str
    truth: str


@dataclass(frozen=True)
class Term:
    """A word of the field, what it means, the sheet that shows it, and the forms in which it stands in texts."""

    name: str
    meaning: str
    sheet: str
    forms: tuple[str, ...]


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
            Step(int(n), s["title"], s["does"], s["try"], tuple(s["sheets"]))
            for n, s in sorted(self.data.get("steps", {}).items(), key=lambda item: int(item[0]))
        ]

    @property
    def halves(self) -> list[HalfTruth]:
        """The half-truths with their corrections."""
        return [HalfTruth(h["told"], h["half"], h["corrected"], h["truth"]) for h in self.data.get("halves", {}).values()]

    @property
    def glossary(self) -> list[Term]:
        """The words of the field in alphabetical order."""
        found = (
            Term(t["name"], t["meaning"], t["sheet"], tuple(t.get("forms", [t["name"]])))
            for t in self.data.get("glossary", {}).values()
        )
        return sorted(found, key=lambda term: unaccented(term.name))

    def only(self, names: Iterable[str]) -> Words:
        """The words of a workbook that has just these sheets: without steps and half-truths that need others."""
        names = set(names)
        steps = {n: {**s, "sheets": [name for name in s["sheets"] if name in names]} for n, s in self.data.get("steps", {}).items()}
        halves = {key: h for key, h in self.data.get("halves", {}).items() if {h["told"], h["corrected"]} <= names}
        return Words(self.path, {**self.data, "steps": {n: s for n, s in steps.items() if s["sheets"]}, "halves": halves})

    def marks(self, name: str, titles: Mapping[str, str]) -> list[str]:
        """The half-truths that a sheet tells, and those that it corrects, each with its mark and the other sheet's title."""
        told = [self["guide", "half"].format(h.half, titles[h.corrected]) for h in self.halves if h.told == name]
        corrected = [self["guide", "truth"].format(h.half, titles[h.told], h.truth) for h in self.halves if h.corrected == name]
        return [*(f"½ {text}" for text in told), *(f"✓ {text}" for text in corrected)]

    def order(self, names: Iterable[str]) -> list[str]:
        """Sheets in the order in which the steps lead to them; the guide before all, and behind them what no step shows."""
        names = list(names)
        wanted = ["guide", *(name for step in self.steps for name in step.sheets), *names]
        return [name for name in dict.fromkeys(wanted) if name in names]

    # ---- of a sheet ----

    def tab(self, name: str) -> str | None:
        """The name of a sheet's tab in this language, where it has one of its own."""
        return self.get("sheets", name, "tab")

    def title(self, sheet: Named) -> str:
        return self.get("sheets", sheet.name, "title") or f"{sheet.title}: {self.kind(sheet)}"

    def does(self, sheet: Named, parts: Parts) -> str:
        """What the sheet does, with the facts of its tensors filled in."""
        own = self.get("sheets", sheet.name, "does") or self.get("does", sheet.kind)
        return own.format(**facts(sheet, parts)) if own else (sheet.__doc__ or "").partition("\n")[0]

    def try_(self, sheet: Named) -> str:
        return self.get("sheets", sheet.name, "try") or self.get("try", sheet.kind) or ""

    def kind(self, sheet: Named) -> str:
        return self.get("kinds", sheet.kind) or sheet.kind

    def options(self, sheet: Named) -> str:
        """A layer's options as a student would say them; what is as usual, or only there to play with, is left out."""
        known, values = options_of(sheet), values_of(sheet)
        order = list(self.data.get("options", {}))
        told = [n for n, option in known.items() if option.part_of_network and values[n] != option.default]
        told.sort(key=lambda n: order.index(n) if n in order else len(order))
        patterns = {n: self.get("options", n) for n in told}
        shown = ((f"{n} {{0}}" if text is None else text).format(brief(n, values[n])) for n, text in patterns.items())
        return ", ".join(text for text in shown if text)

    # ---- of a block ----

    def own_caption(self, sheet: str, key: str) -> str:
        return self.get("sheets", sheet, "captions", key) or self.get("captions", key) or key

    def caption(self, sheet: str, block: Block) -> str:
        """The words above a block: the sheet's own, those of a choice of the same name, or those of all such blocks."""
        own = self.get("sheets", sheet, "captions", block.label) or self.get("sheets", sheet, "captions", block.key)
        if own is not None:
            return own.format(*block.numbers, *("",) * 4).strip()
        option = self.get("sheets", sheet, "options", block.key)
        if option is not None:
            return option
        general = self.get("captions", block.key) or block.label
        return general.format(*block.numbers, *("",) * 4).strip()

    def labels(self, sheet: str, part: Labels) -> list[str]:
        """What the cells of a part that holds words say."""
        if part.texts:
            return list(part.texts)

        def word(key: str, k: int) -> str:
            """One picture's own words, or those of all such pictures with its number."""
            return self.get("sheets", sheet, "options", f"{key}{k}") or self.get("sheets", sheet, "options", key) or f"{key} {{0}}"

        return [word(key, k).format(k) for key, k in part.keys]


def name_of(caption: str) -> str:
    """A caption without what explains it: ``map 2: what filter 2 finds`` → ``map 2``."""
    return caption.partition(" (")[0].partition(":")[0].strip()


def brief(option: str, value: Any) -> str:
    """An option as a person would say it: numbers that are alike once, but for the size of a window; one a channel side by side."""
    if isinstance(value, tuple) and len(set(value)) == 1 and option != "kernel":
        value = value[0]
    if isinstance(value, tuple) and any(isinstance(n, float) for n in value):
        return " / ".join(map(write_value, value))
    return write_value(value)


def unaccented(text: str) -> str:
    """A text as it is looked up in a dictionary: without capitals and accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


def facts(sheet: Named, parts: Parts) -> dict[str, object]:
    """What the words of a sheet may mention."""
    came_in = (*next((p.source.shape for p in parts.values() if isinstance(p, Incoming)), ()), 1, 1, 1)
    out = (*(parts["output"].shape if "output" in parts else ()), 1, 1, 1)
    known = values_of(sheet)
    own = (*known["shape"], 1, 1, 1) if "shape" in known else came_in  # that of a vector has one axis
    return {
        "channels": own[0],
        "height": own[1],
        "width": own[2],
        "out_height": out[1],
        "out_width": out[2],
        "filters": known.get("filters", out[0]),
        "units": known.get("units", out[0]),
        "kernel": " × ".join(str(n) for n in known.get("kernel", ())),
    }
