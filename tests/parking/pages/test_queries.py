"""No staff page of parking asks the database more than fifteen times, and none asks more often because there are more rows."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ecpd.web.bench import MOST_QUERIES, TRANSACTION
from parking.models import (
    Alert,
    Contest,
    Exemption,
    LedgerEntry,
    PaymentPlan,
    Permit,
    PermitApplication,
    PlatePolicy,
)
from tests.factories import parking as make
from tests.parking.pages.busy import another_round, busy_town
from tests.parking.pages.town import Town
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Page:
    """A page: its name in the URL map, who opens it, on what, and what is sent when the page is an answer to a form."""

    name: str
    who: str
    of: Callable[[Town], Any] | None = None
    sends: Callable[[Town], dict] | None = None
    asks: dict[str, str] = field(default_factory=dict)


def newest(model: type, **wanted) -> Any:
    """The row that came last."""
    return model.objects.filter(**wanted).latest("pk")


def number(town: Town) -> str:
    """The citation of which there is one of everything."""
    return town.citation.number


def kind_of_permit(kind: str) -> Callable[[Town], str]:
    """The number of the newest permit of a kind."""
    return lambda _: newest(Permit, terms__permit_class__kind=kind).number


def look(town: Town) -> dict[str, str]:
    """A look at the plate that was read most."""
    return {"plate": town.citation.plate, "purpose": "parking", "reason": "Case 26-000123, a hit and run.",
            "zone": str(town.zone.pk)}  # fmt: skip


PAGES = [
    Page("citations", "officer"),
    Page("citations", "manager", asks={"q": "7ABC123"}),
    Page("citation", "officer", number),
    Page("citation", "manager", number),
    Page("citation-print", "officer", number),
    Page("citation-draft", "officer", lambda town: town.draft.pk),
    Page("citation-payments", "manager"),
    Page("citation-notices", "manager"),
    *(Page(f"citation-{act}", "manager", number)
      for act in ("void", "hold", "copy", "payment", "refund", "plan", "reduce", "decline")),
    Page("citation-release", "manager", lambda town: (number(town), town.citation.holds.latest("pk").pk)),
    Page("citation-payment-correct", "manager",
         lambda town: (number(town), newest(LedgerEntry, kind="payment", amount_cents__lt=0).pk)),
    Page("citation-plan-end", "manager", lambda town: (number(town), newest(PaymentPlan).pk)),
    Page("contest-enter", "officer", number),
    Page("contests", "manager", asks={"state": "any"}),
    Page("contest", "manager", lambda _: newest(Contest, stage="review", state="open").pk),
    Page("contest", "examiner", lambda _: newest(Contest, stage="hearing", state="open").pk),
    Page("contest", "manager", lambda town: newest(Contest, citation=town.citation).pk),
    Page("hearings", "examiner"),
    Page("violations", "manager"),
    Page("violation-add", "manager"),
    Page("violation", "manager", lambda town: town.violation.code),
    Page("console", "officer"),
    Page("console-live", "officer"),
    Page("alert", "officer", lambda _: Alert.objects.filter(state="live").latest("raised_at").pk),
    Page("alert", "manager", lambda _: Alert.objects.filter(state="dismissed").latest("raised_at").pk),
    Page("devices", "manager"),
    Page("device-add", "manager"),
    Page("device", "manager", lambda town: town.agency.device.pk),
    Page("plate-policies", "manager"),
    Page("plate-policy", "chief", lambda _: newest(PlatePolicy).pk),
    Page("plate-policy-draft", "manager"),
    Page("plate-policy-edit", "manager", lambda _: newest(PlatePolicy).pk),
    Page("zones", "manager"),
    Page("zone", "manager", lambda town: town.zone.pk),
    Page("zone-draw", "manager"),
    Page("zone-import", "manager"),
    Page("zone-export-page", "manager"),
    Page("figures", "chief", asks={"begin": f"{make.MONDAY_NOON:%Y-%m-%d}", "end": f"{make.MONDAY_NOON:%Y-%m-%d}"}),
    Page("plate-lookup", "captain"),
    Page("plate-lookup", "captain", sends=look),
    Page("plate-holds", "manager"),
    Page("plate-holds", "captain"),
    Page("plate-shares", "captain"),
    Page("check", "officer"),
    Page("check", "officer", sends=look),
    Page("permits", "manager"),
    Page("permit", "manager", kind_of_permit("residential")),
    Page("permit", "officer", kind_of_permit("visitor")),
    *(Page(f"permit-{act}", "manager", lambda _: newest(Permit).number) for act in ("end", "replace", "warn")),
    Page("permit-swap", "manager", kind_of_permit("residential")),
    Page("permit-queue", "manager"),
    Page("permit-application", "manager", lambda _: newest(PermitApplication, state="waiting").number),
    Page("permit-application", "manager", lambda _: newest(PermitApplication, state="approved").number),
    Page("permit-counter", "manager"),
    Page("permit-enter", "manager", lambda _: newest(Permit).terms.permit_class.code),
    Page("permit-classes", "manager"),
    Page("permit-class", "manager", lambda _: newest(Permit).terms.permit_class.code),
    Page("exemptions", "manager"),
    Page("exemption-import", "manager"),
    Page("exemption-end", "manager", lambda _: newest(Exemption).pk),
]  # fmt: skip


# Whether the act is cited already is asked as well (PK-07).
MORE_QUERIES = {"5. citation-draft as officer": 17}  # also what its alert may be cited as


def questions(page: Page, town: Town) -> list[str]:
    """What a page asks the database, without the statements that begin and end a transaction."""
    client = Client()
    sign_in(client, town.people[page.who])
    args = page.of(town) if page.of else ()
    url = reverse(f"parking:{page.name}", args=args if isinstance(args, tuple) else (args,))
    open_it = partial(client.post, url, page.sends(town)) if page.sends else partial(client.get, url, page.asks)
    open_it()  # what only the first request of a session pays
    with CaptureQueriesContext(connection) as asked:
        answer = open_it()
    assert answer.status_code == 200, f"{page.name} as {page.who} answers {answer.status_code}"
    return [query["sql"] for query in asked.captured_queries if not TRANSACTION.match(query["sql"])]


def counted(town: Town) -> dict[str, int]:
    """How often each page asks."""
    return {f"{n}. {page.name} as {page.who}": len(questions(page, town)) for n, page in enumerate(PAGES)}


def test_no_page_asks_more_than_fifteen_times_and_none_more_often_when_there_is_more():
    town = busy_town()
    few = counted(town)
    another_round(town)
    another_round(town)
    many = counted(town)
    assert {page: n for page, n in many.items() if n > MORE_QUERIES.get(page, MOST_QUERIES)} == {}
    assert {page: (few[page], n) for page, n in many.items() if n > few[page]} == {}
