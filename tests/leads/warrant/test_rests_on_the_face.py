"""Because of the result, and resting on the face: two questions of each item (FR-10). The first is told, the second bars."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from cases.models import Evidence
from cases.services.evidence import add_derivative
from ecpd.policy.errors import PolicyDenied
from leads.models import Corroboration, CorroborationVerification, Lead
from leads.packet.content import sections_of
from leads.selectors.lead import counting_items
from leads.selectors.standing import Standing, standings_of
from leads.services import corroboration, warrant
from leads.services import lead as leads
from tests.factories import leads as make
from tests.leads.history.conftest import answer_everything, elsewhere  # noqa: F401  (a fixture)
from tests.leads.warrant.test_near_copies import exhibit as picture
from tests.leads.warrant.test_near_copies import forget, scene
from tests.signing_in import sign_in
from tests.story import copy_of

pytestmark = pytest.mark.django_db
WITNESS = {"witness": "L. Ostrander", "knows_how": "Saw him", "reference": "I-4", "shown_photos": "None"}
WHY = "A neighbor told us of her that night"
PHONE = {"process_type": "Search warrant", "court": "Superior Court", "process_number": "SW-26-0771", "carrier": "Any",
         "period": "That night, Pacific time", "covers": "A sector that holds the shop"}  # fmt: skip
RECORD = {"record": "x", "period": "y", "place": "z", "shown_photos": "No statement"}
DNA = {"laboratory": "County", "lab_number": "D-26-118", "analyst": "R. Ames", "statistic": "1 in 8 billion"}


@pytest.fixture(scope="module")
def begun(kept) -> tuple[make.Agency, Lead]:
    people = make.agency()
    return people, make.made_lead(people, probe=picture(people, scene(), "still"))


@pytest.fixture
def story(begun) -> tuple[make.Agency, Lead]:
    return copy_of(begun)


@pytest.fixture
def people(story) -> make.Agency:
    return story[0]


@pytest.fixture
def lead(story) -> Lead:
    return story[1]


def today(*, ago: int = 0) -> str:
    return (timezone.localdate() - timedelta(days=ago)).isoformat()


def link(people, lead: Lead, exhibit: Evidence, kind: str, details: dict[str, str], **answers: str) -> Corroboration:
    return corroboration.link(lead=lead, actor=people.okafor, evidence=exhibit, kind=kind, details=details, independence=WHY,
                              ties_by="It is his", **(make.ANSWERS | answers))  # fmt: skip


def stands(item: Corroboration) -> Standing:
    return standings_of(item.lead, now=True)[item.pk]


def packet_of(people, lead: Lead) -> list[list[str]]:
    """The rows of evidence in the packet of an application for it."""
    answer_everything(people, lead)
    leads.mark_for_warrant(lead=lead, actor=people.okafor)
    application = warrant.apply_for_warrant(lead=lead, actor=people.okafor, statement="It.", does_not_fit="Nothing.")
    (section,) = (one for one in sections_of(application) if one.heading == "Evidence apart from the search")
    return section.rows


def refused_in_the_database(people, lead: Lead) -> None:
    with pytest.raises(IntegrityError, match="FR-10"), transaction.atomic():
        make.allowed_on(people.okafor, "lead.mark_for_warrant", lead)
        Lead.objects.filter(pk=lead.pk).update(state="marked", marked_by=people.okafor, marked_at=lead.created_at)


# What was obtained because of the result counts, and both days stand side by side.


def test_dna_from_the_scene_counts_by_the_day_the_scene_item_was_secured(people, lead):
    report = make.exhibit(people, kind="dna", title="DNA report")
    details = DNA | {"secured_on": today(ago=40), "reference_date": today(), "report_date": today()}
    item = link(people, lead, report, "dna", details)
    make.verified(people, item)
    assert stands(item).counts and not stands(item).because
    (row,) = packet_of(people, lead)
    assert row[3].startswith("No. The item: ") and "The first result with this face: " in row[3]
    assert "When the reference sample was taken" in row[2] and row[-1] == "Yes"


def test_phone_records_under_a_warrant_dated_after_the_result_count_and_the_packet_says_both_days(people, lead):
    records = make.exhibit(people, kind="phone_records", title="Carrier's records")
    item = link(people, lead, records, "phone", PHONE | {"process_date": today()}, because_of="yes")
    make.verified(people, item, because_of="yes")
    assert (stands(item).standing, stands(item).because, stands(item).by_dates) == ("counts", True, True)
    (row,) = packet_of(people, lead)
    assert row[3].startswith("Yes. The item: ") and "The first result with this face: " in row[3]


@pytest.mark.parametrize("said", ["linker", "verifier"])
def test_who_says_because_of_is_believed_whatever_the_days_say(people, lead, said):
    details = make.FINGERPRINT | {"secured_on": today(ago=9)}
    item = make.linked(people, lead, details=details, because_of="yes" if said == "linker" else "no")
    assert not stands(item).because, "nothing is told of the linker's answer before the verifier gave his"
    make.verified(people, item, because_of="yes" if said == "verifier" else "no")
    assert (stands(item).standing, stands(item).because, stands(item).by_dates) == ("counts", True, False)


def test_an_old_link_without_such_a_day_is_dated_by_its_exhibit(people, lead):
    item = make.linked(people, lead)
    with make.by_the_owner():
        Corroboration.objects.filter(pk=item.pk).update(details={"laboratory": "County"})
        Evidence.objects.filter(pk=item.evidence_id).update(obtained_at=timezone.now() - timedelta(days=30))
    assert (stands(item).by_dates, stands(item).secured) == (False, today(ago=30))


# What rests on the face never counts: by either answer, by what it is, by what it was made of.


@pytest.mark.parametrize("said", ["linker", "verifier"])
def test_an_identification_after_the_flyer_never_counts_by_the_stricter_of_both_answers(people, lead, said):
    heard = make.exhibit(people, kind="interview", title="She knew him from the flyer")
    answers = {who: {"rests_on_face": "yes" if who == said else "no"} for who in ("linker", "verifier")}
    item = link(people, lead, heard, "witness", WITNESS | {"statement_date": today()}, **answers["linker"])
    make.verified(people, item, **answers["verifier"])
    assert stands(item).standing == "face"
    assert not counting_items(lead, lineup_counts_alone=True)
    with pytest.raises(PolicyDenied, match=f"{heard.label} rests on the face"):
        leads.mark_for_warrant(lead=lead, actor=people.okafor)
    refused_in_the_database(people, lead)


def test_nor_does_what_was_made_of_it_or_a_copy_under_another_link(people, lead):
    heard = picture(people, scene("JPEG", name="coffee.png"), "transit")
    make.verified(people, link(people, lead, heard, "whereabouts", RECORD),
                  rests_on_face="yes")  # fmt: skip
    typed = add_derivative(original=heard, actor=people.okafor, title="The statement, typed", derivation="Typed",
                           kind="transit", file=b"I know him", file_name="typed.txt")  # fmt: skip
    again = picture(people, scene("JPEG", name="coffee.png", quality=60), "transit")
    for found in (typed, again):
        item = link(people, lead, found, "whereabouts", RECORD)
        make.verified(people, item)
        assert stands(item).standing == "face", found.title
    refused_in_the_database(people, lead)


def test_what_it_was_made_of_may_still_count(people, lead):
    """A recording of the scene is none the worse for the crop on which somebody knew him."""
    clip = make.exhibit(people, kind="clip", title="The drawer")
    made = add_derivative(original=clip, actor=people.okafor, title="A frame of it", derivation="Cropped", kind="photo",
                          file=scene("JPEG", name="coffee.png"), file_name="crop.jpg")  # fmt: skip
    of_it = {"found_at": "The shop", "found_by": "Sgt. Quill", "found_date": today(ago=50), "shown_photos": "No statement",
             "reference": "Tag 118"}  # fmt: skip
    make.verified(people, link(people, lead, made, "physical", of_it | {"reference": "Tag 119"}), rests_on_face="yes")
    item = link(people, lead, clip, "physical", of_it)
    make.verified(people, item)
    assert stands(item).standing == "counts"


def test_a_probe_of_another_search_for_the_face_in_the_matter_is_of_the_search(people, elsewhere, lead):  # noqa: F811
    """The same file in a second case, whose search found this face too: cases of one number are one matter."""
    from cases.services import matter

    matter.enter_number(case=elsewhere.case, actor=people.okafor, number=people.case.incident_numbers.get().number,
                        system="records")  # fmt: skip
    there = make.requested(elsewhere, probe=picture(elsewhere, scene(name="coffee.png"), "still"))
    make.listed(there, lead.candidate.face)
    make.finish(there, like=lead.candidate.search)
    for found in (picture(people, scene(name="coffee.png")), picture(people, scene("JPEG", name="coffee.png"))):
        with pytest.raises((PolicyDenied, IntegrityError), match="FR-10"):
            link(people, lead, found, "witness", WITNESS | {"statement_date": today()})


def test_the_original_of_an_edited_probe_is_the_probe(people):
    original = picture(people, scene(), "still")
    edited = add_derivative(original=original, actor=people.okafor, title="Brighter", derivation="Brightness +10", kind="still",
                            file=scene(name="coffee.png"), file_name="b.png")  # fmt: skip
    lead = make.made_lead(people, probe=edited)
    for found in (original, picture(people, scene("JPEG"))):  # and the original uploaded once more
        with pytest.raises((PolicyDenied, IntegrityError), match="FR-10"):
            link(people, lead, found, "witness", WITNESS | {"statement_date": today()})


# An exhibit is what it is, and counts once.


@pytest.mark.parametrize("kind", ["dna", "fingerprint", "phone"])
def test_a_photo_is_no_laboratory_report_and_no_phone_record(people, lead, kind):
    photo = picture(people, scene("JPEG", name="coffee.png"))
    details = {"dna": DNA | {"secured_on": today(ago=9), "report_date": today()}, "phone": PHONE | {"process_date": today()},
               "fingerprint": make.FINGERPRINT}[kind]  # fmt: skip
    with pytest.raises((PolicyDenied, IntegrityError), match="FR-10"):
        link(people, lead, photo, kind, details)
    with pytest.raises(IntegrityError, match="FR-10: An exhibit is linked as what it is"), transaction.atomic():
        make.allowed_on(people.okafor, "corroboration.link", lead)
        Corroboration.objects.create(lead=lead, evidence=photo, kind=kind, details=details, linked_by=people.okafor,
                                     ties_by="It is his", independence=WHY, **make.ANSWERS)  # fmt: skip


def test_one_laboratory_report_counts_once_however_often_it_is_uploaded(people, lead):
    first, again = (make.linked(people, lead, details=make.FINGERPRINT | {"lab_number": number})
                    for number in ("FP-26/0640", "fp 26 0640"))  # fmt: skip
    make.verified(people, again)
    assert stands(again).standing == "counts"
    make.verified(people, first)
    assert [stands(one).standing for one in (first, again)] == ["counts", "again"]
    assert len(counting_items(lead, lineup_counts_alone=False)) == 1
    corroboration.withdraw(item=first, actor=people.okafor, reason="The other one is the whole report.")
    assert stands(again).standing == "counts"


def test_one_file_counts_once_and_so_does_what_was_made_of_it(people, lead):
    record = RECORD
    first, again = (picture(people, scene("JPEG", name="coffee.png", quality=q), "transit") for q in (90, 60))
    items = [link(people, lead, one, "whereabouts", record) for one in (first, again)]
    for item in items:
        make.verified(people, item)
    assert [stands(one).standing for one in items] == ["counts", "again"]


def test_one_witness_counts_once_and_not_again_by_a_line_up(people, lead):
    """Else a line-up that stands alone would have its own witness beside it (FR-11)."""
    said = make.exhibit(people, kind="interview", title="What she said")
    item = link(people, lead, said, "witness", WITNESS | {"statement_date": today(ago=9)})
    make.verified(people, item)
    lineup = link(people, lead, make.exhibit(people, kind="lineup", title="Six pictures"), "lineup",
                  make.LINEUP | {"witness": "l ostrander"})  # fmt: skip
    make.verified(people, lineup)
    assert [stands(one).standing for one in (item, lineup)] == ["counts", "again"]


def test_a_rejected_item_linked_anew_counts_no_more(people, lead):
    item = make.linked(people, lead)
    make.rejected(people, item)
    corroboration.withdraw(item=item, actor=people.okafor, reason="Linked by mistake, they said.")
    anew = link(people, lead, item.evidence, "fingerprint", make.FINGERPRINT)
    make.verified(people, anew, by=people.marsh)
    assert stands(anew).standing == "rejected"
    refused_in_the_database(people, lead)


# A mark falls with what is found to rest on the face.


def test_a_mark_falls_when_a_copy_of_what_it_rests_on_is_found_to_rest_on_the_face(people, lead):
    first, again = (picture(people, scene("JPEG", name="coffee.png", quality=q), "transit") for q in (90, 60))
    record = RECORD
    make.verified(people, link(people, lead, first, "whereabouts", record))
    answer_everything(people, lead)
    leads.mark_for_warrant(lead=lead, actor=people.okafor)
    item = link(people, lead, again, "whereabouts", record)
    with pytest.raises(IntegrityError, match="FR-10"), transaction.atomic():
        make.allowed_on(people.raman, "corroboration.verify", item)
        CorroborationVerification.objects.create(corroboration=item, verifier=people.raman, verified=True, reason="Read it",
                                                 because_of="no", rests_on_face="yes")  # fmt: skip
        connection.check_constraints()
    make.verified(people, item, rests_on_face="yes")
    lead.refresh_from_db()
    assert lead.state == "open"


# The verifier answers without the linker's answers, and both are kept.


def said_of(item: Corroboration) -> tuple[str, ...]:
    return (item.independence, "Linked as: ")


def test_who_may_verify_sees_neither_answer_until_the_item_is_verified(client, people, lead):
    item = make.linked(people, lead, rests_on_face="yes")
    Corroboration.objects.get(pk=item.pk)
    page, verify = lead.get_absolute_url(), f"{lead.get_absolute_url()}items/{item.pk}/verify/"
    addresses = (page, f"{page}print/", verify, f"/api/leads/{lead.number}/", "/api/leads/", "/", "/leads/",
                 lead.case.get_absolute_url(), f"{lead.case.get_absolute_url()}timeline/")  # fmt: skip
    sign_in(client, people.raman)
    for address in addresses:
        text = client.get(address).content.decode()
        assert item.independence not in text, address
        assert "Linked as: " not in text and "rests on the face:" not in text, address
        assert '"rests_on_face":"yes"' not in text, address
    sign_in(client, people.okafor)
    assert "Linked as: yes." in client.get(page).content.decode(), "the linker sees his own"
    make.verified(people, item, rests_on_face="no")
    sign_in(client, people.raman)
    text = client.get(page).content.decode()
    assert "Linked as: yes. Verifier: no." in text and "The two answers differ; the stricter one holds." in text
    kept = CorroborationVerification.objects.get(corroboration=item)
    item.refresh_from_db()
    assert (item.rests_on_face, kept.rests_on_face) == ("yes", "no")


@pytest.mark.parametrize("linked", ["yes", "no"])
def test_what_the_pages_say_before_does_not_depend_on_the_answer(client, people, lead, linked):
    """The start page, the checklist and the standing are the same whatever the linker said."""
    item = make.linked(people, lead, rests_on_face=linked, because_of=linked)
    sign_in(client, people.raman)
    assert f"Verify {item}" in client.get("/").content.decode().replace("&#x27;", "'")
    assert f"verifies {item.evidence.label}" in client.get(lead.get_absolute_url()).content.decode()
    assert (stands(item).standing, stands(item).because) == ("waits", stands(item).by_dates)


@pytest.mark.parametrize("missing", ["because_of", "rests_on_face"])
def test_both_questions_are_answered_by_linker_and_verifier(people, lead, missing):
    with pytest.raises(ValidationError):
        make.linked(people, lead, **{missing: ""})
    item = make.linked(people, lead)
    with pytest.raises(ValidationError):
        make.verified(people, item, **{missing: ""})
    assert not CorroborationVerification.objects.exists()


# What was answered before there were two questions.


@pytest.mark.parametrize(("said", "standing"), [("no", "counts"), ("partly", "face"), ("yes", "face")])
def test_the_one_answer_of_before_is_carried_over(people, lead, said, standing):
    item = make.linked(people, lead)
    with make.by_the_owner():
        Corroboration.objects.filter(pk=item.pk).update(comes_from_lead=said, because_of="", rests_on_face="")
    item.refresh_from_db()
    make.verified(people, item)
    with make.by_the_owner():
        CorroborationVerification.objects.filter(corroboration=item).update(because_of="", rests_on_face="")
    assert stands(item).standing == standing
    if said != "no":  # linked anew it is asked both
        corroboration.withdraw(item=item, actor=people.okafor, reason="It is asked otherwise now.")
        anew = link(people, lead, item.evidence, "fingerprint", make.FINGERPRINT)
        make.verified(people, anew)
        assert stands(anew).standing == "counts"


def test_an_exhibit_that_nobody_compared_says_so_first(people, lead):
    other = picture(people, scene("JPEG", name="coffee.png"), "document")
    item = link(people, lead, other, "witness", WITNESS | {"statement_date": today()})
    make.verified(people, item, rests_on_face="yes")
    forget(other)
    assert stands(item).standing == "not compared"
