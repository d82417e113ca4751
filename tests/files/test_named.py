"""What people name: files, folders, patterns."""

from __future__ import annotations

from pathlib import Path

import pytest

from xlcnn.errors import ImageError
from xlcnn.files.named import files_named, is_many


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("b.png", "a.PNG", "notes.txt", "~$a.png", "sub/c.png", "empty/none.txt", "[x].png"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def named(path: str) -> list[str]:
    return files_named(path, (".png",), "images", ImageError)


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("b.png", ["b.png"]),
        ("notes.txt", ["notes.txt"]),  # whoever names it means it
        ("missing.png", ["missing.png"]),
        ("-", ["-"]),
        ("sub", ["sub/c.png"]),
        (".", ["[x].png", "a.PNG", "b.png"]),  # no lock files, and not what is in other folders
        ("*.png", ["[x].png", "b.png"]),
        ("**/c.png", ["sub/c.png"]),
        ("[x].png", ["[x].png"]),  # a file, though it looks like a pattern
    ],
)
def test_what_it_stands_for(folder: Path, path: str, found: list[str]) -> None:
    assert [str(Path(name)) for name in named(path)] == [str(Path(name)) for name in found]


@pytest.mark.parametrize(
    ("path", "sentence"),
    [("empty", "empty is a folder without images (.png)"), ("*.jpg", "*.jpg: no file has such a name")],
)
def test_nothing_is_an_error(folder: Path, path: str, sentence: str) -> None:
    with pytest.raises(ImageError) as error:
        named(path)
    assert str(error.value) == sentence


def test_many_are_folders_and_patterns(folder: Path) -> None:
    assert [path for path in (".", "*.png", "b.png", "-", "", "[x].png", "missing.png") if is_many(path)] == [".", "*.png"]
