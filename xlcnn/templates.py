"""Templates: a folder each with the network, its trained weights and the words of its lesson."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from string import Formatter
from typing import Any

from xlcnn.errors import NetworkError, TemplateError
from xlcnn.exhibits import Exhibit
from xlcnn.network import Network, check_layers, load_layers

DEFAULT = "lesson"

#: What a file of words must hold: section → keys. ``sheets`` has a section of `SHEET_WORDS` for each layer.
WORDS: dict[str, tuple[str, ...]] = {
    "guide": ("title", "intro", "picture", "answer", "sure", "chart", "digit", "probability", "steps", "sheet", "story", "try"),
    "network": ("title", "does", "layer", "kind", "reads", "options", "output", "weights", "sheet", "total"),
    "panels": ("in", "weight", "computed", "choice", "source", "formula", "back"),
    "captions": (
        "in", "map", "filter", "bias", "weights", "product", "score", "class", "shifted", "exp", "probability", "prediction",
        "winner", "evidence", "pickmap", "pickrow", "pickcol", "window", "picked", "times", "sum", "pickedbias", "result",
        "celltext",
    ),
}  # fmt: skip
SHEET_WORDS = ("title", "does", "try")
FIELDS = frozenset({"channels", "height", "width", "out_height", "out_width", "filters", "units", "kernel"})
CAPTION_FIELDS = frozenset({"0", "1"})


@dataclass(frozen=True)
class Words:
    """The words of a lesson in one language; ``words["guide", "title"]``."""

    path: Path
    data: Mapping[str, Any]

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


@dataclass(frozen=True, eq=False)
class Template:
    """A network to make workbooks of. `training` is what ``training.json`` says about how it was trained."""

    name: str
    folder: Path

    @cached_property
    def network(self) -> Network:
        try:
            return Network.load(self.folder)
        except NetworkError as error:
            raise TemplateError(f"template {self.name}: {error}") from None

    @cached_property
    def exhibits(self) -> tuple[Exhibit, ...]:
        """The sheets to play with, after those of the network."""
        try:
            exhibits = load_layers(self.folder / "network.json")[1]
            check_layers((*self.network.layers, *exhibits))
        except NetworkError as error:
            raise TemplateError(f"template {self.name}: {error}") from None
        return exhibits

    @cached_property
    def training(self) -> dict[str, Any]:
        path = self.folder / "training.json"
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, RecursionError) as error:
            raise TemplateError(f"{path} cannot be read: {error}") from None
        if not isinstance(data, dict):
            raise TemplateError(f"{path} must hold one object")
        return data

    def words(self, language: str = "en") -> Words:
        """The lesson's words. Raises `TemplateError` that names the file and the key that is wrong."""
        path = self.folder / f"words.{language}.toml"
        if not path.is_file():
            known = ", ".join(self.languages) or "none"
            raise TemplateError(f"template {self.name} has no words in {language!r}; it has: {known}")
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError) as error:
            raise TemplateError(f"{path} cannot be read: {error}") from None
        expected: dict[str, Any] = {section: dict.fromkeys(keys, "") for section, keys in WORDS.items()}
        expected["sheets"] = {layer.name: dict.fromkeys(SHEET_WORDS, "") for layer in self.network.layers}
        for exhibit in self.exhibits:
            expected["sheets"][exhibit.name] = {
                **dict.fromkeys(SHEET_WORDS, ""),
                "captions": dict.fromkeys(self.captions(exhibit), ""),
            }
        for layer in self.network.layers:  # a layer's own captions need not be there
            own = data.get("sheets", {}).get(layer.name, {}) if isinstance(data.get("sheets"), dict) else {}
            if isinstance(own, dict) and "captions" in own:
                labels = {b.label for b in layer.arrange(self.network.parts[layer.name]).blocks}
                expected["sheets"][layer.name]["captions"] = dict.fromkeys(labels & set(own["captions"]), "")
        compare_keys(path, expected, data, ())
        return Words(path, data)

    def captions(self, exhibit: Exhibit) -> list[str]:
        """The words that an exhibit needs for its blocks, notes and charts."""
        parts = check_layers((*self.network.layers, exhibit))[exhibit.name]
        blocks = {b.key for b in exhibit.arrange(parts).blocks}
        return [*blocks, *(key for _, _, key in exhibit.notes()), *(chart.title for chart in exhibit.charts())]

    @property
    def languages(self) -> list[str]:
        return sorted(p.name.split(".")[1] for p in self.folder.glob("words.*.toml"))


def compare_keys(path: Path, expected: Mapping[str, Any], found: Any, where: tuple[str, ...]) -> None:
    if not isinstance(found, dict):
        raise TemplateError(f"{path}: {'.'.join(where)} must be a table of words")
    for key in expected:
        if key not in found:
            raise TemplateError(f"{path}: {'.'.join((*where, key))} is missing")
    for key, value in found.items():
        if key not in expected:
            raise TemplateError(f"{path}: {'.'.join((*where, key))} is not known")
        if isinstance(expected[key], dict):
            compare_keys(path, expected[key], value, (*where, key))
        elif not isinstance(value, str) or len(value) > 2000:
            raise TemplateError(f"{path}: {'.'.join((*where, key))} must be a text of at most 2000 characters")
        else:
            check_fields(f"{path}: {'.'.join((*where, key))}", value, CAPTION_FIELDS if "captions" in where else FIELDS)


def check_fields(where: str, text: str, known: frozenset[str]) -> None:
    """Only plain {names} of `known` may stand in a text: a template's words can run nothing."""
    try:
        fields = list(Formatter().parse(text))
    except ValueError as error:
        raise TemplateError(f"{where}: {error}") from None
    for _, name, form, conversion in fields:
        if name is not None and (name not in known or form or conversion):
            raise TemplateError(f"{where}: {{{name}}} is not known; known are {', '.join(sorted(known))}")


def templates_folder() -> Path:
    """Where the shipped templates are: inside an installed package, or beside it in a checkout."""
    installed = Path(__file__).parent / "_templates"
    return installed if installed.is_dir() else Path(__file__).parent.parent / "templates"


def list_templates() -> list[Template]:
    """The shipped templates, by name."""
    folders = sorted(p.parent for p in templates_folder().glob("*/network.json"))
    return [Template(folder.name, folder) for folder in folders]


def find_template(name: str = DEFAULT) -> Template:
    """A shipped template by name, or a template's folder by path. Raises `TemplateError`."""
    for template in list_templates():
        if template.name == name:
            return template
    if (Path(name) / "network.json").is_file():
        return Template(Path(name).resolve().name, Path(name))
    known = ", ".join(t.name for t in list_templates())
    raise TemplateError(f"there is no template {name!r}; there are: {known}; or give the folder of your own")
