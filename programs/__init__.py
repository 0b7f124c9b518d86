"""Write programs with this, and find the ones everybody knows under `programs.library`.

    from sealane.programs import Errors, Layout, Mut, Program, Pubkey, Signer, require, u64
"""

from .kit import *  # noqa: F403
from .kit import __all__ as __all__  # noqa: PLC0414
