"""All pages of the site as Markdown in one folder, and the configuration that Zensical reads.

Guarantees: what is documented is what is packaged, and no link between the files is dead. Does
not: look into the HTML that comes out; check.py does.
"""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path
from typing import Final

import yaml

from . import links, notebooks
from .library import LIBRARY, library_page
from .pages import MODULE, NAVIGATION, REPOSITORY, ROOT, Section, page_of, sources

IMAGES: Final = "docs/images"
SCHEMA: Final = "docs/fixture.schema.json"  # editors read it from the site
CONFIGURATION: Final = "mkdocs.yml"


class DeadLinks(Exception):
    """Links of the repository's files that lead nowhere, a line each."""


def assemble(folder: Path) -> Path:
    """Make the site's pages in `folder`; the path of its configuration. Raises DeadLinks."""
    shutil.rmtree(folder, ignore_errors=True)
    pages = {source: page_of(source) for source in sources()}
    faults: list[str] = []
    for source, page in pages.items():
        text = text_of(source, folder)
        if not source.startswith(MODULE):
            faults += links.dead_links(ROOT, source, text)
            text = links.for_site(source, text, pages | images(), f"{REPOSITORY}/blob/main")
        path = folder / "pages" / page
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    if faults:
        raise DeadLinks("\n".join(faults))
    shutil.copytree(ROOT / IMAGES, folder / "pages" / "images")
    shutil.copy(ROOT / SCHEMA, folder / "pages")
    link_packages(folder / "packages" / "sealane")
    return configure(folder)


def text_of(source: str, folder: Path) -> str:
    """What a page says: a file's text, what a notebook shows, or the docstrings of a module."""
    if source.startswith(MODULE):
        name = source.removeprefix(MODULE)
        if name.startswith(LIBRARY):
            return library_page(name)
        return f"# `{name}`\n\n::: {name}\n"
    if source.endswith(".ipynb"):
        return notebooks.executed(ROOT / source, folder / "notebooks")
    return (ROOT / source).read_text(encoding="utf-8")


def images() -> dict[str, str]:
    """The pictures that pages show, and where the site has them."""
    return {f"{IMAGES}/{path.name}": f"images/{path.name}" for path in (ROOT / IMAGES).iterdir()}


def link_packages(folder: Path) -> None:
    """A `sealane` with what is packaged and nothing else: the root holds tests and .venv, too."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packages: list[str] = project["tool"]["setuptools"]["packages"]
    rooms = sorted({package.split(".")[1] for package in packages if "." in package})
    folder.mkdir(parents=True)
    for name in (*rooms, *(path.name for path in ROOT.glob("*.py"))):
        (folder / name).symlink_to(ROOT / name)


def configure(folder: Path) -> Path:
    """The site's configuration: that of docs/mkdocs.yml, and the navigation."""
    path = folder / CONFIGURATION
    configuration = {
        "INHERIT": str(ROOT / "docs" / CONFIGURATION),
        "docs_dir": "pages",
        "site_dir": "html",
        "nav": navigation(NAVIGATION),
    }
    path.write_text(yaml.safe_dump(configuration, sort_keys=False), encoding="utf-8")
    return path


def navigation(section: Section) -> list[dict[str, object]]:
    """The navigation as Zensical wants it, with pages in place of their sources."""
    return [
        {title: page_of(entry) if isinstance(entry, str) else navigation(entry)}
        for title, entry in section.items()
    ]
