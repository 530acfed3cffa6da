"""Demo cases in different states, made through the same services and doors as everything else."""

from datetime import date, timedelta

from django.utils import timezone

from cases.models import Case, Evidence, NibrsOffense
from cases.services import case as cases
from cases.services import evidence as exhibits
from cases.services import person as persons
from ecpd.accounts.models import User
from leads.demo.probe import like_a_camera
from leads.models import Candidate, Corroboration, Identity, Lead, SearchRequest
from leads.models.examination import COMPONENTS
from leads.selectors.dark import in_his_order
from leads.services import (
    after,
    corroboration,
    exculpatory,
    identity,
    lead,
    lot,
    probe,
    review,
    search,
    self_opened,
    warrant,
)
from leads.services.running import run

FACTS = (
    "Man at the counter took cash from the register at the time the clerk names; the register camera shows his face "
    "for four seconds. Two neighbors were asked and did not know him."
)
ASTRONAUT = ("skimage", "data/astronaut.png", 0)
COURT = "Superior Court, Contra Costa County"
ALUMNUS = ("insightface", "data/images/Tom_Hanks_54745.png", 0)
GROUP = ("insightface", "data/images/t1.jpg")


def load(people: dict[str, User]) -> None:
    """The demo's cases (idempotent: nothing where the demo's people have opened cases)."""
    if Case.objects.filter(opened_by__in=people.values()).exists():
        return
    ready_to_search(people)
    waiting_for_second_examiner(people)
    needing_evidence(people)
    waiting_for_captain(people)
    nobody_above_the_bar(people)
    approved_and_sent(people)
    refused_by_the_captain(people)
    faces_to_compare(people)
    for title, code, place in (
        ("Vandalism, Fifth Avenue", "290", "Fifth Avenue and Pine Street"),
        ("Burglary of a residence, Pine Street", "220", "Pine Street"),
    ):
        _case(people, title, code, place, days=40)


def ready_to_search(people: dict[str, User]) -> Case:
    """A case with a probe, nothing asked yet: the walk-through begins here."""
    case = _accepted(people, "Robbery at Marlow Market, 1140 Alder Street", "120", "1140 Alder Street", days=3)
    _probe(case, people["okafor"], "Still from the register camera", ASTRONAUT)
    persons.add_person(case=case, actor=people["okafor"], role="victim", name="Lena Ostrander",
                       description="Clerk. Interviewed the same night.")  # fmt: skip
    persons.add_person(case=case, actor=people["okafor"], role="suspect", name="Unknown, light jacket",
                       unidentified=True, description="Face on the still. About 5 ft 7 in.")  # fmt: skip
    cases.add_note(
        case=case, actor=people["okafor"], text="Canvass of Alder Street: two more cameras, neither shows a face."
    )
    return case


def waiting_for_second_examiner(people: dict[str, User]) -> Candidate:
    """A first examination is recorded; the second waits for whom the lot fell on."""
    case = _accepted(people, "Purse-snatching at Northgate station", "23B", "Northgate station", days=9)
    candidate = _searched(case, people["okafor"], (*GROUP, 0))
    _compared(candidate, people["okafor"])
    return candidate


def needing_evidence(people: dict[str, User]):
    """A lead with a fingerprint that waits for verification and something that points away."""
    case = _accepted(people, "Aggravated assault, Depot Lane", "13A", "Depot Lane", days=14)
    cases.assign(case=case, user=people["raman"], actor=people["marsh"])
    made = _lead(case, people, (*GROUP, 2))
    _fingerprint(made, people["okafor"])
    exculpatory.enter(lead=made, actor=people["okafor"], kind="alibi",
                      what="A transit card in this name was tapped 4 miles away, 11 minutes before.")  # fmt: skip
    return made


def waiting_for_captain(people: dict[str, User]):
    """The whole chain, waiting for Capt. Marsh."""
    return _applied(
        people, "Burglary at Cole Hardware", "Cole Hardware, 12 Mill Road", (*GROUP, 5), days=21, arrest=True
    )


def _known(made: Lead, item: Corroboration, people: dict[str, User]) -> Identity:
    """Who the person is, from the laboratory's report, checked by a colleague."""
    said = identity.enter(
        lead=made, actor=people["okafor"], name="Tove A. Lindqvist", date_of_birth=date(1988, 3, 9), evidence=item.evidence,
        how="The laboratory's report names her: the lift agrees with her prints in the state's file.",
    )  # fmt: skip
    identity.answer(identity=said, actor=people["raman"], outcome="agrees",
                    reason="Read the report and called the laboratory; name and date of birth agree.")  # fmt: skip
    return said


def _applied(people: dict[str, User], title: str, place: str, face: tuple[str, str, int], *, days: int,
             arrest: bool = False):  # fmt: skip
    case = _accepted(people, title, "220", place, days=days)
    cases.assign(case=case, user=people["raman"], actor=people["marsh"])
    made = _lead(case, people, face)
    item = _fingerprint(made, people["okafor"])
    corroboration.verify(item=item, actor=people["raman"], verified=True, because_of="no", rests_on_face="no",
                         reason="Read the laboratory's report and compared the chart with the lift card.")  # fmt: skip
    for entry in made.exculpatory.all():
        exculpatory.answer(entry=entry, actor=people["okafor"], outcome="explained",
                           text="The camera's light hides it; the laboratory's finding does not depend on it.")  # fmt: skip
    lead.mark_for_warrant(lead=made, actor=people["okafor"])
    return warrant.apply_for_warrant(
        lead=made, actor=people["okafor"], does_not_fit="The hairline cannot be compared: the probe cuts it off.",
        statement="A fingerprint on the inner side of the till drawer ties this person to the burglary.",
        **({"asks_for": "arrest", "court": COURT, "identity": _known(made, item, people)} if arrest else {}),
    )  # fmt: skip


def approved_and_sent(people: dict[str, User]):
    """Approved and with the prosecutor; then an alibi came in, which is to be disclosed."""
    application = _applied(people, "Burglary at Pier Street Garage", "Pier Street Garage", (*GROUP, 4), days=30)
    warrant.open_packet(application=application, actor=people["marsh"])
    warrant.decide(application=application, actor=people["marsh"], approve=True, read_packet=True,
                   reasons="The print was found by the laboratory's own search; nothing else points away.")  # fmt: skip
    after.record_step(application=application, actor=people["okafor"], kind="sent", whom="District Attorney, filing desk",
                      happened_on=timezone.localdate(), words="Packet, version 1, handed over in person.")  # fmt: skip
    exculpatory.enter(lead=application.lead, actor=people["raman"], kind="alibi",
                      what="The time clock of his employer has him at work across town that evening.")  # fmt: skip
    return application


def nobody_above_the_bar(people: dict[str, User]) -> SearchRequest:
    """A search with a poor probe that found nobody: a proper result. Its case waits for the captain's word."""
    case = _case(people, "Missing adult, disoriented, Arlington Park", "MISS", "Arlington Park", days=1)
    still = _probe(case, people["raman"], "Photo from a bus camera", ASTRONAUT, side=64, blur=2.4, light=0.4)
    return _search(case, people["raman"], still, purpose="missing",
                   justification="The only picture there is; the person is at risk and the night is cold.")  # fmt: skip


def refused_by_the_captain(people: dict[str, User]) -> Case:
    """A case that its opener searched in and the captain refused: what was found is veiled."""
    case = _case(people, "Woman at the farmers market", "23D", "Harbor Plaza", days=2)
    _searched(case, people["okafor"], (*GROUP, 3))
    self_opened.accept_case(
        case=case, actor=people["marsh"], accepted=False,
        reason="Neither dispatch nor records knows of a theft there that day; the facts name nobody who reported one.",
    )  # fmt: skip
    return case


def _accepted(people: dict[str, User], title: str, code: str, place: str, *, days: int) -> Case:
    """A case that its opener may search in: the captain knows of the event."""
    case = _case(people, title, code, place, days=days)
    self_opened.accept_case(
        case=case, actor=people["marsh"], accepted=True, reason="The watch commander called me about it that night."
    )
    return case


def faces_to_compare(people: dict[str, User]) -> SearchRequest:
    """A list of which half is compared: its scores, ranks and names are kept from whoever goes on (FR-08)."""
    case = _accepted(people, "Theft from building, Harbor Library", "23D", "Harbor Library", days=40)
    search = _searched(case, people["okafor"], ALUMNUS).search
    listed = in_his_order(search, people["okafor"])
    for found in [one for one in listed if one.rank > 1][: len(listed) // 2]:
        excluded(found, people["okafor"])
    return search


def _case(people: dict[str, User], title: str, code: str, place: str, *, days: int) -> Case:
    detective = people["raman"] if code == "MISS" else people["okafor"]
    return cases.open_case(
        actor=detective, title=title, offense=NibrsOffense.objects.get(pk=code), location=place,
        occurred_at=timezone.now() - timedelta(days=days, hours=5), captain=people["marsh"],
        incident_number=f"{timezone.localdate():%y}-{14_000 + 31 * Case.objects.count():06d}",
    )  # fmt: skip


def _probe(case: Case, actor: User, title: str, face: tuple[str, str, int], **camera) -> Evidence:
    return exhibits.add_evidence(
        case=case, actor=actor, kind="photo", title=title, origin_kind="business_camera",
        origin="Handed over by the owner on a USB stick, by consent", obtained_at=timezone.now() - timedelta(hours=4),
        file=like_a_camera(*face, **camera), file_name="camera.jpg",
    )  # fmt: skip


def _search(case: Case, actor: User, still: Evidence, *, purpose: str = "suspect", justification: str = ""):
    found = probe.detect(probe.entry_for(still))
    asked = search.request_search(
        actor=actor, case=case, probe=still, face_ordinal=found.faces[0]["ordinal"], purpose=purpose, facts=FACTS,
        offense=case.offense if purpose == "suspect" else None, justification=justification, no_forbidden_ground=True,
    )  # fmt: skip
    run(asked.pk)
    asked.refresh_from_db()
    return asked


def _searched(case: Case, actor: User, face: tuple[str, str, int]) -> Candidate:
    still = _probe(case, actor, "Still from the door camera", face)
    return _search(case, actor, still).candidates.get(rank=1)


def _compared(candidate: Candidate, examiner: User, note: str = "") -> None:
    """The first examiner compares the whole list: this face may be the same, the others are not."""
    for other in candidate.search.candidates.exclude(pk=candidate.pk):
        excluded(other, examiner)
    _examined(candidate, examiner, 1, note)


def excluded(candidate: Candidate, examiner: User) -> None:
    """One difference excludes a face; the rest of the form stays open (FR-22)."""
    answers = {key: {"value": "left_open", "note": ""} for key in COMPONENTS}
    answers["outline"] = {"value": "different", "note": "Another width from cheekbone to cheekbone."}
    review.record_examination(
        candidate=candidate, actor=examiner, position=1, components=answers, conclusion="exclude",
        basis="Face and head outline: another width from cheekbone to cheekbone.", does_not_fit="Nothing.",
    )  # fmt: skip


def _examined(candidate: Candidate, examiner: User, position: int, note: str = "") -> None:
    answers = {key: {"value": "similar", "note": ""} for key in COMPONENTS}
    for key in ("skin", "ears", "lines", "scars", "marks", "alterations", "other"):
        answers[key]["value"] = "not_visible"
    review.record_examination(
        candidate=candidate, actor=examiner, position=position, components=answers, conclusion="possible_match",
        basis="Eyes, nose, mouth and outline agree throughout; light and size explain the rest.",
        does_not_fit=note or "Nothing.",
    )  # fmt: skip


def _lead(case: Case, people: dict[str, User], face: tuple[str, str, int]):
    candidate = _searched(case, people["okafor"], face)
    _compared(candidate, people["okafor"], "The hairline is cut off on the probe.")
    drawn = candidate.examination_requests.get(state="open")
    lot.say_nothing_is_known(asked=drawn, actor=drawn.examiner)
    _examined(candidate, drawn.examiner, 2)
    return lead.promote(candidate=candidate, actor=people["okafor"])


def _fingerprint(made, actor: User):
    lift = exhibits.add_evidence(
        case=made.case, actor=actor, kind="fingerprint", title="Fingerprint lift, inner side of the drawer",
        origin_kind="lab", origin="Lifted at the scene by the technician, sealed bag 88213",
        obtained_at=timezone.now() - timedelta(hours=2), location="Crime laboratory, shelf 14",
    )  # fmt: skip
    return corroboration.link(
        lead=made, actor=actor, evidence=lift, kind="fingerprint", because_of="no", rests_on_face="no",
        ties_by="Right index finger on the inner side of the drawer, where only staff and the burglar reach.",
        independence="Lifted on the night itself and found by the laboratory in its own search.",
        details={"laboratory": "County crime laboratory", "lab_number": "FP-26-0640", "examiner": "J. Pell",
                 "finger": "Right index", "points": "14 points",
                 "secured_on": timezone.localtime(made.case.occurred_at).date().isoformat(),
                 "report_date": timezone.localdate().isoformat()},
    )  # fmt: skip
