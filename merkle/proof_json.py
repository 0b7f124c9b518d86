"""Proofs as JSON: the format that `sealane state --prove` writes and `verify-proof` reads.

    {"sealane_proof": 1, "root_kind": "merkle", "height": 7, "root": HEX, "key": BASE58,
     "exists": {"account": ACCOUNT, "siblings": [HEX…], "data": BASE64}}
    {…, "absent": {"left": NEIGHBOUR or null, "right": NEIGHBOUR or null}}

    ACCOUNT    {"lamports": INTEGER, "owner": BASE58, "executable": false,
                "data_len": INTEGER, "data_sha256": HEX}
    NEIGHBOUR  {"key": BASE58, "account": ACCOUNT, "siblings": [HEX…]}

`data` may be left out. Integers above 2^53 are strings of digits. Guarantees: strict. Keys that are
missing or unknown, another spelling of a value, and a number out of its range are InputErrors that
say where. Does not: parse text; pass what a strict JSON reader gave.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar, cast

from ..primitives import InputError, Pubkey, UsageError
from ..primitives.exact_integers import exact_integer
from ..primitives.literals import LiteralError, read_base64, read_hex, read_integer
from .account_content import AccountContent
from .hashing import DEPTH_MAX, HASH_LEN
from .proof import Absence, Existence, Inclusion, Proof, ProofDocument

PROOF_VERSION: Final = 1
PROOF_LEN_MAX: Final = 16 << 20  # bytes of JSON: data of 10 MiB in base64, and all the rest
ROOT_KIND_LEN_MAX: Final = 64
_U64_BITS: Final = 64
_BASE58_KEY: Final = re.compile(r"[1-9A-HJ-NP-Za-km-z]{32,44}")  # of 32 bytes, mostly
_HEAD: Final = ("sealane_proof", "root_kind", "height", "root", "key")
_Read = TypeVar("_Read")


def proof_document(document: ProofDocument) -> dict[str, Any]:
    """The proof as a JSON document."""
    proof = document.proof
    head = {
        "sealane_proof": PROOF_VERSION,
        "root_kind": document.root_kind,
        "height": document.height,
        "root": document.root.hex(),
        "key": str(proof.key),
    }
    if isinstance(proof, Absence):
        sides = {"left": proof.left, "right": proof.right}
        return head | {"absent": {side: _neighbour(at) for side, at in sides.items()}}
    exists = _leaf(proof.existence)
    if proof.data is not None:
        exists["data"] = base64.b64encode(proof.data).decode()
    return head | {"exists": exists}


def _neighbour(existence: Existence | None) -> dict[str, Any] | None:
    return None if existence is None else {"key": str(existence.key)} | _leaf(existence)


def _leaf(existence: Existence) -> dict[str, Any]:
    content = AccountContent.read(existence.value)
    if content is None:
        raise UsageError(f"the value of account {existence.key} is not one of an account")
    account = {
        "lamports": exact_integer(content.lamports),
        "owner": str(content.owner),
        "executable": content.executable,
        "data_len": exact_integer(content.data_len),
        "data_sha256": content.data_hash.hex(),
    }
    return {"account": account, "siblings": [digest.hex() for digest in existence.siblings]}


def read_proof_document(value: object) -> ProofDocument:
    """The proof that parsed JSON stands for. Raises InputError."""
    head = _mapping(value, "the proof")
    version = head.get("sealane_proof")
    if type(version) is not int or version != PROOF_VERSION:
        known = f"this sealane reads {PROOF_VERSION}"
        raise InputError(f"sealane_proof: {version!r} is no known version of a proof; {known}")
    body = next((name for name in ("exists", "absent") if name in head), "exists")
    _require_fields(head, "the proof", (*_HEAD, body))
    key = _key(head["key"], "key")
    root_kind = head["root_kind"]
    if not isinstance(root_kind, str) or not 0 < len(root_kind) <= ROOT_KIND_LEN_MAX:
        raise InputError(f"root_kind: text of 1 to {ROOT_KIND_LEN_MAX} characters is wanted")
    proof = _inclusion(key, head[body]) if body == "exists" else _absence(key, head[body])
    height = _integer(head["height"], "height")
    return ProofDocument(proof, _digest(head["root"], "root"), height, root_kind)


def _inclusion(key: Pubkey, value: object) -> Proof:
    fields = _mapping(value, "exists")
    _require_fields(fields, "exists", ("account", "siblings"), optional="data")
    existence = _existence(key, fields, "exists")
    if "data" not in fields:
        return Inclusion(existence)
    return Inclusion(existence, _text(fields["data"], "exists.data", read_base64))


def _absence(key: Pubkey, value: object) -> Proof:
    sides = _mapping(value, "absent")
    _require_fields(sides, "absent", ("left", "right"))
    left, right = (_read_neighbour(sides[side], f"absent.{side}") for side in ("left", "right"))
    return Absence(key, left, right)


def _read_neighbour(value: object, where: str) -> Existence | None:
    if value is None:
        return None
    fields = _mapping(value, where)
    _require_fields(fields, where, ("key", "account", "siblings"))
    return _existence(_key(fields["key"], f"{where}.key"), fields, where)


def _existence(key: Pubkey, fields: Mapping[str, object], where: str) -> Existence:
    siblings = fields["siblings"]
    if not isinstance(siblings, list):
        raise InputError(f"{where}.siblings: a list is wanted")
    given = cast("list[object]", siblings)
    if len(given) > DEPTH_MAX:
        raise InputError(f"{where}.siblings: {len(given)} of them, {DEPTH_MAX} at most")
    digests = tuple(
        _digest(digest, f"{where}.siblings[{number}]") for number, digest in enumerate(given)
    )
    return Existence(key, _content(fields["account"], f"{where}.account").value, digests)


def _content(value: object, where: str) -> AccountContent:
    fields = _mapping(value, where)
    names = ("lamports", "owner", "executable", "data_len", "data_sha256")
    _require_fields(fields, where, names)
    executable = fields["executable"]
    if not isinstance(executable, bool):
        raise InputError(f"{where}.executable: true or false is wanted")
    return AccountContent(
        lamports=_integer(fields["lamports"], f"{where}.lamports"),
        owner=_key(fields["owner"], f"{where}.owner"),
        executable=executable,
        data_len=_integer(fields["data_len"], f"{where}.data_len"),
        data_hash=_digest(fields["data_sha256"], f"{where}.data_sha256"),
    )


def _mapping(value: object, where: str) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise InputError(f"{where}: an object is wanted; is this a proof of sealane state --prove?")
    return cast("Mapping[str, object]", value)


def _require_fields(
    fields: Mapping[str, object], where: str, names: tuple[str, ...], *, optional: str = ""
) -> None:
    for name in names:
        if name not in fields:
            raise InputError(f"{where}: {name!r} is missing")
    for name in fields:
        if name not in names and name != optional:
            raise InputError(f"{where}: unknown key {name!r:.80}")


def _integer(value: object, where: str) -> int:
    """An integer in [0, 2^64), as a number or a string of digits."""
    number = _text(value, where, read_integer) if isinstance(value, str) else value
    if type(number) is not int or number < 0 or number.bit_length() > _U64_BITS:
        raise InputError(f"{where}: an integer in [0, 2^64) is wanted")
    return number


def _digest(value: object, where: str) -> bytes:
    raw = _text(value, where, read_hex)
    if len(raw) != HASH_LEN or raw.hex() != value:
        raise InputError(f"{where}: {2 * HASH_LEN} hex digits are wanted, small ones")
    return raw


def _key(value: object, where: str) -> Pubkey:
    """A key in base58. A name does not do: it would stand for another key."""
    if not isinstance(value, str) or not _BASE58_KEY.fullmatch(value):
        raise InputError(f"{where}: a key in base58 is wanted")
    key = Pubkey.of(value)
    if str(key) != value:
        raise InputError(f"{where}: a key in base58 is wanted, and {value!r} is none")
    return key


def _text(value: object, where: str, read: Callable[[str], _Read]) -> _Read:
    if not isinstance(value, str):
        raise InputError(f"{where}: text is wanted")
    try:
        return read(value)
    except LiteralError as error:
        raise InputError(f"{where}: {error}") from error
