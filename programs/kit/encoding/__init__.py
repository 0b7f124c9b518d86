"""How values lie in bytes, and the types that say so."""
