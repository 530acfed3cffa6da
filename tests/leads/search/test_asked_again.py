"""search.run asks every rule of the request when a worker comes to it; PostgreSQL asks again for the result (FR-01-06)."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from cases import access
from cases.services.case import end_assignment, set_sealed, set_status
from cases.services.evidence import withdraw_evidence
from ecpd.accounts.models import User
from ecpd.accounts.roles import Role
from ecpd.policy import engine as policy
from ecpd.policy import registry, services
from leads.models import Candidate, FaceVector, GalleryFace, OptOut, SearchRequest
from leads.services.gallery import withdraw_source
from leads.services.running import run
from leads.services.search import facts_of_run, request_search
from tests.factories import leads as make
from tests.factories.people import make_user, suspend
from tests.signing_in import sign_in
from tests.story import copy_of

pytestmark = pytest.mark.django_db
GOOD = {"eye_distance": 60.0, "sharpness": 0.6, "yaw": 5.0, "pitch": 5.0, "exposure": 0.6}
FACE = {"ordinal": 0, "letter": "A", "box": [0, 0, 80, 80], "landmarks": [], "score": 1.0,
        "quality": {"passed": True, "measures": [{"name": name, "words": name, "value": value, "limit": 0,
                    "shown": "", "needed": "", "verdict": "enough"} for name, value in GOOD.items()]}}  # fmt: skip


@pytest.fixture(scope="module")
def begun(kept) -> make.Agency:
    """An agency with a case."""
    return make.agency()


@pytest.fixture
def people(begun) -> make.Agency:
    return copy_of(begun)


@pytest.fixture
def queued(people) -> SearchRequest:
    """A search that the door allowed and no worker has begun."""
    probe = make.exhibit(people)
    make.faces_found(probe, [FACE])
    return request_search(
        actor=people.okafor, case=people.case, probe=probe, face_ordinal=0, purpose="suspect",
        offense=people.case.offense, facts=make.FACTS, no_forbidden_ground=True,
    )  # fmt: skip


def amended(**changes) -> None:
    """The manual with these settings in force now."""
    amendment = services.propose_amendment(
        actor=make_user(Role.CAPTAIN), changes=changes, reason="Tried in a test of the search.",
        effective_on=timezone.localdate(),
    )  # fmt: skip
    services.approve_amendment(amendment=amendment, actor=make_user(Role.CHIEF), reason="For the test.")


def certificate_suspended(people, search) -> None:
    suspend(people.okafor, make_user(Role.ADMINISTRATOR))


def role_lost(people, search) -> None:
    people.okafor.groups.remove(Group.objects.get(name=Role.INVESTIGATOR))


def deactivated(people, search) -> None:
    User.objects.filter(pk=people.okafor.pk).update(is_active=False)


def case_closed(people, search) -> None:
    set_status(case=people.case, status="closed", actor=people.marsh, reason="Solved by other means.")


def sealed_without_him(people, search) -> None:
    set_sealed(case=people.case, sealed=True, actor=people.marsh, reason="A court's order of today.")
    for level in access.LEVELS:
        access.remove_perm(f"cases.{level}_case", people.okafor, people.case)


def unassigned(people, search) -> None:
    assignment = people.case.assignments.get(user=people.okafor)
    end_assignment(assignment=assignment, actor=people.marsh)


def probe_withdrawn(people, search) -> None:
    withdraw_evidence(evidence=search.probe, actor=people.okafor, reason="Wrong camera, another day.")


def longer_reason(people, search) -> None:
    amended(search_reason_min_chars=500)


def narrower_classes(people, search) -> None:
    amended(fr_offence_classes=["person"])


def stricter_gate(people, search) -> None:
    amended(quality_eye_distance_min_px=100)


def source_withdrawn(people, search) -> None:
    source = make.a_source(people.marsh, "News")
    withdraw_source(source=source, actor=people.marsh, reason="Its terms changed.")


def opted_out_but_compared(people, search) -> None:
    photo = make.candidate(people).face.photo
    face = GalleryFace.objects.create(photo=photo, ordinal=1, box=[0, 0, 9, 9], landmarks=[], score=1.0, model_id="m")
    FaceVector.objects.create(face=face, model_id="m", source=photo.source, embedding=[0.0] * 511 + [1.0])
    make.allowed(people.marsh, "gallery.opt_out", subject_type="leads.optout")
    OptOut.objects.create(sha256=photo.sha256, received_on=timezone.localdate(), recorded_by=people.marsh,
                          reason="By letter")  # fmt: skip


CHANGES = [
    (certificate_suspended, "FR-01"), (role_lost, "AC-08"), (deactivated, "AC-08"), (case_closed, "FR-02"),
    (sealed_without_him, "AC-04"), (unassigned, "FR-02"), (probe_withdrawn, "FR-03"), (longer_reason, "FR-02"),
    (narrower_classes, "FR-02"), (stricter_gate, "FR-04"), (source_withdrawn, "FR-05"), (opted_out_but_compared, "FR-06"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "rule_id"), CHANGES, ids=[change.__name__ for change, _ in CHANGES])
def test_a_queued_search_is_refused_when_it_would_run(change, rule_id, people, queued):
    change(people, queued)
    assert run(queued.pk) == "refused"
    queued.refresh_from_db()
    assert f"({rule_id})" in queued.error
    denied = queued.run_decision
    assert (denied.action, denied.outcome, denied.actor_id) == ("search.run", "denied", people.okafor.pk)
    assert rule_id in denied.rule_ids
    assert not queued.candidates.exists()
    assert people.case.timeline.filter(headline=f"Search {queued.number} refused.", detail=queued.error).exists()


def test_every_rule_of_the_request_is_a_rule_of_the_run():
    asked = {(r.rule_id, r.predicate) for r in registry.rules_for("search.request")}
    again = {(r.rule_id, r.predicate) for r in registry.rules_for("search.run")}
    assert asked - again == set()


def test_nothing_changed_nothing_refused(people, queued):
    assert policy.allows(people.okafor, "search.run", queued, queued.justification, **facts_of_run(queued))


def test_a_request_that_came_behind_the_door_does_not_run(people):
    behind = make.requested(people, decision=None)
    assert run(behind.pk) == "refused"
    behind.refresh_from_db()
    assert "no forbidden ground" in behind.error


def test_a_justification_given_at_the_request_serves_when_it_runs(people, queued):
    stricter_gate(people, queued)
    facts = facts_of_run(queued)
    assert not policy.allows(people.okafor, "search.run", queued, "", **facts)
    assert policy.allows(people.okafor, "search.run", queued, "It is the only picture of him there is.", **facts)


def test_a_face_measured_under_an_older_manual_is_judged_by_the_one_in_force(people, queued):
    amended(quality_eye_distance_min_px=100)
    with pytest.raises(policy.PolicyDenied, match="FR-04"):
        request_search(
            actor=people.okafor, case=people.case, probe=queued.probe, face_ordinal=0, purpose="suspect",
            offense=people.case.offense, facts=make.FACTS, no_forbidden_ground=True,
        )  # fmt: skip


def test_the_page_says_why_it_was_refused(client, people, queued):
    case_closed(people, queued)
    run(queued.pk)
    sign_in(client, people.okafor)
    page = client.get(queued.get_absolute_url()).content.decode()
    assert "The search was refused when it was about to run." in page
    assert "is closed." in page
    queued.refresh_from_db()
    assert f"/policy/decisions/{queued.run_decision_id}/" in page


IN_THE_DATABASE = [
    (certificate_suspended, "FR-01"), (role_lost, "FR-01"), (deactivated, "FR-01"), (case_closed, "FR-02"),
    (sealed_without_him, "AC-09"), (unassigned, "FR-02|AC-09"), (probe_withdrawn, "FR-03"), (longer_reason, "FR-02"),
    (narrower_classes, "FR-02"),
]  # fmt: skip


def refused(rule_id: str):
    """PostgreSQL refuses by a guard of this rule."""
    return pytest.raises(IntegrityError, match=rf"(?m)^({rule_id}): ")


@pytest.mark.parametrize(("change", "rule_id"), IN_THE_DATABASE, ids=[c.__name__ for c, _ in IN_THE_DATABASE])
def test_the_database_gives_no_result_to_who_may_not_search_any_more(change, rule_id, people, queued):
    face = make.candidate(people).face
    change(people, queued)
    with refused(rule_id) as refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE leads_searchrequest SET state = 'done' WHERE id = %s", [queued.pk])
    assert refusal.value.__cause__.sqlstate == "23514"
    with refused(rule_id) as refusal, transaction.atomic():
        Candidate.objects.bulk_create([_candidate(queued, face)])
    assert refusal.value.__cause__.sqlstate == "23514"


def test_the_database_gives_the_result_to_who_still_may(people, queued):
    make.listed(queued, make.gallery_face(people))
    make.finish(queued)
    assert queued.candidates.count() == 1


def _candidate(search, face) -> Candidate:
    return Candidate(search=search, rank=9, face=face, cosine=0.9, match_score=Decimal("99"),
                     score_high=Decimal("99"), snapshot={"source": "News site"})  # fmt: skip
