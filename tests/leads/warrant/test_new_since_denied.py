"""FR-13: a denial binds until something is new: evidence that counts and was not linked, or somebody else's answer."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from cases.services import matter
from cases.services.evidence import add_derivative
from ecpd.policy.errors import PolicyDenied
from leads.models import ExculpatoryEntry, Lead
from leads.services import corroboration, exculpatory, warrant
from leads.services import lead as leads
from tests.factories import leads as make

pytestmark = pytest.mark.django_db
ANSWER = "The clerk was busy, and the light was poor."


@pytest.fixture
def people():
    return make.agency()


@pytest.fixture
def denied(people) -> Lead:
    """A lead that a captain denied, with an alibi that was answered before."""
    made = make.made_lead(people)
    make.verified(people, make.linked(people, made))
    alibi = exculpatory.enter(lead=made, actor=people.raman, kind="alibi", what="Seen in Oakland that night.")
    exculpatory.answer(entry=alibi, actor=people.okafor, outcome="explained", text=ANSWER)
    leads.mark_for_warrant(lead=made, actor=people.okafor)
    application = warrant.apply_for_warrant(lead=made, actor=people.okafor, statement="The lift is his.",
                                            does_not_fit="Nothing that we know of.")  # fmt: skip
    make.opened(application, people.marsh)
    warrant.decide(application=application, actor=people.marsh, approve=False, read_packet=True,
                   reasons="The alibi is stronger than the lift.")  # fmt: skip
    return Lead.objects.get(pk=made.pk)


def answer_again(people, denied, text, actor=None):
    entry = ExculpatoryEntry.objects.get(lead=denied, kind="alibi")
    exculpatory.answer(entry=entry, actor=actor or people.okafor, outcome="explained", text=text)


def the_same_answer(people, denied):
    answer_again(people, denied, f"  {ANSWER.upper()} ")


def an_alibi_of_ones_own(people, denied):
    entry = exculpatory.enter(lead=denied, actor=people.okafor, kind="alibi", what="Perhaps elsewhere.")
    exculpatory.answer(entry=entry, actor=people.okafor, outcome="explained", text="He was not elsewhere.")


def a_rejected_item(people, denied):
    corroboration.verify(item=make.linked(people, denied), actor=people.raman, verified=False, reason="Not his finger.")


def an_item_of_the_search(people, denied):
    make.verified(people, make.linked(people, denied, from_lead="yes"))


def the_same_exhibit(people, denied):
    before = denied.corroborations.get()
    corroboration.withdraw(item=before, actor=people.okafor, reason="Linked by mistake.")
    item = corroboration.link(
        lead=denied, actor=people.okafor, evidence=before.evidence, kind="fingerprint", details=make.FINGERPRINT,
        ties_by="Found on the drawer", comes_from_lead="no", independence="Found the same night",
    )  # fmt: skip
    make.verified(people, item)


def what_was_made_of_it(people, denied):
    edit = add_derivative(original=denied.corroborations.get().evidence, actor=people.okafor, title="Brighter",
                          derivation="Brightened", file=make.picture(90), file_name="lift.png")  # fmt: skip
    item = corroboration.link(
        lead=denied, actor=people.okafor, evidence=edit, kind="fingerprint", details=make.FINGERPRINT,
        ties_by="Found on the drawer", comes_from_lead="no", independence="Found the same night",
    )  # fmt: skip
    make.verified(people, item)


def an_answer_of_ones_own_in_other_words(people, denied):
    answer_again(people, denied, "The officer in Oakland saw his brother, who says so himself.")


def a_link_that_one_takes_back_oneself(people, denied):
    """The software enters it with whatever brings the register up next, and who took it back answers it."""
    item = make.linked(people, denied)
    corroboration.withdraw(item=item, actor=people.okafor, reason="It was smudged.")
    matter.enter_number(case=people.case, actor=people.okafor, number="R-778811", system="records")
    (entry,) = ExculpatoryEntry.objects.filter(lead=denied, answers__isnull=True)
    assert entry.origin.startswith("link ")
    exculpatory.answer(entry=entry, actor=people.okafor, outcome="explained", text="It was smudged, it says nothing.")


def a_colleagues_answer(people, denied):
    answer_again(people, denied, "The officer in Oakland saw his brother, who says so himself.", people.raman)


def another_exhibit(people, denied):
    make.verified(people, make.linked(people, denied))


NOTHING_NEW = [the_same_answer, an_alibi_of_ones_own, a_rejected_item, an_item_of_the_search, the_same_exhibit,
               what_was_made_of_it, an_answer_of_ones_own_in_other_words, a_link_that_one_takes_back_oneself]  # fmt: skip


@pytest.mark.django_db(transaction=True)  # the register is looked at when an application is committed
@pytest.mark.parametrize("act", NOTHING_NEW)
def test_what_a_captain_knows_or_does_not_count_is_nothing_new(people, denied, act):
    act(people, denied)
    fresh = Lead.objects.get(pk=denied.pk)
    with pytest.raises(PolicyDenied) as refusal:
        leads.mark_for_warrant(lead=fresh, actor=people.okafor)
    assert "FR-13" in [one.rule_id for one in refusal.value.blocking]
    with pytest.raises(IntegrityError, match="FR-13: Nothing is new"), transaction.atomic():
        Lead.objects.filter(pk=denied.pk).update(state="marked", marked_by=people.okafor, marked_at=timezone.now())


@pytest.mark.parametrize("act", [a_colleagues_answer, another_exhibit])
def test_something_new_opens_the_way(people, denied, act):
    act(people, denied)
    marked = leads.mark_for_warrant(lead=Lead.objects.get(pk=denied.pk), actor=people.okafor)
    assert marked.state == "marked"
