"""What `sealane` alone says: what it is for, and what to try first."""

from typing import Final

OVERVIEW: Final = """\
Sealane runs blocks of transactions in parallel, and shows what holds them back.

Try first
  sealane gen --n 2000 --shape zipf > try.jsonl
                                 make a block: 2,000 transfers
  sealane run try.jsonl          run it: waves, results, state root
  sealane graph try.jsonl        see who waits for whom
  sealane plan try.jsonl         how parallel is it, what limits it
  sealane explain try.jsonl t99  why t99 runs where it does

With a Solana block, saved as getBlock answers it
  sealane plan block.json
  sealane replay block.json      run its balance changes, check each

More
  sealane --help                 all commands
  sealane run --help             one command and its options
"""
