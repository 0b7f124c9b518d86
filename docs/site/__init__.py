"""Builds the documentation site from the pages and docstrings of this repository.

`python3 dev docs` runs it in an environment of its own, with everything pinned:

    pages.py      which files become which pages, and their order
    links.py      links between files: found, checked, turned into links between pages
    assembly.py   all pages as Markdown in one folder, with a page for each public module
    sessions.py   doctests in docstrings become code blocks, by the extension.py of Markdown
    library.py    the programs of the library, by what they say of themselves
    notebooks.py  runs the notebooks and adds what they show
    check.py      the built HTML: no dead link, no dead anchor, nothing loaded from elsewhere

Guarantees: a warning, a dead link or a notebook that fails is a failure, and nothing but the
installation needs a network. Does not: publish the site; see RELEASING.md.
"""
