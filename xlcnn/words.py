"""The words of a lesson: which file must hold which, and how they are read. No Python reads their meaning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import Any

from xlcnn.errors import TemplateError
from xlcnn.exhibits import Exhibit
from xlcnn.layers import Layer, Part
from xlcnn.table import SHEET as NETWORK

#: What a file of words must hold: section → keys; and ``sheets``, a section of `SHEET_WORDS` for each layer, and ``steps``.
WORDS: dict[str, tuple[str, ...]] = {
    "guide": (
        "title", "intro", "picture", "answer", "sure", "reads", "chart", "digit", "probability",
        "steps", "legend", "others", "where", "step", "sheet", "story", "try",
    ),
    "network": ("title", "does", "layer", "kind", "reads", "options", "output", "weights", "sheet", "total"),
    "panels": ("in", "weight", "computed", "choice", "source", "formula", "back"),
    "captions": (
        "in", "map", "filter", "bias", "weights", "product", "score", "class", "shifted", "exp", "probability", "prediction",
        "winner", "evidence", "pickmap", "pickrow", "pickcol", "window", "picked", "times", "sum", "pickedbias", "result",
        "celltext", "user", "choice", "number", "options", "picture", "learned", "own",
    ),
}  # fmt: skip
TEXT, MAYBE, SHEETS = "a text", "a text, or nothing", "a list of sheets"  # what may stand under a key
SHEET_WORDS = ("title", "does", "try")
MARKS = ("half", "corrects")  # a half-truth, and the correction of an earlier one: they need not be there
FIELDS = frozenset({"channels", "height", "width", "out_height", "out_width", "filters", "units", "kernel"})
CAPTION_FIELDS = frozenset({"0", "1"})


@dataclass(frozen=True)
class Step:
    """One step of the lesson: its words, and the names of the layers or exhibits (or ``Network``) that show it."""

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
    """The words of a lesson in one language; ``words["guide", "title"]``."""

    path: Path
    data: Mapping[str, Any]

    @property
    def steps(self) -> list[Step]:
        """The steps of the lesson, in order."""
        return [
            Step(int(n), s["title"], s["does"], s["try"], tuple(s["sheets"]), *(s.get(mark, "") for mark in MARKS))
            for n, s in sorted(self.data.get("steps", {}).items(), key=lambda item: int(item[0]))
        ]

    def get(self, *key: str) -> str | None:
        """Words that need not be there."""
        try:
            return self[key]
        except KeyError:
            return None

    def __getitem__(self, key: tuple[str, ...]) -> str:
        found: Any = self.data
        for name in key:
            found = found[name]
        return str(found)


def expected_words(layers: Iterable[Layer], parts: Mapping[str, Mapping[str, Part]], data: Mapping[str, Any]) -> dict[str, Any]:
    """What must or may stand in a file of words for these layers and exhibits; it has as many steps as `data`."""
    expected: dict[str, Any] = {section: dict.fromkeys(keys, TEXT) for section, keys in WORDS.items()}
    expected["sheets"] = {}
    for layer in layers:
        sheet: dict[str, Any] = dict.fromkeys(SHEET_WORDS, TEXT)
        mine = dict(parts[layer.name])
        if isinstance(layer, Exhibit):
            sheet["captions"] = dict.fromkeys(exhibit_words(layer, mine), TEXT)
        else:  # a layer's own captions need not be there
            sheet["captions"] = {MAYBE: MAYBE, **{b.label: MAYBE for b in layer.arrange(mine).blocks}}
        if labels := layer.labels(mine):
            sheet["options"] = {key: TEXT for key, _ in labels}
        expected["sheets"][layer.name] = sheet
    found = data.get("steps")
    step = {**dict.fromkeys(SHEET_WORDS, TEXT), "sheets": SHEETS, **dict.fromkeys(MARKS, MAYBE)}
    expected["steps"] = {str(k + 1): step for k in range(len(found) if isinstance(found, dict) else 1)}
    return expected


def exhibit_words(exhibit: Exhibit, parts: dict[str, Part]) -> list[str]:
    """The words that an exhibit needs for its blocks, notes and charts."""
    blocks = {b.key for b in exhibit.arrange(parts).blocks}
    return [*blocks, *(key for _, _, key in exhibit.notes()), *(chart.title for chart in exhibit.charts())]


def check_words(path: Path, expected: Mapping[str, Any], found: Any, sheets: Iterable[str], where: tuple[str, ...] = ()) -> None:
    """Raises `TemplateError` that names the file and the key that is missing, not known, or wrong."""
    if not isinstance(found, dict):
        raise TemplateError(f"{path}: {'.'.join(where)} must be a table of words")
    for key, kind in expected.items():
        if key not in found and kind != MAYBE and not (isinstance(kind, dict) and MAYBE in kind):
            raise TemplateError(f"{path}: {'.'.join((*where, key))} is missing")
    for key, value in found.items():
        name = f"{path}: {'.'.join((*where, key))}"
        kind = expected.get(key)
        if kind is None:
            raise TemplateError(f"{name} is not known")
        if isinstance(kind, dict):
            check_words(path, kind, value, sheets, (*where, key))
            if key == "options" and len({text.casefold() for text in value.values()}) < len(value):
                raise TemplateError(f"{name}: two choices have the same words")
        elif kind == SHEETS:
            check_sheets(name, value, (NETWORK, *sheets))
        elif not isinstance(value, str) or len(value) > 2000:
            raise TemplateError(f"{name} must be a text of at most 2000 characters")
        else:
            check_fields(name, value, CAPTION_FIELDS if {"captions", "options"} & set(where) else FIELDS)


def check_sheets(where: str, value: Any, known: tuple[str, ...]) -> None:
    """A step names one or two sheets by their layers."""
    if not isinstance(value, list) or not 1 <= len(value) <= 2:
        raise TemplateError(f"{where} must be a list of one or two names")
    for name in value:
        if name not in known:
            raise TemplateError(f"{where}: {name!r} is not known; known are {', '.join(known)}")


def check_fields(where: str, text: str, known: frozenset[str]) -> None:
    """Only plain {names} of `known` may stand in a text: a template's words can run nothing."""
    try:
        fields = list(Formatter().parse(text))
    except ValueError as error:
        raise TemplateError(f"{where}: {error}") from None
    for _, name, form, conversion in fields:
        if name is not None and (name not in known or form or conversion):
            raise TemplateError(f"{where}: {{{name}}} is not known; known are {', '.join(sorted(known))}")
