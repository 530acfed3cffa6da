"""A face that is searched for again: by another request, in another case, for another purpose."""

from collections.abc import Callable

import pytest

from cases.services.case import assign, open_case
from ecpd.accounts.roles import Role
from leads.models import Candidate, Lead, WarrantApplication
from leads.selectors.dark import dark_in_view, kept_records
from leads.services import exculpatory, warrant
from leads.services import lead as leads
from tests.factories import leads as make
from tests.factories.people import make_user

DENIED = "The lift may be from any customer."
CLEARED = "He was in the hospital that night; the ward's log says so."


@pytest.fixture
def people() -> make.Agency:
    """An agency with a case."""
    return make.agency()


@pytest.fixture
def elsewhere(people) -> make.Agency:
    """The same people with a case of their own, opened by the same detective."""
    case = open_case(actor=people.okafor, title="Another robbery", offense=people.case.offense, captain=people.marsh,
                     incident_number="26-014999")  # fmt: skip
    assign(case=case, user=people.raman, actor=people.marsh)
    return make.Agency(**{**people.__dict__, "case": make.accepted(case, people.marsh)})


@pytest.fixture
def again() -> Callable[..., Candidate]:
    """A later search for the same probe, which lists the same face."""

    def search(people: make.Agency, before: Candidate, **changes) -> Candidate:
        found = make.listed(made := make.requested(people, **changes), before.face)
        make.finish(made, like=before.search)
        return found

    return search


@pytest.fixture
def lead_of() -> Callable[[make.Agency, Candidate], Lead]:
    """A lead of a candidate that both examiners think possible."""

    def promote(people: make.Agency, found: Candidate) -> Lead:
        make.examined(found, people.okafor, 1)
        make.examined(found, make.newcomer(people), 2)
        return leads.promote(candidate=found, actor=people.okafor)

    return promote


def answer_everything(people: make.Agency, lead: Lead) -> None:
    """Every entry of the register has an answer; what of it is kept from who answers is opened first (FR-08)."""
    entries = lead.exculpatory.filter(answers__isnull=True)
    if kept_records(entries, people.okafor):
        for search in dark_in_view(people.okafor):
            make.open_list(search, people.okafor)
    for entry in entries:
        exculpatory.answer(entry=entry, actor=people.okafor, outcome="explained", text=f"It is explained: {entry.pk}.")


def applied(people: make.Agency, lead: Lead) -> WarrantApplication:
    """An application for it, once everything is answered and it is marked."""
    answer_everything(people, lead)
    leads.mark_for_warrant(lead=lead, actor=people.okafor)
    return warrant.apply_for_warrant(lead=lead, actor=people.okafor, statement="The lift.", does_not_fit="Nothing.")


@pytest.fixture
def denied(people) -> Lead:
    """A lead that a captain denied."""
    made = make.made_lead(people)
    make.verified(people, make.linked(people, made))
    application = applied(people, made)
    make.opened(application, people.marsh)
    warrant.decide(application=application, actor=people.marsh, approve=False, read_packet=True, reasons=DENIED)
    return Lead.objects.get(pk=made.pk)


@pytest.fixture
def cleared(people) -> Lead:
    """A lead whose person somebody cleared."""
    return leads.clear(lead=make.made_lead(people), actor=people.okafor, reason=CLEARED)


@pytest.fixture
def another_captain():
    """A captain who took no part in anything."""
    return make_user(Role.CAPTAIN, rank="Capt.", last_name="Osei")
