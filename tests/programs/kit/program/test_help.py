"""What Python's own tools, and people's mistakes, show of programs and instructions."""

from __future__ import annotations

import inspect
import pydoc
import re
import rlcompleter
from collections.abc import Callable, Iterable
from typing import Annotated, Any, cast

import pytest

from sealane import Pubkey
from sealane.primitives import DefinitionError, UsageError
from sealane.programs import (
    Arg,
    Context,
    COption,
    HasOne,
    Layout,
    Mut,
    Option,
    Program,
    Signer,
    Size,
    UncheckedAccount,
    u64,
)
from sealane.programs.kit.encoding.annotation_text import annotation_text
from sealane.programs.kit.encoding.public_name import public_name
from sealane.programs.library.token import AuthorityType, token


class Vault(Layout):
    authority: Pubkey
    count: u64


vaults = Program("vaults", layouts=[Vault])
instruction = cast(Any, vaults.instruction)


@vaults.instruction(tag=0)
def put(
    ctx: Context,
    vault: Annotated[Mut[Vault], HasOne("authority")],
    authority: Signer,
    referrer: Signer | None,
    amount: u64,
    note: Option[str],
    times: u64 = 3,
) -> None:
    """Put something into a vault."""


def test_an_instruction_has_the_signature_of_its_calls() -> None:
    taken = inspect.signature(put).parameters
    assert list(taken) == ["vault", "authority", "referrer", "amount", "note", "times"]
    assert {p.kind for p in taken.values()} == {inspect.Parameter.KEYWORD_ONLY}
    left_out = {name: p.default for name, p in taken.items() if p.default is not p.empty}
    assert left_out == {"referrer": None, "note": None, "times": 3}
    assert taken["vault"].annotation == "Annotated[Mut[Vault], HasOne(…)]"
    assert taken["referrer"].annotation == "Signer | None"
    assert taken["note"].annotation == "Option[str]"


def test_help_and_completion_know_instructions() -> None:
    shown = pydoc.plain(pydoc.render_doc(put))
    assert "vaults.put(vault, authority, referrer=…, amount" in shown
    assert "Put something into a vault." in shown
    for text in (shown, repr(put), str(inspect.signature(token.transfer))):
        assert "0x" not in text


def test_completion_shows_what_can_be_called_and_named() -> None:
    assert set(dir(vaults)) == {"put", "errors", "layouts"}
    assert {"transfer", "mint_to", "layouts"} <= set(dir(token))
    known: list[str | None] = []
    completer = rlcompleter.Completer({"vaults": vaults})
    while not known or known[-1] is not None:
        known.append(completer.complete("vaults.", len(known)))
    assert {word.split("(")[0] for word in known if word} >= {"vaults.put", "vaults.layouts"}


def test_help_of_an_instruction_has_everything_a_call_needs() -> None:
    text = put.__doc__ or ""
    assert text.startswith("Put something into a vault.\n\nAccounts\n")
    assert re.search(r"0 +vault +writable; vaults.Vault; .* authority in its field authority", text)
    assert re.search(r"1 +authority +signer\n", text)
    assert re.search(r"2 +referrer +signer; may be left out\n", text)
    assert re.search(r"amount +u64 +8 bytes, little-endian\n", text)
    assert re.search(r"note +Option\[str\] +a tag of 1 byte.*\n.*default: null\n", text)
    assert re.search(r"times +u64 .*; default: 3\n", text)
    for error in ("IncorrectAuthority", "MissingRequiredSignature", "InvalidAccountOwner"):
        assert re.search(rf"\n  {error} +\d+ ", text), error
    assert "- vaults.put: {vault: vault, authority: authority, amount: 1}" in text
    assert "Compute units before it runs: 0" in text


def test_errors_that_code_names_are_found_where_it_calls_on() -> None:
    text = token.transfer.__doc__ or ""
    # By require_tokens and require_authority, two modules further.
    assert "token.InsufficientFunds" in text
    assert "token.OwnerMismatch" in text
    # The runtime has an error of that name as well, and no code here names it.
    assert not re.search(r"^  InsufficientFunds", text, re.MULTILINE)
    assert "token.MintCannotFreeze" not in text


def test_help_of_a_program_lists_what_it_has() -> None:
    text = token.__doc__ or ""
    assert text.startswith("tokens: mints")
    assert f"Key: {token.id}" in text
    assert re.search(r"\n  transfer +Move `amount` from", text)
    assert re.search(r"\n  Mint +A kind of token", text)
    assert re.search(r"\n  OwnerMismatch +4 +owner does not match", text)
    assert "Put something" in pydoc.plain(pydoc.render_doc(vaults))


def test_classes_keep_their_own_docstrings() -> None:
    for shown in (Program, type(put)):
        assert "help()" in (shown.__doc__ or "")
    assert "Declare a program" in pydoc.plain(pydoc.render_doc(Program))


def test_the_source_of_an_instruction_is_its_handler() -> None:
    assert inspect.unwrap(put) is put.handler
    assert inspect.getsource(inspect.unwrap(put)).startswith("@vaults.instruction(tag=0)\ndef put(")


@pytest.mark.parametrize(
    ("annotation", "text"),
    [
        (Mut[Vault], "Mut[Vault]"),
        (list[Mut[UncheckedAccount]], "list[Mut[UncheckedAccount]]"),
        (Arg[Vault], "Arg[Vault]"),
        (u64, "u64"),
        (u64 | None, "u64 | None"),
        (COption[u64], "COption[u64]"),
        (dict[str, u64], "dict[str, u64]"),
        (Annotated[bytes, Size(4)], "Annotated[bytes, Size(…)]"),
        (object(), "a object"),
    ],
)
def test_annotations_in_words(annotation: Any, text: str) -> None:
    assert annotation_text(annotation) == text


def bare_mut(vault: Mut) -> None: ...  # type: ignore[type-arg]  # pyright: ignore[reportMissingTypeArgument,reportUnknownParameterType]


def several(*vaults: Mut[Vault]) -> None: ...


def union(amount: u64 | None) -> None: ...


async def later(vault: Mut[Vault]) -> None: ...


MISTAKES: dict[str, tuple[Callable[[], object], str]] = {
    "no tag": (lambda: instruction(bare_mut), r"bare_mut: this instruction has no tag: write @vau"),
    "no brackets": (lambda: instruction(tag=9)(bare_mut), r"'vault' does not say what it is"),
    "stars": (lambda: instruction(tag=9)(several), r"'vaults' must be a plain .* rest: list\[…\]"),
    "a union": (lambda: instruction(tag=9)(union), r"u64 \| None does not say how .* Option\[…\]"),
    "async": (lambda: instruction(tag=9)(later), r"without async or yield$"),
    "no list": (lambda: Program("q", layouts=cast(Any, Vault)), r"layouts=\[Vault\]"),
    "a value": (lambda: Program("q", layouts=cast(Any, [Vault()])), "'q': Vault is no Layout"),
    "no layout": (lambda: Program("q", layouts=cast(Any, [str])), "'q': str is no Layout"),
    "no errors": (lambda: Program("q", errors=cast(Any, 5)), "takes a class of Errors, not 5"),
    "no name": (lambda: Program(cast(Any, 5)), "program name 5 must be an identifier"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_definitions_that_are_wrong(mistake: str) -> None:
    define, message = MISTAKES[mistake]
    with pytest.raises(DefinitionError, match=message) as caught:
        define()
    assert "0x" not in str(caught.value)


CALLS: dict[str, tuple[Callable[[], object], str]] = {
    "by position": (
        lambda: cast(Any, put)("vault", "ann", 1),
        r"vaults.put takes its values by name: vaults.put\(vault=…, authority=…, referrer=…, am",
    ),
    "a layout value": (
        lambda: put(vault=Vault(count=1), authority="ann", amount=1),
        r"vaults.put: vault: this Vault is a value by itself, of no account: it has no key",
    ),
    "a layout value in a list": (
        lambda: token.initialize_multisig2(multisig="m", signers=[Vault()], m=1),
        "signers: this Vault is a value by itself",
    ),
}


@pytest.mark.parametrize("mistake", CALLS)
def test_calls_that_are_wrong(mistake: str) -> None:
    call, message = CALLS[mistake]
    with pytest.raises(UsageError, match=message):
        call()


@pytest.mark.parametrize("what", ["key", "lamports"])
def test_a_value_by_itself_is_of_no_account(what: str) -> None:
    for value in (Vault(count=1), Vault.decode(bytes(40)), *copies_of(Vault(count=1))):
        with pytest.raises(UsageError, match=f"it has no {what}. Name the account"):
            getattr(value, what)


def copies_of(value: Vault) -> Iterable[Vault]:
    import copy
    import pickle

    for twin in (copy.deepcopy(value), pickle.loads(pickle.dumps(value))):
        assert twin == value
        yield twin


@pytest.mark.parametrize("name", ["CloseAccount", "closeaccount", "CLOSEACCOUNT"])
def test_a_member_of_an_enum_may_be_given_by_its_name(name: str) -> None:
    def call(kind: object) -> Any:
        accounts = {"account": "a_usdc", "authority": "alice"}
        return token.set_authority(**accounts, authority_type=kind, new_authority=None)

    assert call(name) == call(AuthorityType.CloseAccount)


@pytest.mark.parametrize("value", ["close_account", 3, None])
def test_what_is_no_member_is_told_the_members_and_where_they_are(value: object) -> None:
    accounts = {"account": "a_usdc", "authority": "alice"}
    with pytest.raises(UsageError) as raised:
        token.set_authority(**accounts, authority_type=value, new_authority=None)
    assert str(raised.value) == (
        f"token.set_authority: authority_type: {value!r} is no AuthorityType: give one of "
        "MintTokens, FreezeAccount, AccountOwner, CloseAccount "
        "of sealane.programs.library.token.AuthorityType"
    )


@pytest.mark.parametrize("name", ["Account", "TokenAccount"])
def test_who_looks_for_a_layout_is_told_its_class(name: str) -> None:
    with pytest.raises(
        AttributeError, match=r"class sealane\.programs\.library\.token\.TokenAccount$"
    ):
        getattr(token, name)


def test_a_class_local_to_a_function_is_named_by_where_it_is() -> None:
    class Local(Layout):
        count: u64

    assert public_name(Local) == f"{__name__}.{Local.__qualname__}"


def test_help_says_where_the_builder_of_a_batch_is() -> None:
    assert "sealane.programs.library.token.batch_of" in pydoc.plain(pydoc.render_doc(token.batch))
