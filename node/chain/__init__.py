"""What a chain is: its rules, how it begins, and which of its blocks are recent.

    genesis.py        a fixture's accounts ─┐
    chain.py          the rules ────────────┴─▶ starting.py   put in place, for the first block
    recent_blocks.py  blockhashes and messages of the last 150 blocks, in accounts of the state

Guarantees: all of it is in the state, and so the same after a restart.
"""
