"""What MkDocs does not do by itself: pages that stand outside docs/, without a copy of them, and links that work on a forge, too.

The README is the site's home. Whatever else a page links to in the repository comes along as it is, under ``repository/``.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parent.parent.parent
PAGES = {"README.md": "index.md", "CHANGELOG.md": "changelog.md", "CONTRIBUTING.md": "contributing.md"}
LINK = re.compile(r"(\]\()([^)\s#:]+)(#[^)\s]*)?(?=\))")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that stand outside docs/, and what they and the others link to there."""
    for source, uri in PAGES.items():
        files.append(File.generated(config, uri, abs_src_path=str(ROOT / source)))
    for file in list(files.documentation_pages()):
        for target in linked(Path(str(file.abs_src_path))):
            if files.get_file_from_path(name_on_site(target)) is None:
                files.append(File.generated(config, name_on_site(target), abs_src_path=str(ROOT / target)))
    return files


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Links from one page of the repository to another become links from one page of the site to another."""
    source, here = Path(str(page.file.abs_src_path)), posixpath.dirname(page.file.src_uri)

    def turned(link: re.Match[str]) -> str:
        target = in_repository(source, link[2])
        return link[0] if target is None else f"{link[1]}{posixpath.relpath(name_on_site(target), here or '.')}{link[3] or ''}"

    return LINK.sub(turned, markdown)


def linked(source: Path) -> Iterator[str]:
    """The files of the repository to which a page links."""
    for link in LINK.finditer(source.read_text(encoding="utf-8")):
        if target := in_repository(source, link[2]):
            yield target


def in_repository(source: Path, link: str) -> str | None:
    """Where a link of a page leads, from the root of the repository; None where no file is there, which MkDocs then names."""
    target = (source.parent / link).resolve()
    return target.relative_to(ROOT).as_posix() if target.is_relative_to(ROOT) and target.is_file() else None


def name_on_site(target: str) -> str:
    """What a file of the repository is called on the site."""
    if target in PAGES:
        return PAGES[target]
    return target.removeprefix("docs/") if target.startswith("docs/") else f"repository/{target}"
