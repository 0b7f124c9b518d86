"""Escapes untrusted text for a terminal; all output of commands passes through here.

Guarantees: every character that moves the cursor, changes a colour or the title, reverses the
reading direction, is invisible or breaks the line is shown as its escape, `\\x1b`. This includes
piped output, which may be shown on a terminal later.
"""

from __future__ import annotations

import re
from typing import Final

# C0, DEL and C1; soft hyphen; zero-width and bidi controls; line and paragraph separators;
# byte-order mark and annotation marks; tags; halves of surrogate pairs, as in bad file names.
_UNSAFE: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)


def escaped(text: str) -> str:
    """The text on one line, with everything escaped that a terminal would act on."""
    return text if text.isascii() and text.isprintable() else _UNSAFE.sub(_as_escape, text)


def escaped_json(document: str) -> str:
    """An equivalent JSON document; encoders leave C1 and bidi controls unescaped.

    A lone surrogate, which many JSON parsers refuse, becomes the text of its escape.
    """
    return document if document.isascii() else _UNSAFE_IN_JSON.sub(_as_json_escape, document)


# The encoder escapes C0 inside strings; outside, it writes newlines only.
_UNSAFE_IN_JSON: Final = re.compile(_UNSAFE.pattern.replace("\x00-\x1f\x7f", "\x7f"))


def _as_escape(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode("ascii")


def _as_json_escape(found: re.Match[str]) -> str:
    if "\ud800" <= found[0] <= "\udfff":
        return "\\" + _as_escape(found)
    units = found[0].encode("utf-16-be")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))
