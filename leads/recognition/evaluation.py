"""How well a model tells people apart: identification and verification on a folder of people."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from leads.recognition.calibration import SAME_PERSON
from leads.recognition.errors import RecognitionError
from leads.recognition.matchscore import fit_tail, trim
from leads.recognition.people import Photo

FEWEST_PAIRS = 11_000  # of which the highest hundredth, a hundred values and some, makes a tail


@dataclass(frozen=True)
class Evaluation:
    """Rates from 0 to 1. `misses`: (probe, the best candidate's photo, its cosine, the right one's rank)."""

    people: int
    unreadable: list[str]
    rank: dict[int, float]
    tar_at_far: dict[float, tuple[float, float]]
    fnir_at_fpir: dict[float, float]
    false_alarms: list[tuple[int, float, float]]
    misses: list[tuple[str, str, float, int]]


def evaluate(photos: Sequence[Photo]) -> Evaluation:
    """First photo of each person as gallery, second as probe.

    Raises RecognitionError when fewer than two people have two photos that can be read.
    """
    by_person: dict[str, list[Photo]] = {}
    for photo in photos:
        by_person.setdefault(photo.person, []).append(photo)
    unreadable = [f"{photo.path.name}: {photo.problem}" for photo in photos if photo.template is None]
    pairs = [pair[:2] for pair in by_person.values() if len([p for p in pair if p.template is not None]) >= 2]
    if len(pairs) < 2:
        raise RecognitionError("too_few_people", "Two people with two readable photos each are the least to compare.")
    gallery = np.array([first.template for first, _ in pairs])
    probes = np.array([second.template for _, second in pairs])
    similar = probes @ gallery.T
    right = np.diag(similar)
    ranks = (similar > right[:, None]).sum(axis=1) + 1
    impostors = similar[~np.eye(len(similar), dtype=bool)]
    misses = [
        (pairs[i][1].path.name, pairs[int(similar[i].argmax())][0].path.name, float(similar[i].max()), int(ranks[i]))
        for i in np.flatnonzero(ranks > 1)
    ]
    return Evaluation(
        people=len(pairs),
        unreadable=unreadable,
        rank={k: float((ranks <= k).mean()) for k in (1, 5, 50)},
        tar_at_far={far: _tar(right, impostors, far) for far in (1e-3, 1e-4, 1e-5)},
        fnir_at_fpir={fpir: _fnir(similar, right, fpir) for fpir in (0.01, 0.05)},
        false_alarms=_false_alarms(similar, np.array([p.template for pair in pairs for p in pair])),
        misses=misses,
    )


def _tar(right: np.ndarray, impostors: np.ndarray, far: float) -> tuple[float, float]:
    """(true accept rate, threshold); with fewer than 1/far impostors the threshold is their maximum."""
    threshold = float(np.quantile(impostors, 1 - far)) if len(impostors) >= 1 / far else float(impostors.max())
    return float((right > threshold).mean()), threshold


def _fnir(similar: np.ndarray, right: np.ndarray, fpir: float) -> float:
    """Misses among people in the gallery at the threshold that `fpir` of searches for others would pass."""
    others = similar.copy()
    np.fill_diagonal(others, -1)
    threshold = np.quantile(others.max(axis=1), 1 - fpir)
    best_is_right = similar.argmax(axis=1) == np.arange(len(similar))
    return float(1 - (best_is_right & (right > threshold)).mean())


def _false_alarms(similar: np.ndarray, templates: np.ndarray) -> list[tuple[int, float, float]]:
    """(gallery size, predicted, observed) share of searches for people not in it whose best has 95 or more.

    The tail is fitted on the other half of the people, so that it has not seen those who are searched. Nothing when
    there are too few people for a fit.
    """
    half = len(similar) // 2
    known = templates[: 2 * half]
    pairs = known @ known.T
    owners = np.arange(2 * half) // 2
    impostors, _ = trim(pairs[np.triu(owners[:, None] != owners[None, :], 1)], above=SAME_PERSON)
    if len(impostors) < FEWEST_PAIRS:
        return []
    fit = fit_tail(impostors)
    unseen = similar[half:, half:].copy()
    np.fill_diagonal(unseen, -1)
    size = len(unseen) - 1
    best = unseen.max(axis=1)
    observed = float((best >= fit.cosine_at(95.0, size)).mean())
    return [(size, 0.05, observed)]
