"""Questions about the last committed state, by path. An answer is never an exception.

    path         data                         value
    /account     a key: 32 bytes, or a name   the account, as JSON, also if it is empty
    /proof       a key: 32 bytes, or a name   a proof of it, as JSON, without its data
    /blockhash   none                         the newest blockhash, 32 bytes
    /height      none                         the height, in decimal digits
    /root        none                         the state root, 32 bytes
    /chain       none                         the chain's name and rules, as JSON

An account asked for with a proof has as value the 81 bytes that a tree of accounts commits to, none
if it does not exist, and as proof a CommitmentProof of ICS-23. Both kinds of proof are there if the
chain's state root is that of such a tree.

Guarantees: answers are about the state at one height, which they name. Does not: keep older states;
a question about another height is refused with a code.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from ..merkle import MERKLE_KIND, Inclusion, encode_ics23, proof_document
from ..primitives import Account, Pubkey, UsageError
from ..primitives.exact_integers import exact_integer
from ..primitives.pubkey import PUBKEY_LEN
from ..runtime import Runtime
from .answers import Answer
from .chain.chain import Chain
from .chain.recent_blocks import RecentBlocks
from .codes import CODESPACE, OK, Code

KEY_LEN_MAX: Final = 256  # bytes of a key's name
_ACCOUNT: Final = "/account"
_PROOF: Final = "/proof"


class Queries:
    """Answers questions about a runtime's state. `chain` and `recent`: None before it has begun."""

    def __init__(self, runtime: Runtime, chain: Chain | None, recent: RecentBlocks | None) -> None:
        self._runtime = runtime
        self._chain = chain
        self._recent = recent
        self._paths: dict[str, Callable[[], bytes]] = {
            "/height": lambda: b"%d" % self.height,
            "/root": lambda: self.root,
        }
        if chain is not None and recent is not None:
            self._paths["/chain"] = chain.encode
            self._paths["/blockhash"] = lambda: recent.blockhash

    @property
    def height(self) -> int:
        """The height of the last committed block; 0 before the first."""
        blocks = self._runtime.height
        return 0 if self._chain is None or not blocks else self._chain.height_of(blocks)

    @property
    def root(self) -> bytes:
        """The state root of that block; zeros before the first, whatever was put in place."""
        return self._runtime.state.root if self._runtime.height else bytes(32)

    def answer(self, path: str, data: bytes, height: int, *, prove: bool) -> Answer:
        """The answer, or why there is none. `height`: 0 for the last committed one."""
        if height not in (0, self.height):
            what = f"only the state of height {self.height} is kept, not that of {height}"
            return self._none(Code.HEIGHT_NOT_KEPT, what)
        if path in (_ACCOUNT, _PROOF):
            return self._about_account(path, data, prove=prove)
        found = self._paths.get(path)
        if found is None and path in ("/chain", "/blockhash"):
            return self._none(Code.CHAIN_NOT_STARTED, "the chain has not begun")
        if found is None:
            known = ", ".join(sorted({_ACCOUNT, _PROOF, "/blockhash", "/chain", *self._paths}))
            return self._none(Code.UNKNOWN_PATH, f"there is no such path; ask {known}")
        if prove:
            return self._none(Code.NO_PROOF, "only accounts can be proved")
        return self._some(b"", found())

    def _about_account(self, path: str, data: bytes, *, prove: bool) -> Answer:
        try:
            key = self._key(data)
        except ValueError as error:
            return self._none(Code.INVALID_KEY, str(error))
        if not prove and path == _ACCOUNT:
            account = self._runtime.account(key)
            return self._some(bytes(key), json.dumps(account_json(key, account)).encode())
        if self._runtime.root_kind != MERKLE_KIND:
            return self._none(Code.NO_PROOF, "this chain's state root proves no single account")
        if not self.height:
            return self._none(Code.NO_PROOF, "no block was committed yet; ask after the first")
        # The data would make an answer of any length: who has it can compare its hash.
        document = replace(self._runtime.prove(key, with_data=False), height=self.height)
        proof = document.proof
        if path == _PROOF:
            return self._some(bytes(key), json.dumps(proof_document(document)).encode())
        value = proof.existence.value if isinstance(proof, Inclusion) else b""
        return self._some(bytes(key), value, encode_ics23(proof))

    def _key(self, data: bytes) -> Pubkey:
        if len(data) == PUBKEY_LEN:
            return Pubkey(data)
        if not 0 < len(data) <= KEY_LEN_MAX:
            raise ValueError(f"a key is 32 bytes, or a name of up to {KEY_LEN_MAX}")
        try:
            return self._runtime.resolve(data.decode())
        except UsageError as error:
            raise ValueError(str(error)) from error

    def _some(self, key: bytes, value: bytes, proof: bytes = b"") -> Answer:
        return Answer(OK, "", "", key, value, self.height, proof)

    def _none(self, code: Code, why: str) -> Answer:
        return Answer(int(code), CODESPACE, f"{code.name}: {why}", b"", b"", self.height, b"")


def account_json(key: Pubkey, account: Account) -> dict[str, object]:
    """An account as JSON has it: `data` in base64, integers that a float would round as digits."""
    return {
        "key": str(key),
        "lamports": exact_integer(account.lamports),
        "owner": str(account.owner),
        "data": b64encode(account.data).decode(),
        "executable": account.executable,
    }
