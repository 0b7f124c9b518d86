"""One account inside a transaction: its record, its views, its layout."""
