"""Cross margin: banks of tokens, and accounts whose tokens and markets back each other."""
