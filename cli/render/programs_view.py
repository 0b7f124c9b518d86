"""`sealane programs` for people: what can be called, and with which arguments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ...primitives.one_line import counted
from ...programs.kit.program.description import (
    ErrorDescription,
    InstructionDescription,
    LayoutDescription,
    ProgramDescription,
)
from ...programs.kit.program.description_text import account_words, argument_words, summary_of
from ..inputs.described import Described, ProgramList
from .page import Page, columns, count, entries
from .text import Text

_SIDE_BY_SIDE_MIN: Final = 60  # columns; on narrower terminals, descriptions go below names


def render_found(found: Described, page: Page) -> None:
    """The whole view of the item found."""
    match found:
        case ProgramList():
            _show_list(found, page)
        case ProgramDescription():
            _show_program(found, page)
        case InstructionDescription():
            _show_instruction(found, page)
        case LayoutDescription():
            _show_layout(found, page)


def _show_list(found: ProgramList, page: Page) -> None:
    page.heading("Programs", "sealane programs NAME shows one")
    _show_pairs([(each.name, _about(each)) for each in found.programs], page)
    if found.installed:
        page.heading("Installed", "loaded when their name is used")
        _show_pairs([(name, Text(value)) for name, value in found.installed.items()], page)


def _about(described: ProgramDescription) -> Text:
    sizes = counted(len(described.instructions), "instruction")
    if described.layouts:
        sizes += f", {counted(len(described.layouts), 'layout')}"
    text = Text(described.about)
    text.append(f" · {sizes}" if described.about else sizes, "dim")
    return text


def _show_program(described: ProgramDescription, page: Page) -> None:
    about = f"  {described.about}" if described.about else ""
    page.show(Text.assemble((described.name, "bold"), about))
    page.show(Text.assemble(("key ", "dim"), described.key))
    if described.instructions:
        page.heading("Instructions", f"sealane programs {described.name}.NAME shows one")
        rows = [(each.name, Text(summary_of(each.doc))) for each in described.instructions]
        _show_pairs(rows, page)
    for layout in described.layouts:
        page.show("")
        _show_layout(layout, page)
    _show_errors(described.errors, "by code", page)


def _show_instruction(described: InstructionDescription, page: Page) -> None:
    page.show(Text.assemble((described.full_name, "bold"), ("  an instruction", "dim")))
    if described.doc:
        page.show(Text(summary_of(described.doc)))
    if described.accounts:
        page.heading("Accounts", "in this order")
        table = columns("", "account", "declared", right="")
        for each in described.accounts:
            place = "…" if each.several else count(each.position)
            style = "magenta" if each.writable else ""
            table.add_row(Text(place, "dim"), Text(each.name, style), Text(account_words(each)))
        page.show(table)
    if described.arguments:
        page.heading("Arguments", f"behind the tag {described.tag or 'of no bytes'}")
        table = columns("argument", "type", "in a fixture", *_encoding(page))
        for each in described.arguments:
            cells = [each.name, each.type.name, each.type.written, argument_words(each)]
            table.add_row(*map(Text, cells[: len(table.columns)]))
        page.show(table)
    _show_errors(described.errors, "that signature and code name", page)
    units = count(described.compute_units)
    page.show("", Text.assemble(("compute units before it runs ", "dim"), units))
    page.heading("Example", "as an item of `instructions` in a fixture")
    _show_example(described.example, page)


def _show_example(example: str, page: Page) -> None:
    """Show an item of `instructions`, folded so that it is still YAML when copied."""
    if page.is_terminal and len(example) > page.console.width:
        dash, _, call = example.partition(" ")
        page.show(entries((Text(dash, "green"), Text(call, "green"))))
    else:
        page.show(Text(example, "green"))


def _encoding(page: Page) -> Sequence[str]:
    """The encoding column, for which a narrow terminal has no room."""
    return ("encoding",) if page.width >= _SIDE_BY_SIDE_MIN else ()


def _show_layout(described: LayoutDescription, page: Page) -> None:
    size = counted(described.size, "byte") if described.fixed else f"{count(described.size)} bytes"
    least = "" if described.fixed else " at least"
    begins = f", begins with {described.discriminator}" if described.discriminator else ""
    page.show(
        Text.assemble(
            (described.full_name, "bold"), (f"  a layout of {size}{least}{begins}", "dim")
        )
    )
    if described.doc:
        page.show(Text(summary_of(described.doc)))
    table = columns("offset", "field", "type", *_encoding(page), right="offset")
    for field in described.fields:
        offset = "…" if field.offset is None else count(field.offset)
        cells = [field.name, field.type.name, field.type.encoding]
        table.add_row(offset, *map(Text, cells[: len(table.columns) - 1]))
    if described.fields:
        page.show(table)


def _show_errors(errors: Sequence[ErrorDescription], remark: str, page: Page) -> None:
    if not errors:
        return
    page.heading("Errors", remark)
    if page.width < _SIDE_BY_SIDE_MIN:
        rows = [(f"{error.full_name} {error.code}", Text(error.message)) for error in errors]
        _show_pairs(rows, page)
        return
    table = columns("code", "error", "means", right="code")
    for error in errors:
        table.add_row(str(error.code), Text(error.full_name), Text(error.message))
    page.show(table)


def _show_pairs(rows: Sequence[tuple[str, Text]], page: Page) -> None:
    """Show names and descriptions side by side, or one below the other on a narrow terminal."""
    if page.width >= _SIDE_BY_SIDE_MIN:
        page.show(entries(*((Text(name, "bold"), about) for name, about in rows)))
        return
    for name, about in rows:
        page.show(Text(name, "bold"))
        if about.plain:
            page.show(entries((Text(" "), about)))  # indented
