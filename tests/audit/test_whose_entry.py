"""AU-01: the entry of a row names the decision that the row is by, however many are made in its transaction."""

import pytest

from cases.models import Case, CaseNote
from ecpd.audit.models import AuditEvent
from leads.models import PacketReading
from tests.factories import leads as make
from tests.story import copy_of


def entry(table: str) -> AuditEvent:
    """The newest of a table."""
    return AuditEvent.objects.filter(table_name=table).latest("pk")


@pytest.fixture(scope="module")
def begun(kept) -> make.Agency:
    return make.agency()


@pytest.fixture
def people(begun) -> make.Agency:
    return copy_of(begun)


def test_a_row_that_names_its_author_is_by_the_authors_decision(people):
    mine = make.allowed_on(people.okafor, "case.contribute", people.case)
    make.allowed_on(people.aldana, "case.contribute", people.case)
    CaseNote.objects.create(case=people.case, author=people.okafor, text="Asked the neighbors again.")
    assert (entry("cases_casenote").actor, entry("cases_casenote").decision_id) == (people.okafor, mine.pk)


def test_a_change_of_a_row_is_by_the_decision_on_it_and_not_by_a_look_at_it(people):
    changed = make.allowed_on(people.marsh, "case.manage", people.case)
    make.allowed_on(people.okafor, "case.view", people.case)
    Case.objects.filter(pk=people.case.pk).update(title="Another title")
    assert (entry("cases_case").actor, entry("cases_case").decision_id) == (people.marsh, changed.pk)


def test_a_row_that_names_a_decision_has_that_one(people):
    application = make.applied_for(people)
    looked = make.allowed_on(people.marsh, "warrant.packet", application)
    make.allowed_on(people.okafor, "warrant.packet", application)
    make.allowed_on(people.marsh, "warrant.packet", application)
    opened = make.opened(application, people.marsh)
    assert entry("leads_packetreading").decision_id == opened.decision_id
    PacketReading.objects.create(application=application, reader=people.marsh, version=opened.version, parts=opened.parts,
                                 decision=looked, at=opened.at)  # fmt: skip
    assert (entry("leads_packetreading").decision_id, entry("leads_packetreading").actor) == (looked.pk, people.marsh)
