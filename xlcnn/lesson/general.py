"""Words for any network: what the lesson that comes with xlcnn says in general, and what is said of each kind of layer.

A template without words of its own is told with these, in every language that the lesson has: each of its layers is a step.
What should be said otherwise of one network stands in its ``intro.en.toml``, …: any of these words, steps, and terms; and under
``lesson`` the sheets of which the lesson's own words are right here, too.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from xlcnn.files.reading import read_text
from xlcnn.sheets.plan import Plan
from xlcnn.sheets.words import Words

PICTURE = "picture"
HERE = Path(__file__).parent / "general"
OWN = ("steps", "halves", "glossary")  # sections of a lesson that speak of its own sheets
ALWAYS = ("guide", "overview", "network", "glossary", "about", PICTURE)  # sheets that any workbook may have
NO_INTRO: Mapping[str, Any] = MappingProxyType({})
#: The terms of the lesson's glossary that every network needs → the kind of sheet that shows them.
TERMS = {
    "activation": "relu", "bias": "conv2d", "channel": "network", "cnn": "overview", "convolution": "conv2d", "dense": "dense",
    "exp": "softmax", "featuremap": "conv2d", "filter": "conv2d", "hiddenlayer": "conv2d", "input": "input", "layer": "overview",
    "matrix": "input", "maxpooling": "maxpool2d", "negative": "conv2d", "pixel": "input", "relu": "relu", "softmax": "softmax",
    "tensor": "network", "weight": "conv2d", "window": "conv2d",
}  # fmt: skip


def general_languages() -> list[str]:
    """The languages in which any network can be told."""
    return sorted(path.stem for path in HERE.glob("*.toml"))


def general_data(lesson: Path, language: str, intro: Mapping[str, Any] = NO_INTRO) -> dict[str, Any]:
    """The words for any network, and those of an `intro`; `lesson` is the file of the lesson's words in that language."""
    told = tomllib.loads(read_text(lesson))
    base = {key: value for key, value in told.items() if key not in OWN}
    base["sheets"] = {name: told["sheets"][name] for name in ALWAYS}
    base["terms"] = {key: told["glossary"][key] for key in TERMS}
    general = merged(base, tomllib.loads(read_text(HERE / f"{language}.toml")))
    borrowed = {name: told["sheets"][name] for name in intro.get("lesson", ()) if name in told["sheets"]}
    return merged(merged(general, {"sheets": borrowed}), intro)


def general_words(
    lesson: Path,
    language: str,
    plan: Plan,
    classes: Sequence[str] = (),
    intro: Mapping[str, Any] = NO_INTRO,
    title: str = "",
) -> Words:
    """The words for these sheets, with the terms that its kinds of layers need, and the names of its classes and of itself.

    Each layer is a step, unless the `intro` has steps of its own.
    """
    data = general_data(lesson, language, intro)
    if title:
        data["sheets"] = merged(data["sheets"], {"guide": {"title": data["named"].format(title)}})
    pictures = [sheet for sheet in plan.sheets.values() if sheet.of_a_picture]
    if not pictures:
        data["sheets"].pop(PICTURE, None)  # else a layer of that name would be told so
    data["sheets"] = merged(data["sheets"], {plan.input.name: {"captions": channels(plan, data["captions"])}})
    named = [layer.name for layer in plan.layers if "name" in plan.parts[layer.name]]
    names = {sheet: {"options": {f"class{k}": name for k, name in enumerate(classes)}} for sheet in named}
    data["sheets"] = merged(data["sheets"], names)
    first = {sheet.kind: name for name, sheet in reversed(plan.sheets.items())}
    terms = {key: {**data["terms"][key], "sheet": first[kind]} for key, kind in TERMS.items() if kind in first}
    words = Words(lesson, {**data, "glossary": terms | data.get("glossary", {})})
    if "steps" in data:
        return words
    steps = {
        str(number): {
            "title": words.title(layer), "does": words.does(layer, plan.parts[layer.name]), "try": words.try_(layer),
            "sheets": [*(sheet.name for sheet in pictures if layer.name == plan.input.name), layer.name],
        }
        for number, layer in enumerate(plan.layers, start=1)
    }  # fmt: skip
    return Words(lesson, {**words.data, "steps": steps})


def channels(plan: Plan, captions: Mapping[str, str]) -> dict[str, str]:
    """What stands over the maps of a picture's channels: "your image: red"; nothing where there is only one."""
    hues = next((part.hues for part in plan.parts[plan.input.name].values() if part.hues), ())
    return {
        f"{label}{k}": f"{captions[label].format(k)}: {captions[hue]}"
        for label in ("user", "map", "prepared") for k, hue in enumerate(hues, start=1)
    }  # fmt: skip


def merged(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Tables within tables as one; where both say something, `own` holds."""
    found = dict(base)
    for key, value in own.items():
        found[key] = merged(found[key], value) if isinstance(value, dict) and isinstance(found.get(key), dict) else value
    return found
