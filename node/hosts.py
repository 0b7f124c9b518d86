"""What may name a host and a port, as users write them.

Guarantees: what passes can be looked up; the system may still know no such host.
"""

from __future__ import annotations

from typing import Final

PORT_MAX: Final = 65_535
_PORT_LEN_MAX: Final = len(str(PORT_MAX))


def is_port(text: str) -> bool:
    """Whether these are the decimal digits of a port, 0 included."""
    digits = text.isascii() and text.isdigit() and len(text) <= _PORT_LEN_MAX
    return digits and int(text) <= PORT_MAX


def is_host(text: str) -> bool:
    """Whether a look-up takes it: Python writes a name by IDNA, where each label has a bound."""
    try:
        text.encode("idna")
    except UnicodeError:
        return False
    return True
