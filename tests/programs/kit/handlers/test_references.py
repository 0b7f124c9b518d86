"""Constraints that refer to what is not there: errors where the handler is defined."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import pytest

from sealane import Pubkey
from sealane.primitives import DefinitionError
from sealane.programs import (
    Distinct,
    HasOne,
    Layout,
    Mut,
    Name,
    Option,
    Program,
    Seeds,
    Signer,
    UncheckedAccount,
    u8,
    u64,
)


class Vault(Layout):
    authority: Pubkey
    count: u64
    bump: u8
    text_key: Annotated[Pubkey, Name("owner")]
    delegate: Option[Pubkey]

    @property
    def spender(self) -> Pubkey:
        return self.authority


def no_field(vault: Annotated[Vault, HasOne("authorty")], authorty: Signer) -> None: ...


def no_field_but_one(vault: Annotated[Vault, HasOne("admin")], admin: Signer) -> None: ...


def owning_program(vault: Annotated[Vault, HasOne("owner")], owner: Signer) -> None: ...


def key_itself(vault: Annotated[Vault, HasOne("key")], key: Signer) -> None: ...


def no_key(vault: Annotated[Vault, HasOne("count")], count: Signer) -> None: ...


def no_layout(
    vault: Annotated[UncheckedAccount, HasOne("authority")], authority: Signer
) -> None: ...


def of_an_argument(vault: Annotated[Vault, HasOne("authority")], authority: Pubkey) -> None: ...


def of_a_list(vault: Annotated[Vault, HasOne("authority")], authority: list[Signer]) -> None: ...


def of_nothing(vault: Annotated[Vault, HasOne("authority")], authorty: Signer) -> None: ...


def distinct_argument(vault: Annotated[Vault, Distinct("amount")], amount: u64) -> None: ...


def distinct_list(vault: Annotated[Vault, Distinct("rest")], rest: list[Vault]) -> None: ...


def seed_list(vault: Annotated[Vault, Seeds(b"v", "rest")], rest: list[Signer]) -> None: ...


def no_seed(vault: Annotated[Vault, Seeds("vault_")], by: Signer) -> None: ...


def no_bump(vault: Annotated[Vault, Seeds(b"v", bump="bmp")], bump: u8) -> None: ...


def bump_that_is_no_number(vault: Annotated[Vault, Seeds(b"v", bump="authority")]) -> None: ...


@pytest.mark.parametrize(
    ("handler", "message"),
    [
        (no_field, "HasOne of 'vault' looks at the field 'authorty', and Vault has authority, "),
        (no_field, r'write HasOne\("authorty", field="authority"\)'),
        (no_field_but_one, r'write HasOne\("admin", field="authority"\)'),
        (owning_program, r'write HasOne\("owner", field="text_key"\)'),
        (key_itself, "looks at the field 'key'"),
        (no_key, "looks at 'count', which holds no Pubkey"),
        (no_layout, "give 'vault' a layout that has it"),
        (of_an_argument, "refers to 'authority', which is no account"),
        (of_a_list, "refers to 'authority', which is a list of accounts"),
        (of_nothing, "refers to 'authority', which is no parameter; is 'authorty' meant.$"),
        (distinct_argument, "Distinct of 'vault' refers to 'amount', which is no account"),
        (distinct_list, "refers to 'rest', which is a list of accounts"),
        (seed_list, "Seeds of 'vault' refers to 'rest', which is a list of accounts"),
        (no_seed, "is 'vault' meant.; a literal seed is bytes: b'vault_'"),
        (no_bump, "takes its bump from 'bmp', which is no integer argument and no such field"),
        (bump_that_is_no_number, "takes its bump from 'authority'"),
    ],
)
def test_what_is_not_there(handler: Callable[..., None], message: str) -> None:
    program = Program("vaults", layouts=[Vault])
    with pytest.raises(DefinitionError, match=message) as caught:
        program.instruction(tag=0)(handler)
    assert f"test_references.py:{handler.__code__.co_firstlineno}: {handler.__name__}" in str(
        caught.value
    )


def test_what_is_there() -> None:
    def every(
        a: Annotated[Vault, HasOne("authority"), Distinct("b"), Seeds(b"v", "n", bump="bump")],
        b: Annotated[Mut[Vault], HasOne("authority", field="delegate"), Seeds("a", bump="n")],
        c: Annotated[Vault, HasOne("authority", field="spender")],
        authority: Signer | None,
        n: u8,
    ) -> None: ...

    spec = Program("vaults", layouts=[Vault]).instruction(tag=0)(every)
    assert [len(p.constraints) for p in spec.accounts] == [3, 2, 1, 0]


def seeded(kind: Any) -> Callable[..., None]:
    def handler(own: Annotated[UncheckedAccount, Seeds(b"s", "by")], by: Any) -> None: ...

    handler.__annotations__["by"] = kind
    return handler


@pytest.mark.parametrize(
    ("kind", "value", "seed"),
    [
        (u64, 7, bytes([7]) + bytes(7)),
        (u8, 7, b"\7"),
        (bool, True, b"\1"),
        (bool, False, b"\0"),
        (str, "text", b"text"),
        (bytes, b"raw", b"raw"),
        (Pubkey, "ann", bytes(Pubkey.of("ann"))),
    ],
)
def test_each_kind_of_argument_is_the_seed_that_its_bytes_are(
    kind: Any, value: object, seed: bytes
) -> None:
    spec = Program("seeded").instruction(tag=0)(seeded(kind))
    expected, _ = Pubkey.find_program_address([b"s", seed], spec.program_id)
    assert spec(by=value).accounts[0].key == expected
