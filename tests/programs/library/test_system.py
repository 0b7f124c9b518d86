"""The well-known cases of the system program: what each instruction does, and which check is first.

The expectations are those of the Solana runtime's own tests of its builtin.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sealane import AccountMeta, Instruction, Pubkey, Receipt, Runtime
from sealane.programs import ACCOUNT_DATA_LEN_MAX
from sealane.programs.library import system

OWNER = Pubkey(b"\x09" * 32)
OTHER = Pubkey(b"\x05" * 32)
Error = Callable[..., str | None]


@pytest.fixture(autouse=True)
def rich(runtime: Runtime) -> None:
    runtime.set_account("from", lamports=100)


def unsigned(instruction: Instruction, *names: str) -> Instruction:
    """The same instruction without the signatures of these."""
    keys = {Pubkey.of(name) for name in names}
    metas = tuple(m._replace(signer=m.signer and m.key not in keys) for m in instruction.accounts)
    return Instruction(instruction.program_id, metas, instruction.data)


def read_only(instruction: Instruction) -> Instruction:
    metas = tuple(meta._replace(writable=False) for meta in instruction.accounts)
    return Instruction(instruction.program_id, metas, instruction.data)


def create(lamports: int = 50, space: int = 2, owner: Pubkey = OWNER) -> Instruction:
    return system.create_account(
        source="from", account="to", lamports=lamports, space=space, owner=owner
    )


def with_seed(
    to: Pubkey, *, base: str = "from", seed: str = "shiny pepper", base_account: str | None = None
) -> Instruction:
    return system.create_account_with_seed(
        source="from",
        account=to,
        base_account=base_account,
        base=base,
        seed=seed,
        lamports=50,
        space=2,
        owner=OWNER,
    )


def test_create_account(runtime: Runtime, error_of: Error) -> None:
    assert error_of(create()) is None
    assert runtime.account("from").lamports == 50
    assert runtime.account("to") == (50, OWNER, b"\0\0", False)


def test_create_account_on_the_wire() -> None:
    # bincode: u32 0, u64 lamports, u64 space, owner.
    assert create().data == bytes(4) + b"\x32" + bytes(7) + b"\x02" + bytes(7) + OWNER


def test_create_account_with_seed(runtime: Runtime, error_of: Error) -> None:
    to = Pubkey.with_seed(Pubkey.of("from"), "shiny pepper", OWNER)
    assert error_of(with_seed(to)) is None
    assert runtime.account(to) == (50, OWNER, b"\0\0", False)


def test_create_account_with_seed_of_another_base(runtime: Runtime, error_of: Error) -> None:
    to = Pubkey.with_seed(Pubkey.of("base"), "shiny pepper", OWNER)
    call = with_seed(to, base="base", base_account="base")
    assert error_of(unsigned(call, "base")) == "MissingRequiredSignature"
    assert error_of(call) is None
    assert runtime.account(to).lamports == 50


@pytest.mark.parametrize(
    ("seed", "error"),
    [("dull boy", "AddressWithSeedMismatch"), ("é" * 16 + "x", "AccountAlreadyInUse")],
)
def test_an_address_must_derive_from_its_seed(seed: str, error: str, error_of: Error) -> None:
    assert error_of(with_seed(Pubkey.of("to"), seed=seed)) == error


@pytest.mark.parametrize(
    ("seed", "owner", "code"),
    [
        ("x" * 32, OWNER, 5),  # no address error: it is not what these derive
        ("x" * 33, OWNER, 0),
        ("", Pubkey(bytes(11) + b"ProgramDerivedAddress"), 2),
        ("x" * 33, Pubkey(bytes(11) + b"ProgramDerivedAddress"), 0),
    ],
)
@pytest.mark.parametrize("name", ["create", "allocate", "assign", "transfer"])
def test_address_errors_keep_their_number(
    name: str, seed: str, owner: Pubkey, code: int, send: Callable[..., Receipt]
) -> None:
    derived: dict[str, Any] = {"account": "to", "base": "from", "seed": seed, "owner": owner}
    calls = {
        "create": lambda: system.create_account_with_seed(
            source="from", lamports=1, space=1, **derived
        ),
        "allocate": lambda: system.allocate_with_seed(space=1, **derived),
        "assign": lambda: system.assign_with_seed(**derived),
        "transfer": lambda: system.transfer_with_seed(
            source="to", base="from", destination="to", lamports=1, seed=seed, source_owner=owner
        ),
    }
    error = send(calls[name]()).error
    assert error is not None
    assert (error.program, error.code) == ("system", code)


def test_create_with_more_than_the_source_has(error_of: Error) -> None:
    assert error_of(create(lamports=150)) == "ResultWithNegativeLamports"


def test_create_with_no_lamports_from_an_account_of_another_program(
    runtime: Runtime, error_of: Error
) -> None:
    runtime.set_account("from", lamports=100, owner=OTHER)
    assert error_of(create(lamports=0)) is None
    assert runtime.account("from").lamports == 100


def test_create_at_the_largest_size_and_one_past_it(runtime: Runtime, error_of: Error) -> None:
    largest = create(space=ACCOUNT_DATA_LEN_MAX, owner=Pubkey.of("system"))
    past = create(space=ACCOUNT_DATA_LEN_MAX + 1, owner=Pubkey.of("system"))
    assert error_of(past) == "InvalidAccountDataLength"
    assert error_of(largest) is None
    assert len(runtime.account("to").data) == ACCOUNT_DATA_LEN_MAX


@pytest.mark.parametrize(
    ("lamports", "owner", "data"), [(0, OTHER, b""), (0, None, b"\0"), (1, None, b"")]
)
def test_create_where_something_is(
    lamports: int, owner: Pubkey | None, data: bytes, runtime: Runtime, error_of: Error
) -> None:
    runtime.set_account("to", lamports=lamports, owner=owner or "system", data=data)
    before = runtime.account("to")
    # Read-only accounts: the check comes before any write.
    assert error_of(read_only(create())) == "AccountAlreadyInUse"
    assert runtime.account("to") == before


@pytest.mark.parametrize("names", [("from",), ("to",), ("from", "to")])
def test_create_needs_both_signatures(names: tuple[str, ...], error_of: Error) -> None:
    assert error_of(unsigned(create(), *names)) == "MissingRequiredSignature"


def test_create_from_an_account_with_data(runtime: Runtime, error_of: Error) -> None:
    runtime.set_account("from", lamports=100, data=bytes(80))
    assert error_of(create(lamports=100, space=0)) == "InvalidArgument"


def test_assign(runtime: Runtime, error_of: Error) -> None:
    assert error_of(unsigned(system.assign(account="from", owner="system"), "from")) is None
    call = system.assign(account="from", owner=OWNER)
    assert error_of(unsigned(call, "from")) == "MissingRequiredSignature"
    assert error_of(call) is None
    assert runtime.account("from").owner == OWNER
    assert error_of(system.assign(account="from", owner=OTHER)) == "ModifiedProgramId"


def test_assign_with_seed_and_allocate_with_seed(runtime: Runtime, error_of: Error) -> None:
    to = Pubkey.with_seed(Pubkey.of("base"), "s", OWNER)
    runtime.set_account(to, lamports=1)
    call = system.allocate_with_seed(
        account=to, base_account="base", base="base", seed="s", space=3, owner=OWNER
    )
    assert error_of(unsigned(call, "base")) == "MissingRequiredSignature"
    assert error_of(call) is None
    assert runtime.account(to) == (1, OWNER, bytes(3), False)
    wrong = system.allocate_with_seed(
        account="to", base_account="base", base="base", seed="s", space=3, owner=OWNER
    )
    assert error_of(wrong) == "AddressWithSeedMismatch"
    again = system.assign_with_seed(account=to, base="base", seed="s", owner=OWNER)
    assert error_of(again) is None  # it belongs to that owner already: nobody needs to sign


def test_assign_with_seed(runtime: Runtime, error_of: Error) -> None:
    to = Pubkey.with_seed(Pubkey.of("base"), "s", OWNER)
    runtime.set_account(to, lamports=1)
    call = system.assign_with_seed(
        account=to, base_account="base", base="base", seed="s", owner=OWNER
    )
    assert error_of(unsigned(call, "base")) == "MissingRequiredSignature"
    assert error_of(call) is None
    assert runtime.account(to).owner == OWNER


def test_allocate(runtime: Runtime, error_of: Error) -> None:
    call = system.allocate(account="from", space=4)
    assert error_of(unsigned(call, "from")) == "MissingRequiredSignature"
    assert error_of(read_only(call)) == "ReadonlyDataModified"
    assert error_of(call) is None
    assert runtime.account("from").data == bytes(4)
    assert error_of(call) == "AccountAlreadyInUse"


@pytest.mark.parametrize("lamports", [50, 0])
def test_transfer(lamports: int, runtime: Runtime, error_of: Error) -> None:
    runtime.set_account("to", lamports=1, owner=OTHER)  # the owner does not matter
    call = system.transfer(source="from", destination="to", lamports=lamports)
    assert error_of(unsigned(call, "from")) == "MissingRequiredSignature"
    assert error_of(call) is None
    assert runtime.account("from").lamports == 100 - lamports
    assert runtime.account("to").lamports == 1 + lamports


def test_no_account_may_be_read_only_even_where_nothing_moves(error_of: Error) -> None:
    empty = Pubkey.with_seed(Pubkey.of("from"), "s", OWNER)
    calls = [
        system.transfer(source="from", destination="to", lamports=0),
        system.create_account(source="from", account="to", lamports=0, space=0, owner="system"),
        system.transfer_with_seed(
            source=empty, base="from", destination="to", lamports=0, seed="s", source_owner=OWNER
        ),
    ]
    assert error_of(read_only(calls[0])) == "ReadonlyLamportChange"
    for call in calls:
        first, *others = call.accounts
        metas = (first._replace(writable=False), *others)
        assert error_of(Instruction(call.program_id, metas, call.data)) == "ReadonlyLamportChange"
        assert error_of(call) is None


def test_transfer_of_more_than_there_is(runtime: Runtime, error_of: Error) -> None:
    call = system.transfer(source="from", destination="to", lamports=101)
    assert error_of(call) == "ResultWithNegativeLamports"
    runtime.set_account("from", lamports=100, data=b"\0")
    assert error_of(call) == "InvalidArgument"  # that it carries data is seen first


def test_transfer_to_itself(runtime: Runtime, error_of: Error) -> None:
    assert error_of(system.transfer(source="from", destination="from", lamports=100)) is None
    assert runtime.account("from").lamports == 100


def test_transfer_past_what_an_account_can_hold(runtime: Runtime, error_of: Error) -> None:
    runtime.set_account("to", lamports=2**64 - 1)
    call = system.transfer(source="from", destination="to", lamports=1)
    assert error_of(call) == "ArithmeticOverflow"


def test_transfer_with_seed(runtime: Runtime, error_of: Error) -> None:
    source = Pubkey.with_seed(Pubkey.of("base"), "42", Pubkey.of("system"))
    runtime.set_account(source, lamports=100)

    def call(lamports: int, seed: str = "42") -> Instruction:
        return system.transfer_with_seed(
            source=source,
            base="base",
            destination="to",
            lamports=lamports,
            seed=seed,
            source_owner="system",
        )

    assert error_of(unsigned(call(50, "43"), "base")) == "MissingRequiredSignature"
    assert error_of(call(50, "43")) == "AddressWithSeedMismatch"
    assert error_of(call(101)) == "ResultWithNegativeLamports"
    assert error_of(call(0)) is None
    assert error_of(call(50)) is None
    assert runtime.account("to").lamports == 50


@pytest.mark.parametrize(
    ("data", "names", "error"),
    [
        ("01000000" + "09" * 32, (), "MissingAccount"),
        ("02000000" + "00" * 8, ("from",), "MissingAccount"),
        ("02000000" + "00" * 7, (), "InvalidInstructionData"),
        ("0d000000", (), "InvalidInstructionData"),
        ("02", (), "InvalidInstructionData"),
        ("", (), "InvalidInstructionData"),
    ],
)
def test_bogus_instructions(data: str, names: tuple[str, ...], error: str, error_of: Error) -> None:
    metas = tuple(AccountMeta(Pubkey.of(name), signer=True) for name in names)
    assert error_of(Instruction(Pubkey.of("system"), metas, bytes.fromhex(data))) == error


def test_bytes_behind_the_instruction_are_ignored(error_of: Error) -> None:
    call = system.transfer(source="from", destination="to", lamports=1)
    assert error_of(Instruction(call.program_id, call.accounts, call.data + b"more")) is None
