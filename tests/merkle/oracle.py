"""What the tree is held to: the definition, taken literally, over a dict of leaves by path."""

from __future__ import annotations

from hashlib import sha256

from hypothesis import strategies as st

from sealane.merkle import record_of
from sealane.primitives import Account, Pubkey

NOTHING = bytes(32)


def naive_root(leaves: dict[str, bytes]) -> bytes:
    """The root of leaf digests by path, as text of 256 characters 0 and 1."""
    if not leaves:
        return NOTHING
    if len(leaves) == 1:
        return next(iter(leaves.values()))
    sides = [{p[1:]: leaf for p, leaf in leaves.items() if p[0] == side} for side in "01"]
    return sha256(b"\x01" + naive_root(sides[0]) + naive_root(sides[1])).digest()


def naive_value(account: Account) -> bytes:
    return (
        account.lamports.to_bytes(8, "little")
        + bytes([account.executable])
        + account.owner
        + len(account.data).to_bytes(8, "little")
        + sha256(account.data).digest()
    )


def naive_root_of(accounts: dict[Pubkey, Account]) -> bytes:
    """The root of accounts whose keys are their paths: see `as_path`."""
    leaves: dict[str, bytes] = {}
    for key, account in accounts.items():
        if account != Account():
            hashed = sha256(naive_value(account)).digest()
            leaves[bits_of(key)] = sha256(b"\x00" + key + hashed).digest()
    return naive_root(leaves)


def bits_of(path: bytes) -> str:
    return f"{int.from_bytes(path, 'big'):0256b}"


def as_path(key: bytes) -> bytes:
    """The key itself as path, so that a test can choose where accounts stand."""
    return bytes(key)


def record(key: Pubkey, account: Account) -> bytes:
    made = record_of(key, account, as_path)
    assert made is not None
    return made


# Keys that stand anywhere, close together at either end, or a few levels below the root.
KEYS = st.one_of(
    st.binary(min_size=32, max_size=32),
    st.integers(0, 20).map(lambda low: low.to_bytes(32, "big")),
    st.integers(0, 20).map(lambda low: (2**256 - 1 - low).to_bytes(32, "big")),
    st.integers(0, 31).map(lambda high: (high << 251).to_bytes(32, "big")),
).map(Pubkey)
ACCOUNTS = st.builds(
    Account,
    lamports=st.integers(1, 2**64 - 1),
    owner=st.sampled_from([Pubkey.of("system"), Pubkey.of("token")]),
    data=st.binary(max_size=3),
    executable=st.booleans(),
)
STATES = st.dictionaries(KEYS, ACCOUNTS, max_size=40)
