"""The rules of the chain for transactions, outside of programs. One module each, for all executors.

    locks     how many accounts a transaction may lock
    fee       the payer is debited first, and a failed transaction keeps its fee
    balance   an instruction neither creates nor destroys lamports
    borrow    no view of an account's data outlives its instruction
    rent      no account is left below its rent-exempt minimum
    vanish    an account without lamports is removed

Each module has the rule in the forms that the three executors need: for one transaction, which
defines the rule; for columns, which finds rows that certainly satisfy it; and as the source of a
condition in the row loop, where a call for each row would be as expensive as the rest of the row.
Rows for which the last two are not certain are executed alone. docs/rules.md describes the rules.
"""
