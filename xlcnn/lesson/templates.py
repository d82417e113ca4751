"""Templates: a folder each with the network, its trained weights and the words of its lesson."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from xlcnn.errors import ImageError, NetworkError, TemplateError, printable
from xlcnn.files.reading import read_text, reason
from xlcnn.image import load_image
from xlcnn.lesson.doubt import SURE_FROM
from xlcnn.lesson.general import general_languages, general_words
from xlcnn.lesson.likeness import Likeness, can_tell, shipped
from xlcnn.lesson.words import load_intro, load_words, with_tabs_checked
from xlcnn.network.files import Description, load_description, load_network
from xlcnn.network.network import Network
from xlcnn.sheets.base import Layer, Sheet
from xlcnn.sheets.layers.answer import Answer
from xlcnn.sheets.layers.input import Input
from xlcnn.sheets.layers.softmax import Softmax
from xlcnn.sheets.plan import Plan, plan
from xlcnn.sheets.words import Words

DEFAULT = "lesson"
CLASSES = "classes.txt"
TITLE = "name.txt"
LONGEST_NAME = 60
PARTS = ("galleries", "exhibits", "learning")  # of a workbook, besides the layers
ON_REQUEST = ("learning",)


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
        try:
            return load_description(self.folder / "network.json")
        except NetworkError as error:
            raise TemplateError(f"template {self.name}: {error}") from None

    @cached_property
    def options(self) -> dict[str, tuple[Sheet, ...]]:
        """The parts of its workbooks that may be there or not, by their names: those that have any sheets."""
        sheets = {name: getattr(self.description, name) for name in PARTS}
        return {name: some for name, some in sheets.items() if some}

    @cached_property
    def plan(self) -> Plan:
        """The sheets that its workbooks have unless something else is asked for. Raises as `plan_with`."""
        return self.plan_with()

    def plan_with(
        self, add: Iterable[str] = (), leave_out: Iterable[str] = (), of_a_picture: bool = True, unlike: tuple[float, ...] = ()
    ) -> Plan:
        """The sheets of a workbook with further parts, or without some; some belong only to a workbook `of_a_picture` that had
        to be prepared. A picture that looks like no digit is known by the sums of its pixels (`unlike`).

        Raises `TemplateError` for a part that is not known."""
        for name in (*add, *leave_out):
            if name not in self.options:
                known = ", ".join(self.options) or "none"
                raise TemplateError(f"template {self.name} has no part {name!r}; its parts are: {known}")
        both = set(add) & set(leave_out)
        if both:
            raise TemplateError(f"the part {min(both)} cannot be both in a workbook and left out")
        wanted = (set(PARTS) - set(ON_REQUEST) | set(add)) - set(leave_out)
        try:
            parts = {name: some for name, some in self.options.items() if name in wanted}
            kept = {name: tuple(s for s in some if of_a_picture or not s.of_a_picture) for name, some in parts.items()}
            return plan(self.doubting(unlike), **kept).checked()
        except NetworkError as error:
            raise TemplateError(f"template {self.name}: {error}") from None

    def doubting(self, unlike: tuple[float, ...]) -> list[Layer]:
        """The layers as a workbook has them: it says, as `xlcnn predict` does, where an answer is not sure."""
        layers = [replace(layer, unlike=unlike) if isinstance(layer, Input) else layer for layer in self.network.layers]
        if isinstance(last := layers[-1], Softmax | Answer):
            layers[-1] = replace(last, sure_from=self.sure_from)
        return layers

    @cached_property
    def records(self) -> Mapping[str, np.ndarray]:
        """What was measured while it was trained, by the names that parts know: ``confusion``, ``history.loss``, …"""
        measured = {key: value for key, value in self.training.items() if key != "settings"}
        try:
            return {key: np.asarray(value, dtype=float) for key, value in flattened(measured).items() if isinstance(value, list)}
        except (ValueError, TypeError):
            raise TemplateError(f"{self.folder / 'training.json'}: what was recorded must be lists of numbers") from None

    @cached_property
    def training(self) -> dict[str, Any]:
        path = self.folder / "training.json"
        try:
            data = json.loads(read_text(path))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, RecursionError) as error:
            raise TemplateError(f"{path} cannot be read: {reason(error)}") from None
        if not isinstance(data, dict):
            raise TemplateError(f"{path} must hold one object")
        return data

    @property
    def sure_from(self) -> float:
        """The probability from which its answers are sure, 0 to 1: the softmax's ``sure_from``, once it was measured."""
        return float(getattr(self.network.layers[-1], "sure_from", 0)) or SURE_FROM

    @property
    def like_from(self) -> float:
        """The likeness from which a picture shows a digit, 0 to 1: ``like_from`` in ``training.json``; 0 where nobody can tell."""
        value = self.training.get("like_from", 0.0)
        if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 1:
            raise TemplateError(f"{self.folder / 'training.json'}: like_from must be a number from 0 to 1")
        return float(value)

    @cached_property
    def likeness(self) -> Likeness | None:
        """What tells digits from what is none, for a network that was trained on digits as MNIST's; None for any other.

        Raises `TemplateError` where ``training.json`` has a ``like_from``, but the network reads something else.
        """
        if not self.like_from or self.classes:
            return None
        if not can_tell(self.network):
            raise TemplateError(f"{self.folder / 'training.json'}: like_from is for networks that read digits of 28 × 28 pixels")
        return shipped()

    def words(self, language: str = "en") -> Words:
        """The lesson's words. Raises `TemplateError` that names the file and the key that is wrong."""
        path = self.folder / f"words.{language}.toml"
        if not self.own_languages and language in self.languages:
            whole = self.plan_with(self.options)
            intro = load_intro(self.intro(language), whole)
            words = general_words(lesson_words(language), language, whole, self.classes, intro, self.title)
            return with_tabs_checked(self.intro(language), words, whole)
        if not path.is_file():
            known = ", ".join(self.languages) or "none"
            raise TemplateError(f"template {self.name} has no words in {language!r}; it has: {known}")
        return load_words(path, self.plan_with(self.options))

    def intro(self, language: str) -> Path:
        """The file of what is said otherwise of it than of any network; it need not be there."""
        return self.folder / f"intro.{language}.toml"

    @cached_property
    def classes(self) -> tuple[str, ...]:
        """The names of its classes, where ``classes.txt`` has one on each line. Raises `TemplateError` where they do not fit."""
        path = self.folder / CLASSES
        if not path.is_file():
            return ()
        try:
            names = read_text(path).splitlines()
            check_classes(names, self.network)
        except (OSError, ValueError, NetworkError) as error:
            raise TemplateError(f"{path}: {reason(error)}") from None
        return tuple(names)

    @cached_property
    def title(self) -> str:
        """What the network is called on its Guide, where ``name.txt`` says it. Raises `TemplateError` where that is no name."""
        path = self.folder / TITLE
        if not path.is_file():
            return ""
        try:
            name = read_text(path).strip()
            check_name(name, "a network's name")
        except (OSError, ValueError, NetworkError) as error:
            raise TemplateError(f"{path}: {reason(error)}") from None
        return name

    def called(self, label: int) -> str:
        """A class by its name, or its number."""
        return printable(self.classes[label]) if self.classes else str(label)

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

    def truth(self, number: int) -> int | None:
        """The class that one of its sample pictures really shows, where ``labels.txt`` beside the pictures says so."""
        path = self.sample(number).parent / "labels.txt"
        labels = read_text(path).split() if path.is_file() else []
        return int(labels[number]) if number < len(labels) and labels[number].isdigit() else None

    @property
    def own_languages(self) -> list[str]:
        """The languages of the lesson that comes with it."""
        return sorted(p.name.split(".")[1] for p in self.folder.glob("words.*.toml"))

    @property
    def languages(self) -> list[str]:
        """The languages in which its workbooks can be made."""
        return self.own_languages or general_languages()


def check_classes(names: Sequence[str], network: Network) -> None:
    """Raises `NetworkError` where these are no names of the network's classes."""
    last = network.layers[-1]
    if not isinstance(last, Softmax | Answer):
        raise NetworkError("the network has no classes that could have names: it does not end with a softmax, or with sigmoids")
    count = network.shapes[last.name][0]
    if len(names) != count:
        raise NetworkError(f"the network has {count} classes, not {len(names)}")
    if len({name.casefold() for name in names}) < len(names):
        raise NetworkError("two classes have the same name")
    for name in names:
        check_name(name, "a class's name")


def check_name(name: str, what: str) -> None:
    """Raises `NetworkError` where nobody can read it, or it has no room."""
    if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
        raise NetworkError(f"{what} has 1 to {LONGEST_NAME} letters that can be seen, not {name[:80]!r}")


def flattened(data: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    """Nested objects as one, with dotted names."""
    found: dict[str, Any] = {}
    for key, value in data.items():
        found |= flattened(value, f"{before}{key}.") if isinstance(value, dict) else {before + key: value}
    return found


def templates_folder() -> Path:
    """Where the shipped templates are: inside an installed package, or beside it in a checkout."""
    package = Path(__file__).parents[1]
    installed = package / "_templates"
    return installed if installed.is_dir() else package.parent / "templates"


def lesson_words(language: str) -> Path:
    """The file of the words of the lesson that comes with xlcnn."""
    return templates_folder() / DEFAULT / f"words.{language}.toml"


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
