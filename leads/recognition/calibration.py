"""Fitting a model card on a folder of people."""

from collections.abc import Sequence

import numpy as np

from leads.recognition.card import ModelCard, today
from leads.recognition.matchscore import TailFit, fit_tail, trim
from leads.recognition.people import Photo

SAME_PERSON = 0.62  # two names above this cosine are taken for one person under two names
BOOTSTRAPS = 20
FIRST_SEED = 20261
LEAST_PAIRS = 10_000  # with fewer, the tail above the 99 % quantile has under 100 values: 71 people of two photos each


def calibrate(photos: Sequence[Photo], *, model_id: str, data: str, groups: dict[str, str] | None = None) -> ModelCard:
    """Fit the impostor tail on all people, on bootstrap samples of people, and on each labelled group.

    `groups`: person's folder name to a group label. A group too small for a tail of its own stands among the card's
    limits instead. Raises ValueError when there are too few people.
    """
    photos = [photo for photo in photos if photo.template is not None]
    names = np.array([photo.person for photo in photos])
    templates = np.array([photo.template for photo in photos])
    similar = templates @ templates.T
    upper = np.triu(np.ones_like(similar, dtype=bool), 1)
    same = names[:, None] == names[None, :]
    impostors, trimmed = trim(similar[upper & ~same], above=SAME_PERSON)
    genuine = similar[upper & same]
    of_groups, too_small = _group_fits(similar, names, groups or {})
    people = len(set(names))
    return ModelCard(
        model_id=model_id,
        maker="",
        detector="",
        data=data,
        people=people,
        images=len(photos),
        fitted_on=today(),
        trimmed=trimmed,
        supported_people=people,
        fits=[fit_tail(impostors), *_bootstrap_fits(similar, names), *of_groups],
        genuine=[float(value) for value in np.quantile(genuine, np.linspace(0, 1, 101))] if len(genuine) else [],
        limits=[f"Group {label}: too few people for a fit of its own." for label in too_small],
    )


def _bootstrap_fits(similar: np.ndarray, names: np.ndarray) -> list[TailFit]:
    """The 5 % and 95 % fits, by the cosine they put at 95, of samples of people drawn with replacement."""
    rng = np.random.default_rng(FIRST_SEED)
    people = np.unique(names)
    rows_of = {person: np.flatnonzero(names == person) for person in people}
    fits = []
    for _ in range(BOOTSTRAPS):
        drawn = rng.choice(people, len(people))
        rows = np.concatenate([rows_of[person] for person in drawn])
        block = similar[np.ix_(rows, rows)]
        values = block[np.triu(names[rows][:, None] != names[rows][None, :], 1)]
        fits.append(fit_tail(trim(values, above=SAME_PERSON)[0]))
    fits.sort(key=lambda fit: fit.cosine_at(95, len(people)))
    return [fits[1], fits[-2]]


def _group_fits(similar: np.ndarray, names: np.ndarray, groups: dict[str, str]) -> tuple[list[TailFit], list[str]]:
    """A fit for each label, and the labels with too few people for one."""
    labels = np.array([groups.get(name, "") for name in names])
    fits, too_small = [], []
    for label in sorted(set(labels) - {""}):
        rows = np.flatnonzero(labels == label)
        block = similar[np.ix_(rows, rows)]
        different = np.triu(names[rows][:, None] != names[rows][None, :], 1)
        values = trim(block[different], above=SAME_PERSON)[0]
        if len(values) >= LEAST_PAIRS:
            fits.append(fit_tail(values))
        else:
            too_small.append(str(label))
    return fits, too_small
