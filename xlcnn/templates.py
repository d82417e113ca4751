"""Templates: a folder each with the network, its trained weights and the words of its lesson."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from xlcnn.errors import NetworkError, TemplateError
from xlcnn.exhibits import Exhibit
from xlcnn.image import load_image
from xlcnn.layers import Gallery
from xlcnn.network import Network, check_layers, load_layers
from xlcnn.words import Words, check_words, expected_words

DEFAULT = "lesson"


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
        layers = (*self.network.layers, *self.exhibits)
        check_words(path, expected_words(layers, check_layers(layers), data), data, [layer.name for layer in layers])
        return Words(path, data)

    @cached_property
    def pictures(self) -> dict[str, np.ndarray]:
        """The pictures of each gallery that has a folder in the template: ``samples/0.png``, …"""
        found = {}
        for gallery in (layer for layer in self.network.layers if isinstance(layer, Gallery)):
            folder = self.folder / gallery.name
            if folder.is_dir():
                paths = [folder / f"{k}.png" for k in range(gallery.pictures)]
                found[gallery.name] = np.stack([load_image(path, as_is=True, size=gallery.shape[1:]) for path in paths])
        return found

    @property
    def languages(self) -> list[str]:
        return sorted(p.name.split(".")[1] for p in self.folder.glob("words.*.toml"))


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
