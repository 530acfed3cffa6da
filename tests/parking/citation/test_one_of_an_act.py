"""One act is cited once, as its alert shows it, and who issued a citation does nobody a favor with it (PK-01, PK-07, PK-15)."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from ecpd.policy.errors import PolicyDenied
from parking.citations.from_alerts import KINDS, KNOWN, SIGNS
from parking.citations.sections import number_of
from parking.forms.citation import CitationForm
from parking.models import (
    Alert,
    AlertAnswer,
    Citation,
    CitationDraft,
    CitationHold,
    LedgerEntry,
    Violation,
    ViolationAmount,
)
from parking.models.citation_guards import is_of_in_sql
from parking.models.citation_guards import number_of as section_number
from parking.selectors.citation_again import shown_by
from parking.services import contest as contests
from parking.services import plan
from parking.services.citation import issue_citation, void_citation
from parking.services.citation_hold import place_hold
from parking.services.violation import add_violation, set_amount
from parking.services.violation import withdraw_violation as withdraw
from parking.services.violation_seed import TABLE, seed_violations
from tests.factories.leads import allowed, allowed_on
from tests.parking.citation.conftest import FILED, as_owner
from tests.parking.citation.test_issue import ANSWERED

NOON = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=2)
WHY = "Lives on disability benefits."


@pytest.fixture
def alerted(people, zone):
    """A confirmed alert of overtime, from the first read's moment on; its reads are not what is tried here."""

    def write(first_at, **changes) -> Alert:
        facts = {"kind": "overtime", "key": f"{first_at}", "plate": "7ABC123", "plate_state": "US-CA", "zone": zone,
                 "first_at": first_at, "last_at": first_at + timedelta(hours=3), "state": "confirmed"} | changes  # fmt: skip
        with as_owner():
            alert = Alert.objects.create(**facts)
            AlertAnswer.objects.create(alert=alert, outcome="confirmed", officer=people.officer, **ANSWERED)
        return alert

    return write


@pytest.fixture
def cite(people, observed):
    """Issues a citation, from an alert or by hand, through the door."""

    def write(alert=None, **changes) -> Citation:
        draft = CitationDraft.objects.create(officer=people.officer, alert=alert)
        at = {"violation_at": alert.last_at} if alert else {}
        return issue_citation(draft=draft, actor=people.officer, observed=observed(**(at | changes)),
                              read_at_vehicle=True, will_attach=True)  # fmt: skip

    return write


def straight(citation: Citation, **changes) -> None:
    """The same act again, past the door."""
    row = Citation.objects.get(pk=citation.pk)
    row.pk, row.serial, row.number, row.decision, row.alert = None, row.serial + 500, f"X{row.serial}", None, None
    for name, value in changes.items():
        setattr(row, name, value)
    row._state.adding = True
    with transaction.atomic():
        row.save()


AGAIN = {
    "in one minute": {},
    "in one minute, said to be elsewhere": {"place": "Somewhere else", "zone": None},
    "that day, in that zone": {"violation_at": NOON + timedelta(hours=3)},
    "that day, of no state": {"violation_at": NOON + timedelta(hours=3), "plate_state": "OTHER"},
    "that day, the place in other letters": {"violation_at": NOON + timedelta(hours=3), "zone": None,
                                             "place": "DEMO STREET, 400 block (east side)"},
}  # fmt: skip


@pytest.mark.parametrize("how", AGAIN)
def test_one_act_is_cited_once_whoever_asks(cite, table, how):
    hydrant = {"violation": table["hydrant"]}
    first = cite(violation_at=NOON, **hydrant)
    with pytest.raises(PolicyDenied, match="cited for that already"):
        cite(**({"violation_at": NOON} | hydrant | AGAIN[how]))
    with pytest.raises(DatabaseError, match="PK-07: This vehicle is cited for that already"):
        straight(first, **AGAIN[how])
    assert Citation.objects.count() == 1


OTHERWISE = {
    "another vehicle": {"plate": "7ABC124"},
    "another state": {"plate_state": "US-NV"},
    "the next day": {"violation_at": NOON + timedelta(hours=20)},
    "elsewhere, hours later": {"violation_at": NOON + timedelta(hours=3), "zone": None, "place": "Another Street 12"},
}


@pytest.mark.parametrize("how", OTHERWISE)
def test_another_act_is_cited(cite, table, how):
    hydrant = {"violation": table["hydrant"]}
    cite(violation_at=NOON, **hydrant)
    assert cite(**({"violation_at": NOON} | hydrant | OTHERWISE[how])).pk


def test_another_section_of_one_moment_is_cited_and_a_voided_one_is_written_anew(cite, table, people):
    first = cite(violation_at=NOON)
    cite(violation_at=NOON, violation=table["hydrant"])
    void_citation(citation=first, actor=people.manager, reason="The make was wrong on it.")
    assert cite(violation_at=NOON).pk


def test_a_later_stay_of_that_day_is_cited_from_its_alert_and_the_same_stay_is_not(cite, alerted):
    cite(alerted(NOON - timedelta(hours=5)))
    with pytest.raises(PolicyDenied, match="cited for that already"):
        cite(alerted(NOON - timedelta(hours=4)))
    with pytest.raises(PolicyDenied, match="cited for that already"):
        cite(violation_at=NOON + timedelta(hours=4))
    assert cite(alerted(NOON)).pk


def test_a_citation_is_what_its_alert_shows(cite, alerted, table, zone):
    alert = alerted(NOON)
    for words, changes in {
        "at another time": {"violation_at": alert.last_at - timedelta(days=2)},
        "at another  time": {"violation_at": NOON - timedelta(minutes=2)},
        "in another zone": {"zone": None, "violation": table["overtime"]},
        "of a time limit": {"violation": table["hydrant"]},
    }.items():
        with pytest.raises(PolicyDenied, match=" ".join(words.split())):
            cite(alert, **changes)
        CitationDraft.objects.all().delete()
    made = cite(alert)
    other = alerted(NOON, key="two", plate="7ABC999")
    for sentence, changes in {
        "PK-01: The reads of this alert show the vehicle there": {"violation_at": alert.last_at - timedelta(days=2)},
        "PK-01: The reads of this alert show the vehicle in": {"zone": None},
        "PK-01: An alert is cited as what": {"violation": table["hydrant"], "section": table["hydrant"].section},
    }.items():
        with pytest.raises(DatabaseError, match=sentence):
            straight(made, alert=other, **changes)


@pytest.fixture
def whole_table(people, table):
    """The table of the demonstration, and what an agency adds under codes of its own."""
    seed_violations(actor=people.manager)
    own = {"own-limit": {"lifted_by_permit": True, "needs_zone": True}, "own-sign": {}}
    for number, (code, flags) in enumerate(own.items()):
        made = add_violation(actor=people.manager, code=code, section=f"Municipal Code 11.90.{number}", title=code, order=500,
                             **flags)  # fmt: skip
        set_amount(violation=made, actor=people.manager, amount_cents=4000, late_fee_cents=2000, resolution="Demo 1",
                   effective_on=timezone.localdate(), resolved_on=timezone.localdate())  # fmt: skip
    return {each.code: each for each in Violation.objects.all()}


SHOWS = {
    "overtime": {"overtime"},
    "no_parking": {*SIGNS, "own-limit", "own-sign"},
    "shared_permit": {"permit-zone"},
    "long_stay": {"seventy-two-hours"},
    "hotlist": set(),
}


@pytest.mark.parametrize("kind", SHOWS)
def test_an_alert_is_cited_as_what_it_shows_whoever_asks(cite, alerted, whole_table, kind, people):
    first = cite(plate="7ABC000")
    alert = alerted(NOON, kind=kind)
    assert {each.code for each in shown_by(alert, whole_table.values())} == SHOWS[kind]
    with as_owner() as cursor:
        for code, violation in whole_table.items():
            cursor.execute(AS_THE_GUARD, [kind, violation.pk])
            assert cursor.fetchone()[0] is (code in SHOWS[kind]), code
    other = next(code for code in ("hydrant", "permit-zone") if code not in SHOWS[kind])
    wrong = {"violation": whole_table[other], "section": whole_table[other].section}
    with pytest.raises(PolicyDenied, match="the violation is another one"):
        cite(alert, violation=whole_table[other])
    with pytest.raises(DatabaseError, match="PK-01: An alert is cited as what its reads show"):
        straight(first, alert=alert, plate=alert.plate, violation_at=alert.last_at, **wrong)


AS_THE_GUARD = f"""
SELECT (CASE o.kind {" ".join(map(is_of_in_sql, KINDS))} ELSE false END) IS TRUE FROM (
    SELECT %s::text AS kind, array_agg(v.code::text) AS codes, bool_or(v.lifted_by_permit AND own.needs_zone) AS limited
    FROM parking_violation v, parking_violation own WHERE own.id = %s AND {section_number("v.section")} =
    {section_number("own.section")}) o
"""


def test_where_the_table_has_no_such_code_its_flags_say_what_is_shown(alerted, people, whole_table):
    alert = alerted(NOON)
    withdraw(violation=whole_table["overtime"], actor=people.manager, reason="Renamed by the council.")
    left = Violation.objects.filter(withdrawn_at=None)
    assert {each.code for each in shown_by(alert, left)} == {"own-limit"}
    with as_owner() as cursor:
        cursor.execute(AS_THE_GUARD, ["overtime", whole_table["own-limit"].pk])
        assert cursor.fetchone()[0] is True
        cursor.execute(AS_THE_GUARD, ["overtime", whole_table["permit-zone"].pk])
        assert cursor.fetchone()[0] is False


def test_the_form_offers_what_the_alert_shows_and_says_why_it_takes_nothing_else(alerted, whole_table):
    alert = alerted(NOON)
    assert [code for code, _ in CitationForm(alert=alert).fields["violation"].choices] == ["", "overtime"]
    assert len(CitationForm().fields["violation"].choices) == len(whole_table) + 1
    refused = CitationForm({"violation": "permit-zone"}, alert=alert)
    assert "It is of a time limit" in refused.errors["violation"][0]


def test_the_software_knows_the_act_of_every_code_it_ships():
    assert {entry.code for entry in TABLE} <= KNOWN


def test_a_section_is_one_in_every_spelling(cite, table, people):
    for one in ("Mun. Code 11.40.040", "Municipal Code 11.40.040", "ECMC 11.40.040", "municipal code  11.40.040."):
        assert number_of(one) == "1140040"
    assert number_of("Vehicle Code 22500(n)") == number_of("CVC 22500 (n)") != number_of("Vehicle Code 22500")
    with transaction.atomic():
        allowed(people.manager, "violation.change", subject_type="parking.violation")
        Violation.objects.create(code="again", section="Mun. Code 11.40.040", title="Overtime", added_by=people.manager)
    again = Violation.objects.get(code="again")
    with transaction.atomic():
        amount = ViolationAmount.objects.create(
            violation=again, amount_cents=4800, late_fee_cents=2400, effective_on="2026-01-15", entered_by=people.manager,
            resolution="Demonstration 2026-01", resolved_on="2026-01-06",
            decision=allowed_on(people.manager, "violation.change", again),
        )  # fmt: skip
    made = cite(violation_at=NOON)
    with pytest.raises(DatabaseError, match="PK-07: This vehicle"):
        straight(made, section="Mun. Code 11.40.040", violation=again, amount=amount)


# Who issued it.


def test_who_issued_a_citation_does_nobody_a_favor_with_it(issue, people):
    own = issue(people.manager)
    grants = (
        lambda: plan.grant_reduction(citation=own, actor=people.manager, cents=100, reason=WHY),
        lambda: plan.grant_plan(citations=[own], actor=people.manager, name="Rosa Quill", address="12 Elm Street", months=3,
                                monthly_cents=2500, unable_to_pay=True, reason=WHY, first_due_on=timezone.localdate()),
        lambda: place_hold(citation=own, actor=people.manager, reason="The owner is away for a month."),
        lambda: contests.file_contest(citation=own, actor=people.manager, stage="review", late_reason="The mail was late.",
                                      details=FILED),
    )  # fmt: skip
    for grant in grants:
        with pytest.raises(PolicyDenied, match="You issued this citation"):
            grant()
    request = plan.ask_for_plan(citation=own, asked="reduction", name="Rosa Quill", address="12 Elm Street",
                                entered_by=people.manager)  # fmt: skip
    with pytest.raises(PolicyDenied, match="You issued this citation"):
        plan.decline_request(request=request, actor=people.manager, reason="Not a case of hardship.")
    entry = plan.grant_reduction(citation=own, actor=people.other_manager, cents=100, reason=WHY, request=request)
    assert entry.amount_cents == -100


def test_the_database_takes_no_favor_of_who_issued_it(issue, people):
    own = issue(people.manager)
    with pytest.raises(DatabaseError, match="PK-15: Who issued a citation takes nothing off"), transaction.atomic():
        LedgerEntry.objects.create(
            citation=own, kind="reduction", amount_cents=-100, on=timezone.localdate(), by=people.manager, reason=WHY,
            decision=allowed_on(people.manager, "citation.plan", own),
        )  # fmt: skip
    with pytest.raises(DatabaseError, match="PK-15: Who issued a citation does not put"), transaction.atomic():
        allowed_on(people.manager, "citation.hold", own)
        CitationHold.objects.create(citation=own, kind="other", reason="Away for a month.", placed_by=people.manager)
