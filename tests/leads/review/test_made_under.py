"""A lead says under which version of the manual it was made: page, print, packet, API (AU-03)."""

import pytest
from django.utils import timezone

from ecpd.policy import services
from leads.packet.content import how_it_was_used
from leads.selectors.lead import made_under
from tests.factories import leads as make
from tests.signing_in import sign_in
from tests.story import copy_of

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def begun(kept) -> make.Agency:
    """The agency and its case."""
    return make.agency()


@pytest.fixture
def people(begun) -> make.Agency:
    return copy_of(begun)


@pytest.fixture
def made(people):
    """A lead."""
    return make.made_lead(people)


@pytest.fixture
def changed(people, made) -> None:
    """The manual changed after the lead was made."""
    amendment = services.propose_amendment(
        actor=people.marsh, changes={"match_score_min": 96}, effective_on=timezone.localdate(),
        reason="Fewer false alarms, now that the gallery has grown.",
    )  # fmt: skip
    services.approve_amendment(amendment=amendment, actor=people.chief, reason="Agreed.")


@pytest.mark.parametrize("way", ["", "print/"])
def test_page_and_print_name_the_version_then_and_now(people, made, changed, client, way):
    sign_in(client, people.okafor)
    page = client.get(f"{made.get_absolute_url()}{way}").content.decode()
    assert "under version 1.0 of the manual. Version 1.1 is in force now." in page
    assert "/policy/compare/?from=1.0&amp;to=1.1" in page


def test_while_it_is_still_in_force_nothing_more_is_said(people, made, client):
    sign_in(client, people.okafor)
    page = client.get(made.get_absolute_url()).content.decode()
    assert "under version 1.0 of the manual." in page and "is in force now" not in page


def test_the_packet_names_it(made, changed):
    assert how_it_was_used(made).paragraphs[-1].endswith(", under version 1.0 of the manual.")


def test_the_api_names_it(people, made, client):
    sign_in(client, people.okafor)
    assert client.get(f"/api/leads/{made.number}/").json()["manual"] == "1.0"


def test_a_lead_without_its_decision_says_that_none_was_kept(people, made, owner_cursor, client):
    owner_cursor.execute("UPDATE policy_decision SET action = 'case.view' WHERE action = 'lead.promote'")
    assert made_under(made) == "before versions of the manual were kept"
    sign_in(client, people.okafor)
    assert client.get(f"/api/leads/{made.number}/").json()["manual"] is None
