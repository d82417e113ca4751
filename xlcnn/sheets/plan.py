"""The sheets of one workbook: those of the network and the lesson, and those that follow from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from xlcnn.errors import NetworkError
from xlcnn.sheets import about, glossary, guide, network_table, overview
from xlcnn.sheets.base import LAYER, Sheet
from xlcnn.sheets.exhibits import EXHIBITS
from xlcnn.sheets.gallery import Gallery
from xlcnn.sheets.graph import check_titles, declare
from xlcnn.sheets.layers import LAYERS
from xlcnn.sheets.learning import LEARNING
from xlcnn.sheets.parts import Part

GALLERIES: dict[str, type[Sheet]] = {Gallery.kind: Gallery}
KINDS: dict[str, type[Sheet]] = {**LAYERS, **EXHIBITS, **LEARNING, **GALLERIES}
TITLES = {
    guide.NAME: "Guide", overview.NAME: "Overview", network_table.NAME: "Network", glossary.NAME: "Glossary", about.NAME: "About",
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Plan:
    """`described` are the sheets that the workbook must describe: galleries, layers, exhibits, in the order of computing.

    `titles` are the tabs of the others, by their names. Raises `NetworkError` where the sheets do not fit together.
    """

    described: tuple[Sheet, ...]
    titles: Mapping[str, str] | None = None
    listed: tuple[Sheet, ...] = ()  # what About lists, where that is more

    @property
    def input(self) -> Sheet:
        """The layer that the image goes into."""
        return next(sheet for sheet in self.layers if sheet.reads_image)

    @cached_property
    def layers(self) -> tuple[Sheet, ...]:
        return tuple(sheet for sheet in self.described if sheet.group == LAYER)

    @cached_property
    def described_parts(self) -> dict[str, dict[str, Part]]:
        """The tensors of the sheets that the workbook must describe."""
        check_layers(self.layers)
        return declare(self.described)

    @cached_property
    def sheets(self) -> dict[str, Sheet]:
        """Every sheet by its name, in the order of computing."""
        parts = self.described_parts
        titles = TITLES | dict(self.titles or {})
        derived = (
            guide.Guide(guide.NAME, titles[guide.NAME], self.guide_reads(parts)),
            overview.overview(self.layers, titles[overview.NAME]),
            network_table.network_table(self.layers, parts, titles[network_table.NAME]),
            glossary.Glossary(glossary.NAME, titles[glossary.NAME], ()),
            about.about(self.listed or self.described, titles[about.NAME]),
        )
        check_titles((*self.described, *derived))
        return {sheet.name: sheet for sheet in (*self.described, *derived)}

    @cached_property
    def parts(self) -> dict[str, dict[str, Part]]:
        """Every tensor of every sheet."""
        derived = [sheet for name, sheet in self.sheets.items() if name not in self.described_parts]
        return self.described_parts | declare(derived, self.described_parts)

    def titled(self, tab: Callable[[str], str | None]) -> Plan:
        """The same with the tabs' names that `tab` gives for the sheets' names, where it gives one."""
        described = tuple(replace(sheet, title=tab(sheet.name) or sheet.title) for sheet in self.described)
        return Plan(described, {name: tab(name) or title for name, title in (TITLES | dict(self.titles or {})).items()})

    def checked(self) -> Plan:
        """The plan itself, all its sheets declared. Raises `NetworkError` where they do not fit together."""
        len(self.parts)  # declares them
        return self

    @property
    def tabs(self) -> list[str]:
        """The sheets' names from the first tab to the last."""
        return sorted(self.sheets, key=lambda name: self.sheets[name].group)

    def guide_reads(self, parts: Mapping[str, Mapping[str, Part]]) -> tuple[str, ...]:
        """The image, the choice of images, and the answer, where the network has them."""
        name, last = self.input.name, self.layers[-1].name
        image = name if self.input.image_part == "output" else f"{name}.{self.input.image_part}"
        chooser = (f"{name}.options", f"{name}.number") if "number" in parts[name] else ()
        answer: tuple[str, ...] = (f"{last}.prediction", f"{last}.class", last) if "prediction" in parts[last] else ()
        answer += (f"{last}.name",) if "name" in parts[last] else ()
        return (image, *chooser, *answer)


def check_layers(layers: Sequence[Sheet]) -> None:
    """Raises `NetworkError` where these layers, in this order, make no network."""
    if not layers or not layers[0].reads_image:
        raise NetworkError("the first layer must be of kind input")
    for layer in layers[1:]:
        if layer.reads_image:
            raise NetworkError(f"layers {layers[0].name} and {layer.name} are both of kind input; a network has one")
        if not layer.inputs:
            raise NetworkError(f"layer {layer.name} reads no layer")
    names = {layer.name for layer in layers}
    for layer in layers[1:]:
        for source in (name.partition(".")[0] for name in layer.inputs):
            if source not in names:
                raise NetworkError(f"layer {layer.name} reads {source}, but no layer before it is called that")


def plan(
    layers: Iterable[Sheet], galleries: Iterable[Sheet] = (), exhibits: Iterable[Sheet] = (), learning: Iterable[Sheet] = ()
) -> Plan:
    """The workbook of a network: its input chooses among the galleries' pictures; what shows the user's own picture reads that."""
    galleries, layers = tuple(galleries), tuple(layers)
    names = tuple(sheet.name for sheet in galleries)
    chooser = (replace(sheet, inputs=names) if sheet.reads_image else sheet for sheet in layers)
    own = tuple(f"{sheet.name}.{'user' if names else sheet.image_part}" for sheet in layers if sheet.reads_image)
    shown = (replace(sheet, inputs=own) if sheet.of_a_picture else sheet for sheet in exhibits)
    return Plan((*galleries, *chooser, *shown, *learning))
