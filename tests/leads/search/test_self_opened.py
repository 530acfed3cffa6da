"""A case that who searches in it opened himself: a captain's word, its hours, and what is veiled (FR-02)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.services import matter
from cases.services.case import assign, open_case, set_sealed
from ecpd.accounts.roles import Role
from ecpd.policy import engine as policy
from ecpd.policy.errors import PolicyDenied
from ecpd.policy.shown import token_of
from leads.dashboard import cases_to_accept, veiled_lately
from leads.models import Lead, SearchRequest, Veil
from leads.selectors.self_opened import of_acceptance, stands_of
from leads.services import lead as leads
from leads.services.lot import draw_second_examiner
from leads.services.replay import replay_search
from leads.services.search import request_search
from leads.services.self_opened import accept_case, veil_what_is_late
from tests.factories import leads as make
from tests.factories.people import make_user
from tests.signing_in import sign_in
from tests.story import copy_of, settle

WHY = "Dispatch told me of the call that night."


@pytest.fixture(scope="module")
def begun(kept):
    """An agency whose first investigator opened a case of his own, which nobody accepted, and in it a candidate that both
    examiners think possible."""
    made = make.agency()
    made.case = open_case(actor=made.okafor, title="Theft of a bicycle", captain=made.marsh, offense=made.case.offense,
                          incident_number="26-014999")  # fmt: skip
    found = make.candidate(made)
    make.examined(found, made.okafor, 1)
    make.examined(found, made.aldana, 2)
    settle()
    return made, found


@pytest.fixture
def story(begun, db):
    return copy_of(begun)


@pytest.fixture
def people(story) -> make.Agency:
    return story[0]


@pytest.fixture
def found(story):
    return story[1]


def anew(search: SearchRequest) -> str:
    return stands_of(SearchRequest.objects.get(pk=search.pk))


def refused(act, *args, **kwargs) -> str:
    """What the door said."""
    with pytest.raises(PolicyDenied) as denied:
        act(*args, **kwargs)
    return " ".join(verdict.sentence for verdict in denied.value.blocking)


def test_it_makes_no_lead_until_a_captain_who_had_no_part_accepts_it(people, found, client):
    assert anew(found.search) == "waits"
    assert "no captain has accepted it yet" in refused(leads.promote, candidate=found, actor=people.okafor)
    sign_in(client, people.marsh)
    page = client.get(reverse("leads:case-acceptance", args=[people.case.case_number]))
    assert found.search.number in page.content.decode()
    assert [item.title for item in cases_to_accept(people.marsh)] == [f"Accept or refuse {people.case}"]
    home = client.get("/").content.decode()
    assert f"Accept or refuse {people.case}" in home
    answer = {"outcome": "accept", "reason": WHY, "shown": token_of(of_acceptance(people.case))}
    too_short = client.post(page.request["PATH_INFO"], answer | {"reason": "Yes."})
    assert too_short.status_code == 422 and not people.case.acceptances.exists()
    assert client.post(page.request["PATH_INFO"], answer).status_code == 302
    assert (anew(found.search), cases_to_accept(people.marsh)) == ("", [])
    assert leads.promote(candidate=found, actor=people.okafor).number
    assert "accepted or refused already" in refused(
        accept_case, case=people.case, actor=people.marsh, accepted=False, reason=WHY
    )


def test_who_opened_a_case_of_the_matter_accepts_none_of_it(people):
    opened = open_case(actor=people.marsh, title="The same night", offense=people.case.offense)
    matter.link(case=people.case, other=opened, actor=people.marsh, why="The same night")
    said = refused(accept_case, case=people.case, actor=people.marsh, accepted=True, reason=WHY)
    assert said == "You opened a case of this matter."
    set_sealed(case=people.case, sealed=True, actor=people.marsh, reason="A colleague is named in it")
    another = make_user(Role.CAPTAIN, last_name="Osei")
    said = policy.explain(another, "case.accept", people.case, WHY, case=people.case)
    assert {verdict.rule_id for verdict in said if verdict.blocks} == {"AC-04", "AC-09"}
    set_sealed(case=people.case, sealed=False, actor=people.marsh, reason="It is known by now")
    assert accept_case(case=people.case, actor=another, accepted=True, reason=WHY).accepted


def test_a_refusal_veils_what_was_found_and_nothing_lifts_it(people, found, client):
    open_one = make.candidate(people)
    make.examined(open_one, people.okafor, 1)
    asked = make.drawn(open_one, people.aldana)
    accept_case(case=people.case, actor=people.marsh, accepted=False, reason="Nobody at dispatch knows of such a call.")
    assert set(Veil.objects.values_list("search", "ground")) == {
        (found.search_id, "refused"),
        (open_one.search_id, "refused"),
    }
    assert "refused it" in refused(make_request, people)
    place = [found.search.number, found.rank]
    closed = [reverse("leads:candidate", args=place), reverse("leads:candidate-face", args=place),
              f"/api/searches/{found.search.number}/candidates/", f"/api/candidates/{found.pk}/"]  # fmt: skip
    for user in (people.okafor, people.chief):
        sign_in(client, user)
        for address in closed:
            answer = client.get(address)
            assert answer.status_code == 403 and "Nobody at dispatch knows" in answer.content.decode(), address
        for name in ("search-detail", "search-print"):
            page = client.get(reverse(f"leads:{name}", args=place[:1])).content.decode()
            assert "Nobody at dispatch knows" in page and "Devin Harrow" not in page and "candidates/1/" not in page
        kept = client.get(f"/api/searches/{found.search.number}/").json()
        assert (kept["above_bar"], kept["accepted"]) == (None, "refused")
        assert "veiled" in refused(leads_replay, found.search, people.okafor)
    asked.refresh_from_db()
    assert (asked.state, asked.replaced_because) == ("withdrawn", "veiled")
    assert "veiled" in refused(draw_second_examiner, candidate=open_one, actor=people.okafor)
    sign_in(client, people.aldana)
    assert client.get(asked.get_absolute_url()).status_code == 404
    assert "Compare two faces" not in client.get("/").content.decode()
    said = policy.explain(people.aldana, "review.conclude", open_one, position=2)
    assert "This comparison is closed." in [verdict.sentence for verdict in said if verdict.blocks]
    sign_in(client, people.auditor)
    told = client.get("/", follow=True).content.decode()
    listed = reverse("admin:leads_veil_changelist")
    assert f'href="{listed}"' in told and found.search.number in client.get(listed).content.decode()
    assert all(client.get(address).status_code == 200 for address in closed)
    assert "candidates/1/" in client.get(found.search.get_absolute_url()).content.decode()
    assert {item.url for item in veiled_lately(people.auditor)} == {
        found.search.get_absolute_url(), open_one.search.get_absolute_url()
    }  # fmt: skip
    accept_case(case=people.case, actor=people.marsh, accepted=True, reason="Records found the call after all.")
    assert anew(found.search) == "refused"
    assert "Nobody at dispatch knows" in refused(leads.promote, candidate=found, actor=people.okafor)
    assert make_request(people).accept_by is None


def leads_replay(search, actor):
    """Ask for a replay."""
    return replay_search(search=search, actor=actor)


def make_request(people: make.Agency) -> SearchRequest:
    """Another search by who opened the case, through the door."""
    probe = make.exhibit(people)
    make.faces_found(probe, [{"ordinal": 0, "letter": "A", "box": make.place(9), "landmarks": [], "score": 1.0,
                              "quality": make.quality()}])  # fmt: skip
    made = request_search(actor=people.okafor, case=people.case, probe=probe, face_ordinal=0, purpose="suspect",
                          facts=make.FACTS, offense=people.case.offense, no_forbidden_ground=True)  # fmt: skip
    made.refresh_from_db()
    return made


def test_after_its_hours_it_is_veiled_and_accepting_it_opens_only_what_comes(people, found, moved_to):
    with moved_to(timezone.now() + timedelta(hours=24, minutes=1)):
        assert anew(found.search) == "late"  # before any worker noticed
        assert "no captain accepted it within 24 hours" in refused(make_request, people)
        assert (veil_what_is_late(), veil_what_is_late()) == (1, 0)
        assert Veil.objects.get().ground == "late"
        accept_case(case=people.case, actor=people.marsh, accepted=True, reason="I was away; dispatch confirms it.")
        assert anew(found.search) == "late"
        assert "no captain accepted it by" in refused(leads.promote, candidate=found, actor=people.okafor)
        assert make_request(people).accept_by is None
    assert not Lead.objects.exists()


def test_a_colleague_who_searches_needs_no_captains_word(people):
    assign(case=people.case, user=people.raman, actor=people.marsh)
    search = make.requested(people, requested_by=people.raman)
    search.refresh_from_db()
    assert (search.accept_by, anew(search)) == (None, "")
