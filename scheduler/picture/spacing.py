"""Where to put the members of a row so that each is as near as possible to where it should be.

The least squares answer, by pooling adjacent violators: members that would overlap move together,
to the weighted mean of what they want.
"""

from __future__ import annotations

from collections.abc import Sequence


def spaced(
    wanted: Sequence[float], weights: Sequence[float], distances: Sequence[int]
) -> list[int]:
    """Places in order, whole numbers: member i + 1 at least `distances[i]` after member i.

    `wanted`: where each should be; `weights`, above 0: how much it matters.
    """
    offsets = [0]
    for distance in distances:
        offsets.append(offsets[-1] + distance)
    # Blocks of members that touch: what they want on average, their weight, and how many they are.
    blocks: list[tuple[float, float, int]] = []
    for want, weight, offset in zip(wanted, weights, offsets, strict=False):
        mean, total, count = want - offset, weight, 1
        while blocks and blocks[-1][0] > mean:
            before, other, members = blocks.pop()
            mean = (mean * total + before * other) / (total + other)
            total, count = total + other, count + members
        blocks.append((mean, total, count))
    # Rounding keeps the order, and the distances are whole.
    starts = [round(mean) for mean, _, count in blocks for _ in range(count)]
    return [start + offset for start, offset in zip(starts, offsets, strict=False)]
