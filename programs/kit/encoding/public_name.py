"""Where to import a class from, for messages: not the private module that happens to define it."""

from __future__ import annotations

import sys


def public_name(kind: type) -> str:
    """The class's name in the outermost package that has it, such as `sealane.programs.Signer`."""
    parts = kind.__module__.split(".")
    packages = (".".join(parts[:end]) for end in range(1, len(parts) + 1))
    for package in packages:
        module = sys.modules.get(package)
        if module is not None and vars(module).get(kind.__name__) is kind:
            return f"{package}.{kind.__name__}"
    return f"{kind.__module__}.{kind.__qualname__}"  # local to a function, or not imported here
