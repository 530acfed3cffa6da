"""AC-04: what was decided about a sealed case is sealed with it, and sealing leaves the named people only."""

import pytest

from cases import access
from cases.selectors import cases_visible_to
from cases.services.case import assign, edit_case, end_assignment, open_case, set_sealed
from ecpd.accounts.roles import Role
from ecpd.policy.models import Decision
from ecpd.web.dashboard import board_for
from leads.services import warrant
from tests.factories.leads import agency, linked, marked_lead
from tests.factories.people import make_user
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
REASON = "The victim is a minor."


@pytest.fixture
def people():
    """The agency; its captain, Marsh, and two investigators are named on the case."""
    return agency()


def seal(people) -> None:
    """A court orders it."""
    set_sealed(case=people.case, sealed=True, actor=people.marsh, reason=REASON)


def fresh(user):
    """The account as the next request reads it: permissions are kept for one request."""
    return type(user).objects.get(pk=user.pk)


def decisions(people) -> list[Decision]:
    """Every decision on the case."""
    return list(Decision.objects.filter(case_number=people.case.case_number))


def opens(client, user, found) -> set[int]:
    """The answers to this person's opening each of these decisions."""
    sign_in(client, user)
    return {client.get(f"/policy/decisions/{one.pk}/").status_code for one in found}


@pytest.mark.parametrize("role", [Role.CAPTAIN, Role.CHIEF, Role.INVESTIGATOR])
def test_nobody_unnamed_reads_a_decision_on_a_sealed_case(client, people, role):
    marked_lead(people)
    other = make_user(role)
    may = {200} if role is not Role.INVESTIGATOR else {404}
    assert opens(client, other, decisions(people)) == may
    seal(people)
    assert opens(client, other, decisions(people)) == {404}


def test_those_named_and_the_auditor_read_them(client, people):
    marked_lead(people)
    seal(people)
    assert opens(client, people.marsh, decisions(people)) == {200}
    assert opens(client, people.auditor, decisions(people)) == {200}


def test_ones_own_decisions_on_a_sealed_case_are_hidden_with_it(client, people):
    marked_lead(people)
    end_assignment(assignment=people.case.assignments.get(user=people.okafor), actor=people.marsh)
    mine = [one for one in decisions(people) if one.actor_id == people.okafor.pk]
    assert opens(client, people.okafor, mine) == {200}
    seal(people)
    assert opens(client, people.okafor, mine) == {404}
    assert people.case.case_number not in client.get("/policy/decisions/").content.decode()


def test_a_captain_who_loses_a_case_loses_its_access(people):
    osei = make_user(Role.CAPTAIN)
    edit_case(case=people.case, actor=people.okafor, captain=osei)
    assert not any(access.can(fresh(people.marsh), people.case, level) for level in ("contribute", "manage"))
    set_sealed(case=people.case, sealed=True, actor=osei, reason=REASON)
    assert people.case not in cases_visible_to(fresh(people.marsh))
    assert access.can(osei, people.case, "manage")


def test_a_case_without_a_captain_any_more_leaves_the_former_one_nothing(people):
    edit_case(case=people.case, actor=people.okafor, captain=None)
    assert not access.can(fresh(people.marsh), people.case, "manage")


def test_a_former_captain_who_is_assigned_keeps_what_the_assignment_gives(people):
    edit_case(case=people.case, actor=people.okafor, captain=make_user(Role.CAPTAIN))
    assert access.can(people.okafor, people.case, "manage")  # leads the investigation
    assert access.can(people.raman, people.case, "contribute")
    assert not access.can(people.raman, people.case, "manage")


def test_sealing_takes_every_permission_that_no_name_on_the_case_gives(people):
    chief, stranger = people.chief, make_user(Role.INVESTIGATOR)
    access.grant(chief, people.case, "view", "manage")
    access.grant(stranger, people.case, "view", "contribute")
    access.grant(people.raman, people.case, "manage")
    seal(people)
    for user in (chief, stranger):
        assert people.case not in cases_visible_to(fresh(user))
        assert not access.can(fresh(user), people.case, "view")
    assert not access.can(people.raman, people.case, "manage")
    for user in (people.okafor, people.raman, people.marsh):
        assert people.case in cases_visible_to(user)


def test_who_is_assigned_later_is_named(people):
    seal(people)
    newcomer = make_user(Role.INVESTIGATOR)
    assign(case=people.case, user=newcomer, actor=people.marsh)
    assert access.can(newcomer, people.case, "contribute")


def test_the_start_page_of_who_left_a_sealed_case_says_nothing_of_it(people):
    made = marked_lead(people)
    linked(people, made)
    warrant.apply_for_warrant(lead=made, actor=people.okafor, statement="A fingerprint.", does_not_fit="Nothing known.")
    open_case(actor=people.okafor, title="Another", offense=people.case.offense)
    end_assignment(assignment=people.case.assignments.get(user=people.okafor), actor=people.marsh)
    seal(people)
    okafor = type(people.okafor).objects.get(pk=people.okafor.pk)
    board = board_for(okafor)
    told = str(board)
    assert people.case.case_number not in told
    assert people.case.title not in told
    assert made.number not in told


@pytest.mark.parametrize("which", ["searches/new/", "lead", "application", "packet"])
def test_every_look_at_what_is_hidden_is_on_the_record(client, people, which):
    made = marked_lead(people)
    application = warrant.apply_for_warrant(
        lead=made, actor=people.okafor, statement="A fingerprint.", does_not_fit="Nothing known."
    )
    seal(people)
    stranger = make_user(Role.INVESTIGATOR)
    sign_in(client, stranger)
    case_page = people.case.get_absolute_url()
    page = {"lead": made.get_absolute_url(), "application": application.get_absolute_url(),
            "packet": f"{application.get_absolute_url()}packet/"}.get(which, f"{case_page}{which}")  # fmt: skip
    assert client.get(page).status_code == 404
    (attempt,) = Decision.objects.filter(actor=stranger)
    assert (attempt.outcome, attempt.case_number) == ("denied", people.case.case_number)
