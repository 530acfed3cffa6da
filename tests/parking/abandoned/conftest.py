"""People, a city whose ordinance is entered, and a matter taken as far as a test needs it."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.utils import timezone

from ecpd.accounts.models import User
from ecpd.accounts.roles import Role
from ecpd.policy import services as manual
from parking.citations.upload import Upload
from parking.models import AbandonedVehicle, TowOrder
from parking.services import abandoned, tow
from tests.factories.people import make_user
from tests.parking.citation.conftest import as_owner

PHOTO = Upload("photo.jpg", b"\xff\xd8\xff" + b"a picture" * 9)
ORDINANCE = "Demonstration Code 11.40.990"


@dataclass
class People:
    """One of each who matters."""

    officer: User
    manager: User
    captain: User
    chief: User
    examiner: User
    auditor: User


@pytest.fixture
def people(db) -> People:
    """An officer, a manager, a captain, the chief, an examiner, an auditor."""
    roles = (Role.PARKING_OFFICER, Role.PARKING_MANAGER, Role.CAPTAIN, Role.CHIEF, Role.HEARING_EXAMINER, Role.AUDITOR)
    return People(*(make_user(role) for role in roles))


def amend(people, **changes) -> None:
    """Change settings as the manual is changed: proposed by one, approved by the chief."""
    amendment = manual.propose_amendment(
        actor=people.captain,
        changes=changes,
        reason="The council has resolved on this.",
        effective_on=timezone.localdate(),
    )
    manual.approve_amendment(amendment=amendment, actor=people.chief, reason="As the council has resolved.")


@pytest.fixture
def ordinance(people) -> str:
    """The city names its ordinance on stored vehicles."""
    amend(people, stored_ordinance=ORDINANCE)
    return ORDINANCE


REPORT = {
    "kind": "stored_72h", "source": "officer", "plate": "7xyz 321", "plate_state": "US-CA", "vehicle": "green Ford pickup",
    "place": "Alder Street 1100 block, east side",
}  # fmt: skip
MARK = {
    "kind": "stored_72h", "grounds": [], "grounds_words": "", "marks": "Left front valve at 2, left rear at 7 o'clock.",
    "notice_text": "Move this vehicle within 72 hours.", "notice_where": "Windshield", "odometer": None,
}  # fmt: skip
ORDER = {
    "orderer_class": "employee", "purpose": "It has stood here for more than 72 hours.", "tow_company": "Demo Towing",
    "storage": "Demo Towing Yard, 1 Yard Street, 510-555-0100",
}  # fmt: skip


def report(people, **fields) -> AbandonedVehicle:
    """A matter, reported by the officer unless said otherwise."""
    return abandoned.report(actor=fields.pop("actor", people.officer), **REPORT | fields)


def mark(people, matter, **fields):
    """A whole warning."""
    return abandoned.mark(
        matter=matter, actor=fields.pop("actor", people.officer), **MARK | {"photos": [PHOTO]} | fields
    )


def look(people, matter, **fields):
    """A second look that finds it still there."""
    whole = {"there": True, "words": "Valve stems as marked.", "photos": [PHOTO]} | fields
    return abandoned.look_again(matter=matter, actor=whole.pop("actor", people.officer), **whole)


def hours_pass(hours: float) -> None:
    """Let everything about matters and tows have been that many hours ago, and days with it."""
    columns = {
        "parking_abandonedvehicle": ("reported_at", "seen_since"),
        "parking_abandonedmark": ("at", "look_from"),
        "parking_abandonedlook": ("at",),
        "parking_toworder": ("at",),
        "parking_towremoval": ("at",),
        "parking_townotice": ("sent_at",),
        "parking_towhearing": ("asked_at", "due_at"),
    }
    with as_owner() as cursor:
        for table, names in columns.items():
            sets = ", ".join(f"{name} = {name} - make_interval(secs => {hours * 3600})" for name in names)
            cursor.execute(f"UPDATE {table} SET {sets}")
        days = round(hours / 24)
        cursor.execute(f"UPDATE parking_townotice SET dated = dated - {days}")
        cursor.execute(f"UPDATE parking_towhearing SET last_day = last_day - {days}")


@pytest.fixture
def ready(people, ordinance) -> AbandonedVehicle:
    """A stored vehicle, marked 73 hours ago, looked at again."""
    matter = report(people)
    mark(people, matter)
    hours_pass(73)
    matter.refresh_from_db()
    look(people, matter)
    return matter


@pytest.fixture
def order(people, ready) -> TowOrder:
    """A tow, ordered by the manager."""
    return tow.order_tow(matter=ready, actor=people.manager, **ORDER)


@pytest.fixture
def removed(people, order) -> TowOrder:
    """A tow that was carried out."""
    hours_pass(1)
    order.refresh_from_db()
    tow.record_removal(order=order, actor=people.officer, at=timezone.now() - timedelta(minutes=10),
                       condition="No damage seen.", inventory="Spare wheel\nUmbrella")  # fmt: skip
    return order


def notice(people, order, sent_to="registered", **fields):
    """A notice mailed a minute ago."""
    whole = {"name": "Rosa Quill", "address": "12 Elm Street\nEl Cerrito, CA 94530", "dated": timezone.localdate(),
             "sent_at": timezone.now() - timedelta(minutes=1)} | fields  # fmt: skip
    return tow.send_notice(order=order, actor=people.officer, sent_to=sent_to, **whole)


def ask(people, order, **fields):
    """A hearing, asked for a minute ago."""
    whole = {"asked_at": timezone.now() - timedelta(minutes=1), "channel": "phone", "name": "Rosa Quill",
             "contact": "510-555-0199"} | fields  # fmt: skip
    return tow.ask_hearing(order=order, actor=people.officer, **whole)
