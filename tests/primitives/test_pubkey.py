"""Keys: base58, names, derived addresses (vectors of solana-sdk's own tests), the curve."""

from __future__ import annotations

import hashlib
from itertools import islice
from typing import Any

import base58
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sealane.primitives import Pubkey
from sealane.primitives.pubkey import (
    NAMES_KEPT,
    SEED_LEN_MAX,
    SEEDS_MAX,
    SeedError,
    encode_base58,
    is_on_curve,
    name_of,
)

LOADER = Pubkey.from_base58("BPFLoaderUpgradeab1e11111111111111111111111")
SEED_KEY = Pubkey.from_base58("SeedPubey1111111111111111111111111111111111")
raw_keys = st.binary(min_size=32, max_size=32)


@given(raw_keys)
def test_base58_round_trip(raw: bytes) -> None:
    key = Pubkey(raw)
    assert Pubkey.from_base58(str(key)) == key == raw
    assert Pubkey.of(str(key)) == key
    assert hash(key) == hash(raw)


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_key_has_32_bytes(length: int) -> None:
    with pytest.raises(ValueError, match=f"this has {length}"):
        Pubkey(bytes(length))


@pytest.mark.parametrize(
    "text",
    ["", "0OIl", "1" * 31, "1" * 33, "z" * 44, "é" * 32, f"{LOADER} ", f"{LOADER}\n", f" {LOADER}"],
)
def test_what_is_no_base58_key(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Pubkey.from_base58(text)


def test_well_known_names_are_fixed_keys() -> None:
    assert Pubkey.of("system") == bytes(32)
    assert str(Pubkey.of("token")) == "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA"
    assert str(Pubkey.of("clock")) == "SysvarC1ock11111111111111111111111111111111"


def test_any_other_name_stands_for_one_key() -> None:
    names = ["", "alice", "Alice", "alice ", "ünï", "x" * 1000, "l" * 40, f"{LOADER} "]
    keys = [Pubkey.of(name) for name in names]
    assert len(set(keys)) == len(names)
    assert keys == [Pubkey.of(name) for name in names]
    # Pinned: a stored state must mean the same accounts after an upgrade.
    assert Pubkey.of("alice") == hashlib.sha256(b"sealane account name:alice").digest()


def test_a_key_knows_its_name_however_many_were_named_since() -> None:
    assert name_of(Pubkey.of("ann")) == "ann"
    for number in range(NAMES_KEPT):
        Pubkey.of(f"passer-by {number}")
        if number % 1000 == 0:
            assert name_of(Pubkey.of("ann")) == "ann"
    assert name_of(Pubkey.of("ann")) == "ann"


def test_derived_names_are_off_or_on_curve_but_never_fixed_keys() -> None:
    assert Pubkey.of("alice") != Pubkey.of("system")
    assert Pubkey.of(Pubkey.of("alice")) is Pubkey.of("alice")
    assert type(Pubkey.of(bytes(32))) is Pubkey


@pytest.mark.parametrize(
    ("seeds", "address"),
    [
        ([b"", b"\x01"], "BwqrghZA2htAcqq8dzP1WDAhTXYTYWj7CHxF5j7TDBAe"),
        (["☉".encode(), b"\x00"], "13yWmRpaTR4r5nAktwLqMpRNr28tnVUZw26rTvPSSB19"),
        ([b"Talking", b"Squirrels"], "2fnQrngrQT4SeLcdToJAD96phoEjNL2man2kfRLCASVk"),
        ([SEED_KEY, b"\x01"], "976ymqVnfE32QFe6NfGDctSvVa36LWnvYxhU6G2232YL"),
    ],
)
def test_program_addresses_of_solana_sdk(seeds: list[bytes], address: str) -> None:
    assert str(Pubkey.create_program_address(seeds, LOADER)) == address


def test_seed_limits_at_and_past() -> None:
    def accepted(seeds: list[bytes]) -> bool:
        # Half of all addresses lie on the curve, so an address alone shows nothing.
        try:
            Pubkey.create_program_address(seeds, LOADER)
        except SeedError as error:
            return "curve" in str(error)
        return True

    assert accepted([bytes(SEED_LEN_MAX)])
    assert not accepted([bytes(SEED_LEN_MAX + 1)])
    assert not accepted([b"short", bytes(SEED_LEN_MAX + 1)])
    assert accepted([bytes((n,)) for n in range(SEEDS_MAX)])
    assert not accepted([bytes((n,)) for n in range(SEEDS_MAX + 1)])
    Pubkey.find_program_address([b""] * (SEEDS_MAX - 1), LOADER)
    with pytest.raises(SeedError, match="15 at most"):
        Pubkey.find_program_address([b""] * SEEDS_MAX, LOADER)


@given(st.lists(st.binary(max_size=SEED_LEN_MAX), max_size=SEEDS_MAX - 1), raw_keys)
def test_the_bump_found_is_the_highest_that_works(seeds: list[bytes], program: bytes) -> None:
    address, bump = Pubkey.find_program_address(seeds, program)
    assert Pubkey.create_program_address([*seeds, bytes((bump,))], program) == address
    assert not is_on_curve(address)
    for higher in range(bump + 1, 256):
        with pytest.raises(SeedError, match="curve"):
            Pubkey.create_program_address([*seeds, bytes((higher,))], program)


def test_with_seed() -> None:
    derived = Pubkey.with_seed(bytes(32), "limber chicken: 4/45", bytes(32))
    assert str(derived) == "9h1HyLCW5dZnBVap8C5egQ9Z6pHyjsh5MNy83iPqqRuq"
    Pubkey.with_seed(bytes(32), "☉" * 10 + "ab", bytes(32))  # 32 bytes
    with pytest.raises(SeedError, match="33 bytes"):
        Pubkey.with_seed(bytes(32), "☉" * 11, bytes(32))
    with pytest.raises(SeedError, match="marker"):
        Pubkey.with_seed(bytes(32), "", bytes(11) + b"ProgramDerivedAddress")


# Multiples of the base point of ed25519, by the addition law in affine coordinates: an oracle
# that shares no formula with decompression.
_P = 2**255 - 19
_D = -121665 * pow(121666, -1, _P) % _P
_BASE = (
    15112221349535400772501151409588531511454012693041857206046113283949847762202,
    46316835694926478169428394003475163141307993866256225615783033603165251855960,
)


def _multiples_of_base() -> list[bytes]:
    def encodings() -> list[bytes]:
        x, y = _BASE
        found: list[bytes] = []
        for _ in range(40):
            found.append((y | (x & 1) << 255).to_bytes(32, "little"))
            product = _D * x * _BASE[0] * y * _BASE[1]
            x, y = (
                (x * _BASE[1] + y * _BASE[0]) * pow(1 + product, -1, _P) % _P,
                (y * _BASE[1] + x * _BASE[0]) * pow(1 - product, -1, _P) % _P,
            )
        return found

    return list(islice(encodings(), 40))


def test_points_of_the_curve_are_on_it() -> None:
    for raw in _multiples_of_base():
        assert is_on_curve(raw)
        # The other sign is the negated point, which lies on the curve as well.
        assert is_on_curve(raw[:31] + bytes((raw[31] ^ 0x80,)))


def test_the_edges_of_decompression_are_those_of_curve25519_dalek() -> None:
    def encoded(y: int, sign: int = 0) -> bytes:
        return (y | sign << 255).to_bytes(32, "little")

    assert is_on_curve(encoded(1))
    assert is_on_curve(encoded(0))  # x² = -1, a square modulo this prime
    assert not is_on_curve(encoded(2))
    # Accepted there, though RFC 8032 refuses them: x = 0 with a sign, and y not reduced.
    assert is_on_curve(encoded(1, sign=1))
    assert is_on_curve(encoded(_P - 1, sign=1))
    assert is_on_curve(encoded(_P + 1))
    assert is_on_curve(encoded(_P))
    assert not is_on_curve(encoded(_P + 2))


class Anything(Pubkey):
    """Equal to whatever it is compared with."""

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0


class Shorter(bytes):
    def __len__(self) -> int:
        return 32

    def __bytes__(self) -> bytes:
        return bytes(32)


class Text(str):
    __slots__ = ()

    def encode(self, encoding: str = "", errors: str = "") -> bytes:
        return b"another name"


def test_a_key_is_exactly_a_key_whatever_it_is_made_of() -> None:
    raw = bytes(range(32))
    strided = memoryview(raw + raw)[::2]
    for form in (Anything(raw), bytearray(raw), memoryview(raw), strided):
        key = Pubkey.of(form)  # pyright: ignore[reportArgumentType] - all that holds bytes
        assert type(key) is Pubkey
        assert len(key) == 32
        assert key != Pubkey.of("bob")
    assert Pubkey(Anything(raw)) == raw
    assert Pubkey.of(Text("alice")) == Pubkey.of("alice")
    with pytest.raises(ValueError, match="this has 3"):
        Pubkey.of(Shorter(b"abc"))


@pytest.mark.parametrize("named", [32, None, 1.5, [1] * 32, object()])
def test_what_names_no_account(named: Any) -> None:
    with pytest.raises(TypeError, match="by text, base58 or 32 bytes, not"):
        Pubkey.of(named)
    with pytest.raises(TypeError, match=r"a key is 32 bytes, or Pubkey\.of"):
        Pubkey(named)


@pytest.mark.parametrize("seeds", [[b"x" * 33], [Shorter(b"x" * 33)]])
def test_a_seed_is_as_long_as_its_bytes(seeds: list[bytes]) -> None:
    for derive in (Pubkey.find_program_address, Pubkey.create_program_address):
        with pytest.raises(SeedError, match="seed 0 is 33 bytes"):
            derive(seeds, bytes(32))


@pytest.mark.parametrize("seeds", [b"vault", "vault", ["vault"], [5], [None]])
def test_what_is_no_list_of_seeds(seeds: Any) -> None:
    for derive in (Pubkey.find_program_address, Pubkey.create_program_address):
        with pytest.raises(TypeError, match=r"like .*b'vault'"):
            derive(seeds, bytes(32))


@given(st.binary(max_size=80))
@example(bytes(32))
@example(bytes(31) + b"\x01")
@example(b"\xff" * 64)
def test_base58_is_that_of_everybody_else(raw: bytes) -> None:
    assert encode_base58(raw) == base58.b58encode(raw).decode()


@given(raw_keys)
def test_a_key_as_text_and_back(raw: bytes) -> None:
    assert Pubkey.from_base58(str(Pubkey(raw))) == raw
