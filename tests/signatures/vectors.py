"""The shared vectors of signature schemes, beside the clone: where there are none, a test skips.

Under CI that is a failure.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import orjson

from sealane.signatures.schemes import Scheme, SignatureCheck

from ..real_data import shared_files

SPECCHECK = "ed25519_speccheck.json"


def vector_document(name: str) -> Any:
    return _documents()[name]


def wycheproof(name: str, scheme: Scheme) -> Iterator[tuple[str, SignatureCheck, bool]]:
    """What each case is, its check, and whether it counts."""
    for group in vector_document(name)["testGroups"]:
        key: Any = group["publicKey"]
        for case in group["tests"]:
            check = SignatureCheck(
                scheme,
                bytes.fromhex(key if isinstance(key, str) else key["pk"]),
                bytes.fromhex(case["msg"]),
                bytes.fromhex(case["sig"]),
                bytes.fromhex(case.get("ctx", "")),
            )
            what = f"{name} {case['tcId']}: {case['comment']}"
            yield what, check, case["result"] == "valid"


def speccheck(scheme: Scheme) -> list[SignatureCheck]:
    return [
        SignatureCheck(
            scheme, *(bytes.fromhex(case[part]) for part in ("pub_key", "message", "signature"))
        )
        for case in vector_document(SPECCHECK)["cases"]
    ]


@cache
def _documents() -> dict[str, Any]:
    return {path.name: orjson.loads(path.read_bytes()) for path in shared_files("signatures")}
