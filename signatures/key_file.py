"""Keypairs in files: Solana's own JSON for Ed25519, an object for the other schemes.

    ed25519     [174, 47, …]             64 numbers, seed and public key, as solana-keygen has it
    ml-dsa-44   {"scheme": "ml-dsa-44", "seed": "base64:…", "public_key": "base64:…"}

Guarantees: a file is created for its owner alone (mode 0600) and is there whole or not at all;
nothing that exists is replaced unless asked for; no error shows what is in a file, as it may be a
secret. Does not: encrypt, or keep keys of real value, which belong in a wallet.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import secrets
import stat
from collections.abc import Mapping
from typing import Any, Final, cast

from ..primitives import InputError
from ..primitives.literals import LiteralError, read_base64
from .keypair import SEED_LEN, Keypair
from .schemes import ED25519_RULES, Scheme

FILE_LEN_MAX: Final = 16 * 1024  # the longest that is written has 1.9 KiB
_MODE: Final = 0o600
_FOR_OTHERS: Final = 0o077
_PREFIX: Final = "base64:"
_FIELDS: Final = ("scheme", "seed", "public_key")


def write_keypair(path: str, keypair: Keypair, *, replace: bool = False) -> None:
    """Write a keypair to a new file, or with `replace` over an old one. Raises InputError."""
    if not replace and os.path.lexists(path):
        raise _exists(path)
    # Beside it, and then renamed: a reader never sees half a key, and neither does a later signer.
    draft = f"{path}.{secrets.token_hex(8)}"
    try:
        try:
            _write_new(draft, _encoded(keypair))
            if replace:
                os.replace(draft, path)
            else:
                os.link(draft, path)  # unlike a rename, it never replaces what is there by now
        finally:
            if os.path.lexists(draft):
                os.unlink(draft)
    except FileExistsError:
        raise _exists(path) from None
    except OSError as error:
        raise InputError(f"the key cannot be written: {error.strerror}", path=path) from error


def read_keypair(path: str) -> Keypair:
    """The keypair in a file. Raises InputError where there is none."""
    raw = _read(path)
    try:
        value: object = json.loads(raw)
    except (ValueError, RecursionError):
        # The error holds the text that it is about, and that may be a secret.
        value = None
    if isinstance(value, list):
        return _of_numbers(cast("list[object]", value), path)
    if isinstance(value, dict):
        return _of_fields(cast("dict[str, object]", value), path)
    raise _refused(path, "expected 64 numbers in brackets, as solana-keygen writes, or an object")


def read_seed(path: str) -> bytes:
    """The seed in a file: its 32 bytes, or 64 hex digits. Raises InputError."""
    raw = _read(path)
    return seed_of(raw, path)


def seed_of(raw: bytes, path: str) -> bytes:
    """The seed that these bytes of a file or stream are: 32, or 64 hex digits and a line end."""
    if len(raw) == SEED_LEN:
        return raw
    digits = raw.strip()
    if len(digits) == 2 * SEED_LEN:
        try:
            return binascii.unhexlify(digits)
        except ValueError:
            pass
    raise InputError(f"a seed is {SEED_LEN} bytes, or {2 * SEED_LEN} hex digits", path=path)


def open_to_others(path: str) -> bool:
    """Whether others than a file's owner can read or write it."""
    try:
        return bool(stat.S_IMODE(os.stat(path).st_mode) & _FOR_OTHERS)
    except OSError:
        return False


def _exists(path: str) -> InputError:
    return InputError("the file exists; keep it, or replace it with --force", path=path)


def _encoded(keypair: Keypair) -> bytes:
    if keypair.scheme in ED25519_RULES:
        numbers = ",".join(map(str, keypair.seed + keypair.public_key))
        return f"[{numbers}]\n".encode()
    document = {
        "scheme": str(keypair.scheme),
        "seed": _PREFIX + base64.b64encode(keypair.seed).decode(),
        "public_key": _PREFIX + base64.b64encode(keypair.public_key).decode(),
    }
    return (json.dumps(document, indent=2) + "\n").encode()


def _write_new(path: str, raw: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, _MODE)
    with open(descriptor, "wb") as file:
        os.fchmod(descriptor, _MODE)  # whatever the umask takes away or leaves
        file.write(raw)
        file.flush()
        os.fsync(descriptor)


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            raw = file.read(FILE_LEN_MAX + 1)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", path=path) from error
    if len(raw) > FILE_LEN_MAX:
        raise InputError(f"over {FILE_LEN_MAX:,} bytes: this is no file of a key", path=path)
    return raw


def _of_numbers(numbers: list[object], path: str) -> Keypair:
    sound = len(numbers) == 2 * SEED_LEN and all(
        type(each) is int and 0 <= each <= 0xFF for each in numbers
    )
    if not sound:
        raise _refused(
            path, f"expected {2 * SEED_LEN} numbers from 0 to 255, the seed and the public key"
        )
    raw = bytes(cast("list[int]", numbers))
    return _paired(Scheme.ED25519, raw[:SEED_LEN], raw[SEED_LEN:], path)


def _of_fields(fields: Mapping[str, object], path: str) -> Keypair:
    if set(fields) != set(_FIELDS):
        raise _refused(path, f"expected the keys {', '.join(_FIELDS)} and no others")
    scheme = fields["scheme"]
    if scheme not in (Scheme.ML_DSA_44, Scheme.SECP256K1):
        raise _refused(path, f"expected scheme {Scheme.ML_DSA_44} or {Scheme.SECP256K1}")
    seed, public_key = (_base64(fields[key], key, path) for key in _FIELDS[1:])
    if len(seed) != SEED_LEN:
        raise _refused(path, f"expected a seed of {SEED_LEN} bytes")
    return _paired(Scheme(cast(Any, scheme)), seed, public_key, path)


def _base64(value: object, key: str, path: str) -> bytes:
    if not isinstance(value, str) or not value.startswith(_PREFIX):
        raise _refused(path, f'expected `{key}` as "{_PREFIX}…"')
    try:
        return read_base64(value.removeprefix(_PREFIX))
    except LiteralError:
        pass  # it shows the text
    raise _refused(path, f"`{key}` is not base64")


def _paired(scheme: Scheme, seed: bytes, public_key: bytes, path: str) -> Keypair:
    keypair = Keypair(scheme, seed)
    if keypair.public_key != public_key:
        raise _refused(path, "its public key is not that of its seed")
    return keypair


def _refused(path: str, why: str) -> InputError:
    return InputError(f"this is no file of a key: {why}", path=path)
