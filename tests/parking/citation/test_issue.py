"""From draft to an issued citation: PK-01, PK-03, PK-07, PK-16 at the door and in the database."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from ecpd.policy.errors import PolicyDenied
from ecpd.policy.models import Decision
from ecpd.problem import StaleState
from parking import store
from parking.citations.number import read_number
from parking.models import Alert, AlertAnswer, Citation, CitationDelivery, CitationDraft
from parking.selectors.ledger import balance
from parking.services import citation_draft
from parking.services.citation import confirm_delivery, issue_citation
from parking.views import citation_draft as views
from tests.factories.leads import allowed_on
from tests.parking.citation.conftest import as_owner
from tests.signing_in import sign_in

ANSWERED = {
    "plate_checked": True, "state_checked": True, "vehicle_checked": True, "no_placard_seen": True, "plate": "7ABC123",
    "plate_state": "US-CA", "vehicle": "Blue sedan", "color": "Blue", "make": "Honda",
}  # fmt: skip


@pytest.fixture
def alert(people, zone) -> Alert:
    """An overstay that waits for an answer; its two reads (PK-02) are not what is tried here."""
    now = timezone.now()
    with as_owner():
        return Alert.objects.create(kind="overtime", key="one", plate="7ABC123", plate_state="US-CA", zone=zone,
                                    place="Demo Street", first_at=now - timedelta(hours=5), last_at=now)  # fmt: skip


def confirmed(alert: Alert, officer) -> Alert:
    decision = allowed_on(officer, "alert.confirm", alert)
    AlertAnswer.objects.create(alert=alert, outcome="confirmed", officer=officer, decision=decision, **ANSWERED)
    alert.state = "confirmed"
    alert.save()
    return alert


def refused_by(rule_id: str):
    return pytest.raises(PolicyDenied, match=rule_id)


def attempt(draft, officer, observed, **changes):
    asked = {"read_at_vehicle": True, "will_attach": True, "justification": ""} | changes
    return issue_citation(draft=draft, actor=officer, observed=observed, **asked)


def test_an_issued_citation_has_its_number_amount_due_day_and_penalty(citation, people):
    assert read_number(citation.number) == citation.number
    assert (citation.amount_cents, balance(citation)) == (4800, 4800)
    assert citation.due_on - timezone.localdate() >= timedelta(days=21)
    assert citation.section == "Municipal Code 11.40.040"
    assert citation.decision.actor == people.officer
    assert citation.permit_answer["rule_id"] == "PK-03"


def test_numbers_follow_each_other(issue):
    first, second = issue(), issue()
    assert second.serial == first.serial + 1


def test_a_draft_is_gone_once_issued_and_cannot_be_issued_twice(draft, people, observed):
    attempt(draft, people.officer, observed())
    assert not CitationDraft.objects.exists()
    with pytest.raises(StaleState, match="issued or thrown away"):
        attempt(CitationDraft(pk=draft.pk or 1, officer=people.officer), people.officer, observed(plate="7ABC124"))
    assert Citation.objects.count() == 1


def test_drafts_are_begun_by_who_may_issue_only_and_a_refusal_is_recorded(people):
    with pytest.raises(PolicyDenied, match="AC-08"):
        citation_draft.begin(officer=people.auditor)
    assert Decision.objects.filter(actor=people.auditor, action="citation.issue", outcome="denied").exists()


def test_what_is_typed_is_kept_and_nothing_else(draft):
    citation_draft.keep(draft=draft, answers={"plate": "7ABC123", "csrf": "x", "place": ""})
    draft.refresh_from_db()
    assert draft.answers == {"plate": "7ABC123"}


def test_what_is_typed_while_the_draft_goes_is_kept_nowhere(draft):
    """The page keeps by itself while the button issues: nobody's error, and no draft comes back from the dead."""
    CitationDraft.objects.filter(pk=draft.pk).delete()
    assert citation_draft.keep(draft=draft, answers={"plate": "7ABC123"}) is None
    assert not CitationDraft.objects.exists()


def test_a_page_that_keeps_too_late_is_answered_with_nothing(client, draft, people, monkeypatch):
    sign_in(client, people.officer)
    place = reverse("parking:citation-draft-keep", args=[draft.pk])
    assert client.post(place, {"plate": "7ABC123"}).status_code == 200
    monkeypatch.setattr(views, "the_draft", lambda request, pk: gone(draft))
    assert client.post(place, {"plate": "7ABC123"}).status_code == 204


def gone(draft: CitationDraft) -> CitationDraft:
    """The draft as a request found it a moment before it was issued."""
    CitationDraft.objects.filter(pk=draft.pk).delete()
    return draft


def test_a_citation_from_an_alert_begins_with_what_was_confirmed(alert, people):
    draft = citation_draft.begin(officer=people.officer, alert=confirmed(alert, people.officer))
    assert draft.answers["plate"] == "7ABC123"
    assert draft.answers["color"] == "Blue"
    assert citation_draft.begin(officer=people.officer, alert=alert) == draft


# PK-01


def test_a_confirmed_alert_can_be_cited_once(alert, people, observed):
    draft = citation_draft.begin(officer=people.officer, alert=confirmed(alert, people.officer))
    citation = attempt(draft, people.officer, observed())
    assert citation.alert == alert
    again = CitationDraft.objects.create(officer=people.officer, alert=alert)
    with refused_by("PK-01"):
        attempt(again, people.officer, observed())


def test_an_alert_nobody_confirmed_brings_no_citation(alert, people, observed):
    with refused_by("PK-01"):
        attempt(citation_draft.begin(officer=people.officer, alert=alert), people.officer, observed())


def test_another_plate_than_was_confirmed_brings_no_citation(alert, people, observed):
    draft = citation_draft.begin(officer=people.officer, alert=confirmed(alert, people.officer))
    with refused_by("PK-01"):
        attempt(draft, people.officer, observed(plate="7ABC128"))


def test_nobody_issues_without_reading_it_off_the_vehicle(draft, people, observed):
    with refused_by("PK-01"):
        attempt(draft, people.officer, observed(), read_at_vehicle=False)


# PK-03


def test_a_permit_stops_a_citation_at_the_moment_of_issue(draft, people, observed, engine_says):
    engine_says.allowed, engine_says.words = True, "Permit R-26-0012 covers it."
    with refused_by("PK-03"):
        attempt(draft, people.officer, observed())
    assert not Citation.objects.exists()


def test_doubt_about_a_permit_needs_words(draft, people, observed, engine_says):
    engine_says.allowed = None
    with refused_by("PK-03"):
        attempt(draft, people.officer, observed())
    citation = attempt(draft, people.officer, observed(), justification="Looked at the dash and asked dispatch.")
    assert citation.permit_answer["outcome"] == "met"


def test_no_permit_lifts_a_blocked_hydrant(draft, people, observed, table, engine_says):
    engine_says.allowed = True
    assert attempt(draft, people.officer, observed(violation=table["hydrant"], zone=None)).number


# PK-07


@pytest.mark.parametrize(
    "missing", ["place", "plate", "plate_state", "color", "registration_expiry", "vin_last4", "zone"]
)
def test_a_citation_is_refused_while_a_field_of_pk_07_is_missing(draft, people, observed, missing):
    with refused_by("PK-07"):
        attempt(draft, people.officer, observed(**{missing: None if missing == "zone" else ""}))


def test_expiry_and_vin_may_be_missing_when_they_cannot_be_seen(draft, people, observed):
    unseen = observed(registration_expiry="", expiry_not_visible=True, vin_last4="", vin_not_readable=True)
    assert attempt(draft, people.officer, unseen).vin_last4 == ""


def test_who_will_not_attach_it_does_not_issue_it(draft, people, observed):
    with refused_by("PK-07"):
        attempt(draft, people.officer, observed(), will_attach=False)


def test_nobody_but_parking_staff_issues(people, observed):
    draft = CitationDraft.objects.create(officer=people.examiner)
    with refused_by("AC-08"):
        attempt(draft, people.examiner, observed())


def test_a_person_says_once_that_it_is_attached(issue, people):
    citation = issue(attach=False)
    assert (
        confirm_delivery(citation=citation, actor=people.officer, how="attached", where="windshield").by
        == people.officer
    )
    with refused_by("PK-07"):
        confirm_delivery(citation=citation, actor=people.officer, how="attached")
    assert CitationDelivery.objects.count() == 1


def copy_of(citation: Citation, **changes) -> Citation:
    fields = {f.attname: getattr(citation, f.attname) for f in Citation._meta.concrete_fields if f.name != "id"}
    return Citation(**fields | {"number": "26-999999-0", "serial": 999_999, "plate": "7ABC999"} | changes)


@pytest.mark.parametrize(
    ("rule_id", "changes"),
    [
        ("pk_07", {"color": ""}),
        ("pk_07", {"registration_expiry": ""}),
        ("pk_07", {"color": "\u200b"}),
        ("pk_07", {"place": "\n\t"}),
        ("PK-07: A citation is due no sooner", {"due_on": timezone.localdate() + timedelta(days=1)}),
        ("PK-07: A citation is due no sooner", {"due_on": timezone.localdate() + timedelta(days=19)}),
        ("pk_01", {"read_at_vehicle": False}),
        ("PK-16", {"amount_cents": 1}),
        ("PK-15", {"state": "canceled"}),
    ],
)
def test_the_database_itself_refuses_a_citation_that_is_not_whole(citation, rule_id, changes):
    with pytest.raises(IntegrityError, match=rule_id), transaction.atomic():
        Citation.objects.bulk_create([copy_of(citation, **changes)])


def test_the_database_itself_refuses_a_citation_by_somebody_who_is_no_officer(citation, people):
    with pytest.raises(IntegrityError, match="a machine never does"), transaction.atomic():
        copy_of(citation, issued_by_id=people.auditor.pk).save()


def test_the_database_itself_refuses_an_alert_that_is_born_answered(alert):
    fields = {f.attname: getattr(alert, f.attname) for f in type(alert)._meta.concrete_fields if not f.primary_key}
    for state in ("confirmed", "dismissed"):
        with pytest.raises(IntegrityError, match="PK-01: An alert begins live"), transaction.atomic():
            type(alert).objects.bulk_create([type(alert)(**fields | {"key": f"born-{state}", "state": state})])


def test_the_database_itself_refuses_a_citation_on_an_unconfirmed_alert(citation, alert):
    with pytest.raises(IntegrityError, match="PK-01"), transaction.atomic():
        copy_of(citation, alert_id=alert.pk).save()


# PK-16


def test_a_violation_without_an_amount_on_that_day_is_not_cited(draft, people, observed):
    with refused_by("PK-16"):
        attempt(draft, people.officer, observed(violation_at=timezone.now().replace(year=2025)))


def test_both_papers_are_stored_under_their_hash(citation):
    papers = {notice.kind: notice for notice in citation.notices.all()}
    assert set(papers) == {"roll", "letter"}
    for notice in papers.values():
        assert store.read(notice.sha256).startswith(b"%PDF-")
