"""A block as columns: its transactions, account ids, locks, shapes, and the limits on them."""
