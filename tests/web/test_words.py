"""Numbers and times read as a detective says them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from ecpd.web import words
from ecpd.web.templatetags.ecpd import plain, ratio, reaches, shorthash


def test_a_time_of_another_day_says_its_day():
    now = timezone.now()
    assert words.lately(now) == words.clock(now)
    earlier = now - timedelta(days=400)
    assert words.lately(earlier) == words.moment(earlier)


def test_times_are_shown_in_pacific_time():
    assert words.moment(datetime(2025, 11, 12, 18, 31, tzinfo=UTC)) == "Nov 12, 2025, 10:31 am"


def test_midnight_and_noon_read_as_twelve():
    assert words.clock(datetime(2025, 11, 12, 8, 0, tzinfo=UTC)) == "12:00 am"
    assert words.clock(datetime(2025, 11, 12, 20, 0, tzinfo=UTC)) == "12:00 pm"


def test_a_date_has_no_time():
    assert words.moment(date(2026, 3, 4)) == "Mar 4, 2026"


@pytest.mark.parametrize(("value", "shown"), [(94.99, "94.9"), (95, "95.0"), (0.04, "0.0"), (100, "100.0")])
def test_a_score_is_rounded_down(value, shown):
    assert words.score(value) == shown


def test_a_score_just_under_the_mark_never_reads_as_the_mark():
    assert not reaches(94.999, 95)
    assert words.score(94.999) == "94.9"


@pytest.mark.parametrize(("count", "shown"), [(900, "900 bytes"), (2048, "2.0 KB"), (5_242_880, "5.0 MB")])
def test_file_sizes_have_a_unit(count, shown):
    assert words.size(count) == shown


@pytest.mark.parametrize(("count", "shown"), [(0, "No"), (4, "Four"), (9, "Nine"), (12, "12"), (1200, "1,200")])
def test_small_numbers_are_words(count, shown):
    assert words.how_many(count) == shown


def test_a_hash_is_shortened_to_both_ends():
    assert shorthash("5e1c" + "0" * 56 + "a07b") == "5e1c…a07b"
    assert shorthash("abc") == "abc"
    assert shorthash(None) == ""


def test_svg_numbers_stay_within_the_drawing():
    assert plain(97.1) == "97.1"
    assert plain(140) == "100"
    assert plain(None) == "0"
    assert ratio(1920, 960) == "2"
