"""A whole chain from probe to application without running the engine: rows as the services would leave them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from unittest import mock

import numpy as np
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from cases import access, vault
from cases.models import Case, CaseAssignment, Evidence, NibrsOffense
from cases.services.case import assign, open_case
from cases.services.evidence import add_evidence
from ecpd.accounts.models import User
from ecpd.accounts.roles import Role
from ecpd.policy import engine, versions
from ecpd.policy.models import Decision
from leads.models import (
    Candidate,
    CaseAcceptance,
    Corroboration,
    ExaminationRequest,
    FaceVector,
    GalleryFace,
    GalleryPhoto,
    GallerySource,
    GallerySubject,
    ImportBatch,
    ModelCard,
    PacketReading,
    ProbeFaces,
    SearchRequest,
    WarrantApplication,
)
from leads.packet.content import version_of
from leads.recognition.engine import DetectedFace
from leads.selectors.lot import lot_of
from leads.services import card, corroboration, exculpatory, gallery, lead, lot, review, warrant
from leads.services.engine import model_id
from leads.services.running import snapshot
from tests.factories.measured import PROBES, answers, card_of, cosine_of, picture, place, probe, quality, template_near  # noqa: F401
from tests.factories.people import certify, make_user

FACTS = "Robbery on November 4. The man at the counter in this picture took the money; nobody knows him."


@dataclass
class Agency:
    """People with one part each, and an open case of the first investigator."""

    administrator: User
    okafor: User
    aldana: User
    raman: User
    marsh: User
    chief: User
    auditor: User
    case: Case


def agency(*, purpose_offense: str = "120") -> Agency:
    """Three certified investigators, a captain, a chief, an auditor, an administrator and a case."""
    administrator = make_user(Role.ADMINISTRATOR)
    investigators = [make_user(Role.INVESTIGATOR, last_name=name) for name in ("Okafor", "Aldana", "Raman")]
    for investigator in investigators:
        certify(investigator, administrator)
    okafor, aldana, raman = investigators
    marsh = make_user(Role.CAPTAIN, rank="Capt.", last_name="Marsh")
    case = open_case(actor=okafor, title="Robbery at Marlow Market", captain=marsh, incident_number="26-014233",
                     offense=NibrsOffense.objects.get(code=purpose_offense))  # fmt: skip
    assign(case=case, user=raman, actor=marsh)
    accepted(case, marsh)
    return Agency(administrator, okafor, aldana, raman, marsh, make_user(Role.CHIEF), make_user(Role.AUDITOR), case)


def accepted(case: Case, captain: User) -> Case:
    """The case, which its opener may search in: a captain has accepted it (FR-02)."""
    with transaction.atomic():
        CaseAcceptance.objects.create(case=case, captain=captain, accepted=True, reason="Dispatch told me of the call.",
                                      decision=allowed_on(captain, "case.accept", case))  # fmt: skip
    return case


def exhibit(people: Agency, *, kind: str = "photo", title: str = "Still from the register camera",
            file: bytes | None = None) -> Evidence:  # fmt: skip
    """An exhibit of the case, with this file."""
    return add_evidence(
        case=people.case, actor=people.okafor, kind=kind, title=title, origin_kind="business_camera",
        origin="Handed over by the owner", obtained_at=timezone.now() - timedelta(hours=1),
        file=file or (picture() if kind in {"photo", "still"} else None), file_name="still.png",
    )  # fmt: skip


def faces_found(probe: Evidence, faces: list[dict], **more) -> ProbeFaces:
    """What the engine found on an exhibit, as its worker writes it down."""
    found, more = ProbeFaces.objects.create(evidence=probe, model_id=model_id()), {"width": 80, "height": 80} | more
    ProbeFaces.objects.filter(pk=found.pk).update(state="done", faces=faces, finished_at=timezone.now(), **more)
    found.refresh_from_db()
    return found


def looked_at(probe: Evidence) -> ProbeFaces:
    """Somebody looked for faces on it: the last look, or one that found a face at every `place`."""
    none = {"quality": {"passed": False, "measures": []}}
    faces = [DetectedFace(number, tuple(place(number)), (), 1.0).as_json() | none for number in range(256)]
    found = probe.probe_faces.filter(state="done").last()
    return found or faces_found(probe, faces)


def search_fields(people: Agency, **changes) -> dict:
    """The fields of a search request that every rule allows."""
    number = SearchRequest.objects.count() + 1
    fields = {
        "number": f"S-26-{number:04d}", "year": 2026, "serial": number, "case": people.case,
        "face": {"ordinal": 0, "letter": "A", "box": place(number), "landmarks": [], "score": 1.0},
        "quality": quality(), "quality_passed": True, "purpose": "suspect",
        "offense": people.case.offense, "facts": FACTS, "requested_by": people.okafor,
        "manual_version": versions.in_force(),
    }  # fmt: skip
    return fields | changes


def requested(people: Agency, **changes) -> SearchRequest:
    """A search that waits for its result."""
    fields = {"probe": exhibit(people)} | search_fields(people, **changes)
    looked_at(fields["probe"])
    with transaction.atomic():
        decision = allowed(fields["requested_by"], "search.request", subject_type="leads.searchrequest",
                           case_number=people.case.case_number)  # fmt: skip
        return SearchRequest.objects.create(**({"decision": decision} | fields))


def allowed(person: User, action: str, **subject: str) -> Decision:
    """The door's answer as a row alone; what names it is written in the same transaction."""
    return Decision.objects.create(actor=person, action=action, outcome="allowed", verdicts=[],
                                   manual_version=versions.in_force(), **subject)  # fmt: skip


def allowed_on(person: User, action: str, subject) -> Decision:
    """The door's answer about this thing."""
    return allowed(person, action, subject_type=subject._meta.label_lower, subject_id=str(subject.pk or ""))


def candidate(people: Agency, *, score: float = 99.0, search: SearchRequest | None = None, rank: int = 1,
              like: SearchRequest | None = None) -> Candidate:  # fmt: skip
    """The candidate, with this match score, of a search that is done; `like`: for the probe of that search."""
    search = search or requested(people)
    with transaction.atomic():  # a template comes with its photo
        face = gallery_face(people)
        allowed(search.requested_by, "search.run", subject_type="leads.searchrequest", subject_id=str(search.pk),
                case_number=search.case.case_number)  # fmt: skip
        found = listed(search, face, score=score, rank=rank, like=like)
    finish(search, like=like)
    return found


def a_source(captain: User, name: str = "News site") -> GallerySource:
    """The source of this name, added by the captain when there is none."""
    if found := GallerySource.objects.filter(name=name).first():
        return found
    with transaction.atomic():
        allowed(captain, "gallery.add_source", subject_type="leads.gallerysource")
        return GallerySource.objects.create(name=name, kind="news", owner="A paper", terms="Public",
                                            provenance="By hand", added_by=captain)  # fmt: skip


def running_import(captain: User, source: GallerySource | None = None) -> ImportBatch:
    """An import that runs, into a news site unless another source is given: photos come with it."""
    source = source or a_source(captain)
    if running := source.batches.filter(state="running").first():
        return running
    with transaction.atomic():
        allowed_on(captain, "gallery.import", source)
        batch = ImportBatch.objects.create(source=source, label="stock", requested_by=captain)
    return gallery.begin(batch, total=1)


def gallery_face(people: Agency, subject: GallerySubject | None = None) -> GalleryFace:
    """A face of somebody in a photo of a news site, of another subject unless one is given; it has no template yet."""
    batch = running_import(people.marsh)
    stored = vault.store(picture(GalleryPhoto.objects.count()))
    source = batch.source
    with transaction.atomic():
        subject = subject or GallerySubject.objects.create(
            source=source, published_name="Devin Harrow", external_id=stored.sha256
        )
        photo = GalleryPhoto.objects.create(source=source, batch=batch, subject=subject, file=stored,
                                            sha256=stored.sha256, width=80, height=80, captured_on=date(2024, 5, 11))  # fmt: skip
        return GalleryFace.objects.create(photo=photo, ordinal=0, box=[10, 10, 60, 60], landmarks=[], score=1.0,
                                          model_id="ecpd-default-1")  # fmt: skip


def listed(search: SearchRequest, face: GalleryFace, *, score: float = 99.0, rank: int = 1,
           like: SearchRequest | None = None, more: int = 0) -> Candidate:  # fmt: skip
    """A candidate as the card scores it: a new face gets a template as similar as `score` asks, before `more` faces come.

    One with a template stands in the list of another search for the same face (`finish(like=…)`).
    """
    scale, vectors = card_of(), FaceVector.objects.filter(active=True)
    before = face.candidates.first()
    if before is None:
        size = vectors.count() + 1 + more
        cosine = cosine_of(tuple(scale.fits), size, score)
        template = (
            template_near(cosine, (like or search).pk) + (1 - cosine**2) ** 0.5 * np.eye(1, 512, 256 + face.pk % 256)[0]
        )
        FaceVector.objects.create(face=face, model_id=face.model_id, source=face.photo.source, embedding=template)
        strict = Decimal(str(score))
    else:
        cosine, size = before.cosine, vectors.count()
        strict = Decimal(f"{scale.score(cosine, size).strict:.3f}")
    return Candidate.objects.create(
        search=search, rank=rank, face=face, cosine=cosine, match_score=strict,
        score_high=Decimal(f"{scale.score(cosine, size).high:.3f}"),
        snapshot=snapshot(face),
    )  # fmt: skip


def finish(search: SearchRequest, *, like: SearchRequest | None = None, **changes) -> None:
    """The search is done; its list is closed. Its probe is `like` that of another search, or of nobody else."""
    card.seed()
    bar, used = float(versions.settings_in_force()["match_score_min"]), FaceVector.objects.filter(active=True)
    with transaction.atomic():
        result = {
            "state": "done", "gallery_size": used.count(),
            "gallery_watermark": used.aggregate(newest=Max("face_id"))["newest"] or 0,
            "threshold": bar, "mode": "exact", "probe_embedding": probe((like or search).pk),
            "above_bar": search.candidates.filter(match_score__gte=bar).count(), "model_id": "ecpd-default-1",
            "model_card": ModelCard.objects.earliest("id"), "finished_at": timezone.now(), 
            "sources": sorted(set(used.values_list("source__name", flat=True))),
            "run_decision": allowed(
                search.requested_by, "search.run", subject_type="leads.searchrequest", subject_id=str(search.pk)
            ),
        }  # fmt: skip
        SearchRequest.objects.filter(pk=search.pk).update(**(result | changes))
    search.refresh_from_db()


def opened(application, reader: User):
    """This person has opened the packet as it is now."""
    return warrant.open_packet(application=application, actor=reader)[1]


def reading(application, reader: User) -> PacketReading:
    """A reading of the packet by anybody, as rows alone: for what PostgreSQL has to say."""
    decision = allowed(
        reader, "warrant.packet", subject_type="leads.warrantapplication", subject_id=str(application.pk)
    )
    parts = {"A part": "0" * 16}
    return PacketReading.objects.create(application=application, reader=reader, version=version_of(parts), parts=parts,
                                        decision=decision, at=timezone.now())  # fmt: skip


def examined(
    found: Candidate, examiner: User, position: int, conclusion: str = "possible_match", fits: str = "Nothing."
):
    """A recorded examination: the first draws nobody yet, the second examiner is the one who is drawn, and knows nothing."""
    if position == 2:
        opened_blind(drawn(found, examiner))
    return concluded(found, examiner, position, conclusion, fits)


def concluded(
    found: Candidate, examiner: User, position: int, conclusion: str = "possible_match", fits: str = "Nothing."
):
    """What an examiner records; the first conclusion sends nobody on."""
    with nobody_is_drawn():
        return review.record_examination(
            candidate=found, actor=examiner, position=position, components=answers(), conclusion=conclusion,
            basis="Eyes, nose and mouth agree.", does_not_fit=fits,
        )  # fmt: skip


def open_list(search: SearchRequest, *people: User) -> None:
    """These people open the list before its faces are compared, and compare none of them."""
    for person in people:
        engine.authorize(person, "candidates.open", search)


@contextmanager
def nobody_is_drawn() -> Iterator[None]:
    """The last conclusion on a list sends nothing on, as in a release that knew no lot."""
    with mock.patch("leads.services.review.send_all_on"):
        yield


@contextmanager
def the_lot_falls_on(*people: User) -> Iterator[None]:
    """The lot, of whom the database counts, falls on one of these people."""
    wanted = {person.pk for person in people}

    def fall(lot: Sequence[int]) -> int:
        return next(key for key in lot if key in wanted)

    with mock.patch("leads.services.lot.pick", fall):
        yield


def drawn(found: Candidate, examiner: User, *, by: User | None = None) -> ExaminationRequest:
    """This person is drawn to be the second examiner; AssertionError where he or she is not in the lot."""
    assert examiner.pk in lot_of(found), f"{examiner} is not in the lot"
    with the_lot_falls_on(examiner):
        asked = lot.draw_second_examiner(candidate=found, actor=by or found.search.requested_by)
    assert asked is not None
    return asked


def replaced(asked: ExaminationRequest, by: User) -> ExaminationRequest:
    """Who was drawn knows something of the case, and this person is drawn instead."""
    with the_lot_falls_on(by):
        lot.say_something_is_known(asked=asked, actor=asked.examiner)
    return asked.candidate.examination_requests.get(state="open")


def opened_blind(asked: ExaminationRequest) -> ExaminationRequest:
    """Who is drawn says that nothing of the case is known."""
    lot.say_nothing_is_known(asked=asked, actor=asked.examiner)
    asked.refresh_from_db()
    return asked


def newcomer(people: Agency) -> User:
    """A certified investigator who knows nothing of any matter yet: who examined a face is not blind to it again."""
    person = make_user(Role.INVESTIGATOR, last_name="Quill")
    certify(person, people.administrator)
    return person


@contextmanager
def by_the_owner() -> Iterator[None]:
    """Past every guard, as the database's owner."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE; SET session_replication_role = replica")
        yield
        cursor.execute(f"SET session_replication_role = origin; SET ROLE {settings.DATABASE_APP_ROLE}")


def put_on_the_case(people: Agency, user: User) -> None:
    """On the case by whatever way: the services and the guards put nobody on it who is asked for a blind examination."""
    with by_the_owner():
        access.grant(user, people.case, "view", "contribute")
        CaseAssignment.objects.create(case=people.case, user=user, assigned_by=people.marsh)


def made_lead(people: Agency, **changes):
    """A lead both examiners support."""
    found = candidate(people, search=requested(people, **changes))
    examined(found, people.okafor, 1)
    examined(found, people.aldana, 2)
    return lead.promote(candidate=found, actor=people.okafor)


ANSWERS = {"because_of": "no", "rests_on_face": "no"}  # FR-10's two questions
FINGERPRINT = {"laboratory": "County", "lab_number": "FP-1", "examiner": "J. Pell", "finger": "Right index",
               "points": "14", "secured_on": "2024-10-31", "report_date": "2024-11-01"}  # fmt: skip
LINEUP = {"witness": "L. Ostrander", "lineup_date": "2024-11-02", "administrator": "Det. Quill", "blind": "Blind",
          "recording": "Audio and video", "answer": "Number 4, maybe", "reference": "LU-26-0031",
          "outcome": "The suspect"}  # fmt: skip


def linked(people: Agency, made, *, kind: str = "fingerprint", details: dict | None = None, **answers: str):
    """An item linked by Det. Okafor; a laboratory's report has a number of its own."""
    report = FINGERPRINT | {"lab_number": f"FP-{Corroboration.objects.count() + 1}"}
    return corroboration.link(
        lead=made, actor=people.okafor, evidence=exhibit(people, kind="fingerprint", title="Lift"), kind=kind,
        details=details or (LINEUP if kind == "lineup" else report), ties_by="Found on the drawer",
        independence="Found the same night", **(ANSWERS | answers),
    )  # fmt: skip


def verified(people: Agency, item, *, by: User | None = None, **answers):
    """The item, verified by Det. Raman."""
    said = {"verified": True, "reason": "Read the laboratory's report"} | ANSWERS | answers
    return corroboration.verify(item=item, actor=by or people.raman, **said)


def rejected(people: Agency, item, reason: str = "The laboratory says it is not his."):
    """The item, rejected by Det. Raman."""
    return verified(people, item, verified=False, reason=reason)


def marked_lead(people: Agency):
    """A lead marked for warrant."""
    made = made_lead(people)
    verified(people, linked(people, made))
    for entry in made.exculpatory.all():
        exculpatory.answer(entry=entry, actor=people.okafor, outcome="explained", text="The light explains it.")
    return lead.mark_for_warrant(lead=made, actor=people.okafor)


def applied_for(people: Agency) -> WarrantApplication:
    """The application for a lead marked for warrant."""
    made = marked_lead(people)
    return warrant.apply_for_warrant(lead=made, actor=people.okafor, statement="A lift.", does_not_fit="None")
