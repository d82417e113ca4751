"""Which words a lesson's file must hold, and what is said of one that does not."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from string import Formatter
from typing import Any

from xlcnn.errors import NetworkError, TemplateError
from xlcnn.files.reading import read_text, reason
from xlcnn.network.files import check_title
from xlcnn.sheets import glossary, network_table
from xlcnn.sheets.base import EXHIBIT, LEARNING, Sheet
from xlcnn.sheets.graph import check_titles
from xlcnn.sheets.layers import conv2d
from xlcnn.sheets.parts import Labels, Part
from xlcnn.sheets.plan import Plan
from xlcnn.sheets.words import Words

#: What a file of words must hold: section → keys; and ``sheets``, a section of `SHEET` for each sheet, and ``steps``.
WORDS: dict[str, tuple[str, ...]] = {
    "guide": (
        "picture", "answer", "answer_of", "sure", "reads", "steps", "legend", "others", "step", "story", "try",
        "half", "truth",
    ),
    "glossary_heads": tuple(glossary.COLUMNS),
    "network": (*network_table.HEADS, "total"),
    "about": ("name", "kind", "reads", "options"),
    "panels": ("in", "weight", "computed", "choice", "source", "formula", "back", "guide", "next"),
    "legend": ("negative", "zero", "positive", "yours", "looked", "inner", "outer"),
    "captions": (
        "in", "map", "filter", "bias", "weights", "product", "unit", "score", "class", "shifted", "exp", "probability",
        "prediction", "total", "answers", "accuracy", "winner", "evidence", "pickmap", "pickrow", "pickcol", "looking",
        "window", "picked", "times", "sum", "pickedbias", "result", "celltext", "user", "choice", "number", "options",
        "picture", "learned", "own", "given", "red", "green", "blue",
    ),
    "limits": ("pixel_title", "pixel", "whole_title", "whole", "word_title", "word", "number_title", "number"),
    "notices": (
        "choice", "cell", "pixel", "switch", *conv2d.WARNING, "digit", "weight", "nudge", "sure", "fell", "rose", "righted",
        "eta", "differ", "sure_here", "flooded", "doubt", "unlike",
    ),
}  # fmt: skip
OPEN = ("kinds", "options")  # sections of words for kinds of layers and for their options; a word that is missing is made up
TEXT, MAYBE, SHEETS, SHEET_NAME, FORMS = (
    "a text",
    "a text, or nothing",
    "a list of sheets",
    "a sheet",
    "a list of words",
)  # what may stand under a key
SHEET = ("title", "does", "try")
STEP = {"title": TEXT, "does": TEXT, "try": TEXT, "sheets": SHEETS}
HALF = {"told": SHEET_NAME, "half": TEXT, "corrected": SHEET_NAME, "truth": TEXT}
TERM = {"name": TEXT, "meaning": TEXT, "sheet": SHEET_NAME, "forms": FORMS}
FACTS = frozenset({"channels", "height", "width", "out_height", "out_width", "filters", "units", "kernel"})
NUMBERS = frozenset({"0", "1", "2"})
BOUNDS = frozenset({"low", "high"})
LONGEST = 2000
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # that XML has no place for
MOST_SHEETS = 8  # of one step
LONGEST_TITLE, LONGEST_MESSAGE = 32, 255  # that Excel shows when it refuses what was typed


def load_words(path: Path, plan: Plan) -> Words:
    """The words of a lesson. Raises `TemplateError` that names the file and the key that is wrong."""
    data = read_words(path)
    check_words(path, expected_words(plan, data), data, list(plan.sheets))
    return with_tabs_checked(path, Words(path, data), plan)


def with_tabs_checked(path: Path, words: Words, plan: Plan) -> Words:
    """The words, if they call each sheet's tab as Excel allows. Raises `TemplateError` that names the file."""
    try:
        for name in plan.sheets:
            check_title(name, words.tab(name) or plan.sheets[name].title, taken=())
        check_titles(plan.titled(words.tab).sheets.values())
    except NetworkError as error:
        raise TemplateError(f"{path}: {error}") from None
    return words


def load_intro(path: Path, plan: Plan) -> dict[str, Any]:
    """What a template says of its own sheets besides the general words; nothing without a file. Raises as `load_words`."""
    if not path.is_file():
        return {}
    data = read_words(path)
    check_words(path, {**expected_words(plan, data), "lesson": SHEETS}, data, list(plan.sheets), whole=False)
    return data


def read_words(path: Path) -> dict[str, Any]:
    """Words as they stand in a file. Raises `TemplateError`."""
    try:
        return tomllib.loads(read_text(path))
    except (OSError, ValueError, RecursionError) as error:
        raise TemplateError(f"{path} cannot be read: {reason(error)}") from None


def expected_words(plan: Plan, data: Mapping[str, Any]) -> dict[str, Any]:
    """What must or may stand in a file of words for these sheets; it has as many steps as `data`."""
    expected: dict[str, Any] = {section: dict.fromkeys(keys, TEXT) for section, keys in WORDS.items()}
    expected |= {section: {MAYBE: MAYBE} for section in OPEN}
    expected["sheets"] = {name: sheet_words(sheet, plan.parts[name]) for name, sheet in plan.sheets.items()}
    for section, shape in (("steps", STEP), ("halves", HALF), ("glossary", TERM)):
        found = data.get(section)
        keys = list(found) if isinstance(found, dict) else []
        expected[section] = {key: shape for key in keys if section != "steps" or (key.isascii() and key.isdigit())}
    return expected


def sheet_words(sheet: Sheet, parts: Mapping[str, Part]) -> dict[str, Any]:
    """What must or may be said of one sheet."""
    words: dict[str, Any] = dict.fromkeys(SHEET, TEXT) | {"tab": MAYBE}
    shown = [b for b in sheet.arrange(parts).blocks if parts[b.part].captioned]
    charts = [key for chart in sheet.charts(parts) for key in (chart.title, *chart.axes) if key]
    if sheet.group in (EXHIBIT, LEARNING):
        captions = [*(b.key for b in shown), *charts]
        words |= {"captions": dict.fromkeys(captions, TEXT)} if captions else {}
    else:  # what stands above the blocks of a layer is known in general
        known = [name for b in shown for name in (b.label, b.key)]
        words["captions"] = {MAYBE: MAYBE, **dict.fromkeys(known, MAYBE), **dict.fromkeys(charts, TEXT)}
    keys = [key for part in parts.values() if isinstance(part, Labels) for key, _ in part.keys]
    if keys:
        single = {f"{key}{k}": MAYBE for part in parts.values() if isinstance(part, Labels) for key, k in part.keys}
        words["options"] = dict.fromkeys(keys, TEXT) | single
    return words


def check_words(
    path: Path, expected: Mapping[str, Any], found: Any, sheets: Iterable[str], where: tuple[str, ...] = (), whole: bool = True
) -> None:
    """Raises `TemplateError` that names the file and the key that is missing, if all must be there, not known, or wrong."""
    if not isinstance(found, dict):
        raise TemplateError(f"{path}: {'.'.join(where)} must be a table of words")
    needed = whole or (where[:1] in (("steps",), ("halves",), ("glossary",)) and len(where) == 2)
    for key, kind in expected.items():
        if needed and key not in found and kind not in (MAYBE, FORMS) and not (isinstance(kind, dict) and MAYBE in kind):
            raise TemplateError(f"{path}: {'.'.join((*where, key))} is missing")
    for key, value in found.items():
        name = f"{path}: {'.'.join((*where, key))}"
        kind = expected.get(key, MAYBE if where[:1] in (("kinds",), ("options",)) else None)
        if kind is None:
            raise TemplateError(f"{name} is not known")
        if isinstance(kind, dict):
            check_words(path, kind, value, sheets, (*where, key), whole)
            if key == "options" and where and len({text.casefold() for text in value.values()}) < len(value):
                raise TemplateError(f"{name}: two choices have the same words")
        elif kind == SHEETS:
            check_sheets(name, value, tuple(sheets))
        elif kind == SHEET_NAME:
            check_sheets(name, [value], tuple(sheets))
        elif kind == FORMS:
            check_forms(name, value, where)
        else:
            check_text(name, value, where)


def check_text(name: str, value: Any, where: tuple[str, ...]) -> None:
    """A text of bounded length in which only known {fields} stand."""
    limit = LONGEST
    if where == ("limits",):
        limit = LONGEST_TITLE if name.endswith("_title") else LONGEST_MESSAGE - 20
    if not isinstance(value, str) or len(value) > limit:
        raise TemplateError(f"{name} must be a text of at most {limit} characters")
    if unwritable := UNWRITABLE.search(value):
        raise TemplateError(f"{name} holds a character that no workbook can hold: {unwritable[0]!a}")
    numbered = {"captions", "options", "panels", "guide"} & set(where[:1] + where[2:])
    check_fields(name, value, NUMBERS if numbered else BOUNDS if where == ("limits",) else FACTS)


def check_sheets(where: str, value: Any, known: tuple[str, ...]) -> None:
    """A step names a few sheets by their names."""
    if not isinstance(value, list) or not 1 <= len(value) <= MOST_SHEETS:
        raise TemplateError(f"{where} must be a list of one to {MOST_SHEETS} names")
    for name in value:
        if name not in known:
            raise TemplateError(f"{where}: {name!r} is not known; known are {', '.join(known)}")


def check_forms(name: str, value: Any, where: tuple[str, ...]) -> None:
    """The forms of a word are a list of texts."""
    if not isinstance(value, list):
        raise TemplateError(f"{name} must be a list of words")
    for form in value:
        check_text(name, form, where)


def check_fields(where: str, text: str, known: frozenset[str]) -> None:
    """Only plain {names} of `known` may stand in a text: a template's words can run nothing."""
    try:
        fields = list(Formatter().parse(text))
    except ValueError as error:
        raise TemplateError(f"{where}: {error}") from None
    for _, name, form, conversion in fields:
        if name is not None and (name not in known or form or conversion):
            raise TemplateError(f"{where}: {{{name}}} is not known; known are {', '.join(sorted(known))}")
