"""When two photos are copies of each other: by the bits in which their perceptual hashes differ (FR-06)."""

NEAR_COPY_BITS = 4  # of 64; the trigger on photos counts with the same number


def is_near(one: int | None, other: int | None) -> bool:
    """Whether two perceptual hashes are those of near copies; never without both."""
    if one is None or other is None:
        return False
    return ((one ^ other) & (2**64 - 1)).bit_count() <= NEAR_COPY_BITS
