"""What holds a block back: hot accounts, groups that act as one, and what changing them would win.

Guarantees: a win is computed, by the same code that plans a block: it is what a plan of the changed
block says. Does not: judge whether a program could be changed so.
"""

from .bottlenecks import Bottleneck, blocking_accounts, worst_bottlenecks
from .groups import AccountGroup, account_groups
from .hot_accounts import HotAccount, hot_accounts
from .hot_groups import HotGroup, hot_groups, rank_groups
from .knots import Knot, knots
from .owners import groups_by_owner, sole_payers
from .wins import SPLIT_PARTS, Win, lane_speed_ups

__all__ = [
    "SPLIT_PARTS",
    "AccountGroup",
    "Bottleneck",
    "HotAccount",
    "HotGroup",
    "Knot",
    "Win",
    "account_groups",
    "blocking_accounts",
    "groups_by_owner",
    "hot_accounts",
    "hot_groups",
    "knots",
    "lane_speed_ups",
    "rank_groups",
    "sole_payers",
    "worst_bottlenecks",
]
