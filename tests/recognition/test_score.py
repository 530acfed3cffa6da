"""The match score: monotone, between 0 and 100, stricter in a larger gallery; its fit; the card that carries it."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import genpareto

from leads.recognition import card as cards
from leads.recognition.calibration import SAME_PERSON, calibrate
from leads.recognition.card import ModelCard
from leads.recognition.matchscore import MatchScore, TailFit, fit_tail, score, standout, trim
from leads.recognition.people import Photo

SHIPPED = cards.shipped()
COSINES = st.floats(-1, 1)
PEOPLE = st.integers(1, 2_000_000)
SHAPES = st.integers(-400, 400).map(lambda thousandths: thousandths / 1000)
FITS = st.builds(
    TailFit, u=st.floats(0.05, 0.6), p_above=st.floats(0.001, 0.05), shape=SHAPES, scale=st.floats(0.01, 0.1)
)
ROUNDING = 1e-9


@given(FITS, COSINES, PEOPLE)
def test_a_score_is_between_0_and_100(fit, cosine, people):
    assert 0 <= fit.score(cosine, people) <= 100
    assert 0 <= fit.tail(cosine) <= 1


@given(FITS, COSINES, COSINES, PEOPLE)
def test_a_more_similar_face_never_has_a_lower_score(fit, one, other, people):
    assert fit.score(min(one, other), people) <= fit.score(max(one, other), people) + ROUNDING


@given(FITS, COSINES, PEOPLE, PEOPLE)
def test_a_larger_gallery_never_gives_a_higher_score(fit, cosine, one, other):
    assert fit.score(cosine, max(one, other)) <= fit.score(cosine, min(one, other)) + ROUNDING


def test_a_larger_gallery_gives_a_lower_score_where_it_matters():
    shown = [SHIPPED[0].score(0.5, people).strict for people in (200, 2_000, 20_000, 200_000)]
    assert shown == sorted(shown, reverse=True) and shown[0] - shown[-1] > 20


@given(st.lists(FITS, min_size=1, max_size=5), COSINES, PEOPLE, PEOPLE)
def test_the_strict_end_is_the_lowest_fit_and_never_above_the_high_end(fits, cosine, people, supported):
    found = score(cosine, people, fits, supported=supported)
    every = [fit.score(cosine, people) for fit in fits]
    assert (found.strict, found.high) == (min(every), max(every))
    assert found.extrapolated == (people > supported)


@given(FITS, st.floats(50, 99.99), PEOPLE)
def test_the_cosine_at_a_score_has_that_score(fit, wanted, people):
    cosine = fit.cosine_at(wanted, people)
    assert cosine >= fit.u
    if cosine > fit.u:
        assert fit.score(cosine, people) == pytest.approx(wanted, abs=1e-4)
    else:
        assert fit.score(fit.u, people) >= wanted - ROUNDING


@given(st.floats(0, 100))
def test_a_score_is_shown_rounded_down(strict):
    shown = MatchScore(strict, 100.0, False).shown
    assert shown <= strict + ROUNDING and strict - shown < 0.1 + ROUNDING
    assert shown == round(shown, 1)


def test_94_99_is_not_shown_as_95():
    assert MatchScore(94.9999, 99.0, False).shown == 94.9


@pytest.mark.parametrize(("shape", "scale"), [(-0.2, 0.05), (0.0001, 0.04), (0.2, 0.06)])
def test_a_fit_on_synthetic_scores_recovers_its_parameters(shape, scale):
    rng, u = np.random.default_rng(7), 0.25
    tail = u + genpareto.rvs(shape, scale=scale, size=6_000, random_state=rng)
    fit = fit_tail(np.concatenate([rng.uniform(-0.3, u, 594_000), tail]))
    assert fit.u == pytest.approx(u, abs=0.005)
    assert fit.p_above == pytest.approx(0.01, rel=0.02)
    assert fit.shape == pytest.approx(shape, abs=0.06)
    assert fit.scale == pytest.approx(scale, rel=0.1)
    for cosine in (0.3, 0.35, 0.4):
        exact = 0.01 * genpareto.sf(cosine - u, shape, scale=scale)
        assert fit.tail(cosine) == pytest.approx(exact, rel=0.25)


def test_the_score_is_the_share_of_searches_that_find_nobody_so_similar():
    """By trial: 4,000 searches of a gallery of 300 strangers; the rate of false alarms is what the score says."""
    rng = np.random.default_rng(11)

    def strangers(size):
        return np.clip(rng.normal(0.0, 0.09, size), -1, 1)

    fit, people = fit_tail(strangers(400_000)), 300
    best = strangers((4_000, people)).max(axis=1)
    for wanted in (90.0, 95.0, 99.0):
        observed = float((best >= fit.cosine_at(wanted, people)).mean())
        assert observed == pytest.approx(1 - wanted / 100, abs=0.015)


def test_too_few_pairs_are_no_fit():
    with pytest.raises(ValueError, match="too few"):
        fit_tail(np.random.default_rng(1).normal(0, 0.1, 5_000))


def test_pairs_too_similar_to_be_two_people_are_left_out_and_counted():
    kept, left_out = trim(np.array([0.1, 0.61, 0.62, 0.9]), above=SAME_PERSON)
    assert (list(kept), left_out) == ([0.1, 0.61], 2)


def test_a_best_candidate_stands_out_of_its_list():
    lower = list(np.linspace(0.30, 0.21, 10))
    assert standout([0.9, *lower]) > standout([0.35, *lower]) > 0
    assert standout([0.9, *lower[:9]]) is None
    assert standout([0.9] + [0.3] * 12) is None


@pytest.fixture(scope="module")
def photos() -> list[Photo]:
    """Two photos each of 160 people as a recogniser would see them: noise around one direction a person."""
    from pathlib import Path

    rng, found = np.random.default_rng(3), []
    for number in range(160):
        person = rng.normal(size=64)
        for shot in (1, 2):
            seen = person + rng.normal(size=64) * 0.5
            found.append(Photo(f"p{number:03}", Path(f"p{number:03}/{shot}.png"), seen / np.linalg.norm(seen)))
    return found


def test_calibrating_a_folder_makes_a_card_of_aggregates(photos):
    card = calibrate(photos, model_id="m-1", data="noise")
    assert (card.people, card.images, card.supported_people, len(card.fits)) == (160, 320, 160, 3)
    assert len(card.genuine) == 101 and card.genuine == sorted(card.genuine)
    low, high = card.fits[1].cosine_at(95, 160), card.fits[2].cosine_at(95, 160)
    assert low <= high
    found = card.score(card.genuine[50], 160)
    assert found.strict > 95 and not found.extrapolated
    assert card.score(0.3, 161).extrapolated


def test_a_labelled_group_has_its_own_fit_or_is_named_as_too_small(photos):
    groups = {f"p{number:03}": "a" if number < 100 else "b" for number in range(130)}
    card = calibrate(photos, model_id="m-1", data="noise", groups=groups)
    assert len(card.fits) == 3 + 1
    assert card.limits == ["Group b: too few people for a fit of its own."]


def test_photos_without_a_face_do_not_count(photos):
    unread = [Photo("nobody", photos[0].path, None, "No face was found")]
    assert calibrate(photos + unread, model_id="m-1", data="noise").images == len(photos)


FIELDS = {
    "model_id": st.text(), "maker": st.text(), "detector": st.text(), "data": st.text(), "fitted_on": st.text(),
    "people": st.integers(0, 10**7), "images": st.integers(0, 10**7), "trimmed": st.integers(0, 10**6),
    "supported_people": st.integers(1, 10**7), "fits": st.lists(FITS, min_size=1, max_size=4),
    "genuine": st.lists(COSINES, max_size=5), "limits": st.lists(st.text(), max_size=3),
    "measured": st.dictionaries(st.text(), st.floats(0, 1), max_size=3),
}  # fmt: skip
CARDS = st.builds(ModelCard, **FIELDS)


@given(CARDS)
@settings(max_examples=60)
def test_a_card_survives_being_written_and_read(card):
    again = ModelCard.from_json(json.loads(json.dumps(card.as_json())))
    assert again == card
    assert again.sha256 == card.sha256


@given(CARDS, st.sampled_from(sorted(FIELDS)), st.data())
@settings(max_examples=150)
def test_a_changed_card_has_another_hash(card, name, data):
    changed = replace(card, **{name: data.draw(FIELDS[name].filter(lambda value: value != getattr(card, name)))})
    assert changed.sha256 != card.sha256


def test_the_last_digit_of_a_fit_changes_the_hash():
    card = SHIPPED[0]
    first = replace(card.fits[0], scale=float(np.nextafter(card.fits[0].scale, 1)))
    assert replace(card, fits=[first, *card.fits[1:]]).sha256 != card.sha256


@pytest.mark.parametrize("card", SHIPPED, ids=lambda card: card.model_id)
def test_a_shipped_card_says_what_the_packet_discloses(card):
    assert card.maker and card.detector and card.data and card.limits and card.fitted_on
    assert {"rank", "tar_at_far"} <= set(card.measured)
    assert len(card.genuine) == 101 and card.supported_people == card.people


def test_the_default_package_has_a_card(engine):
    assert engine.model_id in {card.model_id for card in SHIPPED}


@pytest.mark.parametrize("card", SHIPPED, ids=lambda card: card.model_id)
@given(people=st.integers(2, 500_000), bar=st.sampled_from([50.0, 90.0, 95.0, 99.0, 100.0]))
@settings(max_examples=60, deadline=None)
def test_what_a_card_expects_fits_its_bar(card, people, bar):
    expected = card.expectation(people, bar=bar)
    assert 0 <= expected.false_alarms <= round((100 - bar) * 10)
    assert 0 <= expected.missed <= 1000
    assert sum(count for _, count in expected.histogram) == 1000


@pytest.mark.parametrize("card", SHIPPED, ids=lambda card: card.model_id)
@given(one=st.integers(2, 500_000), other=st.integers(2, 500_000))
@settings(max_examples=40, deadline=None)
def test_a_larger_gallery_never_misses_fewer(card, one, other):
    assert card.expectation(min(one, other)).missed <= card.expectation(max(one, other)).missed
