"""Templates: a folder each with the network, its trained weights and the words of its lesson."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from xlcnn.errors import ImageError, NetworkError, TemplateError
from xlcnn.image import load_image
from xlcnn.lesson.words import load_words
from xlcnn.network.files import Description, load_description, load_network
from xlcnn.network.network import Network
from xlcnn.sheets.plan import Plan, plan
from xlcnn.sheets.words import Words

DEFAULT = "lesson"


@dataclass(frozen=True, eq=False)
class Template:
    """A network to make workbooks of. `training` is what ``training.json`` says about how it was trained."""

    name: str
    folder: Path

    @cached_property
    def network(self) -> Network:
        try:
            return load_network(self.folder)
        except NetworkError as error:
            raise TemplateError(f"template {self.name}: {error}") from None

    @cached_property
    def description(self) -> Description:
        """The network's layers, the galleries to choose pictures from, and the sheets to play with."""
        return load_description(self.folder / "network.json")

    @cached_property
    def plan(self) -> Plan:
        """All sheets of its workbooks. Raises `TemplateError` where they do not fit together."""
        try:
            return plan(self.network.layers, self.description.galleries, self.description.exhibits).checked()
        except NetworkError as error:
            raise TemplateError(f"template {self.name}: {error}") from None

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
        return load_words(path, self.plan)

    @cached_property
    def pictures(self) -> dict[str, np.ndarray]:
        """The pictures of each gallery that has a folder in the template: ``samples/0.png``, …"""
        found = {}
        for gallery in self.description.galleries:
            paths = [self.folder / gallery.name / f"{k}.png" for k in range(gallery.pictures)]
            if paths[0].parent.is_dir():
                found[gallery.name] = np.stack([load_image(path, as_is=True, size=gallery.shape[1:]) for path in paths])
        return found

    def sample(self, number: int) -> Path:
        """The file of one of its sample pictures. Raises `ImageError` where there is none."""
        for gallery in self.description.galleries:
            path = self.folder / gallery.name / f"{number}.png"
            if path.is_file():
                return path
        raise ImageError(f"template {self.name} has no sample {number}")

    @property
    def languages(self) -> list[str]:
        return sorted(p.name.split(".")[1] for p in self.folder.glob("words.*.toml"))


def templates_folder() -> Path:
    """Where the shipped templates are: inside an installed package, or beside it in a checkout."""
    package = Path(__file__).parents[1]
    installed = package / "_templates"
    return installed if installed.is_dir() else package.parent / "templates"


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
