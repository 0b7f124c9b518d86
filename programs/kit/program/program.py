"""A program: a name, a key, its instructions, layouts and errors."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, cast

from ....primitives import DefinitionError, Errors, InstructionErrors, ProgramFailure, Pubkey
from ..accounts.layout import Layout
from ..accounts.layout_registry import register_layouts
from ..encoding.codec import RangeError
from ..encoding.declaring_frame import declaring_frame
from ..encoding.public_name import public_name
from ..encoding.scalar_codecs import IntCodec
from ..handlers.frame import Frame
from ..handlers.parameters import location_of, parameters_of, require_plain_function
from ..handlers.references import check_references
from ..handlers.sum_layouts import require_agreeing_sums
from .instruction import InstructionSpec
from .shown_doc import ShownDoc

DATA_GROWTH_MAX: Final = 10 * 1024  # bytes an account may grow by in one instruction
Handler = Callable[..., None]


def _described(program: Program) -> str:
    # Imported when somebody asks for help: every command would pay for it.
    from .description import describe_program
    from .description_text import program_text

    return program_text(describe_program(program))


class Program:
    """Declare a program, then its instructions with `@program.instruction(tag=…)`.

    `name` is used in fixtures, errors and logs. `id` is its key, by default the key of the name.
    `tag_size` is the length in bytes of integer tags. `compute_units` are charged for each
    instruction before it runs. `invalid_data` is the error for instruction data that does not
    decode; with `exact_data`, this includes trailing bytes after the last argument.
    `too_few_accounts` is the error for a call with fewer accounts than the handler takes.
    `data_growth_max` is the number of bytes by which one instruction may grow an account. `about`
    is the purpose of the program in a sentence, for help() and lists of programs. `pays_fees`:
    accounts that this program owns may pay transaction fees. `trusted`: its handlers terminate and
    never crash a process, so they may run in the calling process. `help()` of a program lists its
    instructions, layouts and errors.
    """

    __doc__ = cast(Any, ShownDoc(__doc__, _described))

    def __init__(
        self,
        name: str,
        *,
        id: str | bytes | None = None,  # noqa: A002 - the field's word
        errors: type[Errors] | None = None,
        layouts: Sequence[type[Layout]] = (),
        tag_size: int = 1,
        compute_units: int = 0,
        invalid_data: Errors = InstructionErrors.InvalidInstructionData,
        exact_data: bool = False,
        too_few_accounts: Errors = InstructionErrors.NotEnoughAccountKeys,
        data_growth_max: int = DATA_GROWTH_MAX,
        about: str = "",
        pays_fees: bool = False,
        trusted: bool = False,
    ) -> None:
        if not (isinstance(cast(object, name), str) and name.isidentifier()):
            raise DefinitionError(f"program name {name!r} must be an identifier, like my_program")
        _require_kinds(name, errors, layouts)
        self.name = name
        self.id = Pubkey.of(name if id is None else id)
        self.errors = errors
        self.layouts = {layout.layout_name: layout for layout in layouts}
        if len(self.layouts) < len(layouts):
            names = [layout.layout_name for layout in layouts]
            twice = next(name for name in names if names.count(name) > 1)
            raise DefinitionError(f"program {name!r}: two layouts are called {twice!r}; name= one")
        self.instructions: dict[str, InstructionSpec] = {}
        self.compute_units = compute_units
        self.invalid_data = invalid_data
        self.exact_data = exact_data
        self.too_few_accounts = too_few_accounts
        self.data_growth_max = data_growth_max
        self.about = about
        self.pays_fees = pays_fees
        self.trusted = trusted
        self._tag = IntCodec(tag_size)
        self._by_tag: dict[bytes, InstructionSpec] = {}
        self._tag_sizes: tuple[int, ...] = ()
        for layout in layouts:
            _require_same_program(self, layout)
        self._module: str = declaring_frame().f_globals.get("__name__", "")
        register_layouts(layouts, name, self.id, self._module)

    def instruction(
        self, tag: int | bytes, *, name: str | None = None, compute_units: int = 0
    ) -> Callable[[Handler], InstructionSpec]:
        """Register a function as the handler of an instruction.

        `tag` is the prefix of the instruction's data: an integer of `tag_size` bytes, or bytes.
        `compute_units` are charged in addition to the program's. Raises DefinitionError for a
        signature that is not a valid access list, and for a tag or name already in use.
        """
        caller = declaring_frame()
        # With the names local to a function.
        scope = {**caller.f_globals, **caller.f_locals}
        if callable(tag):
            raise DefinitionError(
                f"{location_of(tag)}: this instruction has no tag: write @{self.name}.instruction"
                "(tag=0), each with another"
            )
        where = f"{caller.f_code.co_filename}:{caller.f_lineno}"
        try:
            raw_tag = tag if isinstance(tag, bytes) else self._tag.encode(tag)
        except RangeError as error:
            raise DefinitionError(
                f"{where}: a tag of {self.name!r} is {self._tag.size} bytes, or given as bytes: "
                f"{error.detail}"
            ) from error

        def declare(handler: Handler) -> InstructionSpec:
            require_plain_function(handler, where)
            named = name or handler.__name__
            return self._declare(handler, raw_tag, named, compute_units, scope)

        return declare

    def _declare(
        self, handler: Handler, tag: bytes, name: str, compute_units: int, scope: Mapping[str, Any]
    ) -> InstructionSpec:
        if name.startswith("_") or hasattr(Program, name) or name in vars(self):
            raise DefinitionError(
                f"{location_of(handler)}: a program has a {name!r} of its own; give this "
                "instruction another name, name=…"
            )
        taken = self._by_tag.get(tag)
        if taken is not None or name in self.instructions:
            other = taken or self.instructions[name]
            what = f"tag {tag.hex()}" if taken is not None else f"name {name!r}"
            raise DefinitionError(
                f"{location_of(handler)}: {what} is taken by {location_of(other.handler)}; "
                "give this instruction another"
            )
        parameters = parameters_of(handler, scope, self)
        check_references(parameters, location_of(handler))
        added = [each for spec in self.instructions.values() for each in spec.parameters]
        require_agreeing_sums([*added, *parameters], self.id, location_of(handler))
        spec = InstructionSpec(self, name, tag, handler, parameters, compute_units)
        self.instructions[name] = spec
        self._by_tag[tag] = spec
        self._tag_sizes = tuple(sorted({len(known) for known in self._by_tag}, reverse=True))
        return spec

    def find_instruction(self, data: bytes) -> InstructionSpec | None:
        """The instruction that this data calls, if any."""
        for size in self._tag_sizes:
            spec = self._by_tag.get(data[:size])
            if spec is not None:
                return spec
        return None

    def instruction_for(self, data: bytes) -> InstructionSpec:
        """The instruction that this data calls. Raises the program's `invalid_data`."""
        spec = self.find_instruction(data)
        if spec is None:
            begins = data[:8].hex() or "nothing"
            raise ProgramFailure(
                self.invalid_data,
                f"{self.name} has no instruction whose data begins with {begins}",
            )
        return spec

    def execute(self, frame: Frame) -> None:
        """Execute the instruction that the frame's data calls."""
        self.instruction_for(frame.data).execute(frame)

    def layout_of(self, data: bytes) -> type[Layout] | None:
        """The layout that an account of this program has, judged by its bytes.

        The longest matching discriminator decides; without one, the only layout of exactly this
        length.
        """
        marked = [x for x in self.layouts.values() if x.discriminator and x.matches(data)]
        longest = max((len(x.discriminator) for x in marked), default=0)
        marked = [x for x in marked if len(x.discriminator) == longest]
        if len(marked) == 1:
            return marked[0]
        sized = [
            x
            for x in self.layouts.values()
            if not x.discriminator
            and (len(data) == x.layout_size if x.layout_fixed else x.matches(data))
        ]
        return sized[0] if len(sized) == 1 else None

    def _importable_name(self) -> tuple[str, str] | None:
        """The module that defines this object, and its name there; None if it has none."""
        space = vars(sys.modules[self._module]) if self._module in sys.modules else {}
        names = [name for name, value in space.items() if value is self]
        return (self._module, names[0]) if names else None

    def __dir__(self) -> list[str]:
        # For completion: what can be called and named in a fixture. The rest is for authors of
        # programs.
        return [*self.instructions, "errors", "layouts"]

    def __getattr__(self, name: str) -> InstructionSpec:
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            return self.instructions[name]
        except KeyError:
            raise AttributeError(self._no_instruction(name)) from None

    def _no_instruction(self, name: str) -> str:
        """What there is instead: layouts are no attributes, but are looked for as such."""
        missing = f"program {self.name!r} has no instruction {name!r}"
        for layout in self.layouts.values():
            if name in (layout.layout_name, layout.__name__):
                return f"{missing}; the layout of this name is the class {public_name(layout)}"
        return f"{missing}; it has {', '.join(self.instructions) or 'none yet'}"

    def __repr__(self) -> str:
        return f"Program({self.name!r}, id={self.id!s})"


def _require_kinds(name: str, errors: object, layouts: object) -> None:
    """Raise DefinitionError unless these are a class of errors and a list of layouts."""
    if errors is not None and not (isinstance(errors, type) and issubclass(errors, Errors)):
        raise DefinitionError(f"program {name!r}: errors= takes a class of Errors, not {errors!r}")
    if isinstance(layouts, type):
        raise DefinitionError(
            f"program {name!r}: layouts= takes a list: layouts=[{layouts.__name__}]"
        )
    for layout in cast(Sequence[object], layouts):
        if not _is_layout_class(layout):
            given: str = getattr(layout, "__name__", type(layout).__name__)
            raise DefinitionError(f"program {name!r}: {given} is no Layout; list the classes")


def _is_layout_class(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, Layout)


def _require_same_program(program: Program, layout: type[Layout]) -> None:
    """Raise DefinitionError if the layout names this program with another key."""
    named = layout.layout_program
    if named is not None and named[0] == program.name and named[1] != program.id:
        raise DefinitionError(
            f"layout {layout.__name__} names program={named[0]!r}, whose key would be {named[1]}, "
            f'but {program.name!r} has the id {program.id}: write program="{program.id}"'
        )
