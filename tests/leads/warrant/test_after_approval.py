"""FR-27: after a captain's approval everything goes on, can be stopped, and what comes in later is told and disclosed."""

import re

import pytest
from django.urls import reverse

from cases import vault
from cases.models import TimelineEntry
from cases.services.evidence import withdraw_evidence
from ecpd.audit.middleware import FIELD
from ecpd.policy.errors import PolicyDenied
from ecpd.policy.shown import token_of
from ecpd.problem import StaleState
from leads.dashboard import against_what_was_approved, approved_to_send
from leads.models import Lead
from leads.packet.content import sections_of
from leads.selectors.after import news_of, steps_of, undisclosed
from leads.selectors.shown import of_application
from leads.services import after, corroboration, exculpatory, warrant
from leads.services import lead as leads
from tests.factories import leads as make
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
REASONS = "The lift from the drawer stands by itself; nothing else points away."
CLEARED = "He was in hospital, says the ward's record."


@pytest.fixture
def people():
    """The agency and its case."""
    return make.agency()


def approved(people):
    """An application that Capt. Marsh approved."""
    application = make.applied_for(people)
    make.opened(application, people.marsh)
    return warrant.decide(application=application, actor=people.marsh, approve=True, reasons=REASONS, read_packet=True)


def told(person) -> list[str]:
    return [item.title for item in against_what_was_approved(person)]


def shown(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<(script|style)\b.*?</\1>|<[^>]*>", " ", html, flags=re.DOTALL))


def test_an_approval_goes_on_and_what_comes_in_later_is_told_disclosed_and_sealed_anew(client, people):
    application = approved(people)
    okafor, marsh = people.okafor, people.marsh
    item = approved_to_send(okafor)[0]
    assert (item.url, approved_to_send(marsh)) == (application.get_absolute_url(), [])
    record = {"application": application, "actor": okafor, "words": "Handed over in person."}
    with pytest.raises(PolicyDenied, match="does not follow"):
        after.record_step(kind="shown", **record)
    after.record_step(kind="sent", whom="District Attorney", **record)

    # An alibi comes in: all three are told, nothing goes to a magistrate before it is disclosed.
    exculpatory.enter(lead=application.lead, actor=people.raman, kind="alibi", what="A time clock has him at work.")
    assert all(len(told(one)) == 1 for one in (okafor, marsh, people.chief))
    assert told(people.raman) == told(people.auditor) == []
    with pytest.raises(PolicyDenied, match="is in no supplement"):
        after.record_step(kind="shown", whom="Judge Ito", **record)
    sign_in(client, marsh)
    page = reverse("leads:application-detail", args=[application.number])
    packet = reverse("leads:application-packet", args=[application.number])
    assert "Something speaks against this approved application" in client.get(page).content.decode()
    first = shown(client.get(packet).content.decode())
    assert "Version 1, sealed" in first and "A supplement is due" in first
    assert "A time clock" not in first.split("A supplement is due")[1], "the sealed version stays as it was sealed"
    assert "A time clock" in shown(client.get(packet, {"version": "now"}).content.decode())
    assert client.get(packet, {"version": "9"}).status_code == 404

    # A supplement through the page: version 2, the same on screen and in the file.
    sign_in(client, okafor)
    form = client.get(reverse("leads:application-supplement", args=[application.number]))
    fields = {
        "whom": "District Attorney",
        "words": "The employer's time clock came in.",
        FIELD: token_of(of_application(application)),
    }
    assert client.post(form.wsgi_request.path, fields).status_code == 302
    second = application.after.get(kind="supplement")
    assert (second.version, second.whom) == (2, "District Attorney")
    application = type(application).objects.get(pk=application.pk)
    assert told(okafor) == told(people.chief) == undisclosed(application) == [] and len(news_of(application)) == 1
    text = shown(client.get(packet).content.decode())
    assert "Version 2, sealed" in text and "A time clock has him at work" in text
    pdf = client.get(reverse("leads:application-packet-file", args=[application.number]))
    assert pdf.getvalue() == vault.read(second.packet) and "version-2" in pdf["Content-Disposition"]
    old = client.get(reverse("leads:application-packet-file", args=[application.number]), {"version": "1"})
    assert old.getvalue() == vault.read(application.packet)

    # Magistrate, number, service, outcome; each its own row, nothing twice, on the timeline and in the API.
    record["application"] = application
    for kind, more in {
        "shown": {"whom": "Judge Ito"},
        "issued": {"warrant_number": "SW-26-118"},
        "served": {},
        "outcome": {},
    }.items():
        after.record_step(kind=kind, **record, **more)
    with pytest.raises(PolicyDenied, match="does not follow"):
        after.record_step(kind="served", **record)
    assert [step.kind for step in steps_of(application)] == [
        "sealed", "sent", "supplement", "shown", "issued", "served", "outcome"
    ]  # fmt: skip
    assert TimelineEntry.objects.filter(case=people.case, headline__contains="warrant issued").exists()
    answer = client.get(f"/api/applications/{application.number}/").json()
    assert [step["kind"] for step in answer["after"]][-1] == "outcome" and answer["after"][4][
        "warrant_number"
    ] == "SW-26-118"

    # Withdrawn evidence is told as well; its link may be taken back under an approval.
    link = application.lead.corroborations.get()
    withdraw_evidence(evidence=link.evidence, actor=okafor, reason="The laboratory took its report back.")
    assert told(marsh) and told(people.chief)
    corroboration.withdraw(item=link, actor=okafor, reason="The report was taken back.")
    assert "taken back" in " ".join(one.what for one in undisclosed(type(application).objects.get(pk=application.pk)))

    # Recalled by the chief, with reasons; the lead is open, the packet of the next application says so.
    with pytest.raises(PolicyDenied, match="neither applied nor"):
        after.recall(application=application, actor=people.raman, reason="I have doubts.")
    after.recall(application=application, actor=people.chief, reason="The laboratory withdrew the report.")
    application = type(application).objects.get(pk=application.pk)
    assert (application.state, application.lead.state) == ("recalled", "open")
    with pytest.raises((PolicyDenied, StaleState)):
        after.recall(application=application, actor=people.chief, reason="Once more, to be sure.")
    assert "Recalled after approval" in client.get(page).content.decode()


def test_a_person_is_cleared_in_any_state_and_that_stops_what_is_under_way(people):
    waiting = make.applied_for(people)
    leads.clear(lead=waiting.lead, actor=people.okafor, reason=CLEARED)
    waiting.refresh_from_db()
    assert (waiting.state, Lead.objects.get(pk=waiting.lead_id).state) == ("returned", "cleared")
    other = approved(people)
    lead = Lead.objects.get(pk=other.lead_id)
    leads.clear(lead=lead, actor=people.raman, reason=CLEARED)
    other.refresh_from_db()
    assert (other.state, lead.state) == ("recalled", "cleared")
    step = other.after.get(kind="recalled")
    assert (step.by, CLEARED in step.words) == (people.raman, True)


def test_the_first_version_has_the_parts_of_its_file(people):
    application = approved(people)
    one = application.after.get(kind="sealed")
    assert one.sections == [vars(section) for section in sections_of(application)]
    assert (one.packet, one.by, one.words) == (application.packet, people.marsh, REASONS)
