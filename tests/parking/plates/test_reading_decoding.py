"""From columns of probabilities to texts: held against counting every alignment by hand."""

from itertools import product

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from parking.plates.alphabet import ALPHABET, CODES
from parking.plates.decoding import likelihoods, likely_texts, weigh

TEXTS = st.text(ALPHABET, min_size=2, max_size=8)


def grid_saying(text, *, sure=0.9):
    """Two columns a character and one for none between them, each `sure` of itself."""
    codes = [code for character in text for code in (CODES[character], CODES[character], 0)]
    grid = np.full((len(codes), 37), (1 - sure) / 36)
    grid[np.arange(len(codes)), codes] = sure
    return grid


def by_every_alignment(grid, codes):
    """The probability of each text over an alphabet of `codes`, summing all ways through the columns."""
    sums = {}
    for path in product([0, *codes], repeat=len(grid)):
        kept = [code for at, code in enumerate(path) if code and (at == 0 or path[at - 1] != code)]
        text = "".join(ALPHABET[code - 1] for code in kept)
        sums[text] = sums.get(text, 0.0) + float(np.prod(grid[np.arange(len(grid)), path]))
    return sums


@given(st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_a_texts_probability_is_the_sum_over_its_alignments(seed):
    grid = np.zeros((5, 37))
    grid[:, [0, 9, 12]] = np.random.default_rng(seed).dirichlet([1, 1, 1], 5)
    expected = by_every_alignment(grid, [9, 12])
    texts = sorted(text for text in expected if text)
    assert likelihoods(grid, texts) == pytest.approx([expected[text] for text in texts])


@example(1400)
@example(2167)
@given(st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_the_likeliest_text_leads_the_search(seed):
    grid = np.zeros((4, 37))
    grid[:, [0, 9, 12]] = np.random.default_rng(seed).dirichlet([1, 1, 1], 4)
    expected = by_every_alignment(grid, [9, 12])
    # what falls out of the beam may turn two texts that are as good as equally likely
    assert expected[likely_texts(grid)[0]] == pytest.approx(max(expected.values()), rel=0.01)


@given(TEXTS)
def test_clear_columns_say_their_text(text):
    best = weigh([grid_saying(text)])[0]
    assert best.text == text
    assert len(best.characters) == len(text)


@given(TEXTS, TEXTS)
@settings(deadline=None)
def test_probabilities_of_all_texts_never_exceed_one(one, other):
    weighed = weigh([grid_saying(one, sure=0.6), grid_saying(other, sure=0.8)])
    assert sum(each.probability for each in weighed) <= 1 + 1e-9
    assert [each.probability for each in weighed] == sorted((each.probability for each in weighed), reverse=True)


def test_readings_that_disagree_make_a_doubtful_text_and_name_the_doubtful_character():
    agreed = weigh([grid_saying("8ABC123")] * 2)[0]
    divided = weigh([grid_saying("8ABC123"), grid_saying("BABC123")])
    assert {each.text for each in divided[:2]} == {"8ABC123", "BABC123"}
    assert divided[0].probability < 0.6 * agreed.probability
    assert divided[0].characters[0] < 0.6 * min(divided[0].characters[1:])


def test_a_doubled_character_is_kept():
    assert weigh([grid_saying("7AAB113")])[0].text == "7AAB113"


def test_nothing_said_gives_no_text():
    silent = np.full((12, 37), 1e-6)
    silent[:, 0] = 1.0
    assert weigh([silent]) == []
