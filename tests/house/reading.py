"""The package read as a house: its modules, and what each imports from where.

Seen are imports of any kind, at the top, inside functions and under TYPE_CHECKING, and module names
in strings. Not seen: names put together at run time.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Final

PACKAGE: Final = "sealane"
# Beside the package, in the same folder: they use it, and it never uses them.
BESIDE: Final = frozenset({"docs", "examples", "fixtures", "requirements", "tests"})
_DOTTED: Final = re.compile(r"(\.*)([a-z_]\w*(?:\.[a-z_]\w*)*)")
_DYNAMIC: Final = frozenset({"__import__", "import_module", "spec_from_file_location"})


@dataclass(frozen=True)
class Module:
    """One file. `dynamic`: whether it imports what a string or a path names."""

    path: str  # below the package, "runtime/store/log.py"
    lines: int
    imports: frozenset[str] = frozenset()  # other modules of ours, as paths
    named: frozenset[str] = frozenset()  # other modules of ours that a string names
    foreign: frozenset[str] = frozenset()  # top-level names of other packages
    private: frozenset[str] = frozenset()  # "subprocess._args", of other packages
    words: frozenset[str] = field(default=frozenset(), repr=False)  # all strings, docstrings apart
    dynamic: bool = False

    @property
    def folder(self) -> str:
        """ "" for the package's own."""
        return str(PurePosixPath(self.path).parent).removeprefix(".")


@dataclass(frozen=True)
class House:
    """All modules by path. `packages`: folders that pyproject.toml names, as paths."""

    modules: dict[str, Module]
    packages: frozenset[str] = frozenset()

    @cached_property
    def folders(self) -> dict[str, list[Module]]:
        found: dict[str, list[Module]] = {}
        for module in self.modules.values():
            found.setdefault(module.folder, []).append(module)
        return found


def read_house(root: Path) -> House:
    """The package whose files lie in `root`."""
    paths = sorted(path.relative_to(root).as_posix() for path in _sources(root))
    known = {_dotted(path): path for path in paths}
    texts = {path: (root / path).read_text(encoding="utf-8") for path in paths}
    return House({path: _read(path, texts[path], known) for path in paths}, _packages(root))


def _sources(root: Path) -> Iterator[Path]:
    yield from root.glob("*.py")
    for folder in root.iterdir():
        if (folder / "__init__.py").exists() and folder.name not in BESIDE:
            yield from folder.rglob("*.py")


def _packages(root: Path) -> frozenset[str]:
    file = root / "pyproject.toml"
    if not file.exists():
        return frozenset()
    names = tomllib.loads(file.read_text(encoding="utf-8"))["tool"]["setuptools"]["packages"]
    return frozenset(name.removeprefix(PACKAGE).lstrip(".").replace(".", "/") for name in names)


def _dotted(path: str) -> str:
    """`runtime.store.log`; the package itself is ""."""
    return path.removesuffix(".py").replace("/", ".").removesuffix("__init__").rstrip(".")


def _read(path: str, source: str, known: dict[str, str]) -> Module:
    tree = ast.parse(source)
    nodes = list(ast.walk(tree))
    ours, foreign = set[str](), set[str]()
    for node in nodes:
        if isinstance(node, ast.ImportFrom):
            ours |= {known[name] for name in _imported(path, node, known)}
        for name in _foreign(node):
            foreign.add(name)
    words = {
        node.value
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    } - _docstrings(nodes)
    return Module(
        path,
        lines=source.count("\n"),
        imports=frozenset(ours - {path}),
        named=frozenset(set(_named(path, nodes, known)) - ours - {path}),
        foreign=frozenset(foreign),
        private=frozenset(_private(nodes)),
        words=frozenset(words),
        dynamic=any(_name(node) in _DYNAMIC for node in nodes),
    )


def _imported(path: str, node: ast.ImportFrom, known: dict[str, str]) -> Iterator[str]:
    """Our modules that a `from … import …` reads: submodules where those are what it names."""
    parts = path.split("/")[:-1]
    if node.level:
        base = [*parts[: len(parts) - node.level + 1], *(node.module or "").split(".")]
    elif (node.module or "").split(".")[0] == PACKAGE:
        base = (node.module or "").split(".")[1:]
    else:
        return
    home = ".".join(part for part in base if part)
    for alias in node.names:
        inner = f"{home}.{alias.name}".lstrip(".")
        if inner in known or home in known:
            yield inner if inner in known else home


def _foreign(node: ast.AST) -> Iterator[str]:
    names: list[str] = []
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom) and not node.level:
        names = [node.module or ""]
    yield from (name.partition(".")[0] for name in names)


def _named(path: str, nodes: list[ast.AST], known: dict[str, str]) -> Iterator[str]:
    """Modules that strings name: `".state.snapshot"` as an import would, or the end of an f-string
    from two parts of the name on. Other strings, like "token.transfer", are words of users."""
    ends = {id(node.values[-1]) for node in nodes if isinstance(node, ast.JoinedStr)}
    for node in nodes:
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            continue
        name = _DOTTED.fullmatch(node.value)
        if name is None:
            continue
        dots, dotted = name.groups()
        base = path.split("/")[:-1]
        relative = ".".join([*base[: len(base) - len(dots) + 1], dotted])
        if dots and relative in known:
            yield known[relative]
        elif id(node) in ends and "." in dotted:
            yield from (known[name] for name in known if f".{name}".endswith(f".{dotted}"))


def _docstrings(nodes: list[ast.AST]) -> set[str]:
    """Texts that stand as statements: docstrings, for the most part."""
    return {
        node.value.value
        for node in nodes
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    }


def _private(nodes: list[ast.AST]) -> Iterator[str]:
    """Private attributes of modules that were imported whole, and private names imported."""
    modules = {
        alias.asname or alias.name.partition(".")[0]
        for node in nodes
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    for node in nodes:
        if isinstance(node, ast.Attribute) and _is_private(node.attr):
            owner = _root(node.value)
            if owner in modules:
                yield f"{owner}.{node.attr}"
        if isinstance(node, ast.ImportFrom) and not node.level:
            yield from (f"{node.module}.{a.name}" for a in node.names if _is_private(a.name))


def _root(node: ast.AST) -> str:
    """The name that an expression begins with, seen through `cast(Any, …)`."""
    while isinstance(node, ast.Attribute):
        node = node.value
    if isinstance(node, ast.Call) and _name(node.func) == "cast":
        return _root(node.args[1])
    return _name(node)


def _name(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")
