"""Well-formed files that are no fixture: rows 23 and 27 of the faults, and wrong values."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from sealane.ingest.load import load
from sealane.primitives import InputError


class Bad(NamedTuple):
    """A bad file, and the message after its path. `schema`: the JSON Schema refuses it too."""

    name: str
    extension: str
    content: str | bytes
    message: str
    schema: bool = False


CASES = [
    # 27: duplicate and unknown keys
    Bad(
        "dup yaml",
        ".yaml",
        "sealane: 1\naccounts:\n  alice: {}\n  alice: {}\n",
        "4: the key 'alice' appears twice in one mapping; remove or rename one",
    ),
    Bad(
        "dup json",
        ".json",
        '{"sealane": 1,\n "accounts": {"alice": {},\n "alice": {}}}',
        "3: the key 'alice' appears twice in one mapping; remove or rename one",
    ),
    Bad(
        "dup jsonl",
        ".jsonl",
        '{"sealane": 1}\n{"id": "a", "id": "b"}\n',
        "2: the key 'id' appears twice in one mapping; remove or rename one",
    ),
    Bad(
        "unknown top",
        ".yaml",
        "sealane: 1\nacounts: {}\n",
        "2: acounts: unknown key 'acounts'; did you mean 'accounts'?",
        schema=True,
    ),
    Bad(
        "unknown account key",
        ".yaml",
        "sealane: 1\naccounts:\n  alice:\n    lamport: 1\n",
        "4: accounts.alice.lamport: unknown key 'lamport'; did you mean 'lamports'?",
        schema=True,
    ),
    Bad(
        "unknown tx key",
        ".jsonl",
        '{"sealane": 1}\n\n{"instructions": []}\n{"instuctions": []}\n',
        "4: transactions[1].instuctions: unknown key 'instuctions'; did you mean 'instructions'?",
    ),
    Bad(
        "unknown far",
        ".yaml",
        "sealane: 1\ntransactions:\n  - instructions: []\n    zzzz: 1\n",
        "4: transactions[0].zzzz: unknown key 'zzzz'; known here: id, payer, "
        "instructions, expect, fee, cost, writes, reads",
        schema=True,
    ),
    Bad(
        "unknown json key",
        ".json",
        '{"sealane": 1,\n'
        ' "transactions": [\n'
        '  {"instructions": []},\n'
        '  {"instructions": [],\n'
        '   "payr": "alice"}]}',
        "5: transactions[1].payr: unknown key 'payr'; did you mean 'payer'?",
        schema=True,
    ),
    # the format
    Bad(
        "scalar",
        ".yaml",
        "hello\n",
        "1: a fixture is a mapping with `sealane: 1`, this is the text 'hello'",
        schema=True,
    ),
    Bad(
        "list",
        ".yaml",
        "- sealane: 1\n",
        "1: a fixture is a mapping with `sealane: 1`, this is a list",
        schema=True,
    ),
    Bad(
        "no version",
        ".yaml",
        "accounts: {}\n",
        "1: the key 'sealane' is missing; a fixture starts with `sealane: 1`",
        schema=True,
    ),
    Bad(
        "version 2",
        ".yaml",
        "why: x\nsealane: 2\nnew: 1\n",
        "2: sealane: the file says version 2 of the format, and this sealane reads "
        "version 1; write `sealane: 1`, or update sealane",
        schema=True,
    ),
    Bad(
        "not a fixture json",
        ".json",
        '{"accounts": {}}',
        "1: neither a fixture (it would say `sealane: 1`) nor the answer of Solana's "
        "getBlock; name another file",
        schema=True,
    ),
    Bad(
        "list accounts",
        ".yaml",
        "sealane: 1\naccounts: [alice]\n",
        "2: accounts: expected a mapping, found a list; write `key: value` pairs",
        schema=True,
    ),
    Bad(
        "same key",
        ".yaml",
        'sealane: 1\naccounts:\n  system: {}\n  "11111111111111111111111111111111": {}\n',
        "4: accounts.11111111111111111111111111111111: this is the same account as "
        "'system'; keep one of the two",
    ),
    # 23: duplicate ids, and other ids and names
    Bad(
        "dup id",
        ".yaml",
        "sealane: 1\n"
        "transactions:\n"
        "  - {id: pay, writes: [a]}\n"
        "  - {id: x, writes: [a]}\n"
        "  - {id: pay, writes: [a]}\n",
        "5: transactions[2].id: 'pay' is the id of transactions[0] already; rename "
        "one (without an id, a transaction is `t` and its position)",
    ),
    Bad(
        "dup default id",
        ".jsonl",
        '{"sealane": 1}\n{"id": "t1", "writes": []}\n{"writes": []}\n',
        "3: transactions[1].id: 't1' is the id of transactions[0] already; rename "
        "one (without an id, a transaction is `t` and its position)",
    ),
    Bad(
        "empty id",
        ".yaml",
        'sealane: 1\ntransactions:\n  - {id: "", writes: [a]}\n',
        "3: transactions[0].id: '' is no name; a name has 1 to 200 printable characters",
        schema=True,
    ),
    Bad(
        "int id",
        ".yaml",
        "sealane: 1\ntransactions:\n  - {id: 7, writes: [a]}\n",
        "3: transactions[0].id: expected text, found 7; put it in quotes if it is text",
        schema=True,
    ),
    Bad(
        "escape id",
        ".json",
        '{"sealane": 1, "transactions": [\n {"id": "a\\u001b[31m", "writes": []}]}',
        "2: transactions[0].id: 'a\\x1b[31m' is no name; a name has 1 to 200 printable characters",
        schema=True,
    ),
    Bad(
        "surrogate",
        ".json",
        '{"sealane": 1, "transactions": [\n {"id": "a\\ud800", "writes": []}]}',
        "2: half of a surrogate pair is no character; write the character itself",
    ),
    Bad(
        "empty tx",
        ".yaml",
        "sealane: 1\ntransactions:\n  - payer: alice\n",
        "3: transactions[0]: nothing to run; add `instructions` (or `writes` and "
        "`reads`, to plan only)",
        schema=True,
    ),
    Bad(
        "both",
        ".yaml",
        "sealane: 1\ntransactions:\n  - {instructions: [], writes: [a]}\n",
        "3: transactions[0]: `instructions` declare the accounts; remove `writes` and `reads`",
        schema=True,
    ),
    Bad(
        "instruction",
        ".yaml",
        "sealane: 1\ntransactions:\n  - instructions:\n      - transfer: {}\n",
        "4: transactions[0].instructions[0]: this is no call of one program's "
        "instruction; write one `program.instruction: {…}` a list item, or "
        "`program`, `accounts` and `data`",
        schema=True,
    ),
    Bad(
        "instruction raw typo",
        ".yaml",
        'sealane: 1\ntransactions:\n  - instructions:\n      - {progam: system, data: "hex:"}\n',
        "4: transactions[0].instructions[0].progam: unknown key 'progam'; did you mean 'program'?",
        schema=True,
    ),
    Bad(
        "instruction no program",
        ".yaml",
        'sealane: 1\ntransactions:\n  - instructions:\n      - {data: "hex:"}\n',
        "4: transactions[0].instructions[0]: the key 'program' is missing; add it",
        schema=True,
    ),
    Bad(
        "args list",
        ".yaml",
        "sealane: 1\ntransactions:\n  - instructions:\n      - system.transfer: [a, b]\n",
        "4: transactions[0].instructions[0].system.transfer: expected a mapping, "
        "found a list; write `key: value` pairs",
        schema=True,
    ),
    Bad(
        "meta",
        ".yaml",
        "sealane: 1\n"
        "transactions:\n"
        "  - instructions:\n"
        "      - program: system\n"
        "        accounts:\n"
        "          - {key: alice, writeable: true}\n",
        "6: transactions[0].instructions[0].accounts[0].writeable: unknown key "
        "'writeable'; did you mean 'writable'?",
        schema=True,
    ),
    Bad(
        "meta string",
        ".yaml",
        "sealane: 1\n"
        "transactions:\n"
        "  - instructions:\n"
        "      - program: system\n"
        "        accounts: [alice]\n",
        "5: transactions[0].instructions[0].accounts[0]: expected a mapping, found "
        "the text 'alice'; write `key: value` pairs",
        schema=True,
    ),
    Bad(
        "hex data",
        ".yaml",
        'sealane: 1\naccounts:\n  a: {data: "hex:abc"}\n',
        "3: accounts.a.data: 'hex:abc' is not hex; write two digits of 0-9 and a-f for each byte",
        schema=True,
    ),
    Bad(
        "base64 data",
        ".yaml",
        'sealane: 1\naccounts:\n  a: {data: "base64:AAA"}\n',
        "3: accounts.a.data: 'base64:AAA' is not base64; write A-Z, a-z, 0-9, + and "
        "/, padded with = to fours",
        schema=True,
    ),
    Bad(
        "plain data",
        ".yaml",
        'sealane: 1\naccounts:\n  a: {data: "00ff"}\n',
        '3: accounts.a.data: \'00ff\' is no data; write "hex:…" or "base64:…"',
        schema=True,
    ),
    Bad(
        "layout missing",
        ".yaml",
        "sealane: 1\naccounts:\n  a: {data: {amount: 1}}\n",
        "3: accounts.a.data: the key 'layout' is missing; add `layout: program.Layout`",
        schema=True,
    ),
    Bad(
        "layout bare",
        ".yaml",
        "sealane: 1\naccounts:\n  a: {data: {layout: Account}}\n",
        "3: accounts.a.data.layout: 'Account' names no program; write `program.Account`",
        schema=True,
    ),
    Bad(
        "expect empty",
        ".yaml",
        "sealane: 1\ntransactions:\n  - {writes: [], expect: {}}\n",
        "3: transactions[0].expect: expected one of `ok` and `error`; write {ok: "
        "true} or {error: Name}",
        schema=True,
    ),
    Bad(
        "expect both",
        ".yaml",
        "sealane: 1\ntransactions:\n  - {writes: [], expect: {ok: true, error: Custom}}\n",
        "3: transactions[0].expect: expected one of `ok` and `error`; write {ok: "
        "true} or {error: Name}",
        schema=True,
    ),
    Bad(
        "expect error",
        ".yaml",
        "sealane: 1\ntransactions:\n  - {writes: [], expect: {error: ReadonlyDataModifed}}\n",
        "3: transactions[0].expect.error: 'ReadonlyDataModifed' is no error of the "
        "runtime (a program's own is written `program.Name`); did you mean "
        "'ReadonlyDataModified'?",
        schema=True,
    ),
    Bad(
        "wave id",
        ".yaml",
        "sealane: 1\ntransactions:\n  - {id: pay, writes: []}\nexpect:\n  waves:\n    - [pai]\n",
        "6: expect.waves[0][0]: no transaction has the id 'pai'; did you mean 'pay'?",
    ),
    Bad(
        "wave id normalised otherwise",
        ".yaml",
        "sealane: 1\ntransactions: [{id: caf\u00e9, writes: []}]\n"
        "expect: {waves: [[cafe\u0301]]}\n",
        "3: expect.waves[0][0]: 'caf\u00e9' and 'cafe\u0301' are one name to Unicode, "
        r"spelled 'caf\xe9' and 'cafe\u0301'; write it one way",
    ),
    Bad(
        "wave twice",
        ".yaml",
        "sealane: 1\n"
        "transactions:\n"
        "  - {id: pay, writes: []}\n"
        "expect:\n"
        "  waves:\n"
        "    - [pay]\n"
        "    - [pay]\n",
        "7: expect.waves[1][0]: 'pay' stands in the waves twice; name it once",
    ),
    Bad(
        "wave generated",
        ".yaml",
        "sealane: 1\ngenerate: {n: 3, accounts: 2}\nexpect:\n  waves: [[t3]]\n",
        "4: expect.waves[0][0]: no transaction has the id 't3'; did you mean 't2'?",
    ),
    Bad(
        "expect key",
        ".yaml",
        "sealane: 1\nexpect: {account: {}}\n",
        "2: expect.account: unknown key 'account'; did you mean 'accounts'?",
        schema=True,
    ),
    Bad(
        "fee plain",
        ".yaml",
        "sealane: 1\nfee: 5000\n",
        "2: fee: expected a mapping, found 5000; write `key: value` pairs",
        schema=True,
    ),
    Bad(
        "cost",
        ".yaml",
        "sealane: 1\ntransactions:\n  - {writes: [], cost: 4294967296}\n",
        "3: transactions[0].cost: 4,294,967,296 is out of range; use 0 to 4,294,967,295",
        schema=True,
    ),
    Bad(
        "generate both",
        ".yaml",
        "sealane: 1\ntransactions: []\ngenerate: {n: 3, accounts: 2}\n",
        "3: generate: `generate` stands in for `transactions`; keep one of the two",
        schema=True,
    ),
    Bad(
        "generate jsonl",
        ".jsonl",
        '{"sealane": 1, "generate": {"n": 3, "accounts": 2}}\n{"writes": []}\n',
        "1: generate: `generate` stands in for `transactions`; keep one of the two",
    ),
    Bad(
        "transactions in header",
        ".jsonl",
        '{"sealane": 1, "transactions": []}\n',
        "1: transactions: in JSONL the transactions follow, one a line; move them",
    ),
    Bad(
        "generate n",
        ".yaml",
        "sealane: 1\ngenerate: {accounts: 2}\n",
        "2: generate: the key 'n' is missing; add it",
        schema=True,
    ),
    Bad(
        "generate n max",
        ".yaml",
        "sealane: 1\ngenerate: {n: 10_000_001, accounts: 2}\n",
        "2: generate.n: 10,000,001 is out of range; use 0 to 10,000,000 here",
        schema=True,
    ),
    Bad(
        "generate accounts",
        ".yaml",
        "sealane: 1\ngenerate: {n: 2}\n",
        "2: generate: the key 'accounts' is missing; say how many accounts take part",
    ),
    Bad(
        "generate one account",
        ".yaml",
        "sealane: 1\ngenerate: {n: 2, accounts: 1}\n",
        "2: generate.accounts: 1 is out of range; use 2 to 10,000,000 here",
    ),
    Bad(
        "generate independent",
        ".yaml",
        "sealane: 1\ngenerate: {n: 2, accounts: 3, shape: independent}\n",
        "2: generate.accounts: 3 is out of range; use 4 to 10,000,000 here",
    ),
    Bad(
        "generate program",
        ".yaml",
        "sealane: 1\ngenerate: {n: 2, accounts: 2, program: system.tranfer}\n",
        "2: generate.program: 'system.tranfer' cannot be generated; did you mean "
        "'system.transfer'?",
        schema=True,
    ),
    Bad(
        "generate shape",
        ".yaml",
        "sealane: 1\ngenerate: {n: 2, accounts: 2, shape: zip}\n",
        "2: generate.shape: unknown shape 'zip'; did you mean 'zipf'?",
        schema=True,
    ),
    Bad(
        "generate zipf chain",
        ".yaml",
        "sealane: 1\ngenerate: {n: 2, accounts: 2, shape: chain, zipf: 1.1}\n",
        "2: generate.zipf: `zipf` has no meaning for shape 'chain'; remove it",
    ),
    Bad(
        "generate zipf range",
        ".yaml",
        "sealane: 1\ngenerate: {n: 2, accounts: 2, zipf: 10.5}\n",
        "2: generate.zipf: 10.5 is out of range; use 0 to 10",
        schema=True,
    ),
    Bad(
        "generate zipf text",
        ".yaml",
        'sealane: 1\ngenerate: {n: 2, accounts: 2, zipf: "1.1"}\n',
        "2: generate.zipf: expected a number, found the text '1.1'; write it like 1.1",
        schema=True,
    ),
    Bad(
        "float elsewhere in generate",
        ".yaml",
        "sealane: 1\ngenerate: {n: 2.0, accounts: 2}\n",
        "2: '2.0' is a floating-point number, and amounts are exact; write an "
        "integer, or quote it if it is text",
    ),
]


@pytest.mark.parametrize("bad", CASES, ids=lambda bad: bad.name.replace(" ", "-"))
def test_the_message_says_where_and_what_to_do(bad: Bad, tmp_path: Path) -> None:
    path = tmp_path / f"bad{bad.extension}"
    path.write_bytes(bad.content if isinstance(bad.content, bytes) else bad.content.encode())
    with pytest.raises(InputError) as caught:
        load(path)
    separator = ":" if bad.message[0].isdigit() else ": "
    assert str(caught.value) == f"{path}{separator}{bad.message}"


@pytest.mark.parametrize(
    "bad", [bad for bad in CASES if bad.schema], ids=lambda bad: bad.name.replace(" ", "-")
)
def test_the_schema_refuses_it_too(bad: Bad, schema_accepts: Callable[[object], bool]) -> None:
    # YAML is read loosely here on purpose: the schema alone must refuse the value.
    assert not schema_accepts(yaml.safe_load(bad.content))
