"""Advice: which changes to a block would make its critical path cheaper, found by trying them.

targets   sets of accounts that hold the critical path, all of them together
trials    the block with some changes made to it: its edges built anew, and its critical path
search    single changes and pairs, tried and ranked
naming    the same in the words of the block's file
"""

from .change import Change, Kind
from .search import Advice, advise

__all__ = ["Advice", "Change", "Kind", "advise"]
