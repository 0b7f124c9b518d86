"""A fixture's block as a node would answer it after executing it, and what was really written."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import base58

import sealane
from sealane import Account, Pubkey
from sealane.programs.library.token.state import TokenAccount
from sealane.runtime.svm.execution_inputs import ExecutionInputs
from sealane.runtime.svm.recorder import Call, Recorder, Recording
from sealane.runtime.svm.serial import execute_serially

Json = dict[str, Any]
TOKEN = Pubkey.of("token")


class Recorded:
    """`document`: the answer of getBlock. `recordings`: what each transaction touched, by id."""

    def __init__(self, loaded: sealane.LoadedBlock) -> None:
        block = loaded.block
        with loaded.runtime(workers=0) as runtime:
            states = list(runtime.states_of(block))
            inputs = ExecutionInputs(block, runtime.programs, runtime.sysvars, states)
            recorder = Recorder()
            execution = execute_serially(inputs, recorder=recorder)
        self.after = dict(zip(block.keys, states, strict=True))
        self.after |= {block.keys[id_]: state for id_, state in execution.changed.items()}
        self.failed = {
            position: detail.failure
            for position, detail in execution.details.items()
            if detail.failure is not None
        }
        self.recordings = recorder.recordings
        self._block = block
        entries = [self._entry(position) for position in range(len(block))]
        self.document: Json = {
            "blockhash": str(Pubkey.of("block")),
            "previousBlockhash": str(Pubkey.of("parent")),
            "parentSlot": 1,
            "transactions": entries,
        }

    @property
    def content(self) -> bytes:
        return json.dumps(self.document).encode()

    def _entry(self, position: int) -> Json:
        recording = self.recordings[position]
        payer = self._block.keys[int(self._block.payers[position])]
        keys = list(dict.fromkeys([payer, *recording.accounts, *_programs(recording.calls)]))
        before = {key: touch.before for key, touch in recording.accounts.items()}
        after = {key: self._state_after(position, key) for key in before}
        failure = self.failed.get(position)
        return {
            "transaction": {
                "signatures": [base58.b58encode(bytes((position + 1,)) * 64).decode()],
                "message": {
                    "accountKeys": [_flagged(key, recording, key == payer) for key in keys],
                    "instructions": [_instruction(call) for call in recording.calls],
                },
            },
            "version": "legacy",
            "meta": {
                "err": failure and {"InstructionError": [failure.instruction, failure.name]},
                "fee": int(self._block.fees[position]),
                "preBalances": [before[key].lamports if key in before else 1 for key in keys],
                "postBalances": [after[key].lamports if key in after else 1 for key in keys],
                "preTokenBalances": _tokens(keys, before),
                "postTokenBalances": _tokens(keys, after),
                "innerInstructions": [
                    {"index": index, "instructions": [_instruction(each) for each in below]}
                    for index, call in enumerate(recording.calls)
                    if (below := list(_below(call)))
                ],
            },
        }

    def _state_after(self, position: int, key: Pubkey) -> Account:
        for later in range(position + 1, len(self._block)):
            touch = self.recordings[later].accounts.get(key)
            if touch is not None:
                return touch.before
        return self.after[key]


def _programs(calls: Iterable[Call]) -> Iterable[Pubkey]:
    for call in calls:
        yield call.program.id
        yield from _programs(call.calls)


def _below(call: Call) -> Iterable[Call]:
    for nested in call.calls:
        yield nested
        yield from _below(nested)


def _flagged(key: Pubkey, recording: Recording, pays: bool) -> Json:
    touch = recording.accounts.get(key)
    signs = pays or any(
        meta.signer for call in recording.calls for meta in call.accounts if meta.key == key
    )
    writable = touch is not None and touch.writable
    return {"pubkey": str(key), "signer": signs, "writable": writable}


def _instruction(call: Call) -> Json:
    return {
        "programId": str(call.program.id),
        "accounts": [str(meta.key) for meta in call.accounts],
        "data": base58.b58encode(call.data).decode(),
    }


def _tokens(keys: list[Pubkey], states: Mapping[Pubkey, Account]) -> list[Json]:
    found: list[Json] = []
    for index, key in enumerate(keys):
        state = states.get(key)
        if (
            state is not None
            and state.owner == TOKEN
            and len(state.data) == TokenAccount.layout_size
        ):
            held = TokenAccount.decode(state.data)
            found.append(
                {
                    "accountIndex": index,
                    "mint": str(held.mint),
                    "programId": str(TOKEN),
                    "uiTokenAmount": {"amount": str(held.amount)},
                }
            )
    return found
