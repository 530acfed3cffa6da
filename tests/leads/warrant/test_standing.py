"""Where a lead stands, in the words of its pages: one that has all it needs says that it can be marked."""

import pytest

from leads.services import exculpatory
from tests.factories import leads as make
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db


def test_a_lead_with_its_evidence_can_be_marked_until_something_points_away(client):
    people = make.agency()
    made = make.made_lead(people)
    sign_in(client, people.okafor)
    pages = ("/leads/", made.get_absolute_url(), f"{made.case.get_absolute_url()}leads/")
    assert all("Needs evidence" in client.get(page).content.decode() for page in pages)
    make.verified(people, make.linked(people, made))
    for page in pages:
        assert "Can be marked" in client.get(page).content.decode(), page
    assert f"ark lead {made.number}" in client.get(made.case.get_absolute_url()).content.decode()
    exculpatory.enter(lead=made, actor=people.raman, kind="alibi", what="Seen in Oakland that night.")
    assert "Needs an answer" in client.get("/leads/").content.decode()
