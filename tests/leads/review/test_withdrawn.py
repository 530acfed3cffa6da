"""An exhibit withdrawn under a lead tells the lead: marks fall, applications come back, captains are told (FR-10, FR-13)."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from cases.models import Evidence
from cases.services.evidence import add_derivative, withdraw_evidence
from ecpd.audit.models import AuditEvent
from ecpd.policy.errors import PolicyDenied
from ecpd.web.dashboard import board_for
from leads.models import Corroboration, CorroborationVerification, Lead, WarrantApplication
from leads.services import corroboration, warrant
from leads.services import lead as leads
from tests.factories import leads as make
from tests.signing_in import sign_in
from tests.story import copy_of

pytestmark = pytest.mark.django_db
WHY = "The laboratory mixed up two lifts."


@pytest.fixture(scope="module")
def begun(kept) -> make.Agency:
    """The agency and its case."""
    return make.agency()


@pytest.fixture
def people(begun) -> make.Agency:
    return copy_of(begun)


@pytest.fixture
def marked(people) -> Lead:
    """A lead marked on one fingerprint."""
    return make.marked_lead(people)


def applied(people, lead) -> WarrantApplication:
    """An application on it."""
    return warrant.apply_for_warrant(
        lead=lead, actor=people.okafor, statement="A fingerprint.", does_not_fit="Nothing known."
    )


def the_exhibit(lead) -> Evidence:
    """What the mark rests on."""
    return lead.corroborations.get().evidence


def withdraw(people, exhibit: Evidence) -> None:
    """By who added it."""
    withdraw_evidence(evidence=exhibit, actor=people.okafor, reason=WHY)
    connection.check_constraints()  # the commit of the request: what falls is asked then


def headlines(people) -> list[str]:
    """The timeline, newest first."""
    return list(people.case.timeline.values_list("headline", flat=True).order_by("-id"))


def test_a_mark_falls_with_a_copy_that_somebody_rejects(people, marked):
    application = applied(people, marked)
    copy = add_derivative(original=the_exhibit(marked), actor=people.okafor, title="Enlarged", derivation="Enlarged twice",
                          file=b"%PDF-1.4 larger", file_name="lift.pdf", kind="fingerprint")  # fmt: skip
    item = corroboration.link(
        lead=marked, actor=people.okafor, evidence=copy, kind="fingerprint", details=make.FINGERPRINT,
        ties_by="The same lift, larger", because_of="no", rests_on_face="no", independence="Found the same night",
    )  # fmt: skip
    with pytest.raises(IntegrityError, match="FR-10: A lead does not stay marked"), transaction.atomic():
        make.allowed_on(people.raman, "corroboration.verify", item)
        CorroborationVerification.objects.create(corroboration=item, verifier=people.raman, verified=False, reason=WHY,
                                                 **make.ANSWERS)  # fmt: skip
        connection.check_constraints()
    make.rejected(people, item, WHY)
    connection.check_constraints()
    marked.refresh_from_db()
    application.refresh_from_db()
    assert (marked.state, application.state) == ("open", "returned")
    assert WHY in application.returned_reason


def test_a_mark_falls_with_the_exhibit_it_rests_on(people, marked):
    withdraw(people, the_exhibit(marked))
    marked.refresh_from_db()
    assert marked.state == "open"
    assert f"Lead {marked.number} is no longer marked for warrant." in headlines(people)


def test_a_mark_stays_while_another_exhibit_carries_it(people, marked):
    other = make.verified(people, make.linked(people, marked))
    withdraw(people, marked.corroborations.exclude(pk=other.corroboration_id).get().evidence)
    marked.refresh_from_db()
    assert marked.state == "marked"


def test_a_mark_falls_when_only_a_lineup_is_left(people, marked):
    fingerprint = the_exhibit(marked)
    make.verified(people, make.linked(people, marked, kind="lineup"))
    withdraw(people, fingerprint)
    marked.refresh_from_db()
    assert marked.state == "open"


def test_an_application_comes_back_to_its_applicant(people, marked, client):
    application = applied(people, marked)
    withdraw(people, the_exhibit(marked))
    application.refresh_from_db()
    marked.refresh_from_db()
    assert (application.state, marked.state) == ("returned", "open")
    assert WHY in application.returned_reason
    assert f"Application {application.number} returned to {people.okafor.short_name}." in headlines(people)
    assert AuditEvent.objects.filter(action="warrant.returned", subject_id=str(application.pk)).exists()
    assert f"Application {application.number} came back to you" in str(board_for(people.okafor))
    assert application.number not in str(board_for(people.marsh))
    sign_in(client, people.okafor)
    assert "Returned" in client.get(application.get_absolute_url()).content.decode()


def test_after_new_evidence_it_is_marked_and_applied_for_again(people, marked):
    applied(people, marked)
    withdraw(people, the_exhibit(marked))
    marked.refresh_from_db()
    make.verified(people, make.linked(people, marked))
    again = applied(people, leads.mark_for_warrant(lead=Lead.objects.get(pk=marked.pk), actor=people.okafor))
    assert again.state == "submitted"


def test_a_lead_whose_application_came_back_goes_on_by_sql_as_by_the_services(people, marked):
    applied(people, marked)
    withdraw(people, the_exhibit(marked))
    row = Lead.objects.filter(pk=marked.pk)
    again = {"state": "marked", "marked_by": people.raman, "marked_at": timezone.now()}
    with pytest.raises(IntegrityError, match="FR-10: Not enough verified evidence"), transaction.atomic():
        row.update(**again)
    make.verified(people, make.linked(people, marked))
    make.allowed_on(people.raman, "lead.mark_for_warrant", marked)
    row.update(**again)
    assert applied(people, row.get()).state == "submitted"
    with pytest.raises(IntegrityError, match="FR-13: Its application still waits"), transaction.atomic():
        row.update(state="marked")
    warrant.withdraw_application(application=marked.applications.get(state="submitted"), actor=people.okafor)
    make.allowed_on(people.okafor, "lead.clear", marked)
    row.update(state="cleared", cleared_by=people.okafor, cleared_at=timezone.now(), cleared_reason=WHY)
    with pytest.raises(IntegrityError, match="FR-10: A lead cannot take that step"), transaction.atomic():
        row.update(state="open")


def test_a_withdrawn_probe_is_told_of(people, marked):
    withdraw(people, marked.candidate.search.probe)
    assert any("The probe of lead" in line for line in headlines(people))


def test_withdrawing_the_link_lets_the_mark_fall_too(people, marked):
    corroboration.withdraw(item=marked.corroborations.get(), actor=people.okafor, reason=WHY)
    marked.refresh_from_db()
    assert marked.state == "open"


GONE = {"withdrawn_reason": WHY}
ROWS = {
    "exhibit": lambda lead: Evidence.objects.filter(pk=the_exhibit(lead).pk),
    "link": lambda lead: Corroboration.objects.filter(lead=lead),
}


@pytest.mark.parametrize("what", ROWS)
def test_the_database_lets_no_lead_stay_marked_without_what_it_rests_on(people, marked, what):
    rows = ROWS[what](marked)
    with pytest.raises(IntegrityError, match="FR-10: A lead does not stay marked") as refusal, transaction.atomic():
        rows.update(withdrawn_at=timezone.now(), withdrawn_by=people.okafor, **GONE)
    assert refusal.value.__cause__.sqlstate == "23514"
    with pytest.raises(IntegrityError, match="FR-10"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"WITH gone AS (UPDATE {rows.model._meta.db_table} SET withdrawn_at = now(), withdrawn_by_id = %s, "
            "withdrawn_reason = 'x' WHERE id = %s RETURNING id) SELECT count(*) FROM gone",
            [people.okafor.pk, rows.get().pk],
        )
    assert Lead.objects.get(pk=marked.pk).state == "marked"


def test_the_database_lets_no_lead_stay_applied_for_without_its_exhibit(people, marked):
    applied(people, marked)
    with pytest.raises(IntegrityError, match="FR-10: A lead does not stay marked"), transaction.atomic():
        ROWS["exhibit"](marked).update(withdrawn_at=timezone.now(), withdrawn_by=people.okafor, **GONE)


def test_the_database_returns_no_application_without_a_reason(people, marked):
    application = applied(people, marked)
    for reason in ("", " \n"):
        with (
            pytest.raises(IntegrityError, match="FR-13: An application is returned for a reason"),
            transaction.atomic(),
        ):
            WarrantApplication.objects.filter(pk=application.pk).update(state="returned", returned_reason=reason)


def test_who_may_not_withdraw_changes_nothing(people, marked):
    with pytest.raises(PolicyDenied):
        withdraw_evidence(evidence=the_exhibit(marked), actor=people.aldana, reason=WHY)
    marked.refresh_from_db()
    assert marked.state == "marked"
