"""`python -m sealane` is the command `sealane`."""

from .cli.entry import main

if __name__ == "__main__":
    raise SystemExit(main())
