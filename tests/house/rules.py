"""What the house may be: each rule gives the sentences that say what breaks it, and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import networkx as nx

from .reading import PACKAGE, House

LEAF: Final = "primitives"  # every room may use it, so no arrow to it is drawn
_FLOOR: Final = re.compile(r"═+ (\S+) ═")


@dataclass(frozen=True)
class Drawing:
    """`arrows`: the rooms that each room uses. `order`: all rooms, from the top down."""

    arrows: Mapping[str, frozenset[str]]
    order: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> Drawing:
        """Floors are ruled lines that name them. Below each stand its rooms with what they use: of
        their own floor by the room's last name, and of floors below, behind a bar, by path. `·` is
        a floor's own folder; `a/{b,c}` is a/b and a/c."""
        arrows: dict[str, frozenset[str]] = {}
        floor = room = ""
        for line in filter(None, map(str.strip, text.splitlines())):
            ruled = _FLOOR.match(line)
            if ruled is not None:
                floor = ruled[1]
                continue
            name, arrow, used = line.rpartition("→")
            own, _, below = used.partition("|")
            room = _room(floor, name.strip()) if arrow else room
            found = {_room(floor, each) for each in own.split()} | set(_expanded(below))
            arrows[room] = arrows.get(room, frozenset()) | found
        return cls(arrows, tuple(arrows))

    def room_of(self, folder: str) -> str | None:
        """The room that a folder is, or lies in."""
        folder = folder or PACKAGE
        while folder not in self.arrows and "/" in folder:
            folder = folder.rpartition("/")[0]
        return folder if folder in self.arrows else None


def _room(floor: str, name: str) -> str:
    return floor if name == "·" else f"{floor}/{name}"


def _expanded(paths: str) -> Iterator[str]:
    for path in paths.split():
        floor, _, names = path.partition("/{")
        if names:
            yield from (_room(floor, each) for each in names.rstrip("}").split(","))
        else:
            yield path


def undrawn(house: House, drawing: Drawing) -> Iterator[str]:
    """Imports between rooms without an arrow, and folders without a room."""
    for folder in sorted(house.folders):
        if drawing.room_of(folder) is None:
            yield f"{folder or 'the package'} is no room of the drawing"
    for path, other in _imports(house):
        room, used = (drawing.room_of(house.modules[each].folder) for each in (path, other))
        if room is None or used is None or room == used or used == LEAF:
            continue
        if used not in drawing.arrows[room]:
            yield f"{path} imports {other}: no arrow leads from {room} to {used}"


def unused(house: House, drawing: Drawing) -> Iterator[str]:
    """Arrows that no import follows."""
    followed = {
        tuple(drawing.room_of(house.modules[each].folder) for each in pair)
        for pair in _imports(house)
    }
    for room, others in drawing.arrows.items():
        for used in sorted(others):
            if (room, used) not in followed:
                yield f"nothing in {room} imports {used}: take the arrow out of the drawing"


def upward(drawing: Drawing) -> Iterator[str]:
    """Arrows that do not lead down, so that rooms could form a circle."""
    height = {room: place for place, room in enumerate(drawing.order)}
    for room, others in drawing.arrows.items():
        for used in sorted(others):
            if height.get(used, -1) <= height[room]:
                yield f"{room} → {used} does not lead down"


def circles(house: House) -> Iterator[str]:
    """Files that import each other, directly or by way of others."""
    graph = nx.DiGraph(list(_imports(house)))
    for circle in sorted(map(sorted, nx.strongly_connected_components(graph))):
        if len(circle) > 1:
            yield f"a circle of files: {', '.join(circle)}"


def by_name(house: House, allowed: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Modules that are named in strings only, and names in `allowed` that nobody uses."""
    found = {(m.path, other) for m in house.modules.values() for other in m.named}
    for path, other in sorted(found - set(allowed)):
        yield f"{path} names {other} in a string: import it, or say here why not"
    for path, other in sorted(set(allowed) - found):
        yield f"{path} does not name {other} in a string any more: take it out"


def dynamic(house: House, allowed: Iterable[str]) -> Iterator[str]:
    """Modules that import what is known only at run time, beside those that are `allowed`."""
    found = {module.path for module in house.modules.values() if module.dynamic}
    for path in sorted(found ^ set(allowed)):
        yield f"{path} {'imports by name: say here what' if path in found else 'is not one'}"


def misplaced(
    house: House, homes: Mapping[str, Iterable[str]], own: Iterable[str]
) -> Iterator[str]:
    """Imports of other packages outside their homes, and homes without one. `homes`: paths of files
    and folders by package. `own`: names that are no package's."""
    used: set[tuple[str, str]] = set()
    for module in house.modules.values():
        for name in sorted(module.foreign - set(own)):
            places = [home for home in homes.get(name, ()) if _lies_in(module.path, home)]
            used |= {(name, home) for home in places}
            if not places:
                yield f"{module.path} imports {name}: only {' '.join(homes.get(name, ('nobody',)))}"
    for name, places in homes.items():
        for home in places:
            if (name, home) not in used:
                yield f"{home} does not import {name}: take it out"


def too_large(
    sizes: Mapping[str, int], most: int, allowed: Iterable[str], unit: str
) -> Iterator[str]:
    """What is larger than `most`, beside what is `allowed` to be; and what need not be allowed."""
    large = {path for path, size in sizes.items() if size > most}
    for path in sorted(large - set(allowed)):
        yield f"{path} has {sizes[path]} {unit}: {most} at most, or say here why it reads better"
    for path in sorted(set(allowed) - large):
        yield f"{path} has no more than {most} {unit}: take it out"


def unpacked(house: House) -> Iterator[str]:
    """Folders that pyproject.toml forgets, and packages that are no folder."""
    for folder in sorted(house.packages ^ set(house.folders)):
        there = "lacks" if folder in house.folders else "has, but nobody else"
        yield f"`packages` in pyproject.toml {there}: {folder or 'the package itself'}"


def _imports(house: House) -> Iterator[tuple[str, str]]:
    for module in house.modules.values():
        for other in sorted(module.imports):
            yield module.path, other


def _lies_in(path: str, home: str) -> bool:
    return path == home or path.startswith(f"{home}/")
