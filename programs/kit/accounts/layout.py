"""Layouts: what an account's data means, declared as a class with annotated fields.

    >>> from sealane.programs import Layout, Pubkey, u64
    >>> class CounterState(Layout):
    ...     authority: Pubkey
    ...     count: u64
    >>> state = CounterState(authority="alice", count=3)
    >>> state.count, len(state.encode()), CounterState.decode(state.encode()) == state
    (3, 40, True)

An instance is a view of bytes: of its own when made like this, of an account's when a handler
receives it. Fields lie packed, in the order of declaration, little-endian; `At`, `Size` and the
class arguments `size=` and `discriminator=` place them otherwise. Fields of varying length can
only stand at the end.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self, cast

from ....primitives import InputError, InstructionErrors, ProgramFailure, Pubkey
from ..columns.rows import running_rows
from ..encoding.codec import Buffer, Codec, DecodeError, RangeError, Resolve
from ..encoding.declaring_frame import declaring_frame
from .account import DetachedRecord, UncheckedAccount
from .fields import LayoutField
from .layout_registry import programs_listing
from .placement import Placement, declared_fields, place_fields, require_room
from .record import AccountRecord
from .uninitialized import is_zeroed, uninitialized_layout


class _LayoutType(type):
    """Gives every layout `__slots__`, so that a misspelt field does not become a new attribute."""

    @classmethod
    def __prepare__(cls, name: str, bases: tuple[type, ...], /, **kwds: Any) -> dict[str, object]:
        del name, bases, kwds
        return {"__slots__": ()}


class Layout(UncheckedAccount, metaclass=_LayoutType):
    """Base of every layout. See the module's docstring.

    Class arguments: `size` (total bytes, at least what the fields take; padded with zeros),
    `discriminator` (leading bytes that tell this layout from others), `name` (in fixtures; the
    class's name by default), `program` (name or key of the program whose accounts these are when a
    handler of another program takes one).
    """

    __slots__ = ()

    layout_name: ClassVar[str] = "Layout"
    layout_size: ClassVar[int] = 0  # bytes up to the end of the last field of fixed length
    layout_fixed: ClassVar[bool] = True  # whether every value has exactly layout_size bytes
    discriminator: ClassVar[bytes] = b""
    layout_fields: ClassVar[dict[str, LayoutField]] = {}
    layout_names: ClassVar[dict[str, str]] = {}  # field by the name it has in fixtures
    layout_program: ClassVar[tuple[str, Pubkey] | None] = None  # named by `program=`

    def __init_subclass__(
        cls,
        *,
        size: int | None = None,
        discriminator: bytes | None = None,
        name: str | None = None,
        program: str | bytes | None = None,
    ) -> None:
        super().__init_subclass__()
        if "layout_fields" in cls.__dict__:
            return  # a finished class, rebuilt from its parts in another process
        cls.layout_name = name or cls.__name__
        cls.layout_program = None if program is None else _named_program(program)
        caller = declaring_frame()  # for the names local to a function, too
        where = f"{caller.f_code.co_filename}:{caller.f_lineno}: {cls.__qualname__}"
        inherited = Placement(cls.layout_fields, cls.layout_names, cls.layout_size)
        if discriminator is not None:
            require_room(inherited.fields.values(), discriminator, where)
            cls.discriminator = discriminator
        declared = declared_fields(cls, where, {**caller.f_globals, **caller.f_locals}, Layout)
        placed = place_fields(inherited, declared, cls.discriminator, size, where)
        for field in placed.fields.values():
            setattr(cls, field.name, field)
        cls.layout_fields, cls.layout_names, cls.layout_size = placed
        cls.layout_fixed = not placed.varying

    def __new__(cls, **values: Any) -> Self:
        rows = running_rows() if values else None
        if rows is None or rows.make_layout is None:
            return object.__new__(cls)
        return rows.make_layout(cls, values)  # one for each row, while a batch handler runs

    def __init__(self, **values: Any) -> None:
        cls = type(self)
        self._bind_detached(_encode_values(cls, values))

    @classmethod
    def view(cls, account: UncheckedAccount) -> Self:
        """This layout over an account's bytes, with the account's own rights.

        Raises InvalidAccountData when the bytes are too short or have another discriminator. Where
        a discriminator belongs, data that is all zero is an account that is not initialized: only
        `initialize` can be called on its view. In a batch handler, the account's columns with this
        layout.
        """
        if not issubclass(cast(type, type(account)), UncheckedAccount):
            return cast(Self, cast(Any, account).as_layout(cls))
        if account._only_added:
            raise account._refused(
                InstructionErrors.AccountBorrowFailed,
                f"view it as {cls.__name__}, as it only adds to it: declare Adds[{cls.__name__}]",
            )
        data = account._record.buffer
        fresh = bool(cls.discriminator) and len(data) >= cls.layout_size and is_zeroed(data)
        kind = cast("type[Self]", uninitialized_layout(cls)) if fresh else cls
        view = object.__new__(kind)
        view._bind(
            account._record,
            account._name,
            writable=account._writable,
            program=(account._program_name, account._program_id),
            signer=account._signer,
            siblings=account._siblings,
        )
        if not fresh:
            cls.check_data(view._record, account._name)
        return view

    @classmethod
    def check_data(cls, record: AccountRecord, what: str) -> None:
        """Raise InvalidAccountData unless the data of `record` can hold this layout."""
        data = record.buffer
        if len(data) < cls.layout_size:
            raise ProgramFailure(
                InstructionErrors.InvalidAccountData,
                f"{what!r} has {len(data)} bytes of data, {cls.layout_name} needs "
                f"{cls.layout_size}",
                account=_account_of(record),
            )
        if not cls.matches(data):
            reason = (
                f"it is not initialized; to do that, take it as Mut[UncheckedAccount] and call "
                f"{cls.__name__}.view({what}).initialize(…)"
                if is_zeroed(data)
                else "its discriminator differs"
            )
            raise ProgramFailure(
                InstructionErrors.InvalidAccountData,
                f"{what!r} holds no {cls.layout_name}: {reason}",
                account=_account_of(record),
            )

    @classmethod
    def matches(cls, data: Buffer) -> bool:
        """Whether `data` could be this layout: long enough, and the discriminator agrees."""
        length = len(cls.discriminator)
        return len(data) >= cls.layout_size and data[:length] == cls.discriminator

    @classmethod
    def decode(cls, data: Buffer) -> Self:
        """The value that `data` holds, detached from any account. Raises DecodeError."""
        if not cls.matches(data):
            raise DecodeError(f"{len(data)} bytes hold no {cls.layout_name}")
        view = object.__new__(cls)
        view._bind_detached(data)
        for field in cls.layout_fields.values():
            getattr(view, field.name)  # a bad value must be reported now, not when it is first used
        return view

    def encode(self) -> bytes:
        """The bytes, padding and discriminator included."""
        return bytes(self._record.buffer)

    def initialize(self, **values: Any) -> None:
        """Write every field: those named, and the defaults of the others; the discriminator too.

        Raises AccountAlreadyInitialized if the account has this layout's discriminator already:
        nobody can set up again what others rely on.
        """
        raw = _encode_values(type(self), values)
        buffer = self._writable_buffer("initialize it")
        mark = self.discriminator
        if (
            mark
            and not isinstance(self._record, DetachedRecord)
            and bytes(buffer[: len(mark)]) == mark
        ):
            raise ProgramFailure(
                InstructionErrors.AccountAlreadyInitialized,
                f"{self._name!r} is a {self.layout_name} already",
                account=str(self.key),
            )
        self._replace_content(raw, bytes(max(0, len(buffer) - len(raw))))

    @classmethod
    def fixture_fields(cls) -> dict[str, LayoutField]:
        """The fields by the names that they have in fixtures."""
        return {shown: cls.layout_fields[name] for shown, name in cls.layout_names.items()}

    def values(self) -> dict[str, Any]:
        """Field names and values, in the order of declaration."""
        return {name: getattr(self, name) for name in type(self).layout_fields}

    def to_json(self) -> dict[str, Any]:
        """The fields as a fixture writes them, under `layout`."""
        fields = type(self).layout_fields
        return {"layout": self._full_name()} | {
            name: fields[field].codec.to_json(getattr(self, field))
            for name, field in type(self).layout_names.items()
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any], resolve: Resolve) -> Self:
        """The layout that a fixture's `data` means; fields left out have their defaults.

        Raises InputError that names the field.
        """
        decoded: dict[str, Any] = {}
        for name, value in values.items():
            field = cls.layout_fields.get(cls.layout_names.get(name, ""))
            if field is None:
                raise InputError(f"{cls.layout_name} has no field {name!r}")
            try:
                decoded[field.name] = field.codec.from_json(value, resolve)
            except InputError as error:
                raise InputError(f"{name}: {error.message}") from error
        try:
            return cls(**decoded)
        except ProgramFailure as error:
            raise InputError(f"{cls.layout_name}: {error.detail}") from error

    @classmethod
    def __layout_codec__(cls) -> Codec:
        return _NestedCodec(cls)

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self.values() == cast(Layout, other).values()

    __hash__ = None  # pyright: ignore[reportAssignmentType] - mutable

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={value!r}" for name, value in self.values().items())
        return f"{type(self).__name__}({fields})"

    def _bind_detached(self, data: Buffer) -> None:
        """Make this a value that belongs to no account."""
        record = DetachedRecord(self.layout_name, bytes(data))
        program = (type(self).__name__, record.owner)
        self._bind(record, self.layout_name, writable=True, program=program)

    @classmethod
    def _full_name(cls) -> str:
        """`program.Layout` where just one program is known to list it, else the layout's name."""
        known = [cls.layout_program[0]] if cls.layout_program else programs_listing(cls).values()
        return ".".join([*known, cls.layout_name]) if len(known) == 1 else cls.layout_name

    @classmethod
    def _content_end(cls, buffer: Buffer) -> int:
        """Where the last field ends. Raises DecodeError."""
        end = cls.layout_size
        for field in cls.layout_fields.values():
            if field.codec.size is None:
                _, end = field.codec.decode(buffer, end)
        return end

    def _replace_content(self, content: bytes, behind: bytes) -> None:
        """Write `content` followed by `behind`, in place if the length allows.

        Account data keeps its length while only padding is displaced, as programs size their
        accounts for the largest content; otherwise it grows.
        """
        length = len(self._record.buffer)
        spare = len(content) + len(behind) - length
        if spare > 0 and not any(behind[len(behind) - spare :]):
            behind = behind[: len(behind) - spare]
        content += behind
        detached = isinstance(self._record, DetachedRecord)
        self.data = content if detached else content.ljust(length, b"\0")


class _NestedCodec(Codec):
    """A layout as a field of another, or as an argument."""

    def __init__(self, layout: type[Layout]) -> None:
        self.layout = layout
        self.size = layout.layout_size if layout.layout_fixed else None

    def encode(self, value: Any) -> bytes:
        raw = value.encode() if isinstance(value, self.layout) else b""
        if not isinstance(value, self.layout) or not self.layout.matches(raw):
            raise RangeError(
                InstructionErrors.InvalidArgument, f"{value!r} is no {self.layout.__name__}"
            )
        # Never more than the layout's own bytes: the value may be a view of a longer account.
        return raw[: self._end(raw)]

    def _end(self, data: Buffer) -> int:
        return self.size or self.layout._content_end(data)  # pyright: ignore[reportPrivateUsage]

    def decode(self, data: Buffer, offset: int) -> tuple[Any, int]:
        end = offset + (self.size or self._end(data[offset:]))
        value = self.layout.decode(data[offset:end])
        # A copy: writing to it would be lost, so it refuses. Assign the whole field instead.
        value._writable = False  # pyright: ignore[reportPrivateUsage]
        return value, end

    def default(self) -> Any:
        return self.layout()

    def from_json(self, value: Any, resolve: Resolve) -> Any:
        if not isinstance(value, dict):
            raise InputError(f"{value!r} is no {self.layout.layout_name}: give its fields")
        return self.layout.from_json(cast(dict[str, Any], value), resolve)

    def to_json(self, value: Any) -> Any:
        # The field's type says which layout it is.
        return {name: item for name, item in value.to_json().items() if name != "layout"}


def _encode_values(cls: type[Layout], given: Mapping[str, Any]) -> bytes:
    values = {cls.layout_names.get(name, name): value for name, value in given.items()}
    unknown = sorted(values.keys() - cls.layout_fields.keys())
    if unknown:
        known = ", ".join(cls.layout_fields)
        raise TypeError(f"{cls.__name__} has no field {unknown[0]!r}; it has {known}")
    raw = bytearray(cls.layout_size)
    raw[: len(cls.discriminator)] = cls.discriminator
    for name, field in cls.layout_fields.items():
        try:
            encoded = field.codec.encode(values.get(name, field.default))
        except ProgramFailure as error:
            detail = f"{cls.__name__}.{name}: {error.detail}"
            raise RangeError(error.error, detail) from error
        if field.codec.size is None:
            raw += encoded
        else:
            raw[field.offset : field.offset + len(encoded)] = encoded
    return bytes(raw)


def _account_of(record: AccountRecord) -> str | None:
    """Which account an error names: none for a value by itself."""
    return None if isinstance(record, DetachedRecord) else str(record.key)


def _named_program(program: str | bytes) -> tuple[str, Pubkey]:
    key = Pubkey.of(program)
    return (program if isinstance(program, str) else str(key)), key
