"""Papers say what the law asks for, and the same content gives the same bytes."""

import hashlib

import pytest
from django.utils import timezone

from parking import store
from parking.models import CitationNotice
from parking.paper.citation import citation_content
from parking.paper.typeset import typeset
from parking.services import contest as contests
from parking.services.notice import numbers_now, typeset_again
from tests.parking.citation.conftest import FILED


def words_of(content: dict) -> str:
    lines = [line["text"] for section in content["sections"] for line in section["lines"]]
    return " ".join([content.get("due", ""), *(f"{label} {value}" for label, value in content["rows"]), *lines])


@pytest.mark.parametrize(
    "words",
    [
        "Payment is due within 21 days", "Municipal Code 11.40.040", "Time, approximate", "Demo Street 400 block",
        "7ABC123, California", "04/2027", "0417", "Blue", "Honda", "free initial review within 21 days",
        "within 14 days of the mailing of a delinquent notice", "hearing within 21 days of the mailing of the result",
        "Within 30 days after the mailing", "payment plan or for a reduction at any time", "$25 a month", "24 months",
    ],
)  # fmt: skip
def test_the_citation_carries_the_words_of_pk_07(citation, words):
    assert words in words_of(citation_content(citation, numbers_now()))


def test_that_payment_may_be_mailed_stands_in_bold(citation):
    lines = [line for part in citation_content(citation, numbers_now())["sections"] for line in part["lines"]]
    assert [line["bold"] for line in lines if line["text"].startswith("You may mail your payment")] == [True]


def test_what_could_not_be_seen_says_so(issue):
    citation = issue(registration_expiry="", expiry_not_visible=True, vin_last4="", vin_not_readable=True)
    words = words_of(citation_content(citation, numbers_now()))
    assert "not visible" in words
    assert "not readable" in words


def test_every_paper_is_made_again_byte_for_byte_as_it_was_stored(citation, people):
    contest = contests.file_contest(citation=citation, actor=people.officer, stage="review", details=FILED)
    contests.decide(
        contest=contest, actor=people.manager, outcome="upheld", reason="The sign can be read in the photo."
    )
    notices = list(CitationNotice.objects.all())
    assert {notice.kind for notice in notices} == {"roll", "letter", "review"}
    for notice in notices:
        again = typeset_again(notice)
        assert hashlib.sha256(again).hexdigest() == notice.sha256
        assert store.read(notice.sha256) == again


def test_a_character_no_font_has_is_spelled_out_and_nothing_is_left_out(citation):
    content = citation_content(citation, numbers_now()) | {"agency": "City \u4e2d"}
    assert typeset("citation_letter", content, at=timezone.now()).startswith(b"%PDF")


def test_the_result_goes_out_with_its_reason_and_the_next_stage(citation, people):
    contest = contests.file_contest(citation=citation, actor=people.officer, stage="review", details=FILED)
    result = contests.decide(
        contest=contest, actor=people.manager, outcome="upheld", reason="The sign can be read well."
    )
    words = words_of(result.notice.content)
    assert "The sign can be read well." in words
    assert "hearing within 21 days" in words
    assert "no prepayment" in words
