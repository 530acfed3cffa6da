"""Citations with everything their pages show; all through the services."""

from datetime import date, timedelta

from django.utils import timezone

from ecpd.accounts.models import User
from parking.citations.upload import Upload
from parking.models import (
    Alert,
    Citation,
    CitationDraft,
    CitationNotice,
    Contest,
    PaymentImport,
    PaymentPlan,
    Violation,
    ViolationAmount,
)
from parking.services import citation as citations
from parking.services import citation_hold as holds
from parking.services import contest as contests
from parking.services import ledger
from parking.services import plan as plans
from parking.services.notice import issue_delinquent, record_mailing
from parking.services.violation import add_violation
from tests.factories.leads import allowed, allowed_on
from tests.parking.citation.conftest import as_owner
from tests.parking.pages.town import Town, serial

SAYS = {"channel": "mail", "grounds": "not_occurred", "words": "I had moved by then.", "name": "Rosa Quill",
        "address": "12 Elm Street"}  # fmt: skip
WAIVED = {"deposit_waived": True, "waiver_reason": "Lives on disability benefits.", "manner": "writing"}
DECIDED = {"outcome": "upheld", "reason": "The sign can be read in both pictures."}
WHO = {"name": "Rosa Quill", "address": "12 Elm Street"}
PICTURE = b"\xff\xd8\xff an invented picture"


def violation(manager: User, **special) -> Violation:
    """A violation with an amount."""
    number = serial()
    row = add_violation(actor=manager, code=f"hydrant-{number}", section=f"Vehicle Code 22514.{number}",
                        title="Hydrant", **special)  # fmt: skip
    _amount(row, manager)
    return row


def _amount(row: Violation, manager: User) -> None:
    later = row.amounts.count()
    ViolationAmount.objects.create(
        violation=row, amount_cents=7500, late_fee_cents=3800, resolution="Demonstration 2026-01", entered_by=manager,
        resolved_on="2026-01-01",
        effective_on=timezone.localdate() + timedelta(days=later) if later else date(2026, 1, 1),
        decision=allowed_on(manager, "violation.change", row),
    )  # fmt: skip


def cited(town: Town, of: Alert | None = None) -> Citation:
    """An attached citation; all that are not on an alert are of one plate."""
    officer, manager = town.people["officer"], town.people["manager"]
    special = {"lifted_by_permit": True, "needs_zone": True} if of else {}
    first = town.violation if of is None and not Citation.objects.filter(violation=town.violation).exists() else None
    seen = {
        "violation": first or violation(manager, **special), "zone": of.zone if of else town.zone,
        "violation_at": of.last_at if of else timezone.now() - timedelta(minutes=5),
        "place": "Alder Street 1100 block", "plate": of.plate if of else "7ABC123", "plate_state": "US-CA",
        "registration_expiry": "04/2027", "vin_last4": "0417", "color": "Blue", "make": "Honda", "body": "Sedan",
    }  # fmt: skip
    draft = CitationDraft.objects.create(officer=officer, alert=of)
    made = citations.issue_citation(draft=draft, actor=officer, observed=seen, read_at_vehicle=True, will_attach=True)
    citations.confirm_delivery(citation=made, actor=officer, how="attached", where="Windshield")
    return made


def draft(town: Town, of: Alert | None = None) -> CitationDraft:
    """A draft with everything typed, for overtime at noon of a weekday, so that its page asks every rule."""
    overtime = violation(town.people["manager"], lifted_by_permit=True, needs_zone=True)
    typed = {
        "violation": overtime.code, "on": f"{_last_weekday()}", "about": "12:00", "place": "Alder Street",
        "zone": str(town.zone.pk), "plate": of.plate if of else "7ABC123", "plate_state": "US-CA",
        "registration_expiry": "04/2027", "vin_last4": "0417", "color": "Blue", "read_at_vehicle": "on", "will_attach": "on",
    }  # fmt: skip
    return CitationDraft.objects.create(officer=town.people["officer"], alert=of, answers=typed)


def _last_weekday() -> date:
    day = timezone.localdate() - timedelta(days=1)
    return day - timedelta(days=max(0, day.weekday() - 4))


def more_of(citation: Citation, town: Town) -> None:
    """Another of everything that a citation's page lists."""
    first = not citation.contests.exists()
    if first:
        late = _delinquent(citation)
        record_mailing(notice=late, actor=town.people["manager"], on=timezone.localdate())
    _more_holds(citation, town)
    _more_money(citation, town)
    if first:
        _decided(citation, town, "review")
        _decided(citation, town, "hearing", **WAIVED)
    _another_plan(citation, town)


def _delinquent(citation: Citation) -> CitationNotice:
    """The late notice of a citation whose due day is long past and that nothing pauses yet."""
    with as_owner() as cursor:
        cursor.execute("UPDATE parking_citation SET due_on = due_on - 90 WHERE id = %s", [citation.pk])
    citation.refresh_from_db()
    return issue_delinquent(citation=citation, late_fee=0)


def more_beside(town: Town) -> None:
    """A review and a hearing that wait, a notice to mail, a file of payments, a violation and an amount, a draft."""
    manager = town.people["manager"]
    _filed(cited(town), town, "review")
    heard = cited(town)
    _decided(heard, town, "review")
    _filed(heard, town, "hearing", **WAIVED)
    _delinquent(cited(town))
    PaymentImport.objects.create(file_name=f"{serial()}.csv", sha256="0" * 64, taken=0, known=0, cents=0, by=manager,
                                 decision=allowed(manager, "citation.payment"))  # fmt: skip
    violation(manager)
    _amount(town.violation, manager)
    draft(town)


def _more_holds(citation: Citation, town: Town) -> None:
    manager = town.people["manager"]
    for copy in citation.copies.filter(sent_at=None):
        holds.send_copy(copy=copy, actor=manager)
    holds.ask_for_copy(citation=citation, asked_by="Rosa Quill", send_to="12 Elm Street", entered_by=manager)
    placed = holds.place_hold(citation=citation, actor=manager, reason="Registration is being looked up.")
    holds.release_hold(hold=placed, actor=town.people["other"], reason="It was looked up by now.")
    holds.place_hold(citation=citation, actor=manager, reason="The owner is in the hospital.")


def _more_money(citation: Citation, town: Town) -> None:
    manager, today = town.people["manager"], timezone.localdate()
    paid = ledger.record_payment(citation=citation, actor=manager, cents=200, on=today)
    ledger.take_back_payment(entry=paid, actor=manager, reason="The check bounced at the bank.")
    ledger.record_payment(citation=citation, actor=town.people["other"], cents=100, on=today)


def _decided(citation: Citation, town: Town, stage: str, **more) -> None:
    filed = _filed(citation, town, stage, **more)
    who = town.people["manager" if stage == "review" else "examiner"]
    result = contests.decide(contest=filed, actor=who, **DECIDED)
    record_mailing(notice=result.notice, actor=town.people["manager"], on=timezone.localdate())


def _filed(citation: Citation, town: Town, stage: str, **more) -> Contest:
    uploads = [Upload(f"picture-{number}.jpg", PICTURE) for number in range(2)]
    clerk = town.people["manager" if more else "officer"]  # who issued it waives nothing
    return contests.file_contest(citation=citation, actor=clerk, stage=stage, details=SAYS | more, uploads=uploads)


def _another_plan(citation: Citation, town: Town) -> None:
    """The running plan ends and another begins; the request that waits is declined and another comes."""
    manager = town.people["manager"]
    for running in PaymentPlan.objects.filter(citations__citation=citation, state="running"):
        plans.end_plan(plan=running, actor=manager, reason="The owner asked to end it.")
    for asked in citation.plan_requests.filter(state="open"):
        plans.decline_request(request=asked, actor=manager, reason="Asked by phone to wait.")
    plans.grant_plan(
        citations=[citation], actor=manager, first_due_on=timezone.localdate() + timedelta(days=30), monthly_cents=2500,
        months=4, unable_to_pay=False, reason="Pays every month.", **WHO,
    )  # fmt: skip
    plans.ask_for_plan(citation=citation, asked="reduction", entered_by=manager, **WHO)
