"""The owner's page without an account: number and plate open one citation; what is filed; how often one may try."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parking.citations.number import citation_number
from parking.models import Contest, ContestDocument, ContestLookup, PlanRequest
from parking.selectors.citation import citations
from parking.services import contest as contests
from parking.services import contest_public
from parking.services.citation import void_citation
from parking.services.notice import record_mailing
from parking.views import contest_public as pages

WHO = {"name": "Rosa Quill", "address": "12 Elm Street"}
REVIEW = WHO | {"grounds": "not_occurred", "words": "I had moved my car by then."}
PICTURE = b"\xff\xd8\xff" + b"x" * 30


def at(name: str) -> str:
    return reverse(f"parking:contest-{name}")


@pytest.fixture
def owner(client, citation):
    """A browser that opened the citation."""
    client.post(at("start"), {"number": citation.number, "plate": "7abc 123"})
    return client


def test_number_and_plate_open_the_citation_without_an_account(owner, citation):
    page = owner.get(at("status")).content.decode()
    for words in (citation.number, "$48.00", "Initial review:", "7ABC123", "Demo Street"):
        assert words in page


@pytest.mark.parametrize("name", ["status", "review", "hearing", "plan", "copy", "paper"])
def test_nothing_opens_before_number_and_plate(client, citation, name):
    assert client.get(at(name)).headers["Location"] == at("start")


def test_a_wrong_plate_and_an_unknown_number_get_the_same_words(client, citation):
    for number, plate in ((citation.number, "1ZZZ999"), (citation_number(2026, 999), "7ABC123")):
        answer = client.post(at("start"), {"number": number, "plate": plate})
        assert answer.status_code == 422
        assert pages.DOES_NOT_FIT in answer.content.decode()
    assert client.get(at("status")).status_code == 302


def guess(client, citation, **meta):
    """A plate that is wrong."""
    return client.post(at("start"), {"number": citation.number, "plate": "1ZZZ999"}, **meta)


def right(client, citation, **meta):
    """The owner's plate."""
    return client.post(at("start"), {"number": citation.number, "plate": "7ABC123"}, **meta)


def a_minute_passes():
    """The tries so far are a minute older."""
    ContestLookup.objects.update(at=F("at") - timedelta(seconds=61))


def test_after_too_many_tries_one_a_minute_is_looked_at(client, citation):
    assert [guess(client, citation).status_code for _ in range(11)] == [422] * 10 + [429]
    assert right(client, citation).status_code == 429
    a_minute_passes()
    assert [guess(client, citation).status_code for _ in range(2)] == [422, 429]
    a_minute_passes()
    assert right(client, citation).headers["Location"] == at("status")


def test_who_guesses_at_a_citation_never_closes_it_for_its_owner(client, citation):
    for number in range(30):
        guess(client, citation, REMOTE_ADDR=f"203.0.113.{number}")
    for _ in range(10):
        guess(client, citation, REMOTE_ADDR="203.0.113.200")
    answer = right(client, citation, REMOTE_ADDR="198.51.100.7")
    assert answer.headers["Location"] == at("status")


def test_while_a_citation_is_guessed_at_each_address_has_one_try_a_minute(client, citation):
    for number in range(10):
        guess(client, citation, REMOTE_ADDR=f"203.0.113.{number}")
    statuses = [guess(client, citation, REMOTE_ADDR="198.51.100.7").status_code for _ in range(3)]
    assert statuses == [422, 429, 429]


def test_behind_a_proxy_each_citizen_has_tries_of_his_own(citation, settings):
    settings.TRUSTED_PROXIES = ["10.0.0.5"]
    browser, proxied = Client(), {"REMOTE_ADDR": "10.0.0.5"}
    for spoofed in range(12):
        said = f"192.0.2.{spoofed}, 203.0.113.7"
        last = guess(browser, citation, **proxied, HTTP_X_FORWARDED_FOR=said)
    assert last.status_code == 429
    answer = right(Client(), citation, **proxied, HTTP_X_FORWARDED_FOR="198.51.100.7")
    assert answer.headers["Location"] == at("status")


def test_a_household_of_ipv6_is_one_address(client, citation):
    statuses = [guess(client, citation, REMOTE_ADDR=f"2001:db8::{n:x}").status_code for n in range(1, 12)]
    assert statuses == [422] * 10 + [429]


@pytest.mark.django_db(transaction=True)
def test_tries_at_the_same_moment_are_all_counted(citation):
    def one(_) -> bool:
        try:
            return contest_public.open_citation(number=citation.number, plate="1ZZZ999", address="203.0.113.7") is None
        except contest_public.TooManyTries:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(one, range(30))) == 10


def test_opening_a_citation_begins_a_session_nobody_else_knows(client, citation):
    session = client.session
    session["before"] = 1
    session.save()
    known = session.session_key
    client.cookies["sessionid"] = known
    right(client, citation)
    assert client.cookies["sessionid"].value not in ("", known)


def test_the_network_address_itself_is_not_kept(client, citation):
    client.post(at("start"), {"number": citation.number, "plate": "1ZZZ999"})
    assert "127.0.0.1" not in ContestLookup.objects.get().address


def test_it_closes_on_request(owner):
    owner.post(at("leave"))
    assert owner.get(at("status")).status_code == 302


def test_an_opened_citation_is_forgotten_after_an_hour(owner, monkeypatch):
    later = pages.time.time() + 3601
    monkeypatch.setattr(pages.time, "time", lambda: later)
    assert owner.get(at("status")).headers["Location"] == at("start")


def test_a_review_is_asked_for_with_documents_and_pauses_collection(owner, citation):
    owner.post(at("review"), REVIEW | {"documents": [SimpleUploadedFile("a.jpg", PICTURE)]})
    contest = Contest.objects.get()
    assert (contest.channel, contest.entered_by, contest.stage) == ("online", None, "review")
    assert ContestDocument.objects.get().contest == contest
    assert citations().get(pk=citation.pk).standing == "contested"
    assert "waits for a result" in owner.get(at("status")).content.decode()


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ([SimpleUploadedFile("a.jpg", b"MZ" + b"x" * 30)], "is no PDF, JPEG, PNG or HEIC"),
        ([SimpleUploadedFile(f"{n}.jpg", PICTURE) for n in range(6)], "5 files at most"),
    ],
)
def test_other_files_and_too_many_are_refused(owner, citation, files, says):
    for file in files:
        file.seek(0)
    answer = owner.post(at("review"), REVIEW | {"documents": files})
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Contest.objects.exists()


def test_a_second_review_is_refused_with_the_reason(owner, citation):
    owner.post(at("review"), REVIEW)
    answer = owner.post(at("review"), REVIEW)
    assert answer.status_code == 422
    assert "waits for its result" in answer.content.decode()


def test_a_hearing_asks_for_the_deposit_or_why_not(owner, citation, people):
    owner.post(at("review"), REVIEW)
    result = contests.decide(contest=Contest.objects.get(), actor=people.manager, outcome="upheld",
                             reason="The sign can be read in the picture.")  # fmt: skip
    record_mailing(notice=result.notice, actor=people.manager, on=timezone.localdate())
    hearing = WHO | {"manner": "phone", "words": "The sign was behind a tree."}
    assert "the penalty is deposited" in owner.post(at("hearing"), hearing).content.decode()
    unexplained = owner.post(at("hearing"), hearing | {"deposit_waived": "on"})
    assert "why you are unable to pay" in unexplained.content.decode()
    owner.post(at("hearing"), hearing | {"deposit_waived": "on", "waiver_reason": "I lost my job."})
    assert Contest.objects.get(stage="hearing").deposit_waived


def test_a_plan_and_a_copy_are_asked_for(owner, citation):
    owner.post(at("plan"), WHO | {"asked": "plan", "unable_to_pay": "on"})
    assert PlanRequest.objects.get().entered_by is None
    owner.post(at("copy"), {"asked_by": "Rosa Quill", "send_to": "12 Elm Street"})
    assert citation.copies.count() == 1
    assert owner.get(at("paper")).headers["Content-Type"] == "application/pdf"


def test_a_canceled_citation_says_that_nothing_is_owed(owner, citation, people):
    void_citation(citation=citation, actor=people.manager, reason="The sign was turned around.")
    page = owner.get(at("status")).content.decode()
    assert "You owe nothing." in page
    assert "The sign was turned around." in page


def test_the_page_shows_nothing_of_the_plate_beyond_this_citation(owner, issue, table):
    other = issue(plate="7ABC123", violation=table["hydrant"])
    assert other.plate == "7ABC123"
    assert other.number not in owner.get(at("status")).content.decode()
