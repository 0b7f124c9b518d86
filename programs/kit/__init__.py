"""The kit for writing programs: everything a program imports. See `sealane.programs`."""

from ...primitives import Errors, Instruction, InstructionErrors, ProgramFailure, Pubkey
from ...primitives.pubkey import SEED_LEN_MAX, SeedError
from .accounts.account import ProgramAccount, Signer, UncheckedAccount
from .accounts.layout import Layout
from .accounts.record import ACCOUNT_DATA_LEN_MAX
from .accounts.sysvars import CLOCK_ID, RECENT_BLOCKHASHES_ID, RENT_ID, Clock, Rent, Sysvars
from .columns.columns import greatest, least, select
from .columns.conditions import holds, is_none, only_where, rarely
from .columns.products import div_up, isqrt, mul_div, mul_div_up
from .encoding.codec import DecodeError, RangeError
from .encoding.marks import Adds, Arg, Credits, Known, Mut, Signs
from .encoding.types import (
    At,
    COption,
    Name,
    Option,
    Rest,
    RestStr,
    Size,
    Str64,
    Tag,
    i8,
    i16,
    i32,
    i64,
    i128,
    i256,
    u8,
    u16,
    u32,
    u64,
    u128,
    u256,
)
from .handlers.constraints import Address, Distinct, HasOne, Owner, Seeds
from .handlers.context import Context
from .handlers.require import fail, require
from .program.instruction import InstructionSpec
from .program.program import Program

__all__ = [
    "ACCOUNT_DATA_LEN_MAX",
    "CLOCK_ID",
    "RECENT_BLOCKHASHES_ID",
    "RENT_ID",
    "SEED_LEN_MAX",
    "Address",
    "Adds",
    "Arg",
    "At",
    "COption",
    "Clock",
    "Context",
    "Credits",
    "DecodeError",
    "Distinct",
    "Errors",
    "HasOne",
    "Instruction",
    "InstructionErrors",
    "InstructionSpec",
    "Known",
    "Layout",
    "Mut",
    "Name",
    "Option",
    "Owner",
    "Program",
    "ProgramAccount",
    "ProgramFailure",
    "Pubkey",
    "RangeError",
    "Rent",
    "Rest",
    "RestStr",
    "SeedError",
    "Seeds",
    "Signer",
    "Signs",
    "Size",
    "Str64",
    "Sysvars",
    "Tag",
    "UncheckedAccount",
    "div_up",
    "fail",
    "greatest",
    "holds",
    "i8",
    "i16",
    "i32",
    "i64",
    "i128",
    "i256",
    "is_none",
    "isqrt",
    "least",
    "mul_div",
    "mul_div_up",
    "only_where",
    "rarely",
    "require",
    "select",
    "u8",
    "u16",
    "u32",
    "u64",
    "u128",
    "u256",
]


def __dir__() -> list[str]:
    return __all__
