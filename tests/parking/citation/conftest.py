"""People, zones and citations of these tests; what the allowed engine says is set test by test."""

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import count

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from ecpd.accounts.models import User
from ecpd.accounts.roles import Role
from parking.models import Citation, CitationDraft, Violation, ViolationAmount, Zone
from parking.selectors import citation_permission
from parking.services import citation_draft
from parking.services.citation import confirm_delivery, issue_citation
from tests.factories.leads import allowed, allowed_on
from tests.factories.people import make_user


@dataclass
class People:
    """One of each who matters."""

    officer: User
    manager: User
    other_manager: User
    examiner: User
    captain: User
    auditor: User


@pytest.fixture
def people(db) -> People:
    """An officer, two managers, an examiner, a captain, an auditor."""
    return People(
        make_user(Role.PARKING_OFFICER, rank="", first_name="Dana", last_name="Ruiz"),
        make_user(Role.PARKING_MANAGER, rank="", first_name="Lee", last_name="Park"),
        make_user(Role.PARKING_MANAGER, rank="", first_name="Ann", last_name="Cho"),
        make_user(Role.HEARING_EXAMINER, rank="", first_name="Kim", last_name="Vale"),
        make_user(Role.CAPTAIN, rank="Capt.", last_name="Marsh"),
        make_user(Role.AUDITOR, rank="", last_name="Ito"),
    )


ROWS = (  # code, section, dollars, late fee, what is special
    ("overtime", "Municipal Code 11.40.040", 48, 24, {"lifted_by_permit": True, "needs_zone": True}),
    ("hydrant", "Vehicle Code 22514", 75, 38, {}),
    ("disabled", "Vehicle Code 22507.8(a)", 350, 75, {"disabled_space": True}),
)


@pytest.fixture
def table(people) -> dict[str, Violation]:
    """Three violations by code, as rows."""
    made = {}
    for code, section, dollars, late, special in ROWS:
        with transaction.atomic():
            allowed(people.manager, "violation.change", subject_type="parking.violation")
            violation = Violation.objects.create(
                code=code, section=section, title=code.title(), added_by=people.manager, **special
            )
        with transaction.atomic():
            ViolationAmount.objects.create(
                violation=violation, amount_cents=dollars * 100, late_fee_cents=late * 100, effective_on="2026-01-15",
                resolution="Demonstration 2026-01", resolved_on="2026-01-06", entered_by=people.manager,
                decision=allowed_on(people.manager, "violation.change", violation),
            )  # fmt: skip
        made[code] = violation
    return made


@pytest.fixture
def zone(people) -> Zone:
    """An enforced zone."""
    now = timezone.now()
    with transaction.atomic():
        allowed(people.manager, "zone.change")
        return Zone.objects.create(
            street="Demo Street", side="E", geometry={"type": "LineString", "coordinates": [[-122.3, 37.9], [-122.3, 37.91]]},
            resolution="Demonstration 2026-01", signs_since="2026-01-20", enforced=True, starts_at=now - timedelta(days=90),
            published_at=now, updated_at=now, added_by=people.manager,
        )  # fmt: skip


class Says:
    """What the allowed engine answers."""

    allowed: bool | None = False
    words = "No permit covers it."


@pytest.fixture(autouse=True)
def engine_says(monkeypatch) -> type[Says]:
    """Sets what PK-03's engine answers; the engine itself has its own tests."""
    answer = type("Answer", (Says,), {})
    real = citation_permission.permission_for

    def stand_in(citation):
        if not citation.violation.lifted_by_permit:
            return real(citation)
        return citation_permission.Permission(answer.allowed, answer.words)

    monkeypatch.setattr("parking.rules.citation.permission_for", stand_in)
    return answer


@pytest.fixture
def observed(table, zone):
    """What an officer wrote down; keywords override."""

    def write(**changes) -> dict:
        facts = {
            "violation": table["overtime"], "violation_at": timezone.now() - timedelta(minutes=5), "zone": zone,
            "place": "Demo Street 400 block, east side", "plate": "7ABC123", "plate_state": "US-CA",
            "registration_expiry": "04/2027", "vin_last4": "0417", "color": "Blue", "make": "Honda", "body": "Sedan",
        }  # fmt: skip
        return facts | changes

    return write


@pytest.fixture
def issue(people, observed):
    """Issues a citation by hand, attached unless said otherwise; keywords override what was observed.

    Each is of another vehicle: one act is cited once.
    """
    plates = (f"7ABC{number}" for number in count(123))

    def write(actor: User | None = None, *, attach: bool = True, **changes) -> Citation:
        officer = actor or people.officer
        draft = CitationDraft.objects.create(officer=officer)
        citation = issue_citation(
            draft=draft,
            actor=officer,
            observed=observed(**({"plate": next(plates)} | changes)),
            read_at_vehicle=True,
            will_attach=True,
        )
        if attach:
            confirm_delivery(citation=citation, actor=officer, how="attached")
        return citation

    return write


@pytest.fixture
def citation(issue) -> Citation:
    """A citation for overtime, attached."""
    return issue()


@pytest.fixture
def draft(people) -> CitationDraft:
    """An officer's empty draft."""
    return citation_draft.begin(officer=people.officer)


FILED = {
    "channel": "mail", "grounds": "not_occurred", "words": "I had moved my car by then.", "name": "Rosa Quill",
    "address": "12 Elm Street\nEl Cerrito, CA 94530",
}  # fmt: skip


@contextmanager
def as_owner():
    """A cursor of the database's owner with triggers off, for moving time; afterwards everything holds again."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE; SET session_replication_role = replica")
        try:
            yield cursor
        finally:
            cursor.execute("SET session_replication_role = origin")
            cursor.execute(f"SET ROLE {settings.DATABASE_APP_ROLE}")


def backdate(citation: Citation, days: int) -> None:
    """Let a citation have been issued days ago."""
    with as_owner() as cursor:
        cursor.execute(
            "UPDATE parking_citation SET issued_at = issued_at - make_interval(days => %s),"
            " violation_at = violation_at - make_interval(days => %s), due_on = due_on - %s WHERE id = %s",
            [days, days, days, citation.pk],
        )
    citation.refresh_from_db()


def mailed_days_ago(days: int) -> None:
    """Let every notice have been mailed days before it was."""
    with as_owner() as cursor:
        cursor.execute('UPDATE parking_noticemailing SET "on" = "on" - %s', [days])
