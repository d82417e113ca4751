"""The site: every page is in its menu, every public name on the page for Python, and MkDocs finds nothing to warn of."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml

import xlcnn
from tests.conftest import ROOT

DOCS = ROOT / "docs"
MENU = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:\n")[2].partition("\n\n")[0]
NEEDED = [name for name in ("mkdocs", "material", "mkdocstrings") if find_spec(name) is None]
ELSEWHERE = {"README.md": "index.md", "CHANGELOG.md": "changelog.md", "CONTRIBUTING.md": "contributing.md"}


def pages(menu: object) -> Iterator[str]:
    """The pages of a menu with menus in it."""
    if isinstance(menu, str):
        yield menu
    else:
        for part in menu if isinstance(menu, list) else menu.values():  # type: ignore[attr-defined]
            yield from pages(part)


def test_every_page_is_in_the_menu_once() -> None:
    assert sorted(pages(yaml.safe_load(MENU))) == sorted([*(page.name for page in DOCS.glob("*.md")), *ELSEWHERE.values()])


def test_every_public_name_is_on_the_page_for_python() -> None:
    told = re.findall(r"^::: xlcnn\.(\w+)$", (DOCS / "api.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(told) == sorted(xlcnn.__all__)


class Fetched(HTMLParser):
    """What a browser fetches by itself to show a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        where = given.get("href") if tag == "link" and given.get("rel") != "canonical" else given.get("src")
        self.found += [where] if where else []


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if NEEDED:
        pytest.skip(f"not installed: {', '.join(NEEDED)} (make site, or pip install '.[docs]')")
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | {"NO_MKDOCS_2_WARNING": "1"}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.mark.slow
def test_it_builds_without_a_warning(site: Path) -> None:
    assert "reads a digit" in (site / "index.html").read_text(encoding="utf-8")  # the README
    assert len(list((site / "screens").glob("*.png"))) == len(list((DOCS / "screens").glob("*.png"))) > 0
    assert not list(site.rglob("*.py"))


@pytest.mark.slow
def test_pages_fetch_nothing_from_elsewhere_and_all_that_they_fetch_is_there(site: Path) -> None:
    for page in site.glob("*.html"):
        fetched = Fetched(page.read_text(encoding="utf-8")).found
        assert fetched
        assert [link for link in fetched if ":" in link or link.startswith("//")] == [], page.name
        if page.name != "404.html":  # which is shown for any folder, so its links start at the root
            assert [link for link in fetched if not (site / link.partition("?")[0]).exists()] == [], page.name


@pytest.mark.slow
def test_the_page_for_python_says_what_the_docstrings_say(site: Path) -> None:
    page = (site / "api.html").read_text(encoding="utf-8")
    assert "Check that a workbook computes the network that it says it computes." in page
    for name in xlcnn.__all__:
        assert re.search(rf'id="xlcnn\.{name}"', page), name


@pytest.mark.slow
def test_links_lead_out_of_docs_to_the_repositorys_own_files(site: Path) -> None:
    schema = "repository/xlcnn/verifier/report.schema.json"
    assert f'href="{schema}"' in (site / "reports.html").read_text(encoding="utf-8")
    assert (site / schema).read_bytes() == (ROOT / "xlcnn" / "verifier" / "report.schema.json").read_bytes()
    assert 'href="changelog.html"' in (site / "contributing.html").read_text(encoding="utf-8")
