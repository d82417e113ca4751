"""A template on its way to a machine that does not have its folder: its files, and there a folder of them again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from xlcnn.errors import TemplateError, XlcnnError
from xlcnn.lesson.templates import Template, find_template, list_templates

ENDINGS = (".json", ".safetensors", ".toml", ".txt")  # of a template's own files; its galleries lie in folders


@dataclass(frozen=True, eq=False)
class Carried:
    """A template's name, its folder as messages call it, and its files; none of one that comes with xlcnn everywhere."""

    name: str
    folder: str
    files: Mapping[str, bytes]

    @property
    def of_everybody(self) -> bool:
        return not self.files


def carried(template: Template) -> Carried:
    """A template, ready to be sent. Raises `TemplateError` where it cannot be read."""
    folder = template.folder
    if any(folder == shipped.folder for shipped in list_templates()):
        return Carried(template.name, str(folder), {})
    galleries = {gallery.name for gallery in template.description.galleries}
    try:
        own = [path for path in folder.iterdir() if path.suffix in ENDINGS]
        paths = [*own, *(path for name in galleries if (folder / name).is_dir() for path in (folder / name).iterdir())]
        files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths if path.is_file()}
    except OSError as error:
        raise TemplateError(f"template {template.name} cannot be read: {error.strerror or error}") from None
    return Carried(template.name, str(folder), files)


@contextmanager
def unpacked(sent: Carried) -> Iterator[Template]:
    """The template, as it was where it comes from: messages call its folder what it is called there."""
    template, here = laid_out(sent)
    try:
        yield template
    except XlcnnError as error:
        raise type(error)(str(error).replace(here, sent.folder)) from None


@lru_cache(maxsize=1)
def laid_out(sent: Carried) -> tuple[Template, str]:
    """The template in a folder of this machine, which is there as long as this process."""
    if sent.of_everybody:
        template = find_template(sent.name)
        return template, str(template.folder)
    kept = TemporaryDirectory(prefix="xlcnn-", ignore_cleanup_errors=True)
    FOLDERS[:] = [kept]  # the one before is removed
    for name, data in sent.files.items():
        path = Path(kept.name, *PurePosixPath(name).parts)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    return Template(sent.name, Path(kept.name)), kept.name


FOLDERS: list[TemporaryDirectory[str]] = []
