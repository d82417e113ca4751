"""What people name: files, folders, patterns."""

from __future__ import annotations

from pathlib import Path

import pytest

from xlcnn.errors import ImageError
from xlcnn.files.named import Named, all_named, files_named, is_many


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("b.png", "a.PNG", "notes.txt", "~$a.png", "sub/c.png", "empty/none.txt", "[x].png", "._a.png", "sub/.c.png"):
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
        (".", ["[x].png", "a.PNG", "b.png"]),  # no lock files, nothing hidden, and not what is in other folders
        ("._a.png", ["._a.png"]),
        ("._*.png", ["._a.png"]),
        ("*.png", ["[x].png", "b.png"]),
        ("**/c.png", ["sub/c.png"]),
        ("[x].png", ["[x].png"]),  # a file, though it looks like a pattern
    ],
)
def test_what_it_stands_for(folder: Path, path: str, found: list[str]) -> None:
    assert [str(Path(name)) for name in named(path)] == [str(Path(name)) for name in found]


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("empty", "empty is a folder without images (.png)"),
        ("*.jpg", "*.jpg: no file has such a name"),
        ("", "an empty name stands for no file; name images, a folder of them or a pattern"),
    ],
)
def test_nothing_is_an_error(folder: Path, path: str, sentence: str) -> None:
    with pytest.raises(ImageError) as error:
        named(path)
    assert str(error.value) == sentence


def test_a_folder_that_cannot_be_searched(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refuse)
    with pytest.raises(ImageError, match=r"^sub cannot be searched: Permission denied$"):
        named("sub")


def every(*names: str) -> Named:
    return all_named(names, (".png",), "images", ImageError)


def test_what_several_names_stand_for(folder: Path) -> None:
    found = every("b.png", "empty", "sub", "*.jpg", "missing.png")
    assert [Path(path) for path in found.paths] == [Path("b.png"), Path("sub/c.png"), Path("missing.png")]
    assert [(name, str(error)[: len(name)]) for name, error in found.wrong] == [("empty", "empty"), ("*.jpg", "*.jpg")]
    assert found.count == 5


def test_where_all_are_wrong_the_first_is_told(folder: Path) -> None:
    with pytest.raises(ImageError, match=r"^empty is a folder"):
        every("empty", "*.jpg")


def test_a_file_under_several_names(folder: Path) -> None:
    (folder / "link").symlink_to("sub")
    (folder / "other.png").symlink_to("b.png")
    twice = every("b.png", "sub", "./b.png", "sub/../b.png", "link/c.png", "other.png", "b.png")
    assert len(twice.paths) == 7, "who asks twice is answered twice"
    assert [Path(path) for path in twice.once.paths] == [Path("b.png"), Path("sub/c.png"), Path("other.png")]


def test_standard_input_can_be_read_but_once(folder: Path) -> None:
    assert every("-", "b.png", "-").paths == ("-", "b.png")


def test_a_name_that_no_file_can_have_is_itself() -> None:
    assert every("a\0b", "a\0b").once.paths == ("a\0b",)


def test_many_are_folders_and_patterns(folder: Path) -> None:
    assert [path for path in (".", "*.png", "b.png", "-", "", "[x].png", "missing.png") if is_many(path)] == [".", "*.png"]
