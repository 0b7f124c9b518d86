"""Pages about programs of the library, made of what the programs say of themselves.

Guarantees: every instruction, layout and error is there, with all that a call needs. Does not:
know more than `sealane programs` and `help()` do; all three are made of the same descriptions.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator, Sequence
from typing import Final

from sealane.programs import Program
from sealane.programs.kit.program.description import (
    InstructionDescription,
    LayoutDescription,
    ProgramDescription,
    describe_program,
)
from sealane.programs.kit.program.description_text import account_words, argument_words

from .sessions import with_fences

LIBRARY: Final = "sealane.programs.library."


def library_page(module_name: str) -> str:
    """The page of a module of the library, as Markdown: it is named like its program."""
    module = importlib.import_module(module_name)
    program: Program = getattr(module, module_name.removeprefix(LIBRARY))
    described = describe_program(program)
    introduction = inspect.cleandoc(module.__doc__ or "").splitlines()
    parts = [
        f"# `{described.name}`",
        f"`from {LIBRARY.rstrip('.')} import {described.name}`",
        "\n".join(with_fences(introduction)),
        f"Key: `{described.key}`",
        *_instructions(described),
        *_layouts(described),
        *_errors(described),
    ]
    return "\n\n".join(parts) + "\n"


def _instructions(described: ProgramDescription) -> Iterator[str]:
    yield "## Instructions"
    for instruction in described.instructions:
        yield from _instruction(instruction)


def _instruction(described: InstructionDescription) -> Iterator[str]:
    yield f"### {described.name}"
    if described.doc:
        yield "\n".join(with_fences(described.doc.splitlines()))
    accounts = [
        ("…" if each.several else str(each.position), f"`{each.name}`", account_words(each))
        for each in described.accounts
    ]
    yield from _table(("", "account", "declared"), accounts)
    arguments = [
        (f"`{each.name}`", f"`{each.type.name}`", each.type.written, argument_words(each))
        for each in described.arguments
    ]
    yield from _table(("argument", "type", "in a fixture", "encoding"), arguments)
    if described.errors:
        names = ", ".join(f"`{error.full_name}`" for error in described.errors)
        yield f"Can fail with {names}."
    yield f"Tag `{described.tag}`, {described.compute_units:,} compute units before it runs."
    yield f"```yaml\n{described.example}\n```"


def _layouts(described: ProgramDescription) -> Iterator[str]:
    if described.layouts:
        yield "## Layouts"
    for layout in described.layouts:
        yield f"### {layout.name}"
        if layout.doc:
            yield "\n".join(with_fences(layout.doc.splitlines()))
        yield f"`{layout.full_name}`, {_size(layout)}."
        fields = [
            (
                "…" if each.offset is None else str(each.offset),
                f"`{each.name}`",
                f"`{each.type.name}`",
                each.type.encoding,
            )
            for each in layout.fields
        ]
        yield from _table(("offset", "field", "type", "encoding"), fields)


def _size(layout: LayoutDescription) -> str:
    begins = f", beginning with `{layout.discriminator}`" if layout.discriminator else ""
    return f"{'' if layout.fixed else 'at least '}{layout.size:,} bytes{begins}"


def _errors(described: ProgramDescription) -> Iterator[str]:
    if described.errors:
        yield "## Errors"
    rows = [(str(error.code), f"`{error.full_name}`", error.message) for error in described.errors]
    yield from _table(("code", "error", "means"), rows)


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    if rows:
        lines = [heads, ["---"] * len(heads), *rows]
        cells = ([cell.replace("|", "\\|") for cell in line] for line in lines)
        yield "\n".join(f"| {' | '.join(line)} |" for line in cells)
