"""Token accounts in a fixture: their fields under SPL's names, as given and as expected."""

from __future__ import annotations

from pathlib import Path

import pytest

from sealane import InputError, Runtime
from sealane.ingest.fixture.model import FixtureFile
from sealane.ingest.read_input import read_input
from sealane.testing.checked_runs.fixture_run import FixtureRun, run_fixture

FIXTURE = """
sealane: 1
accounts:
  alice: {lamports: 5_000_000_000}
  alice_usdc:
    lamports: 2_039_280
    owner: token
    data: {layout: token.Account, mint: usdc, owner: alice, amount: 1_000, state: initialized}
  bob_usdc:
    lamports: 2_039_280
    owner: token
    data: {layout: token.Account, mint: usdc, owner: bob, state: initialized}
transactions:
  - id: pay
    instructions:
      - token.transfer: {source: alice_usdc, destination: bob_usdc, authority: alice, amount: 400}
    expect: {ok: true}
  - id: too-much
    instructions:
      - token.transfer: {source: alice_usdc, destination: bob_usdc, authority: alice, amount: 601}
    expect: {error: token.InsufficientFunds}
  - id: associated
    payer: alice
    instructions:
      - token.initialize_mint2: {mint: usdc, decimals: 6, mint_authority: alice}
    expect: {error: InvalidAccountData}
expect:
  accounts:
    bob_usdc: {data: {amount: 400, OWNER: bob, delegate: null, state: initialized}}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "fixture.yaml"


def ran(file: Path, text: str) -> FixtureRun:
    file.write_text(text)
    loaded = read_input(file)
    assert isinstance(loaded, FixtureFile)
    with Runtime(workers=0) as runtime:
        return run_fixture(loaded, runtime)


def test_the_contracts_payment(file: Path) -> None:
    run = ran(file, FIXTURE.replace("OWNER", "owner"))
    assert run.check.failed == []


def test_the_owner_is_compared(file: Path) -> None:
    run = ran(file, FIXTURE.replace("OWNER: bob", "owner: alice"))
    (failed,) = run.check.failed
    assert "bob_usdc.data.owner: expected alice, found bob" in failed


def test_the_name_in_python_is_no_name_in_a_fixture(file: Path) -> None:
    run = ran(file, FIXTURE.replace("OWNER", "token_owner"))
    (failed,) = run.check.failed
    assert "Account has no field 'token_owner'; did you mean 'owner'?" in failed
    with pytest.raises(InputError, match="did you mean 'owner'"):
        ran(file, FIXTURE.replace("owner: alice, amount", "ownr: alice, amount"))
