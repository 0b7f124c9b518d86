"""How a pool, its ticks and its positions change: functions of state, apart from accounts.

They take layouts that are views of accounts, or plain values of the same layouts, and integers of
any size.
"""
