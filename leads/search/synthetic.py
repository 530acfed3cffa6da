"""Templates of nobody, for demonstration and for measuring speed: clearly marked, and never in a real gallery.

Low-rank Gaussian vectors of length 1 whose cosines to each other spread like those of different people (standard
deviation about 0.09 in some 100 effective dimensions); isotropic noise in 512 dimensions would be too easy.
"""

import numpy as np

DIMENSIONS, RANK = 512, 160
DECAY = 0.985


def templates(count: int, *, seed: int = 0) -> np.ndarray:
    """`count` templates, float32 (count, 512), length 1. The same seed gives the same ones."""
    rng = np.random.default_rng([seed, 7])
    basis = np.linalg.qr(np.random.default_rng(11).standard_normal((DIMENSIONS, RANK)))[0].T.astype(np.float32)
    weights = (DECAY ** np.arange(RANK, dtype=np.float32)) ** 0.5
    vectors = (rng.standard_normal((count, RANK), dtype=np.float32) * weights) @ basis
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def another_photo(template: np.ndarray, *, seed: int = 0, likeness: float = 0.7) -> np.ndarray:
    """Another template of the same nobody, with this cosine to the first."""
    other = templates(1, seed=seed + 1_000_003)[0]
    other = other - template * float(other @ template)
    other /= np.linalg.norm(other)
    return likeness * template + np.sqrt(1 - likeness**2) * other
