"""Two tabs, two people: who decides on a page that is not true any more is told what changed, and loses nothing typed."""

import re

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from ecpd.policy.models import Decision
from leads.models import PacketReading, WarrantApplication, WarrantDecision
from leads.services import corroboration, exculpatory, warrant
from tests.factories import leads as make
from tests.shown import shown_on
from tests.signing_in import sign_in
from tests.story import copy_of

pytestmark = pytest.mark.django_db
REASONS = "The lift from the drawer stands by itself; nothing else points away."


@pytest.fixture(scope="module")
def begun(kept) -> make.Agency:
    """The agency and its case."""
    return make.agency()


@pytest.fixture
def people(begun) -> make.Agency:
    return copy_of(begun)


@pytest.fixture
def application(people) -> WarrantApplication:
    """An application on which everything is answered."""
    made = warrant.apply_for_warrant(
        lead=make.marked_lead(people), actor=people.okafor, statement="A fingerprint.", does_not_fit="Nothing known."
    )
    for entry in made.lead.exculpatory.filter(answers=None):
        exculpatory.answer(entry=entry, actor=people.okafor, outcome="explained", text="The light explains it.")
    return made


def browser(user) -> Client:
    """Somebody's browser."""
    client = Client()
    sign_in(client, user)
    return client


@pytest.fixture
def captains(people) -> Client:
    """The captain's browser."""
    return browser(people.marsh)


def opened(captains: Client, application) -> dict[str, str]:
    """The captain opens the packet, then the page; the form filled in."""
    captains.get(f"{application.get_absolute_url()}packet/")
    filled = {"outcome": "approve", "reasons": REASONS, "read_packet": "on"}
    return filled | shown_on(captains, application.get_absolute_url())


def alibi(people, application) -> None:
    """Somebody else enters an alibi and answers it."""
    entry = exculpatory.enter(
        lead=application.lead, actor=people.raman, kind="alibi", what="Seen in Oakland that night."
    )
    exculpatory.answer(entry=entry, actor=people.okafor, outcome="open", text="Nobody could be reached about it yet.")


def test_what_was_opened_and_is_still_so_is_approved(people, application, captains):
    assert captains.post(application.get_absolute_url(), opened(captains, application)).status_code == 302
    application.refresh_from_db()
    assert application.state == "approved"
    decision = application.decisions.get()
    assert (decision.packet_reading.reader, decision.packet_reading.application) == (people.marsh, application)
    said = Decision.objects.filter(action="warrant.approve").latest("pk").verdicts
    assert any("You opened the packet in its present version" in verdict["sentence"] for verdict in said)


def test_a_stale_approval_is_refused_and_says_what_changed(people, application, captains):
    form = opened(captains, application)
    alibi(people, application)
    told = captains.post(application.get_absolute_url(), form)
    page = told.content.decode()
    assert told.status_code == 403
    assert "The packet changed since you opened it: What speaks against this person." in page
    assert "Open it again, then decide. (FR-13, AU-03)" in page
    assert "Changed since you opened this page" not in page  # said once
    assert REASONS in page
    assert "Seen in Oakland that night." in page
    [tick] = re.findall(r'<input[^>]*name="read_packet"[^>]*>', page)
    assert "checked" not in tick, "it was said of what the packet was"
    application.refresh_from_db()
    assert application.state == "submitted"
    denied = Decision.objects.filter(action="warrant.approve").latest("pk")
    assert (denied.outcome, set(denied.rule_ids)) == ("denied", {"FR-13", "AU-03"})


def test_the_page_that_said_so_can_be_sent_once_the_packet_is_opened_again(people, application, captains):
    form = opened(captains, application)
    alibi(people, application)
    captains.post(application.get_absolute_url(), form)
    assert captains.post(application.get_absolute_url(), opened(captains, application)).status_code == 302
    application.refresh_from_db()
    assert application.state == "approved"


def test_a_tick_is_no_reading(people, application, captains):
    form = {"outcome": "approve", "reasons": REASONS, "read_packet": "on"}
    form |= shown_on(captains, application.get_absolute_url())
    assert "You have not opened the packet." in captains.post(application.get_absolute_url(), form).content.decode()


def test_another_captains_reading_is_not_ones_own(people, application, captains):
    make.opened(application, people.chief)
    form = {"outcome": "approve", "reasons": REASONS, "read_packet": "on"}
    form |= shown_on(captains, application.get_absolute_url())
    assert "You have not opened the packet." in captains.post(application.get_absolute_url(), form).content.decode()


@pytest.mark.parametrize("said", ["", "nonsense", "[]", "{}", '{"x": "y"}'])
def test_a_form_that_does_not_say_what_it_showed_decides_nothing(people, application, captains, said):
    form = opened(captains, application) | {"shown": said}
    told = captains.post(application.get_absolute_url(), form).content.decode()
    assert "does not say what was shown" in told or "Changed since you opened this page" in told
    assert not application.decisions.exists()


def direct(application, captain, **fields) -> WarrantDecision:
    """A decision behind the door."""
    facts = {"outcome": "approve", "reasons": REASONS, "read_packet": True}
    return WarrantDecision(application=application, captain=captain, **facts | fields)


def test_the_database_asks_for_the_captains_own_reading_of_this_packet(people, application):
    other = make.reading(application, people.chief)
    for reading in (None, other):
        with (
            pytest.raises(IntegrityError, match="FR-13: A captain decides on the packet that this captain") as refusal,
            transaction.atomic(),
        ):
            WarrantDecision.objects.bulk_create([direct(application, people.marsh, packet_reading=reading)])
        assert refusal.value.__cause__.sqlstate == "23514"
    make.allowed_on(people.marsh, "warrant.approve", application)
    decided = direct(application, people.marsh, packet_reading=make.reading(application, people.marsh))
    with transaction.atomic():
        WarrantDecision.objects.bulk_create([decided])
        transaction.set_rollback(True)  # by itself it is carried out by nothing (fr_13_carried_out)


@pytest.mark.parametrize("what", ["entry", "link"])
def test_the_database_refuses_when_something_came_in_after_the_reading(people, application, what):
    reading = make.reading(application, people.marsh)
    if what == "entry":
        alibi(people, application)
    else:
        make.linked(people, application.lead)
    with pytest.raises(IntegrityError, match="FR-13: Something came in after this captain"), transaction.atomic():
        WarrantDecision.objects.bulk_create([direct(application, people.marsh, packet_reading=reading)])


def test_the_database_takes_no_reading_that_the_door_did_not_allow(people, application):
    seen = Decision.objects.filter(outcome="allowed").first()
    with pytest.raises(IntegrityError, match="FR-13: A packet is opened through the door"), transaction.atomic():
        PacketReading.objects.create(application=application, reader=people.marsh, version="0" * 64, parts={"A part": "0" * 16},
                                     decision=seen, at=timezone.now())  # fmt: skip


# The other forms that decide


def test_a_stale_application_is_refused(people):
    made = make.marked_lead(people)
    client, address = browser(people.okafor), f"{made.get_absolute_url()}apply/"
    form = {"asks_for": "search", "statement": "A lift where only staff reach.", "does_not_fit": "Nothing."} | shown_on(
        client, address
    )
    exculpatory.enter(lead=made, actor=people.raman, kind="alibi", what="Seen in Oakland that night.")
    page = client.post(address, form).content.decode()
    assert "Changed since you opened this page: what points away." in page
    assert "A lift where only staff reach." in page
    assert not made.applications.exists()


def test_a_stale_mark_is_refused(people):
    made = make.made_lead(people)
    make.verified(people, make.linked(people, made))
    client = browser(people.okafor)
    form = shown_on(client, made.get_absolute_url())
    corroboration.withdraw(item=make.linked(people, made), actor=people.okafor, reason="Linked by mistake.")
    told = client.post(f"{made.get_absolute_url()}mark/", form)
    assert told.status_code == 403
    assert "Changed since you opened this page: the evidence that is linked." in told.content.decode()
    made.refresh_from_db()
    assert made.state == "open"


def test_a_stale_verification_is_refused(people, owner_cursor):
    made = make.made_lead(people)
    item = make.linked(people, made)
    client, address = browser(people.raman), f"{made.get_absolute_url()}items/{item.pk}/verify/"
    form = {"verified": "yes", "because_of": "no", "rests_on_face": "no", "reason": "Read the laboratory's report."}
    form |= shown_on(client, address)
    owner_cursor.execute("UPDATE cases_evidence SET title = 'Another title' WHERE id = %s", [item.evidence_id])
    page = client.post(address, form).content.decode()
    assert "Changed since you opened this page: the exhibit." in page
    assert "Read the laboratory&#x27;s report." in page
    assert not hasattr(type(item).objects.get(pk=item.pk), "verification")


def test_a_stale_decision_on_an_amendment_is_refused(people):
    from ecpd.policy import services
    from ecpd.policy.models import Amendment

    def proposal(value: int) -> Amendment:
        return services.propose_amendment(actor=people.marsh, changes={"match_score_min": value},
                                          reason="Three leads between 95 and 97 were wrong.",
                                          effective_on=timezone.localdate())  # fmt: skip

    one, other = proposal(97), proposal(96)
    client, address = browser(people.chief), f"/policy/amendments/{one.pk}/"
    form = {"answer": "approve", "reason": "The figures convince me."} | shown_on(client, address)
    services.approve_amendment(amendment=other, actor=people.chief, reason="The figures convince me.")
    page = client.post(address, form).content.decode()
    assert "Changed since you opened this page: the settings it changes." in page
    assert "The figures convince me." in page
    one.refresh_from_db()
    assert one.state == "proposed"
