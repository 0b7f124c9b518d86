"""The JSON Schema of fixtures with what programs offer: editors complete calls and layouts from it.

Guarantees: a fixture that the reader accepts and that builds with these programs, the schema
accepts. What names another program is left to the reader: the schema knows nothing of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ...programs.kit import InstructionSpec, Program
from ...programs.kit.program.description import (
    AccountDescription,
    LayoutDescription,
    describe_instruction,
    describe_program,
)
from ...programs.kit.program.description_text import account_words, summary_of
from ..fixture.schema import Schema, json_schema
from .value_schema import NAME, value_schema


def program_schema(programs: Iterable[Program]) -> Schema:
    """The schema of fixtures that call these programs, and any others."""
    known = list(programs)
    schema = json_schema()
    definitions: dict[str, Schema] = schema["$defs"]
    call, _ = definitions["instruction"]["oneOf"]
    (arguments,) = call["patternProperties"].values()
    unknown = _unknown([program.name for program in known])
    specs = [spec for program in known for spec in program.instructions.values()]
    call["properties"] = {spec.full_name: _ref(spec.full_name) for spec in specs}
    call["patternProperties"] = {unknown: arguments}
    definitions.update({spec.full_name: _call(spec) for spec in specs})
    layouts = _layouts(known)
    definitions.update(layouts)
    _offer_layouts(schema, list(layouts), unknown)
    _offer_errors(definitions["outcome"], known, unknown)
    _offer_owners(definitions["account"], known)
    return schema


def _unknown(names: Sequence[str]) -> str:
    """`program.thing` of a program that is none of these. Names of programs are identifiers."""
    return rf"^(?!(?:{'|'.join(names)})\.[^.]+$).+\.[^.]+$"


def _call(spec: InstructionSpec) -> Schema:
    described = describe_instruction(spec)
    accounts = {each.name: _account(each) for each in described.accounts}
    arguments = {each.name: value_schema(each.codec) for each in spec.arguments}
    required = [each.name for each in (*described.accounts, *described.arguments) if each.required]
    return {
        "type": "object" if required else ["object", "null"],
        "description": summary_of(described.doc) or described.full_name,
        "properties": accounts | arguments,
        "required": required,
        "additionalProperties": False,
    }


def _account(described: AccountDescription) -> Schema:
    choice: list[Schema] = [NAME]
    if described.several:
        choice.append({"type": "array", "items": NAME})
    if not described.required:
        choice.append({"type": "null"})
    return {"anyOf": choice, "description": account_words(described)}


def _layouts(programs: Sequence[Program]) -> dict[str, Schema]:
    found: dict[str, Schema] = {}
    for program in programs:
        for described in describe_program(program).layouts:
            found[f"layout:{described.full_name}"] = _layout(program, described)
    return found


def _layout(program: Program, described: LayoutDescription) -> Schema:
    fields = program.layouts[described.name].fixture_fields()
    values: dict[str, Any] = {name: value_schema(field.codec) for name, field in fields.items()}
    return {
        "type": "object",
        "description": summary_of(described.doc) or described.full_name,
        "properties": values | {"layout": {"const": described.full_name}},
        "required": ["layout"],
        "additionalProperties": False,
    }


def _offer_layouts(schema: Schema, layouts: Sequence[str], unknown: str) -> None:
    """Accounts have a layout's own fields; what is expected of one may be any of them."""
    others = {
        "type": "object",
        "properties": {"layout": {"type": "string", "pattern": unknown}},
        "required": ["layout"],
    }
    definitions = schema["$defs"]
    definitions["layout"] = {
        "description": definitions["layout"]["description"],
        "anyOf": [*map(_ref, layouts), others],
    }
    names = {"enum": [name.removeprefix("layout:") for name in layouts]}
    expected = definitions["expect"]["properties"]["accounts"]["additionalProperties"]
    layout = expected["properties"]["data"]["anyOf"][-1]["properties"]
    layout["layout"] = {"anyOf": [names, {"type": "string", "pattern": unknown}, {"type": "null"}]}


def _offer_errors(outcome: Schema, programs: Sequence[Program], unknown: str) -> None:
    runtime, others = outcome["properties"]["error"]["anyOf"]
    own = [f"{p.name}.{error.name}" for p in programs for error in p.errors or ()]
    others = {**others, "pattern": unknown}
    outcome["properties"]["error"] = {"anyOf": [runtime, {"enum": own}, others]}


def _offer_owners(account: Schema, programs: Sequence[Program]) -> None:
    """Any name may own an account: those of programs are what editors complete."""
    owner = account["properties"]["owner"]
    choice = [{"enum": [program.name for program in programs]}, NAME]
    account["properties"]["owner"] = {"anyOf": choice, "description": owner["description"]}


def _ref(definition: str) -> Schema:
    return {"$ref": f"#/$defs/{definition}"}
