"""What MkDocs does not know of this repository: pages and files outside of docs/, and the API."""

import os
import re
import sys
from pathlib import Path

from mkdocs.structure.files import File

ROOT = Path(__file__).parents[2]
PAGES = {
    "README.md": "index.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
}
LINK = re.compile(r"\]\((?!\w+:|#)([^)#\s]+)")


def on_config(config):
    """Let the blocks of code that are executed import what makes their content, and led."""
    sys.path[:0] = [str(ROOT / "docs/make"), str(ROOT / "workflow/src")]


def on_pre_build(config):
    """Go through the tutorial, whose results the pages show."""
    import tutorial

    tutorial.run()


def on_files(files, config):
    """Add the pages of the root, a page for each room of the library, and files that are linked."""
    for source, page in PAGES.items():
        files.append(File.generated(config, page, content=(ROOT / source).read_text()))
    for room in sorted((ROOT / "workflow/src/led").glob("*/__init__.py")):
        name = f"led.{room.parent.name}"
        files.append(File.generated(config, f"api/{name}.md", content=f"# {name}\n\n::: {name}\n"))
    linked = {
        path
        for page in files.documentation_pages()
        for link in LINK.findall(page.content_string)
        if (path := _path(page, link)) and _place(path).startswith("source/")
    }
    for path in sorted(linked):
        place = _place(path)
        files.append(File.generated(config, place, abs_src_path=str(ROOT / path)))
    return files


def on_page_markdown(markdown, page, config, files):
    """Let links lead to where the files lie in the site."""

    def in_site(match):
        path = _path(page.file, match[1])
        if path is None:
            return match[0]
        return f"]({os.path.relpath(_place(path), Path(page.file.src_uri).parent)}"

    return LINK.sub(in_site, markdown)


def _path(file, link):
    """Return the path of a linked file from the root of the repository, None if it is not there."""
    root = {page: source for source, page in PAGES.items()}
    folder = ROOT if file.src_uri in root else (ROOT / "docs" / file.src_uri).parent
    path = Path(os.path.normpath(folder / link))
    return str(path.relative_to(ROOT)) if path.is_file() and path.is_relative_to(ROOT) else None


def _place(path):
    """Return where a file of the repository lies in the site."""
    if path in PAGES:
        return PAGES[path]
    return path.removeprefix("docs/") if path.startswith("docs/") else f"source/{path.lstrip('.')}"
