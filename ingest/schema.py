"""The JSON Schema (2020-12) of the fixture format, for `sealane schema` and for editors.

It describes a fixture as parsed from YAML or JSON; a JSONL file's header is the same without
`transactions`, each further line is `$defs/transaction`. Tests keep it in step with the readers.
What a schema cannot say, only the readers refuse: duplicate keys and ids, YAML tags and aliases,
depth, two names of one key, wave ids that no transaction has.
"""

from __future__ import annotations

from typing import Any, Final

from .expectation_reader import RUNTIME_ERRORS
from .fixture import FORMAT_VERSION
from .transaction_reader import COST_MAX
from .values import NAME_LEN_MAX, U64_MAX
from .workload import ACCOUNTS_MAX, PROGRAMS, SHAPES, TRANSACTIONS_MAX, ZIPF_MAX

Schema = dict[str, Any]

_NAME: Final[Schema] = {
    "type": "string",
    "minLength": 1,
    "maxLength": NAME_LEN_MAX,
    "pattern": r"^[^\u0000-\u001f\u007f]*$",
}
_BYTES: Final[Schema] = {
    "type": "string",
    "pattern": r"^(hex:([0-9a-fA-F]{2})*|base64:([A-Za-z0-9+/]{4})*"
    r"([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)$",
}
_ARGUMENTS: Final[Schema] = {"type": ["object", "null"]}


def json_schema() -> Schema:
    """The schema as a fresh document."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Sealane fixture, version {FORMAT_VERSION}",
        "description": "Accounts, transactions on them, and what must come of it.",
        **_mapping(
            required=("sealane",),
            sealane={"const": FORMAT_VERSION, "description": "Version of the format."},
            why={"type": "string", "description": "Why this fixture is there."},
            accounts=_mapping_of(_ref("account"), "The accounts before the block, by name."),
            transactions={"type": "array", "items": _ref("transaction")},
            generate=_ref("generate"),
            expect=_ref("expect"),
            fee=_mapping(lamports_per_signature=_ref("u64")),
        ),
        "not": {"required": ["transactions", "generate"]},
        "$defs": {
            "u64": _u64(),
            "name": _NAME,
            "bytes": _BYTES,
            "layout": _layout(required=("layout",)),
            "account": _account(),
            "transaction": _transaction(),
            "outcome": _outcome(),
            "instruction": {"oneOf": [_call(), _raw_instruction()]},
            "generate": _generate(),
            "expect": _expect(),
        },
    }


def _u64() -> Schema:
    return {
        "description": "An integer from 0 to 2^64 - 1: plain, or a string of digits.",
        "anyOf": [_integer(0, U64_MAX), {"type": "string", "pattern": _digits_pattern()}],
    }


def _digits_pattern() -> str:
    """At most 20 digits; that they may go past 2^64 - 1 a pattern need not say."""
    return r"^(-?0|[1-9](_?[0-9]){0,19})$"


def _account() -> Schema:
    return _mapping(
        nullable=True,
        lamports=_ref("u64"),
        owner={**_ref("name"), "description": "The program that owns it; default: system."},
        data={"anyOf": [{"type": "null"}, _ref("bytes"), _ref("layout")]},
        executable={"type": "boolean"},
    )


def _layout(required: tuple[str, ...]) -> Schema:
    return {
        "type": "object",
        "description": "The fields of a layout.",
        "properties": {"layout": _dotted("program.Layout")},
        "required": list(required),
    }


def _transaction() -> Schema:
    schema = _mapping(
        id=_ref("name"),
        payer={**_ref("name"), "description": "Pays the fee; default: the first signer."},
        instructions={"type": "array", "items": _ref("instruction")},
        expect=_ref("outcome"),
        fee=_ref("u64"),
        cost={
            "anyOf": [_integer(0, COST_MAX), {"type": "string", "pattern": _digits_pattern()}],
            "description": "Weight in plans; default: 1.",
        },
        writes={"type": "array", "items": _ref("name")},
        reads={"type": "array", "items": _ref("name")},
    )
    locks = {"anyOf": [{"required": ["writes"]}, {"required": ["reads"]}]}
    return {**schema, "oneOf": [{"required": ["instructions"]}, locks]}


def _outcome() -> Schema:
    error = {
        "anyOf": [
            {"enum": list(RUNTIME_ERRORS)},
            _dotted("program.Name, of a program's own error"),
        ]
    }
    schema = _mapping(ok={"type": "boolean"}, error=error)
    return {**schema, "minProperties": 1, "maxProperties": 1}


def _call() -> Schema:
    return {
        "type": "object",
        "description": "program.instruction: {accounts and arguments by name}",
        "minProperties": 1,
        "maxProperties": 1,
        "patternProperties": {r"^.+\.[^.]+$": _ARGUMENTS},
        "additionalProperties": False,
    }


def _raw_instruction() -> Schema:
    meta = _mapping(
        required=("key",),
        key=_ref("name"),
        signer={"type": "boolean"},
        writable={"type": "boolean"},
    )
    return _mapping(
        required=("program",),
        program=_ref("name"),
        accounts={"type": "array", "items": meta},
        data=_ref("bytes"),
    )


def _generate() -> Schema:
    return _mapping(
        required=("n",),
        program={"enum": list(PROGRAMS)},
        n=_count(0, TRANSACTIONS_MAX, "How many transactions."),
        accounts=_count(0, ACCOUNTS_MAX, "How many accounts take part; needed by most shapes."),
        shape={
            "enum": list(SHAPES),
            "description": "Default: uniform; zipf where `zipf` is given.",
        },
        zipf={"type": "number", "minimum": 0, "maximum": ZIPF_MAX, "description": "The exponent."},
        hot=_count(1, ACCOUNTS_MAX, "How many accounts are paid, for shape hot; default: 1."),
        seed=_ref("u64"),
    )


def _expect() -> Schema:
    data = {"anyOf": [{"type": "null"}, _ref("bytes"), _layout(required=())]}
    account = _mapping(
        lamports=_ref("u64"), owner=_ref("name"), data=data, executable={"type": "boolean"}
    )
    wave = {"type": "array", "items": _ref("name")}
    return _mapping(
        accounts=_mapping_of(account, "Only what is named is compared."),
        waves={"type": "array", "items": wave, "description": "Ids, wave by wave."},
        lamports_conserved={"type": "boolean", "description": "Fees counted in."},
    )


def _mapping(*, required: tuple[str, ...] = (), nullable: bool = False, **known: Schema) -> Schema:
    """A mapping with no keys but the known ones."""
    return {
        "type": ["object", "null"] if nullable else "object",
        "properties": known,
        "required": list(required),
        "additionalProperties": False,
    }


def _mapping_of(values: Schema, description: str) -> Schema:
    return {
        "type": "object",
        "description": description,
        "propertyNames": _ref("name"),
        "additionalProperties": values,
    }


def _integer(minimum: int, maximum: int) -> Schema:
    return {"type": "integer", "minimum": minimum, "maximum": maximum}


def _count(minimum: int, maximum: int, description: str) -> Schema:
    digits = {"type": "string", "pattern": _digits_pattern()}
    return {"anyOf": [_integer(minimum, maximum), digits], "description": description}


def _dotted(description: str) -> Schema:
    return {"type": "string", "pattern": r"^.+\.[^.]+$", "description": description}


def _ref(definition: str) -> Schema:
    return {"$ref": f"#/$defs/{definition}"}
