"""A block as columns: transactions read, interned, limited, locked."""
