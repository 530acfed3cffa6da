"""An agency to measure with: one investigator, one case, one real face among synthetic templates."""

import numpy as np
from django.db import connection, transaction
from django.utils import timezone

from cases.models import Evidence, NibrsOffense
from cases.services.case import open_case
from cases.services.evidence import add_evidence
from ecpd.accounts.measuring import administrator, for_measuring
from ecpd.accounts.models import User
from ecpd.accounts.models.certificate import COVERS
from ecpd.accounts.roles import Role
from ecpd.accounts.services import issue_certificate
from leads.models import FaceVector, GalleryFace, GalleryPhoto, ImportBatch, ProbeFaces
from leads.search import synthetic
from leads.search.scan import literal
from leads.services import gallery
from leads.services.engine import engine
from leads.services.probe import detect

BATCH = 5_000


def fill(count: int, progress) -> np.ndarray:
    """Put `count` synthetic templates into the gallery; returns them, float32 (count, 512), by rising face id."""
    officer = for_measuring("bench-captain", Role.CAPTAIN, last_name="Bench")
    source = gallery.add_source(
        actor=officer, name="Synthetic", kind="synthetic", owner="Nobody", terms="None", provenance="Generated"
    )
    batch = gallery.begin(gallery.request_import(source=source, actor=officer, label="Synthetic"), total=count)
    vectors = synthetic.templates(count)
    for start in range(0, count, BATCH):
        _insert(batch, vectors[start : start + BATCH], start)
        progress(min(BATCH, count - start))
    batch.imported = count
    gallery.finish(batch)
    return vectors


@transaction.atomic
def _insert(batch: ImportBatch, vectors: np.ndarray, start: int) -> None:
    model_id = engine().model_id
    photos = GalleryPhoto.objects.bulk_create(
        GalleryPhoto(source_id=batch.source_id, batch=batch, sha256=f"{start + row:064x}", synthetic=True)
        for row in range(len(vectors))
    )
    faces = GalleryFace.objects.bulk_create(
        GalleryFace(photo=photo, ordinal=0, box=[0, 0, 1, 1], landmarks=[], score=1.0, model_id=model_id)
        for photo in photos
    )
    columns = "face_id, model_id, source_id, active, embedding"
    with connection.cursor() as cursor, cursor.copy(f"COPY {FaceVector._meta.db_table} ({columns}) FROM STDIN") as copy:
        for face, vector in zip(faces, vectors, strict=True):
            copy.write_row((face.pk, model_id, batch.source_id, True, literal(vector)))


def case_with_probe(picture: bytes) -> tuple[User, Evidence]:
    """A certified investigator, and a probe whose faces are found."""
    user = for_measuring("bench", Role.INVESTIGATOR, last_name="Bench")
    issue_certificate(holder=user, issued_by=administrator(), course="Bench", **dict.fromkeys(COVERS, True))
    case = open_case(
        actor=user, title="Bench", incident_number="26-000001", offense=NibrsOffense.objects.get(code="120")
    )
    probe = add_evidence(
        case=case, actor=user, kind="photo", title="Probe", origin_kind="other", origin="An installed package",
        obtained_at=timezone.now(), file=picture, file_name="probe.jpg",
    )  # fmt: skip
    detect(ProbeFaces.objects.create(evidence=probe, model_id=engine().model_id))
    return user, probe
