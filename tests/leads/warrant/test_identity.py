"""FR-26: who the person of a lead is, is a record of its own, checked by a second person, before an arrest."""

from datetime import date

import pytest
from django.db import connection
from django.urls import reverse

from cases.models import Person, TimelineEntry
from cases.services import evidence
from ecpd.policy.errors import PolicyDenied
from leads.models import Candidate, GalleryFace, Lead
from leads.models.after import undisclosed as undisclosed_sql
from leads.selectors.after import undisclosed, with_news
from leads.selectors.identity import identities_of, stands, where_it_stands
from leads.selectors.named import name_words, with_faces
from leads.selectors.warrant import people_with_a_part
from leads.services import identity, warrant
from leads.services.lead import promote
from tests.factories import leads as make
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
HOW = "The booking card has this name under the same fingerprint."
COURT = "Superior Court, department 4"
SAID = {"name": "Devin A. Harrow", "date_of_birth": date(1988, 3, 9), "how": HOW}


def test_an_arrest_is_asked_for_of_a_person_whom_a_second_person_checked(client):
    people = make.agency()
    okafor, raman, lead = people.okafor, people.raman, make.marked_lead(people)
    record = make.exhibit(people, kind="document", title="Booking card")
    asked = {
        "lead": lead,
        "actor": okafor,
        "statement": "A lift.",
        "does_not_fit": "Nothing known.",
        "asks_for": "arrest",
    }
    with pytest.raises(PolicyDenied, match="is not checked"):
        warrant.apply_for_warrant(court=COURT, **asked)
    with pytest.raises(PolicyDenied, match="searched with"):
        identity.enter(lead=lead, actor=okafor, evidence=lead.candidate.search.probe, **SAID)
    sign_in(client, okafor)
    page = reverse("leads:identity", args=[lead.number])
    sent = {"name": SAID["name"], "date_of_birth": "1988-03-09", "evidence": record.pk, "how": HOW}
    assert client.post(page, sent).status_code == 302
    (one,) = identities_of(lead)
    sign_in(client, raman)
    assert f"Check who the person of lead {lead.number} is" in client.get("/").content.decode()
    with pytest.raises(PolicyDenied, match="You entered who it is"):
        identity.answer(identity=one, actor=okafor, outcome="agrees", reason="I have read the card.")
    with pytest.raises(PolicyDenied, match="is not checked"):
        warrant.apply_for_warrant(court=COURT, identity=one, **asked)
    identity.answer(identity=one, actor=raman, outcome="agrees", reason="Read the card and compared the prints.")
    (one,) = identities_of(lead)
    assert stands(one) and where_it_stands(one) == "Checked"
    assert "Check who the person" not in client.get("/").content.decode()
    sign_in(client, people.marsh)
    check = reverse("leads:identity-answer", args=[lead.number, one.pk])
    assert "another captain decides" in client.get(check).content.decode()
    assert client.post(check, {"outcome": "disputed", "reason": ""}).status_code == 422
    sign_in(client, okafor)
    with pytest.raises(PolicyDenied, match="court is not named"):
        warrant.apply_for_warrant(identity=one, **asked)
    application = warrant.apply_for_warrant(identity=one, court=COURT, **asked)
    assert {okafor.pk, raman.pk} <= people_with_a_part(application).keys()

    # Disputed, it goes back to its applicant; the lead says "possibly" as ever.
    identity.answer(
        identity=one, actor=people.marsh, outcome="disputed", reason="His brother has the same prints on file."
    )
    application.refresh_from_db()
    assert (application.state, Lead.objects.get(pk=lead.pk).state) == ("returned", "marked")
    assert Person.objects.get(pk=lead.person_id).name == "Possibly Devin Harrow"
    text = client.get(lead.get_absolute_url()).content.decode()
    assert "Devin A. Harrow" in text and "Disputed" in text


def test_what_is_said_of_an_identity_after_approval_is_told():
    people = make.agency()
    lead = make.marked_lead(people)
    one = identity.enter(
        lead=lead, actor=people.okafor, evidence=make.exhibit(people, kind="document", title="Booking card"), **SAID
    )
    identity.answer(identity=one, actor=people.raman, outcome="agrees", reason="Read the card and compared the prints.")
    application = warrant.apply_for_warrant(
        lead=lead, actor=people.okafor, statement="A lift.", does_not_fit="Nothing known.", asks_for="arrest", court=COURT,
        identity=one,
    )  # fmt: skip
    make.opened(application, people.marsh)
    warrant.decide(application=application, actor=people.marsh, approve=True, read_packet=True,
                   reasons="The lift stands by itself; nothing else points away.")  # fmt: skip
    sections = {part["heading"]: part for part in application.after.get().sections}
    assert any("Devin A. Harrow" in cell for cell in sections["Who the person is said to be"]["rows"][0])
    evidence.withdraw_evidence(
        evidence=one.evidence, actor=people.okafor, reason="It was filed under another man's number."
    )
    application = type(application).objects.get(pk=application.pk)
    (told,) = undisclosed(application)
    assert told.what == f"{one.evidence.label} was withdrawn: It was filed under another man's number."
    assert application.pk in with_news(type(application).objects.all()).values_list("pk", flat=True)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {undisclosed_sql(str(application.pk))}")
        assert cursor.fetchone() == (True,)
    assert TimelineEntry.objects.filter(
        headline__contains=f"after application {application.number} was approved"
    ).exists()
    identity.answer(identity=one, actor=people.okafor, outcome="withdrawn", reason="The card is another man's.")
    application = type(application).objects.get(pk=application.pk)
    assert (
        undisclosed(application)[-1].what
        == "Withdrawn: Devin A. Harrow, born March 9, 1988. The card is another man's."
    )


def test_a_photo_that_shows_several_names_none_of_them():
    people = make.agency()
    candidate = make.candidate(people)
    face = candidate.face
    assert name_words(candidate) == "Page says “Devin Harrow,” not verified"
    GalleryFace.objects.create(photo=face.photo, ordinal=face.ordinal + 1, model_id=face.model_id, score=0.9,
                               box=face.box, landmarks=face.landmarks)  # fmt: skip
    candidate = Candidate.objects.get(pk=candidate.pk)
    words = "Page names “Devin Harrow”; its photo shows 2 people and does not say which"
    assert name_words(candidate) == words == name_words(with_faces(Candidate.objects.all()).get(pk=candidate.pk))
    make.examined(candidate, people.okafor, 1)
    make.examined(candidate, people.aldana, 2)
    lead = promote(candidate=candidate, actor=people.okafor)
    assert lead.person.name == "Unknown person in a public photo" and words in lead.person.description
