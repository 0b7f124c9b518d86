"""Named errors of programs and of the runtime, the exception that raises one, and its record.

The runtime's own names and codes are Solana's: InstructionError and TransactionError of
solana-sdk, in the order in which they are declared there.
"""

from __future__ import annotations

from enum import Enum
from typing import Any, Final, NamedTuple, Self

from .errors import DefinitionError, SealaneError

_CODE_MAX: Final = 2**32 - 1


class Errors(Enum):
    """Base of a program's named errors: `Name = code, "what it means"`.

    >>> class CounterError(Errors):
    ...     WrongAuthority = 1, "the signer is not this counter's authority"
    >>> CounterError.WrongAuthority.code, CounterError.WrongAuthority.message
    (1, "the signer is not this counter's authority")

    Codes are integers in [0, 2^32), each used once. Raises DefinitionError.
    """

    def __init__(self, code: int, message: str = "") -> None:
        if type(code) is not int or not 0 <= code <= _CODE_MAX or type(message) is not str:
            message = ""
        if not message:
            raise DefinitionError(
                f"{type(self).__qualname__}: {self._value_!r} is no error; write "
                'Name = code, "what it means", with a code in [0, 2^32)'
            )
        self.code = code
        self.message = message

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        names: dict[int, str] = {}
        # By name, aliases included: two names for one error would show as one in receipts.
        for name, error in cls.__members__.items():
            if error.code in names:
                raise DefinitionError(
                    f"{cls.__qualname__}: {names[error.code]} and {name} share code {error.code}; "
                    "give each its own"
                )
            names[error.code] = name


class ProgramFailure(SealaneError):
    """A program failed or broke a rule; the runtime turns it into the transaction's status.

    `error` is the named error, `account` the key or parameter it is about, if any.
    """

    def __init__(self, error: Errors, detail: str = "", *, account: str | None = None) -> None:
        self.error = error
        self.detail = detail
        self.account = account
        super().__init__(f"{error.name}: {detail or error.message}")


class Failure(NamedTuple):
    """Why a transaction failed. `program` is None for the runtime's own errors.

    `instruction` is the index of the top-level instruction, None when the transaction failed
    before any ran; `account` is the key of the account concerned, in base58, where it is one. Views
    for people, and a file's JSON, show the account's name instead if it has one.
    """

    program: str | None
    name: str
    code: int
    message: str
    instruction: int | None = None
    account: str | None = None

    @classmethod
    def of_rule(
        cls,
        error: Errors,
        message: str = "",
        *,
        instruction: int | None = None,
        account: str | None = None,
    ) -> Self:
        """A failure by a rule of the chain; `message` defaults to the error's own."""
        return cls(None, error.name, error.code, message or error.message, instruction, account)

    @property
    def full_name(self) -> str:
        """`token.InsufficientFunds`; the runtime's own errors have no program before them."""
        return self.name if self.program is None else f"{self.program}.{self.name}"

    def to_json(self) -> dict[str, Any]:
        return self._asdict()


class TransactionErrors(Errors):
    """Errors of a transaction as a whole, outside its instructions."""

    AccountLoadedTwice = 1, "an account appears twice in the transaction"
    AccountNotFound = 2, "the fee payer does not exist: fund it first"
    ProgramAccountNotFound = 3, "the invoked program is not known to this runtime"
    InsufficientFundsForFee = 4, "the payer holds less than the fee"
    InvalidAccountForFee = 5, "the payer is not a system account, so it cannot pay fees"
    WouldExceedAccountDataBlockLimit = 21, "the block's transactions allocate too much account data"
    TooManyAccountLocks = 22, "the transaction locks more accounts than a transaction may"
    DuplicateInstruction = 30, "the transaction asks for one part of its compute budget twice"
    InsufficientFundsForRent = 31, "an account is left with less than exempts it from rent"
    MaxLoadedAccountsDataSizeExceeded = 32, "the transaction loads more account data than it may"
    InvalidLoadedAccountsDataSizeLimit = 33, "no transaction can load 0 bytes: ask for more"


class InstructionErrors(Errors):
    """Errors of an instruction that the runtime raises, whatever the program."""

    GenericError = 0, "generic instruction error"
    InvalidArgument = 1, "invalid program argument"
    InvalidInstructionData = 2, "instruction data does not decode"
    InvalidAccountData = 3, "account data does not fit the instruction"
    AccountDataTooSmall = 4, "account data too small for the instruction"
    InsufficientFunds = 5, "insufficient funds for the instruction"
    IncorrectProgramId = 6, "account does not belong to the program expected"
    MissingRequiredSignature = 7, "a required signature is missing"
    AccountAlreadyInitialized = 8, "account is already initialized"
    UninitializedAccount = 9, "account is not initialized yet"
    UnbalancedInstruction = 10, "lamports before and after the instruction differ in sum"
    ModifiedProgramId = 11, "only the owning program may give an account a new owner"
    ExternalAccountLamportSpend = 12, "lamports taken from an account the program does not own"
    ExternalAccountDataModified = 13, "data changed in an account the program does not own"
    ReadonlyLamportChange = 14, "lamports changed in an account declared read-only"
    ReadonlyDataModified = 15, "data changed in an account declared read-only"
    DuplicateAccountIndex = 16, "instruction contains a duplicate account"
    ExecutableModified = 17, "the executable flag was changed"
    NotEnoughAccountKeys = 19, "the instruction names fewer accounts than it needs"
    AccountDataSizeChanged = 20, "data resized in an account the program does not own"
    AccountNotExecutable = 21, "the invoked account is no program"
    AccountBorrowFailed = 22, "account data is borrowed already"
    AccountBorrowOutstanding = 23, "the program kept a view of account data past its instruction"
    Custom = 25, "custom program error"
    ExecutableDataModified = 27, "data of an executable account was changed"
    ExecutableLamportChange = 28, "lamports of an executable account were changed"
    UnsupportedProgramId = 30, "the invoked program is not known to this runtime"
    CallDepth = 31, "nested calls go too deep"
    MissingAccount = 32, "an account the program uses is not declared"
    ReentrancyNotAllowed = 33, "a program may call itself, but not be re-entered through another"
    MaxSeedLengthExceeded = 34, "a seed is too long, or there are too many"
    InvalidSeeds = 35, "the seeds do not derive this address"
    InvalidRealloc = 36, "account data grown beyond its limit"
    ComputationalBudgetExceeded = 37, "the transaction used up its compute units"
    PrivilegeEscalation = 38, "a nested call claims a signature or write its caller lacks"
    ProgramFailedToComplete = 40, "the program raised an exception"
    Immutable = 42, "account is immutable"
    IncorrectAuthority = 43, "incorrect authority"
    BorshIoError = 44, "serialisation failed"
    AccountNotRentExempt = 45, "account is not rent exempt"
    InvalidAccountOwner = 46, "account has the wrong owner"
    ArithmeticOverflow = 47, "arithmetic overflow"
    UnsupportedSysvar = 48, "unsupported sysvar"
    IllegalOwner = 49, "the owner given is not allowed"
    MaxAccountsDataAllocationsExceeded = 50, "the transaction allocates too much account data"
    MaxAccountsExceeded = 51, "too many accounts in one instruction"
    MaxInstructionTraceLengthExceeded = 52, "too many nested calls in one transaction"
