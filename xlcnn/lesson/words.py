"""Which words a lesson's file must hold, and what is said of one that does not."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from string import Formatter
from typing import Any

from xlcnn.errors import TemplateError
from xlcnn.sheets import overview
from xlcnn.sheets.base import EXHIBIT, Sheet
from xlcnn.sheets.parts import Labels, Part
from xlcnn.sheets.plan import Plan
from xlcnn.sheets.words import Words

#: What a file of words must hold: section → keys; and ``sheets``, a section of `SHEET` for each sheet, and ``steps``.
WORDS: dict[str, tuple[str, ...]] = {
    "guide": ("picture", "answer", "sure", "reads", "steps", "legend", "others", "where", "step", "sheet", "story", "try"),
    "network": (*overview.HEADS, "total"),
    "about": ("name", "kind", "reads", "options"),
    "panels": ("in", "weight", "computed", "choice", "source", "formula", "back"),
    "captions": (
        "in", "map", "filter", "bias", "weights", "product", "score", "class", "shifted", "exp", "probability", "prediction",
        "winner", "evidence", "pickmap", "pickrow", "pickcol", "looking", "window", "picked", "times", "sum", "pickedbias",
        "result", "celltext", "user", "choice", "number", "options", "picture", "learned", "own",
    ),
    "limits": ("pixel_title", "pixel", "whole_title", "whole", "word_title", "word", "number_title", "number"),
    "notices": ("choice", "cell", "pixel", "switch"),
}  # fmt: skip
OPEN = ("kinds", "options")  # sections of words for kinds of layers and for their options; a word that is missing is made up
TEXT, MAYBE, SHEETS = "a text", "a text, or nothing", "a list of sheets"  # what may stand under a key
SHEET = ("title", "does", "try")
MARKS = ("half", "corrects")  # a half-truth, and the correction of an earlier one: they need not be there
FACTS = frozenset({"channels", "height", "width", "out_height", "out_width", "filters", "units", "kernel"})
NUMBERS = frozenset({"0", "1"})
BOUNDS = frozenset({"low", "high"})
LONGEST = 2000
LONGEST_TITLE, LONGEST_MESSAGE = 32, 255  # that Excel shows when it refuses what was typed


def load_words(path: Path, plan: Plan) -> Words:
    """The words of a lesson. Raises `TemplateError` that names the file and the key that is wrong."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise TemplateError(f"{path} cannot be read: {error}") from None
    check_words(path, expected_words(plan, data), data, list(plan.sheets))
    return Words(path, data)


def expected_words(plan: Plan, data: Mapping[str, Any]) -> dict[str, Any]:
    """What must or may stand in a file of words for these sheets; it has as many steps as `data`."""
    expected: dict[str, Any] = {section: dict.fromkeys(keys, TEXT) for section, keys in WORDS.items()}
    expected |= {section: {MAYBE: MAYBE} for section in OPEN}
    expected["sheets"] = {name: sheet_words(sheet, plan.parts[name]) for name, sheet in plan.sheets.items()}
    found = data.get("steps")
    step = {**dict.fromkeys(SHEET, TEXT), "sheets": SHEETS, **dict.fromkeys(MARKS, MAYBE)}
    expected["steps"] = {str(k + 1): step for k in range(len(found) if isinstance(found, dict) else 1)}
    return expected


def sheet_words(sheet: Sheet, parts: Mapping[str, Part]) -> dict[str, Any]:
    """What must or may be said of one sheet."""
    words: dict[str, Any] = dict.fromkeys(SHEET, TEXT)
    shown = [b for b in sheet.arrange(parts).blocks if parts[b.part].captioned]
    charts = [key for chart in sheet.charts(parts) for key in (chart.title, *chart.axes) if key]
    if sheet.group == EXHIBIT:
        words["captions"] = dict.fromkeys([*(b.key for b in shown), *charts], TEXT)
    else:  # what stands above the blocks of a layer is known in general
        words["captions"] = {MAYBE: MAYBE, **dict.fromkeys([b.label for b in shown], MAYBE), **dict.fromkeys(charts, TEXT)}
    keys = [key for part in parts.values() if isinstance(part, Labels) for key, _ in part.keys]
    if keys:
        words["options"] = dict.fromkeys(keys, TEXT)
    return words


def check_words(path: Path, expected: Mapping[str, Any], found: Any, sheets: Iterable[str], where: tuple[str, ...] = ()) -> None:
    """Raises `TemplateError` that names the file and the key that is missing, not known, or wrong."""
    if not isinstance(found, dict):
        raise TemplateError(f"{path}: {'.'.join(where)} must be a table of words")
    for key, kind in expected.items():
        if key not in found and kind != MAYBE and not (isinstance(kind, dict) and MAYBE in kind):
            raise TemplateError(f"{path}: {'.'.join((*where, key))} is missing")
    for key, value in found.items():
        name = f"{path}: {'.'.join((*where, key))}"
        kind = expected.get(key, MAYBE if where[:1] in (("kinds",), ("options",)) else None)
        if kind is None:
            raise TemplateError(f"{name} is not known")
        if isinstance(kind, dict):
            check_words(path, kind, value, sheets, (*where, key))
            if key == "options" and where and len({text.casefold() for text in value.values()}) < len(value):
                raise TemplateError(f"{name}: two choices have the same words")
        elif kind == SHEETS:
            check_sheets(name, value, tuple(sheets))
        else:
            check_text(name, value, where)


def check_text(name: str, value: Any, where: tuple[str, ...]) -> None:
    """A text of bounded length in which only known {fields} stand."""
    limit = LONGEST
    if where == ("limits",):
        limit = LONGEST_TITLE if name.endswith("_title") else LONGEST_MESSAGE - 20
    if not isinstance(value, str) or len(value) > limit:
        raise TemplateError(f"{name} must be a text of at most {limit} characters")
    numbered = {"captions", "options"} & set(where)
    check_fields(name, value, NUMBERS if numbered else BOUNDS if where == ("limits",) else FACTS)


def check_sheets(where: str, value: Any, known: tuple[str, ...]) -> None:
    """A step names one or two sheets by their names."""
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
