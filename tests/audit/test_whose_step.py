"""AU-01: the entry of a step names a decision on an act of that step, whoever decides what else in its transaction."""

import pytest
from django.apps import apps

from cases.models import Case, CaseNote
from cases.services.case import open_case
from ecpd.accounts.roles import READING, Role
from ecpd.audit import whose
from ecpd.audit.models import AuditEvent
from ecpd.audit.sealed import sealed_models
from ecpd.checks.carried import CARRIED, KEPT_BY
from leads.services import warrant
from tests.factories import leads as make
from tests.factories.people import make_user

# The first two say themselves who and what; a veil follows from an answer or from time, and the database counts it anew.
OF_ANY_ACT = {"audit.Conduct", "policy.Decision", "leads.Veil"}
READS = {
    "leads.ExculpatoryEntry": {"warrant.packet"},  # whoever opens the packet brings up what is on record since (FR-18)
    "leads.PacketReading": {"warrant.packet"},
    "parking.PlateQuery": {"plate.query", "plate.export"},
}


def entries(table: str, operation: str = "U"):
    return AuditEvent.objects.filter(table_name=table, operation=operation).order_by("-pk")


@pytest.fixture
def people(db):
    return make.agency()


@pytest.fixture
def one_more(monkeypatch):
    """Whoever it is given to decides once more, on whatever the captain has just decided on, before it is carried out."""
    later: list[tuple] = []
    carry_out = warrant._close

    def after(application, *states):
        for person, action, subject in later:
            make.allowed_on(person, action, subject)
        carry_out(application, *states)

    monkeypatch.setattr(warrant, "_close", after)
    return later


@pytest.mark.parametrize("approve", [True, False])
def test_an_applications_end_is_the_captains_whoever_decides_after(people, one_more, approve):
    application = make.applied_for(people)
    make.opened(application, people.marsh)
    other = make_user(Role.CAPTAIN, username="whitlock")
    one_more += [(other, "warrant.packet", application), (people.okafor, "warrant.withdraw", application),
                 (other, "warrant.approve" if approve else "warrant.deny", application)]  # fmt: skip
    warrant.decide(
        application=application,
        actor=people.marsh,
        approve=approve,
        reasons="The fingerprint stands by itself.",
        read_packet=True,
    )
    own = entries("leads_warrantdecision", "I")[0]
    assert own.actor == people.marsh
    for table in ("leads_warrantapplication", "leads_lead"):
        assert (entries(table)[0].actor, entries(table)[0].decision_id) == (people.marsh, own.decision_id), table


def test_a_change_of_a_case_is_not_by_who_only_added_to_it(people):
    changed = make.allowed_on(people.marsh, "case.manage", people.case)
    make.allowed_on(people.okafor, "case.contribute", people.case)
    Case.objects.filter(pk=people.case.pk).update(title="Another title")
    assert (entries("cases_case")[0].actor, entries("cases_case")[0].decision_id) == (people.marsh, changed.pk)


def test_a_row_is_not_by_its_persons_decision_on_another_matter(people):
    mine = make.allowed_on(people.okafor, "case.contribute", people.case)
    other = open_case(actor=people.okafor, title="Another", captain=people.marsh, offense=people.case.offense)
    make.allowed_on(people.okafor, "case.contribute", other)
    CaseNote.objects.create(case=people.case, author=people.okafor, text="Asked the neighbors again.")
    assert entries("cases_casenote", "I")[0].decision_id == mine.pk


def test_every_sealed_table_says_which_acts_stand_behind_its_writes():
    silent = {model._meta.label for model in sealed_models() if whose.steps_of(model) is None}
    assert silent == OF_ANY_ACT


def test_no_look_stands_behind_a_write_but_behind_its_own_record():
    for model in sealed_models():
        looks = {step["a"] for step in whose.steps_of(model) or [] if step.get("a") in READING}
        assert looks <= READS.get(model._meta.label, set()), model._meta.label


def test_what_is_carried_names_columns_and_ledgers_that_are_there():
    for name in (*CARRIED, *KEPT_BY):
        app, model, *column = name.split(".")
        if column not in ([], ["*"]):
            apps.get_model(app, model)._meta.get_field(column[0])
    tables = {model._meta.db_table for model in sealed_models() if getattr(model, "append_only", False)}
    assert set(KEPT_BY.values()) <= tables and KEPT_BY.keys() <= CARRIED.keys()
