"""How the two references of the order book name things, and what their rows leave out."""
