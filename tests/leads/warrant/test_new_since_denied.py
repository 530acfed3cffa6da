"""FR-13: a denial binds until evidence counts that was not linked, or a second person explains what stood there."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.html import escape

from cases.services import matter
from cases.services.evidence import add_derivative
from ecpd.accounts.roles import Role
from ecpd.policy.errors import PolicyDenied
from ecpd.web.words import day
from leads.models import ExculpatoryEntry, Lead
from leads.packet.content import _before
from leads.rules.warrant import WHAT_FREES
from leads.selectors.history import is_bound
from leads.services import corroboration, exculpatory, warrant
from leads.services import lead as leads
from tests.factories import leads as make
from tests.factories.people import make_user
from tests.signing_in import sign_in
from tests.story import copy_of, settle

pytestmark = pytest.mark.django_db
ANSWER = "The clerk was busy, and the light was poor."
IN_OTHER_WORDS = "The officer in Oakland saw his brother, who says so himself."


@pytest.fixture(scope="module")
def begun(kept) -> tuple[make.Agency, Lead]:
    """An agency, and a lead that a captain denied, with an alibi that was answered before."""
    people = make.agency()
    made = make.made_lead(people)
    make.verified(people, make.linked(people, made))
    make.linked(people, made)  # nobody has looked at it yet
    alibi = exculpatory.enter(lead=made, actor=people.raman, kind="alibi", what="Seen in Oakland that night.")
    exculpatory.answer(entry=alibi, actor=people.okafor, outcome="explained", text=ANSWER)
    leads.mark_for_warrant(lead=made, actor=people.okafor)
    application = warrant.apply_for_warrant(lead=made, actor=people.okafor, statement="The lift is his.",
                                            does_not_fit="Nothing that we know of.")  # fmt: skip
    make.opened(application, people.marsh)
    warrant.decide(application=application, actor=people.marsh, approve=False, read_packet=True,
                   reasons="The alibi is stronger than the lift.")  # fmt: skip
    settle()  # the register is looked at when an application is committed
    return people, Lead.objects.get(pk=made.pk)


@pytest.fixture
def story(begun) -> tuple[make.Agency, Lead]:
    return copy_of(begun)


@pytest.fixture
def people(story) -> make.Agency:
    return story[0]


@pytest.fixture
def denied(story) -> Lead:
    return story[1]


def answer_again(people, denied, text, actor=None, outcome="explained"):
    entry = ExculpatoryEntry.objects.filter(lead=denied, kind="alibi").earliest("pk")
    exculpatory.answer(entry=entry, actor=actor or people.okafor, outcome=outcome, text=text)


def a_third(people):
    """A colleague on the case who neither applied nor entered anything."""
    third = make_user(Role.INVESTIGATOR, last_name="Third")
    make.assign(case=people.case, user=third, actor=people.marsh)
    return third


def the_same_answer(people, denied):
    answer_again(people, denied, f"  {ANSWER.upper()} ")


def an_alibi_of_ones_own(people, denied):
    entry = exculpatory.enter(lead=denied, actor=people.okafor, kind="alibi", what="Perhaps elsewhere.")
    exculpatory.answer(entry=entry, actor=people.okafor, outcome="explained", text="He was not elsewhere.")


def a_rejected_item(people, denied):
    make.rejected(people, make.linked(people, denied))


def an_item_of_the_search(people, denied):
    make.verified(people, make.linked(people, denied, rests_on_face="yes"))


def the_same_exhibit(people, denied):
    before = denied.corroborations.get(verification__isnull=False)
    corroboration.withdraw(item=before, actor=people.okafor, reason="Linked by mistake.")
    item = corroboration.link(
        lead=denied, actor=people.okafor, evidence=before.evidence, kind="fingerprint", details=make.FINGERPRINT,
        ties_by="Found on the drawer", because_of="no", rests_on_face="no", independence="Found the same night",
    )  # fmt: skip
    make.verified(people, item)


def what_was_made_of_it(people, denied):
    edit = add_derivative(original=denied.corroborations.earliest("pk").evidence, actor=people.okafor, title="Brighter",
                          derivation="Brightened", file=b"%PDF-1.4 brighter", file_name="lift.pdf")  # fmt: skip
    item = corroboration.link(
        lead=denied, actor=people.okafor, evidence=edit, kind="fingerprint", details=make.FINGERPRINT,
        ties_by="Found on the drawer", because_of="no", rests_on_face="no", independence="Found the same night",
    )  # fmt: skip
    make.verified(people, item)


def an_answer_of_ones_own_in_other_words(people, denied):
    answer_again(people, denied, IN_OTHER_WORDS)


def a_link_that_one_takes_back_oneself(people, denied):
    """The software enters it with whatever brings the register up next, and who took it back answers it."""
    item = make.linked(people, denied)
    corroboration.withdraw(item=item, actor=people.okafor, reason="It was smudged.")
    matter.enter_number(case=people.case, actor=people.okafor, number="R-778811", system="records")
    (entry,) = ExculpatoryEntry.objects.filter(lead=denied, answers__isnull=True)
    assert entry.origin.startswith("link ")
    exculpatory.answer(entry=entry, actor=people.okafor, outcome="explained", text="It was smudged, it says nothing.")


def of_the_newest(people, denied, text="It says nothing, as I see it."):
    """The applicant answers what came into the register last."""
    entry = ExculpatoryEntry.objects.filter(lead=denied).latest("pk")
    exculpatory.answer(entry=entry, actor=people.okafor, outcome="explained", text=text)


def a_rejection_that_one_answers(people, denied):
    """Junk of one's own, which a colleague rejects in good faith."""
    a_rejected_item(people, denied)
    matter.enter_number(case=people.case, actor=people.okafor, number="R-778811", system="records")
    of_the_newest(people, denied)


def an_alibi_that_one_waves_away(people, denied):
    exculpatory.enter(lead=denied, actor=people.raman, kind="alibi", what="At work that night, says his employer.")
    of_the_newest(people, denied)


def an_alibi_that_a_colleague_waves_away(people, denied):
    entry = exculpatory.enter(lead=denied, actor=people.okafor, kind="alibi", what="At work that night, he says.")
    exculpatory.answer(entry=entry, actor=people.raman, outcome="explained", text="His employer never saw him there.")


def a_colleague_in_the_applicants_words(people, denied):
    answer_again(people, denied, f"{ANSWER} Indeed.", a_third(people))


def a_colleague_who_leaves_it_open(people, denied):
    answer_again(people, denied, "Nobody could be found who knows more of Oakland.", a_third(people), "open")


def an_answer_of_who_entered_it(people, denied):
    answer_again(people, denied, IN_OTHER_WORDS, people.raman)


def a_link_of_then_that_is_verified_now(people, denied):
    make.verified(people, denied.corroborations.get(verification=None))


def verified_by_who_applied(people, denied):
    item = corroboration.link(
        lead=denied, actor=people.raman, evidence=make.exhibit(people, kind="fingerprint", title="Another lift"),
        kind="fingerprint", details=make.FINGERPRINT, ties_by="Found on the till", because_of="no", rests_on_face="no",
        independence="Found the same night",
    )  # fmt: skip
    make.verified(people, item, by=people.okafor)


def a_colleagues_answer(people, denied):
    answer_again(people, denied, IN_OTHER_WORDS, a_third(people))


def another_exhibit(people, denied):
    make.verified(people, make.linked(people, denied))


NOTHING_NEW = [the_same_answer, an_alibi_of_ones_own, a_rejected_item, an_item_of_the_search, the_same_exhibit,
               what_was_made_of_it, an_answer_of_ones_own_in_other_words, a_link_that_one_takes_back_oneself,
               a_rejection_that_one_answers, an_alibi_that_one_waves_away, an_alibi_that_a_colleague_waves_away,
               a_colleague_in_the_applicants_words, a_colleague_who_leaves_it_open, a_link_of_then_that_is_verified_now,
               verified_by_who_applied, an_answer_of_who_entered_it]  # fmt: skip


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


def test_the_words_of_one_lead_are_no_new_answer_of_another(people, denied):
    """A second lead to the face, whose register nobody had answered."""
    second = make.made_lead(people)
    with make.by_the_owner():  # it was there before the denial, and is to the same person
        Lead.objects.filter(pk=second.pk).update(person=denied.person)
        entry = ExculpatoryEntry.objects.create(lead=second, kind="alibi", what="Seen in Oakland that night.",
                                                entered_by=people.aldana)  # fmt: skip
        ExculpatoryEntry.objects.filter(pk=entry.pk).update(entered_at=denied.created_at)
    assert is_bound(second)
    exculpatory.answer(entry=entry, actor=people.raman, outcome="explained", text=f"{ANSWER} Indeed.")
    assert is_bound(second)
    a_colleagues_answer(people, denied)
    assert is_bound(second) and not is_bound(denied)


def test_page_and_packet_say_what_frees_it_and_what_did(client, people, denied):
    sign_in(client, people.okafor)
    page = client.get(denied.get_absolute_url()).content.decode()
    when = f"on {day(denied.applications.get().decided_at)}"
    end = f"{denied.applications.get().number} was denied by {people.marsh.short_name} {when}"
    assert f"Nothing is new since {end}." in page and escape(WHAT_FREES) in page
    a_colleagues_answer(people, denied)
    answered = f"Det. Third on {day(timezone.now())}, to “Seen in Oakland that night.”: The officer in"
    assert f"Something is new since {end}: {answered}" in client.get(denied.get_absolute_url()).content.decode()
    another_exhibit(people, denied)
    told = _before(denied).paragraphs
    assert f"{end}." in told
    (new,) = [words for words in told if words.startswith("New since: ")]
    assert answered in new and f"verified by {people.raman.short_name}" in new
