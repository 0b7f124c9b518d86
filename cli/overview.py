"""The output of `sealane` alone: its purpose, and what to try first. Fits 40 columns."""

from typing import Final

OVERVIEW: Final = """\
Sealane runs blocks of transactions
in parallel, and shows what limits it.

Try first: make a block, and run it
  sealane gen --shape zipf > try.jsonl
  sealane run try.jsonl

See how parallel it is, and why no more
  sealane plan try.jsonl
  sealane graph try.jsonl
  sealane explain try.jsonl t99
  sealane lint try.jsonl

On more workers, by several policies
  sealane simulate try.jsonl

With a real block, saved from a node
  sealane plan block.json
  sealane replay block.json
  sealane survey blocks/

Keep the state; prove what it holds
  sealane run try.jsonl --store state
  sealane state state --accounts-root
  sealane state state --prove a0
  sealane verify-proof --help

A chain, driven by an ordering engine
  sealane node --abci unix://node.sock
  sealane stress unix://node.sock
  sealane top --help

What transactions can call, and how
  sealane programs
  sealane programs token.transfer

All commands; one with its options
  sealane --help
  sealane run --help
"""
