"""What the chain asks of a transaction outside of its programs, each rule once, for all executors.

    locks     how many accounts a transaction may lock
    fee       the payer is debited first, and a failed transaction keeps its fee
    balance   an instruction neither makes nor destroys lamports
    borrow    no view of an account's data outlives its instruction
    rent      no account is left below its rent-exempt minimum
    vanish    an account left without lamports is gone

Each stands here in the forms that the three executors need, side by side: for one transaction,
which is the rule; for columns, which picks the rows that are surely fine; and as the text of a
condition in the row loop, where a call for each row would cost as much as what it judges. Whatever
the last two do not wave through is executed alone. docs/rules.md tells them as a page.
"""
