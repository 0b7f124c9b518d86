"""Quotients and roots in limbs, where an estimated digit is hardest: next to an exact division."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest

from sealane.programs.kit.columns.limbs import Limbs, of_integers, to_integers
from sealane.programs.kit.columns.long_division import divide, root

ROWS = 400


def near(chance: random.Random, bits: int) -> int:
    """An integer of up to so many bits, often next to a power of two."""
    power = 1 << chance.randint(0, bits - 1)
    return chance.choice([chance.getrandbits(bits), power, power - 1, power + 1, 2**bits - 1])


def require_limbs(number: Limbs) -> None:
    assert all((limb < 2**32).all() for limb in number)


@pytest.mark.parametrize("divisor_bits", [1, 31, 32, 33, 62, 63, 64, 65, 96, 97, 128, 256])
@pytest.mark.parametrize("bits", [32, 64, 96, 128, 256, 512])
def test_quotients_and_remainders(bits: int, divisor_bits: int) -> None:
    chance = random.Random(bits * 1_000 + divisor_bits)
    divisors = [max(1, near(chance, divisor_bits)) for _ in range(ROWS)]
    beside = [chance.choice([-1, 0, 0, 1, divisor - 1]) for divisor in divisors]
    numbers = [
        max(0, near(chance, bits) if n % 2 else near(chance, bits) * divisor + more)
        for n, (divisor, more) in enumerate(zip(divisors, beside, strict=True))
    ]
    quotient, rest = divide(of_integers(numbers), of_integers(divisors))
    assert to_integers(quotient) == [a // b for a, b in zip(numbers, divisors, strict=True)]
    assert to_integers(rest) == [a % b for a, b in zip(numbers, divisors, strict=True)]
    require_limbs(quotient)
    require_limbs(rest)


@pytest.mark.parametrize("bits", [1, 16, 31, 32, 33, 63, 64, 96, 128])
def test_roots(bits: int) -> None:
    chance = random.Random(bits)
    numbers = [max(0, near(chance, bits) ** 2 + chance.choice([-1, 0, 1])) for _ in range(ROWS)]
    found = root(of_integers(numbers))
    assert to_integers(found) == [math.isqrt(number) for number in numbers]
    require_limbs(found)


def test_a_remainder_of_a_divisor_with_64_bits() -> None:
    # The remainder of a digit too small exceeds 64 bits here, for which no modulus stands in.
    numbers = [(2**64 - 1) * (2**64 - 1) + more for more in (-1, 0, 1)]
    quotient, rest = divide(of_integers(numbers), [np.array([2**32 - 1], np.uint64)] * 2)
    assert to_integers(quotient) == [number // (2**64 - 1) for number in numbers]
    assert to_integers(rest) == [number % (2**64 - 1) for number in numbers]
