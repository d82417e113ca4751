"""A template travels as its files, and is the same where it arrives."""

from __future__ import annotations

import pickle
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from xlcnn import TemplateError, find_template
from xlcnn.lesson import carried as module
from xlcnn.lesson.carried import carried, laid_out, unpacked


@pytest.fixture(autouse=True)
def forgotten() -> None:
    """What was laid out before is removed."""
    laid_out.cache_clear()
    module.FOLDERS.clear()


def test_one_that_comes_with_xlcnn_is_everywhere() -> None:
    sent = carried(find_template("lenet"))
    assert sent.of_everybody
    with unpacked(sent) as template:
        assert template.folder == find_template("lenet").folder


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    shutil.copytree(find_template("lesson").folder, tmp_path / "mine")
    (tmp_path / "mine" / "holiday.mp4").write_bytes(b"nothing of the template's")
    (tmp_path / "mine" / "other").mkdir()
    (tmp_path / "mine" / "other" / "large.json").touch()
    return tmp_path / "mine"


def test_ones_own_is_the_same_there(mine: Path, tmp_path: Path) -> None:
    before = find_template(str(mine))
    sent = pickle.loads(pickle.dumps(carried(before)))
    assert not {"holiday.mp4", "other/large.json"} & sent.files.keys()
    mine.rename(tmp_path / "gone")
    with unpacked(sent) as template:
        assert (template.name, template.languages) == ("mine", ["de", "en", "es", "fr"])
        assert np.array_equal(template.pictures["samples"], find_template("lesson").pictures["samples"])
        assert replace(template.words("fr"), path=Path()) == replace(find_template("lesson").words("fr"), path=Path())
        where = template.folder
    with unpacked(sent) as again:
        assert again is template, "it is read once"
    assert where.is_dir()


def test_messages_name_the_folder_where_it_comes_from(mine: Path) -> None:
    (mine / "words.de.toml").write_text("= nothing", encoding="utf-8")
    template = find_template(str(mine))
    with pytest.raises(TemplateError) as here:
        template.words("de")
    with pytest.raises(TemplateError) as there, unpacked(carried(template)) as found:
        found.words("de")
    assert str(there.value) == str(here.value)
    assert str(mine / "words.de.toml") in str(here.value)


def test_the_last_one_alone_is_kept(mine: Path) -> None:
    folders = []
    for _ in range(2):
        with unpacked(carried(find_template(str(mine)))) as template:
            folders.append(template.folder)
    assert [folder.is_dir() for folder in folders] == [False, True]
