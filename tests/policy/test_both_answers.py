"""Predicates that no other test hears say both: each is asked through `explain` about a world where everything is."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from cases.models import Evidence
from ecpd.accounts.models import TrainingCertificate
from ecpd.policy import versions
from ecpd.policy.engine import explain
from ecpd.policy.models import Amendment
from leads.models import (
    Candidate,
    Corroboration,
    ExaminationRequest,
    ExculpatoryEntry,
    GallerySource,
    Lead,
    SearchRequest,
    WarrantApplication,
)
from parking.models import (
    AbandonedLook,
    AbandonedVehicle,
    Alert,
    AlertAnswer,
    Contest,
    HotlistEntry,
    Permit,
    PermitClass,
    PermitTerms,
    PlatePolicy,
    TowHearing,
    TowOrder,
)
from tests import census
from tests.permissions.test_matrix import TABLES, prepare
from tests.permissions.world import World

REASON = "He was at work, says the time clock."


@dataclass(frozen=True)
class Row:
    """`who` asks about `subject(world)`: the predicate says yes where `met`, else no."""

    predicate: str
    met: bool
    action: str
    who: str
    subject: Callable[[World], Any] = lambda world: None
    words: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    before: str = ""  # what the owner writes first: no service makes it so
    manual: dict[str, Any] = field(default_factory=dict)


def but(found: Any, **changes: Any) -> Any:
    """A row that is there, otherwise in memory alone."""
    for name, value in changes.items():
        setattr(found, name, value)
    return found


def named(world: World, name: str) -> Lead:
    """A lead of the world."""
    return Lead.objects.get(number=world.names[name])


def candidate(world: World, search: str) -> Candidate:
    """The candidate of one of its searches."""
    return SearchRequest.objects.get(number=world.names[search]).candidates.get()


def application(world: World) -> WarrantApplication:
    """The application that waits for a captain."""
    return WarrantApplication.objects.get(pk=world.names["application_id"])


def both(predicate: str, action: str, who: str, yes: dict[str, Any], no: dict[str, Any]) -> list[Row]:
    """Asked so that it says yes, and so that it says no."""
    return [Row(predicate, met, action, who, **given) for met, given in ((True, yes), (False, no))]


def alert(**changes: Any) -> dict[str, Any]:
    """The overtime alert that waits."""
    return {"subject": lambda world: but(Alert.objects.get(pk=world.names["alert"]), **changes)}


def of(model: type, **changes: Any) -> dict[str, Any]:
    """Any row of a model."""
    return {"subject": lambda world: but(model.objects.first(), **changes)}


def account(name: str, **facts: Any) -> dict[str, Any]:
    """One of the accounts."""
    return {"subject": lambda world: world.users[name], "facts": facts}


ANSWER = {"answer": AlertAnswer(reason="driver", words="", no_placard_seen=True)}
YESTERDAY, TOMORROW = timedelta(days=-1), timedelta(days=1)
ASKED = {"purpose": "suspect", "facts": REASON, "no_forbidden_ground": True, "quality": {}, "searched": None}
CONCLUDED = {"position": 2, "components": {}, "does_not_fit": "", "basis": ""}
EXAMINED = {"subject": lambda world: candidate(world, "agreed"), "facts": CONCLUDED}
PACKET = SimpleNamespace(version="0" * 64, parts={}, counted=Counter())


ROWS = [
    *both("accounts.rules.roles_of_one_side", "account.manage", "administrator",
          account("investigator", roles=["investigator"]), account("investigator", roles=["investigator", "captain"])),
    *both("accounts.rules.somebody_elses_account", "account.manage", "administrator", account("investigator"),
          account("administrator")),
    *both("accounts.rules.issued_by_another", "certificate.issue", "administrator", account("investigator"),
          account("administrator")),
    *both("accounts.rules.suspended_once_with_a_reason", "certificate.suspend", "administrator",
          of(TrainingCertificate) | {"words": REASON}, of(TrainingCertificate)),
    Row("policy.rules.council_before_loosening", False, "amendment.decide", "chief",
        lambda world: but(Amendment.objects.first(), changes={"match_score_min": 50}, before={"match_score_min": 95},
                          council_item="")),
    *both("gallery.public_realm_only", "gallery.add_source", "captain", {"facts": {"kind": "news"}},
          {"facts": {"kind": "booking"}}),
    *both("gallery.source_in_use", "gallery.import", "captain", of(GallerySource),
          of(GallerySource, withdrawn_at=timezone.now())),
    Row("review.may_add_to_the_case", False, "review.assign", "outsider", lambda world: candidate(world, "first")),
    Row("review.lot_can_be_drawn", False, "review.assign", "investigator", lambda world: candidate(world, "search")),
    *both("review.is_drawn", "review.answer", "outsider",
          {"subject": lambda world: ExaminationRequest.objects.get(pk=world.names["asked"])},
          {"subject": lambda world: ExaminationRequest.objects.filter(state="done").first()}),
    Row("review.right_examiner", False, "review.conclude", "investigator", **EXAMINED),
    Row("review.form_is_complete", False, "review.conclude", "investigator", **EXAMINED),
    Row("review.says_what_does_not_fit", False, "review.conclude", "investigator", **EXAMINED),
    Row("review.blind_until_recorded", False, "search.view", "outsider",
        lambda world: SearchRequest.objects.get(candidates__examination_requests=world.names["asked"])),
    Row("lead.score_reaches_the_bar", False, "lead.promote", "investigator",
        lambda world: but(candidate(world, "agreed"), match_score=12)),
    Row("lead.two_examiners_agree", False, "lead.promote", "investigator", lambda world: candidate(world, "first")),
    Row("lead.whole_list_was_sent", False, "lead.promote", "investigator", lambda world: candidate(world, "first")),
    *both("lead.signs_without_a_part", "lead.sign_off", "captain",
          {"subject": lambda world: named(world, "ready"), "words": REASON}, {"subject": lambda world: named(world, "marked")}),
    *both("lead.excepted_with_a_reason", "lead.allow_purpose", "captain",
          {"subject": lambda world: named(world, "lead"), "words": REASON}, {"subject": lambda world: named(world, "ready")}),
    Row("lead.not_ended_for_this_probe", False, "lead.promote", "investigator", lambda world: candidate(world, "witness"),
        before="UPDATE leads_examination SET conclusion = 'exclude' WHERE candidate_id = (SELECT l.candidate_id FROM leads_lead "
        "l JOIN leads_candidate c ON c.id = l.candidate_id JOIN leads_candidate w ON w.face_id = c.face_id JOIN "
        "leads_searchrequest s ON s.id = w.search_id WHERE s.purpose = 'witness' ORDER BY s.id LIMIT 1)"),
    Row("warrant.one_application_at_a_time", False, "warrant.apply", "investigator", lambda world: named(world, "marked"),
        before="UPDATE leads_candidate SET face_id = (SELECT c.face_id FROM leads_candidate c JOIN leads_lead l ON "
        "l.candidate_id = c.id WHERE l.state = 'applied') WHERE id = (SELECT candidate_id FROM leads_lead WHERE state = "
        "'marked')"),
    Row("lead.independently_corroborated", False, "lead.mark_for_warrant", "investigator", lambda world: named(world, "lead")),
    *both("lead.lineup_needs_other_evidence", "lineup.open", "investigator", {"subject": lambda world: named(world, "ready")},
          {"subject": lambda world: named(world, "lead")}),
    Row("lead.lead_takes_evidence", False, "corroboration.link", "investigator",
        lambda world: but(named(world, "lead"), state=Lead.State.CLEARED)),
    Row("lead.lineup_is_linked_as_one", False, "corroboration.link", "investigator", lambda world: named(world, "lead"),
        facts={"item": Corroboration(kind="witness", evidence=Evidence(pk=0, number=1))}),
    Row("lead.linked_as_what_it_is", False, "corroboration.link", "investigator", lambda world: named(world, "lead"),
        facts={"item": but(Corroboration(kind="physical", evidence=Evidence(pk=0, number=1)), counts_as="phone")}),
    Row("lead.verified_by_another", False, "corroboration.verify", "investigator",
        lambda world: Corroboration.objects.get(pk=world.names["own"])),
    *both("lead.clearing_needs_a_reason", "lead.clear", "investigator",
          {"subject": lambda world: named(world, "lead"), "words": REASON}, {"subject": lambda world: named(world, "lead")}),
    Row("warrant.says_what_happened", False, "warrant.step", "investigator", application),
    Row("warrant.no_part_in_it", False, "warrant.deny", "investigator", application),
    *both("warrant.reasons_and_packet", "warrant.deny", "captain",
          {"subject": application, "words": REASON, "facts": {"read_packet": True}}, {"subject": application}),
    Row("warrant.case_is_not_closed", False, "warrant.approve", "captain", application,
        before="UPDATE cases_case SET status = 'closed', closed_at = clock_timestamp()"),
    Row("warrant.waits_for_a_decision", False, "warrant.deny", "captain",
        lambda world: but(application(world), state=WarrantApplication.State.DENIED)),
    Row("warrant.packet_holds_every_search", False, "warrant.approve", "captain", application, facts={"packet": PACKET}),
    Row("warrant.applicant_says_what_does_not_fit", False, "warrant.apply", "investigator",
        lambda world: named(world, "marked")),
    Row("warrant.what_speaks_against_is_answered", False, "lead.mark_for_warrant", "investigator",
        lambda world: ExculpatoryEntry.objects.get(pk=world.names["entry"]).lead),
    Row("alert.two_reads_past_the_limit", False, "alert.raise", "parking_officer", facts={"elapsed_minutes": 1}, **alert()),
    Row("alert.no_placard", False, "alert.confirm", "parking_officer", facts={"answer": AlertAnswer()}, **alert()),
    Row("alert.answered_once", False, "alert.dismiss", "parking_officer", facts=ANSWER, **alert(state=Alert.State.DISMISSED)),
    *both("alert.dismissal_says_why", "alert.dismiss", "parking_officer", alert() | {"facts": ANSWER},
          alert() | {"facts": {"answer": AlertAnswer(reason="")}}),
    Row("hotlist.entry_ends", False, "hotlist.change", "parking_manager",
        facts={"entry": HotlistEntry(expires_on=timezone.localdate() + YESTERDAY)}),
    Row("abandoned.still_rests_on_a_ground", False, "tow.order", "captain", facts={"order": TowOrder(grounds=[])},
        **of(AbandonedVehicle, kind="abandoned", grounds=["long_unmoved"])),
    Row("abandoned.look_is_documented", False, "abandoned.mark", "parking_officer",
        facts={"step": "look", "look": AbandonedLook(words="", outcome="still", at=timezone.now())}, **of(AbandonedVehicle)),
    Row("access.hold_says_why", False, "plate.hold", "parking_manager"),
    Row("share.only_a_public_agency_of_california", False, "plate.share", "chief", facts={"agency": None}),
    Row("ingest.withdrawal_says_why", False, "plate_policy.withdraw", "chief", **of(PlatePolicy)),
    Row("tow.held_in_time", False, "tow.hear", "hearing_examiner",
        facts={"held_at": timezone.now() + TOMORROW}, subject=lambda world: TowHearing.objects.filter(result=None).first()),
    Row("contest.decided_once", False, "contest.review", "parking_manager",
        lambda world: Contest.objects.get(pk=world.names["review"]), facts={"outcome": "upheld"}),
    *both("contest.decided_once_held", "contest.hear", "hearing_examiner",
          {"subject": lambda world: but(Contest.objects.get(pk=world.names["review"]), stage="hearing", manner="phone",
                                        scheduled_at=timezone.now() + YESTERDAY)},
          {"subject": lambda world: but(Contest.objects.get(pk=world.names["review"]), stage="hearing", manner="phone",
                                        scheduled_at=timezone.now() + TOMORROW)}),
    Row("permit.class_is_open", False, "permit.enter", "parking_manager",
        facts={"terms": PermitTerms(effective_on=timezone.localdate() + TOMORROW, permit_class=PermitClass())}),
    Row("permit.withdrawal_says_why", False, "permit.enter", "parking_manager", facts={"withdraws": True}),
    Row("search.probe_is_evidence", False, "search.request", "investigator", facts=ASKED),
    Row("gallery.only_public_sources", False, "search.request", "investigator",
        facts=ASKED | {"searched": list(range(1000))},
        before="UPDATE leads_gallerysource SET withdrawn_at = clock_timestamp(), withdrawn_reason = 'Gone', withdrawn_by_id = "
        "added_by_id"),
    Row("gallery.opted_out_are_left_out", False, "search.request", "investigator", facts=ASKED,
        before="UPDATE leads_optout SET sha256 = (SELECT p.sha256 FROM leads_galleryphoto p JOIN leads_galleryface f ON "
        "f.photo_id = p.id LIMIT 1); INSERT INTO leads_facevector (face_id, model_id, active, source_id, embedding) SELECT "
        "f.id, f.model_id, true, p.source_id, array_fill(0.1::real, ARRAY[512])::halfvec FROM leads_galleryface f JOIN "
        "leads_galleryphoto p ON p.id = f.photo_id JOIN leads_optout o ON o.sha256 = p.sha256 ON CONFLICT DO NOTHING"),
    Row("lead.third_person_signed_off", False, "lead.mark_for_warrant", "investigator", lambda world: named(world, "ready"),
        manual={"lead_supervisor_signoff": True}),
    Row("lead.lineup_not_alone", False, "lead.mark_for_warrant", "investigator", lambda world: named(world, "ready"),
        before="UPDATE leads_corroboration SET kind = 'lineup', details = details || "
        """'{"outcome": "The suspect", "witness": "L. Ostrander"}'"""),
    Row("lead.purpose_allows_a_warrant", False, "lead.mark_for_warrant", "investigator", lambda world: named(world, "ready"),
        before="UPDATE leads_searchrequest SET purpose = 'witness'"),
    Row("warrant.something_new_after_an_end", False, "lead.mark_for_warrant", "investigator",
        lambda world: WarrantApplication.objects.filter(state="denied").first().lead,
        before="UPDATE leads_warrantapplication SET decided_at = now() + interval '1 hour' WHERE state = 'denied'"),
    Row("alert.not_refuted_since", False, "alert.confirm", "parking_officer", facts=ANSWER, **alert(),
        before="UPDATE parking_finding SET state = 'refuted', refuted_why = 'It was seen elsewhere.'"),
    Row("permit.change_says_why", False, "permit.change", "parking_manager", **of(Permit)),
]  # fmt: skip


@pytest.fixture
def world(db) -> World:
    """Everything there is to ask about, made by the services."""
    made = World()
    for table in TABLES:
        prepare(table, made)
    return made


def answers(world: World, row: Row) -> set[tuple[str, bool]]:
    """What was said, by predicate, when the row was asked."""
    facts = row.facts | ({"case": world.agency.case} if row.action == "search.request" else {})
    before, census._seen = census._seen, set()
    try:
        with suppress(Exception):  # a later predicate may ask for what this row does not give; its own has answered
            explain(world.users[row.who], row.action, row.subject(world), row.words, **facts)
        return census._seen
    finally:
        census._seen = before | census._seen


def test_each_says_yes_and_no(world: World, owner_cursor, monkeypatch):
    wrong, read = [], versions.settings_of
    for row in sorted(ROWS, key=lambda row: bool(row.before)):
        if row.before:
            owner_cursor.execute(row.before)
        monkeypatch.setattr(versions, "settings_of", lambda version, row=row: {**read(version), **row.manual})
        said = {way for name, way in answers(world, row) if name.endswith(row.predicate)}
        if row.met not in said:
            wrong.append((row.predicate, row.met, said))
    assert wrong == []
