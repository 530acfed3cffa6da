"""The pages of a search, from the request to the result."""

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from leads.models import ProbeFaces, SearchDraft, SearchRequest
from leads.selectors.search import candidates_of, left_aside
from leads.services.gallery import withdraw_source
from leads.services.running import run
from tests.factories import leads as make
from tests.leads.conftest import FACTS, degraded
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client, investigator):
    """The investigator's browser."""
    sign_in(client, investigator)
    return client


@pytest.fixture
def probe(add_probe, portraits):
    """A poor picture of somebody in the gallery."""
    return add_probe(degraded(portraits[0]))


@pytest.fixture
def found(asked, probe, stocked, investigator):
    """A search that is done, and whose list its requester opened before anybody compared it (FR-08)."""
    search = asked(probe)
    assert run(search.pk) == "done"
    search.refresh_from_db()
    make.open_list(search, investigator)
    return search


def answers(offense, **changes) -> dict:
    """A request filled in."""
    filled = {"face": "A", "purpose": "suspect", "offense": offense.pk, "facts": FACTS, "no_forbidden_ground": "on"}
    return filled | changes


def address(case, probe) -> str:
    """The request page of a probe."""
    return f"/cases/{case.case_number}/searches/new/?evidence={probe.number}"


def test_the_page_lists_the_pictures_of_the_case_to_choose_from(signed_in, case, probe):
    page = signed_in.get(f"/cases/{case.case_number}/searches/new/").content.decode()
    assert "Which picture?" in page
    assert "?evidence=1" in page


def test_choosing_a_picture_sends_a_worker_and_never_detects_in_the_request(signed_in, case, add_probe, portraits):
    fresh = add_probe(portraits[1], look=False)
    page = signed_in.get(address(case, fresh)).content.decode()
    assert "Finding faces" in page
    assert ProbeFaces.objects.get(evidence=fresh).state == "queued"


def test_the_page_shows_faces_quality_and_checklist(signed_in, case, probe):
    page = signed_in.get(address(case, probe)).content.decode()
    assert "One face found." in page
    assert "Distance between eyes" in page
    assert "The reason is too short to stand on its own." in page
    assert 'aria-disabled="true"' in page


def test_the_checklist_follows_what_is_typed_and_keeps_a_draft(signed_in, case, probe, offense, investigator):
    url = f"/cases/{case.case_number}/searches/new/{probe.number}/check/"
    piece = signed_in.post(url, answers(offense)).content.decode()
    assert "All met" in piece
    assert 'aria-disabled="true"' not in piece
    assert SearchDraft.objects.get(probe=probe, user=investigator).data["facts"] == FACTS
    assert FACTS in signed_in.get(address(case, probe)).content.decode()


def test_a_request_is_sent_and_its_draft_dropped(signed_in, case, probe, offense):
    response = signed_in.post(address(case, probe), answers(offense) | {"send": "yes"})
    search = SearchRequest.objects.get()
    assert response.url == f"/searches/{search.number}/"
    assert search.facts == FACTS
    assert not SearchDraft.objects.exists()


def test_a_request_without_reason_is_refused_with_rule_and_remedy(signed_in, case, probe, offense):
    response = signed_in.post(address(case, probe), answers(offense, facts="Robbery.") | {"send": "yes"})
    page = response.content.decode()
    assert response.status_code == 403
    assert "FR-02" in page and "To satisfy:" in page
    assert not SearchRequest.objects.exists()
    assert SearchDraft.objects.exists()


def test_a_running_search_shows_its_steps_and_can_be_cancelled(signed_in, asked, probe):
    search = asked(probe)
    page = signed_in.get(f"/searches/{search.number}/").content.decode()
    assert "Step 1 of 5" in page
    assert "Cancel search" in page
    assert signed_in.get(f"/searches/{search.number}/progress/").status_code == 200
    signed_in.post(f"/searches/{search.number}/cancel/")
    search.refresh_from_db()
    assert search.state == "cancelled"
    assert "The search was canceled" in signed_in.get(f"/searches/{search.number}/").content.decode()


def test_the_result_page_ranks_and_explains(signed_in, found, django_assert_max_num_queries):
    search = found
    with django_assert_max_num_queries(40):  # opening the result is recorded, and the record costs queries of its own
        page = signed_in.get(f"/searches/{search.number}/").content.decode()
    assert "Investigative lead only." in page
    assert "Page says “Person 0,” not verified" in page
    assert "It is not the chance that this is the person." in page
    assert "How it ran" in page
    assert signed_in.get(f"/searches/{search.number}/candidates/1/face.jpg")["Content-Type"] == "image/jpeg"
    assert signed_in.get(f"/searches/{search.number}/probe.jpg").status_code == 200


def test_the_live_part_asks_for_the_result_once_it_is_there(signed_in, asked, probe, stocked):
    search = asked(probe)
    run(search.pk)
    response = signed_in.get(f"/searches/{search.number}/progress/", headers={"HX-Request": "true"})
    assert response["HX-Refresh"] == "true"


def test_the_same_face_twice_is_shown_as_such(signed_in, case, asked, probe):
    search = asked(probe)
    assert f"/searches/{search.number}/" in signed_in.get(address(case, probe)).content.decode()


def test_the_record_prints(signed_in, asked, probe, stocked):
    search = asked(probe)
    run(search.pk)
    page = signed_in.get(f"/searches/{search.number}/print/").content.decode()
    assert "Investigative lead only." in page
    assert probe.file.sha256 in page


def test_a_replay_gives_the_same_list(signed_in, found, stocked):
    search = found
    signed_in.post(f"/searches/{search.number}/replay/")
    search.refresh_from_db()
    assert search.replays.get().same is True


@pytest.mark.parametrize("which", ["first", "last", "all"])
def test_a_replay_reports_a_template_that_somebody_switched_off(signed_in, found, stocked, which):
    search = found
    listed = list(search.candidates.order_by("rank").values_list("face_id", flat=True))
    gone = {"first": listed[:1], "last": listed[-1:], "all": listed}[which]
    with connection.cursor() as owner:  # the search has run with every guard awake; only this happens behind them
        owner.execute("RESET ROLE; SET session_replication_role = replica")
        owner.execute("UPDATE leads_facevector SET active = false WHERE face_id = ANY(%s)", [gone])
        owner.execute(f"SET session_replication_role = origin; SET ROLE {settings.DATABASE_APP_ROLE}")
    told = signed_in.post(f"/searches/{search.number}/replay/", follow=True).content.decode()
    search.refresh_from_db()
    assert search.replays.get().same is False
    assert "The difference is recorded." in told


def test_a_replay_of_which_nothing_is_left_is_not_the_same_result(signed_in, found, stocked, captain):
    search = found
    withdraw_source(source=stocked, actor=captain, reason="Its terms changed.")
    told = signed_in.post(f"/searches/{search.number}/replay/", follow=True).content.decode()
    assert "is left to compare: every photo it listed was taken out since." in told
    assert not search.replays.exists()
    assert "Same" not in told.partition("Replay")[2][:200]


def test_a_replay_that_compared_nothing_when_it_was_made_says_so(signed_in, found, stocked, captain):
    """As an older version kept it."""
    search = found
    signed_in.post(f"/searches/{search.number}/replay/")
    listed = list(candidates_of(search))
    replay = search.replays.get()
    assert left_aside(listed, replay) == 0
    withdraw_source(source=stocked, actor=captain, reason="Its terms changed.")
    listed = list(candidates_of(search))
    assert left_aside(listed, replay) == 0, "It was compared before that."
    replay.at = timezone.now()
    assert left_aside(listed, replay) == len(listed) > 0


def test_who_is_not_on_the_case_sees_neither_page_nor_picture(client, person, asked, probe):
    search = asked(probe)
    sign_in(client, person("stranger", certified=True))
    for part in ("", "print/", "progress/", "probe.jpg"):
        assert client.get(f"/searches/{search.number}/{part}").status_code == 404
    assert search.number not in client.get("/searches/").content.decode()


def test_the_list_filters_and_finds(signed_in, asked, probe):
    search = asked(probe)
    assert search.number in signed_in.get("/searches/?state=queued").content.decode()
    assert search.number not in signed_in.get("/searches/?state=done").content.decode()
    assert search.number in signed_in.get(f"/searches/?q={search.case.case_number}").content.decode()


def test_the_log_is_exported_by_who_may(client, captain, investigator, asked, probe):
    search = asked(probe)
    sign_in(client, investigator)
    assert client.get("/searches/?_export=csv").status_code == 403
    sign_in(client, captain)
    assert search.number in client.get("/searches/?_export=csv").content.decode()
