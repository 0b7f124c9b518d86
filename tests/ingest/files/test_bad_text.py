"""Files that are no strict YAML, JSON or JSONL: rows 25, 26, 28, 29 and 31 of the faults."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ..bad_files import REASON, Bad, name_of_case, require_message, require_refused_by_schema

CASES = [
    # 25: truncated, not UTF-8, byte-order mark, empty
    Bad(
        "truncated json",
        ".json",
        '{"sealane": 1,\n "accounts": {"al',
        f"2: not valid JSON: {REASON} (column 15); check commas, quotes and brackets there",
    ),
    Bad(
        "truncated yaml",
        ".yaml",
        "sealane: 1\naccounts: {alice: {lamports: 5",
        f"3: not valid YAML: {REASON}; check indentation, brackets and quotes here",
    ),
    Bad(
        "bad utf8",
        ".yaml",
        b"sealane: 1\nwhy: caf\xe9\n",
        "2: byte 0xe9 at offset 19 has no place in UTF-8 text; save the file as UTF-8",
    ),
    Bad(
        "bad utf8 jsonl",
        ".jsonl",
        b'{"sealane": 1}\n{"id": "\xff"}\n',
        "2: byte 0xff at offset 8 has no place in UTF-8 text; save the file as UTF-8",
    ),
    Bad(
        "bom",
        ".yaml",
        b"\xef\xbb\xbfsealane: 1\n",
        "1: the file starts with a byte-order mark; save it as UTF-8 without one",
    ),
    Bad(
        "bom jsonl",
        ".jsonl",
        b'\xef\xbb\xbf{"sealane": 1}\n',
        "1: the file starts with a byte-order mark; save it as UTF-8 without one",
    ),
    Bad(
        "utf16",
        ".json",
        b'\xff\xfe{\x00"\x00s\x00e\x00a\x00l\x00a\x00n\x00e\x00"\x00:\x00 \x001\x00}\x00',
        "1: the file is UTF-16 text; save it as UTF-8",
    ),
    Bad("empty", ".yaml", b"", "the file is empty; a fixture starts with `sealane: 1`"),
    Bad("empty jsonl", ".jsonl", b"", "the file is empty; a fixture starts with `sealane: 1`"),
    Bad("blank", ".json", b" \n\n", "the file is empty; a fixture starts with `sealane: 1`"),
    Bad(
        "nul",
        ".yaml",
        b"sealane: 1\nwhy: a\x00b\n",
        "2: a NUL byte at offset 17 has no place in UTF-8 text; save the file as UTF-8",
    ),
    Bad(
        "control",
        ".yaml",
        b"sealane: 1\nwhy: a\x07b\n",
        f"2: not valid YAML: {REASON}; remove that character",
    ),
    # 26: nested too deep
    Bad(
        "deep json",
        ".json",
        '{"sealane": 1,\n"accounts": ' + "[" * 100_000,
        "2: nested more than 64 deep; no fixture needs that, flatten it",
    ),
    Bad(
        "deep json block",
        ".json",
        "[" * 100_000,
        "1: nested more than 1024 deep; no block is, name another file",
    ),
    Bad(
        "deep yaml flow",
        ".yaml",
        "sealane: 1\naccounts: " + "[" * 100_000,
        "2: nested more than 64 deep; no fixture needs that, flatten it",
    ),
    Bad(
        "deep yaml flow map",
        ".yaml",
        "sealane: 1\naccounts: " + "{a: " * 100_000,
        "2: nested more than 64 deep; no fixture needs that, flatten it",
    ),
    Bad(
        "deep yaml block",
        ".yaml",
        "sealane: 1\naccounts:\n " + "- " * 100_000,
        "3: nested more than 64 deep; no fixture needs that, flatten it",
    ),
    Bad(
        "deep yaml question",
        ".yaml",
        "sealane: 1\naccounts:\n " + "? " * 100_000,
        "3: a key that is no text is not read in fixtures; write a name before the colon",
    ),
    Bad(
        "deep jsonl",
        ".jsonl",
        '{"sealane": 1}\n{"instructions": ' + '{"a":' * 100_000,
        "2: nested more than 64 deep; no fixture needs that, flatten it",
    ),
    # 28: floats, and integers that are none
    Bad(
        "float",
        ".yaml",
        "sealane: 1\naccounts:\n  alice: {lamports: 1.0}\n",
        "3: '1.0' is a floating-point number, and amounts are exact; write an "
        "integer, or quote it if it is text",
    ),
    Bad(
        "float e",
        ".yaml",
        "sealane: 1\naccounts:\n  alice: {lamports: 1e9}\n",
        "3: '1e9' is a floating-point number, and amounts are exact; write an "
        "integer, or quote it if it is text",
        schema=True,
    ),
    Bad(
        "nan",
        ".yaml",
        "sealane: 1\naccounts:\n  alice: {lamports: .nan}\n",
        "3: '.nan' is a floating-point number, and amounts are exact; write an "
        "integer, or quote it if it is text",
        schema=True,
    ),
    Bad(
        "inf",
        ".yaml",
        "sealane: 1\naccounts:\n  alice: {lamports: -.inf}\n",
        "3: '-.inf' is a floating-point number, and amounts are exact; write an "
        "integer, or quote it if it is text",
        schema=True,
    ),
    Bad(
        "json nan",
        ".json",
        '{"sealane": 1, "accounts":\n {"alice": {"lamports": NaN}}}',
        "2: 'NaN' is a floating-point number, and amounts are exact; write an "
        "integer, or quote it if it is text",
        schema=True,
    ),
    Bad(
        "json inf",
        ".json",
        '{"sealane": 1, "accounts":\n {"alice": {"lamports": -Infinity}}}',
        "2: '-Infinity' is a floating-point number, and amounts are exact; write an "
        "integer, or quote it if it is text",
        schema=True,
    ),
    Bad(
        "json 1e999",
        ".json",
        '{"sealane": 1, "accounts":\n {"alice": {"lamports": 1e999}}}',
        "2: '1e999' is a floating-point number, and amounts are exact; write an "
        "integer, or quote it if it is text",
        schema=True,
    ),
    Bad(
        "jsonl float",
        ".jsonl",
        '{"sealane": 1}\n{"instructions": [], "fee": 5.5}',
        "2: '5.5' is a floating-point number, and amounts are exact; write an "
        "integer, or quote it if it is text",
    ),
    Bad(
        "digits",
        ".yaml",
        "sealane: 1\naccounts:\n  alice: {lamports: " + "9" * 5_000 + "}\n",
        "3: an integer of 5,000 digits, 78 at most; write a smaller one",
    ),
    Bad(
        "digits json",
        ".json",
        '{"sealane": 1, "accounts":\n {"alice": {"lamports": ' + "9" * 5_000 + "}}}",
        "2: an integer of 5,000 digits, 78 at most; write a smaller one",
    ),
    Bad(
        "digits text",
        ".json",
        '{"sealane": 1, "accounts":\n {"alice": {"lamports": "' + "9" * 5_000 + '"}}}',
        f"2: accounts.alice.lamports: expected an integer, found '{'9' * 59}…'; "
        "write one of 78 digits at most",
    ),
    Bad(
        "zipf nan",
        ".yaml",
        "sealane: 1\ngenerate: {n: 1, accounts: 2, zipf: .nan}\n",
        "2: '.nan' is a floating-point number, and amounts are exact; write an "
        "integer, or quote it if it is text",
    ),
    Bad(
        "zipf exponent",
        ".yaml",
        "sealane: 1\ngenerate: {n: 1, accounts: 2, zipf: 1e0}\n",
        "2: '1e0' is a floating-point number, and amounts are exact; write an "
        "integer, or quote it if it is text",
        schema=True,
    ),
    Bad(
        "negative",
        ".yaml",
        "sealane: 1\naccounts:\n  alice: {lamports: -1}\n",
        "3: accounts.alice.lamports: -1 is out of range; use 0 to 18,446,744,073,709,551,615",
        schema=True,
    ),
    Bad(
        "2^64",
        ".yaml",
        "sealane: 1\naccounts:\n  alice: {lamports: 18_446_744_073_709_551_616}\n",
        "3: accounts.alice.lamports: 18,446,744,073,709,551,616 is out of range; use "
        "0 to 18,446,744,073,709,551,615",
        schema=True,
    ),
    Bad(
        "octal",
        ".yaml",
        "sealane: 1\naccounts:\n  alice: {lamports: 010}\n",
        "3: accounts.alice.lamports: expected an integer, found '010'; write 10 "
        "(plain decimal digits, with no leading zero and `_` only between them)",
    ),
    Bad(
        "hex",
        ".yaml",
        "sealane: 1\naccounts:\n  alice: {lamports: 0x10}\n",
        "3: accounts.alice.lamports: expected an integer, found '0x10'; write plain "
        "decimal digits, with no leading zero and `_` only between them",
    ),
    Bad(
        "sexagesimal",
        ".yaml",
        "sealane: 1\naccounts:\n  alice: {lamports: 1:30}\n",
        "3: accounts.alice.lamports: expected an integer, found '1:30'; write plain "
        "decimal digits, with no leading zero and `_` only between them",
    ),
    Bad(
        "true",
        ".yaml",
        "sealane: 1\naccounts:\n  alice: {lamports: true}\n",
        "3: accounts.alice.lamports: expected an integer, found true; write plain digits",
        schema=True,
    ),
    Bad(
        "yes",
        ".yaml",
        "sealane: 1\naccounts:\n  alice: {executable: yes}\n",
        "3: accounts.alice.executable: expected true or false, found the text 'yes'; "
        "write `true` or `false`",
    ),
    Bad(
        "nothing",
        ".yaml",
        "sealane: 1\naccounts:\n  alice: {lamports: }\n",
        "3: accounts.alice.lamports: expected an integer, found nothing; write plain digits",
        schema=True,
    ),
    # 29: aliases, tags
    Bad(
        "laughs",
        ".yaml",
        "sealane: 1\naccounts:\n  a: &a [lol]\n  b: [*a, *a]\n",
        "3: the anchor &a is not read in fixtures; remove it",
        schema=True,
    ),
    Bad(
        "alias",
        ".yaml",
        "sealane: 1\naccounts:\n  b: *a\n",
        "3: the alias *a is not read in fixtures; write the value out",
    ),
    Bad(
        "tag python",
        ".yaml",
        'sealane: 1\nwhy: !!python/object/apply:os.system ["true"]\n',
        "2: the tag !!python/object/apply:os.system is not read in fixtures; remove it",
    ),
    Bad(
        "tag",
        ".yaml",
        "sealane: 1\nwhy: !!str 5\n",
        "2: the tag !!str is not read in fixtures; remove it",
    ),
    Bad(
        "merge",
        ".yaml",
        "sealane: 1\naccounts:\n  bob:\n    <<: {lamports: 1}\n",
        "4: the merge key << is not read in fixtures; write the keys out",
    ),
    Bad(
        "two documents",
        ".yaml",
        "sealane: 1\n---\nsealane: 1\n",
        "2: a second document is not read in fixtures; put it into a file of its own",
    ),
    Bad(
        "complex key",
        ".yaml",
        "sealane: 1\naccounts:\n  [a, b]: {}\n",
        "3: a key that is no text is not read in fixtures; write a name before the colon",
    ),
    Bad(
        "tab",
        ".yaml",
        "sealane: 1\naccounts:\n\talice: {}\n",
        f"3: not valid YAML: {REASON}; check indentation, brackets and quotes here",
    ),
    # 31: pickles, modules
    Bad(
        "pickle",
        ".yaml",
        b"\x80\x04\x95\x0b\x00",
        "1: the file is not text (a pickle starts so); pickles are never loaded, "
        "write YAML or JSON",
    ),
    Bad(
        "pickle 0",
        ".yaml",
        b"cos\nsystem\n(S'echo hi'\ntR.",
        "1: a fixture is a mapping with `sealane: 1`, this is the text 'cos system "
        "(S'echo hi' tR.'",
        schema=True,
    ),
    Bad(
        "gzip",
        ".json",
        b"\x1f\x8b\x08\x00",
        "the gzip data is damaged or cut short; copy the file again",
    ),
    Bad("xz", ".json", b"\xfd7zXZ\0\0", "1: the file is xz-compressed; unpack it first"),
    Bad(
        "html",
        ".json",
        "<html><h1>502 Bad Gateway</h1></html>",
        "1: the file is a web page, not a node's answer; look at what it says, and request it "
        "again",
    ),
    Bad(
        "headers",
        ".json",
        "HTTP/1.1 200 OK\r\n\r\n{}",
        "1: the file starts with HTTP headers; save the answer without them",
    ),
    Bad(
        "module",
        ".yaml",
        "sealane: 1\nprogram: os.system\n",
        "2: program: unknown key 'program'; known here: sealane, why, keys, accounts, "
        "transactions, generate, expect, fee, rules, resources, clock",
        schema=True,
    ),
]


@pytest.mark.parametrize("bad", CASES, ids=name_of_case)
def test_the_message_says_where_and_what_to_do(bad: Bad, tmp_path: Path) -> None:
    require_message(bad, tmp_path)


@pytest.mark.parametrize("bad", [bad for bad in CASES if bad.schema], ids=name_of_case)
def test_the_schema_refuses_it_too(bad: Bad, schema_accepts: Callable[[object], bool]) -> None:
    require_refused_by_schema(bad, schema_accepts)
