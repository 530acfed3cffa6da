"""The box that finds cases leads straight to what a number names, for who may see it, and says nothing to others."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.services.case import open_case
from cases.services.evidence import add_evidence
from ecpd.policy.models import Decision
from tests.factories import leads as make
from tests.signing_in import sign_in
from tests.story import copy_of

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def begun(kept) -> make.Agency:
    """An agency with a case."""
    return make.agency()


@pytest.fixture
def people(begun) -> make.Agency:
    return copy_of(begun)


@pytest.fixture
def application(people):
    """A lead applied for: a search, a lead and an application have numbers."""
    return make.applied_for(people)


@pytest.fixture
def named(application):
    """What each number names."""
    lead = application.lead
    return {thing.number: thing.get_absolute_url() for thing in (lead.candidate.search, lead, application)}


def found(client, words: str, where: str = "cases:list"):
    """The answer to these words."""
    return client.get(reverse(where), {"q": words})


def test_a_number_leads_straight_to_it(client, people, named):
    sign_in(client, people.okafor)
    for number, address in named.items():
        for typed in (number, f" {number.lower()} ", number.replace("-00", "-")):
            assert found(client, typed).headers.get("location") == address, typed


def test_a_list_of_one_kind_finds_the_numbers_of_the_others(client, people, named):
    sign_in(client, people.okafor)
    search, lead, application = named
    for where, other in (("leads:search-list", lead), ("leads:search-list", application), ("leads:lead-list", search)):
        assert found(client, other, where).headers.get("location") == named[other]
    assert found(client, lead, "leads:lead-list").status_code == 200


def same_as_nothing(client, number: str) -> bool:
    """Whether the answer is the one to a number that nobody gave."""
    nobodys = f"{number[:-4]}9999"
    answers = [TOKEN.sub("", found(client, words).content.decode()).replace(words, "") for words in (number, nobodys)]
    return answers[0] == answers[1]


def test_to_who_may_not_see_the_case_there_is_nothing(client, people, named):
    sign_in(client, people.aldana)
    before = Decision.objects.filter(actor=people.aldana).count()
    for number in named:
        assert found(client, number).status_code == 200
        assert same_as_nothing(client, number)
    assert Decision.objects.filter(actor=people.aldana).count() == before


def test_an_exhibit_is_found_by_its_number_alone(client, people):
    def add(case):
        return add_evidence(
            case=case, actor=people.okafor, kind="physical", title="A glove", origin_kind="business_camera",
            origin="Found on the floor", obtained_at=timezone.now() - timedelta(hours=1),
        )  # fmt: skip

    only = add(people.case)
    sign_in(client, people.okafor)
    assert found(client, only.label).headers["location"] == only.get_absolute_url()
    other = add(open_case(actor=people.okafor, title="Burglary at the pier", captain=people.marsh,
                          offense=people.case.offense))  # fmt: skip
    assert only.label == other.label, "two cases have an exhibit of this number"
    page = found(client, only.label).content.decode()
    assert [one.get_absolute_url() in page for one in (only, other)] == [True, True]
    client.logout()
    sign_in(client, people.aldana)
    assert "A glove" not in found(client, only.label).content.decode()
