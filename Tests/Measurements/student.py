# SPDX-License-Identifier: Apache-2.0
"""The mean of some numbers and half of its 95 % interval, by Student's t."""

import math

# 97.5 % points for 1.. degrees of freedom.
T = [12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23, 2.20, 2.18, 2.16, 2.14]


def interval(numbers):
    """Mean and half width; the width is None for a single number."""
    n = len(numbers)
    mean = sum(numbers) / n
    if n < 2:
        return mean, None
    deviation = math.sqrt(sum((x - mean) ** 2 for x in numbers) / (n - 1))
    return mean, T[min(n - 2, len(T) - 1)] * deviation / math.sqrt(n)
