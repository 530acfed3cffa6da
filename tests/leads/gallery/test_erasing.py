"""A template becomes a tombstone under an opt-out, in one way, and the record says so (FR-06)."""

import re

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.utils import timezone

from ecpd.audit.models import AuditEvent
from ecpd.audit.verification import verify
from leads.models import FaceVector, GalleryFace, GalleryPhoto, GallerySource, GallerySubject, OptOut
from leads.services.gallery import record_opt_out, withdraw_source
from tests.audit.bundles import exported, verdict
from tests.factories import leads as make
from tests.sealing import seal


def refusal(statement: str, *values) -> tuple[str, str]:
    """SQLSTATE and sentence of what the database answers to the application's role."""
    with pytest.raises(DatabaseError) as error, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
    told = error.value.__cause__
    return told.sqlstate, told.diag.message_primary


@pytest.fixture
def stocked(source, captain) -> GallerySource:
    """The source with a photo, a face and a template of each of two people."""
    batch = make.running_import(captain, source)
    for number in (0, 1):
        subject = GallerySubject.objects.create(source=source, published_name=f"Person {number}")
        photo = GalleryPhoto.objects.create(
            source=source, batch=batch, subject=subject, sha256=f"{number}" * 64, phash=number * 255
        )
        face = GalleryFace.objects.create(
            photo=photo, ordinal=0, box=[0, 0, 9, 9], landmarks=[], score=0.5, model_id="m"
        )
        vector = [0.0] * 511
        vector.insert(number, 1.0)
        FaceVector.objects.create(face=face, model_id="m", source=source, embedding=vector)
    return source


@pytest.fixture
def photo(stocked) -> GalleryPhoto:
    return GalleryPhoto.objects.get(subject__published_name="Person 0")


@pytest.fixture
def opted_out(photo, captain, today) -> OptOut:
    return record_opt_out(actor=captain, sha256=photo.sha256, received_on=today, reason="By letter")


def test_an_opt_out_leaves_a_tombstone_that_names_it(photo, opted_out):
    vector = FaceVector.objects.get(face__photo=photo)
    assert (vector.embedding, vector.erased_under, vector.active) == (None, opted_out, False)
    assert FaceVector.objects.filter(embedding__isnull=True).count() == 1
    entry = AuditEvent.objects.filter(table_name="leads_facevector", row_id=str(vector.pk)).order_by("-id").first()
    assert (entry.action, entry.detail) == ("record.erased", {"opt_out": opted_out.pk})
    result = verify()
    assert (result.breaks, result.erased) == (0, {opted_out.pk: 1})


def test_verify_audit_says_under_which_opt_out(opted_out, capsys):
    seal()
    call_command("verify_audit", "--no-record")
    assert f"1 templates: erased under opt-out {opted_out.pk}" in capsys.readouterr().out


@pytest.mark.parametrize("column", ["embedding", "erased_under_id", "model_id", "source_id"])
def test_the_application_changes_nothing_of_a_template(stocked, column):
    statement = f"UPDATE leads_facevector SET {column} = {column}"
    assert refusal(statement) == ("42501", "permission denied for table leads_facevector")


@pytest.mark.parametrize("column", ["sha256", "phash", "subject_id", "source_id", "file_id", "caption", "imported_at"])
def test_nor_of_a_photo(stocked, column):
    statement = f"UPDATE leads_galleryphoto SET {column} = {column}"
    assert refusal(statement) == ("42501", "permission denied for table leads_galleryphoto")


@pytest.mark.parametrize("table", ["leads_galleryface", "leads_gallerysubject"])
def test_nor_of_a_face_or_a_name(stocked, table):
    column = {"leads_galleryface": "box", "leads_gallerysubject": "published_name"}[table]
    assert refusal(f"UPDATE {table} SET {column} = {column}") == ("42501", f"permission denied for table {table}")


def test_an_opt_out_erases_nobody_else(photo, opted_out):
    other = FaceVector.objects.filter(active=True).first()
    said = ("23514", "FR-06: A template is erased under an opt-out that is in force and of its photo.")
    assert refusal("SELECT public.ecpd_erase_template(%s, %s)", opted_out.pk, other.pk) == said
    assert refusal("SELECT public.ecpd_erase_template(%s, %s)", 990_001, other.pk) == said


def test_a_withdrawn_opt_out_erases_nothing(stocked, photo, captain, today):
    make.allowed(captain, "gallery.opt_out", subject_type="leads.optout")
    opt_out = OptOut.objects.create(sha256=photo.sha256, received_on=today, recorded_by=captain, reason="By letter")
    make.allowed_on(captain, "gallery.opt_out", opt_out)
    OptOut.objects.filter(pk=opt_out.pk).update(withdrawn_at=F("recorded_at"), withdrawn_by=captain,
                                                withdrawn_reason="A mistake")  # fmt: skip
    said = "FR-06: A template is erased under an opt-out that is in force and of its photo."
    assert refusal("SELECT public.ecpd_erase_template(%s, %s)", opt_out.pk, photo.faces.get().pk) == ("23514", said)


def test_what_a_search_record_names_is_kept_and_not_searched(captain, today):
    face = make.candidate(make.agency()).face
    photo = face.photo
    opt_out = record_opt_out(actor=captain, sha256=photo.sha256, received_on=today, reason="By letter")
    vector = FaceVector.objects.get(face__photo=photo)
    assert (vector.active, vector.erased_under, vector.embedding is None) == (False, None, False)
    said = "FR-06: A search record names this face: its template is out of use, and kept."
    assert refusal("SELECT public.ecpd_erase_template(%s, %s)", opt_out.pk, vector.pk) == ("23514", said)


def test_a_tombstone_stays_one(photo, opted_out):
    face = photo.faces.get().pk
    said = ("23514", "FR-06: The person in this photo opted out; the face is not searched.")
    assert refusal("UPDATE leads_facevector SET active = true WHERE face_id = %s", face) == said
    with connection.cursor() as cursor:
        cursor.execute("SELECT public.ecpd_erase_template(%s, %s)", [opted_out.pk, face])
        assert cursor.fetchone() == (False,)


def test_whether_a_face_is_searched_is_nobody_s_choice(stocked, captain):
    said = "FR-05: A face is searched until its source is withdrawn or its photo opted out."
    assert refusal("UPDATE leads_facevector SET active = false") == ("23514", said)
    assert refusal("UPDATE leads_galleryphoto SET active = false") == (
        "23514", "FR-06: A photo goes out of use by an opt-out, and by nothing else.",
    )  # fmt: skip
    withdraw_source(source=GallerySource.objects.get(pk=stocked.pk), actor=captain, reason="Its terms changed.")
    assert not FaceVector.objects.filter(active=True).exists()
    said = "FR-05: The source of this face was withdrawn; the face is not searched."
    assert refusal("UPDATE leads_facevector SET active = true") == ("23514", said)


def test_nobody_withdraws_an_opt_out_without_a_decision_on_it(opted_out, captain):
    make.allowed(captain, "gallery.opt_out", subject_type="leads.optout")  # on another, that is new
    said = "AU-03: Whom a row names as acting has decided on it, in the same transaction (withdrawn_by_id)."
    statement = (
        "UPDATE leads_optout SET withdrawn_at=recorded_at, withdrawn_by_id = %s, withdrawn_reason = 'No' WHERE id = %s"
    )
    assert refusal(statement, captain.pk, opted_out.pk) == ("23514", said)


def test_a_photo_comes_back_when_its_opt_out_is_withdrawn(photo, opted_out, captain):
    make.allowed_on(captain, "gallery.opt_out", opted_out)
    OptOut.objects.filter(pk=opted_out.pk).update(withdrawn_at=timezone.now(), withdrawn_by=captain,
                                                  withdrawn_reason="Another person")  # fmt: skip
    GalleryPhoto.objects.filter(pk=photo.pk).update(active=True)
    with pytest.raises(DatabaseError, match="fr_06_tombstone"), transaction.atomic():
        FaceVector.objects.filter(face__photo=photo).update(active=True)


def test_a_template_begins_as_it_was_measured(photo, opted_out):
    face = GalleryFace.objects.create(photo=photo, ordinal=9, box=[0, 0, 9, 9], landmarks=[], score=0.5, model_id="m")
    for changes, said in [
        (
            {"embedding": None, "erased_under": opted_out, "active": False},
            "FR-06: A template begins as it was measured.",
        ),
        ({"model_id": "another"}, "FR-05: A template has the model of its face and the source of its photo."),
        ({}, "FR-06: The person in this photo opted out; the face is not searched."),
    ]:
        row = {"face": face, "model_id": "m", "source": photo.source, "embedding": [1.0] + [0.0] * 511} | changes
        with pytest.raises(DatabaseError, match=re.escape(said)), transaction.atomic():
            FaceVector.objects.create(**row)


def test_an_erasure_without_an_opt_out_is_a_break(stocked, owner_cursor):
    face = FaceVector.objects.order_by("pk").first().pk
    owner_cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    owner_cursor.execute("ALTER TABLE leads_facevector DROP CONSTRAINT fr_06_tombstone")
    owner_cursor.execute("UPDATE leads_facevector SET embedding = NULL WHERE face_id = %s", [face])
    found = [(one.kind, one.sentence) for one in verify().findings]
    name = f"Face vector {face} (leads_facevector)"
    assert ("row erased", f"{name} was erased without an opt-out.") in found
    assert any(kind == "row changed" and name in sentence for kind, sentence in found)


def test_an_erasure_under_somebody_else_s_opt_out_is_a_break(photo, opted_out, owner_cursor):
    face = FaceVector.objects.filter(active=True).order_by("pk").first().pk
    owner_cursor.execute("UPDATE leads_facevector SET embedding = NULL, active = false, erased_under_id = %s "
                         "WHERE face_id = %s", [opted_out.pk, face])  # fmt: skip
    [sentence] = [one.sentence for one in verify().findings if one.kind == "row erased"]
    assert sentence.endswith(f"was erased, and opt-out {opted_out.pk}, which it names, does not say so.")


def test_somebody_outside_finds_the_same_in_an_export(photo, opted_out, owner_cursor, tmp_path):
    seal()
    good = verdict(exported(tmp_path))
    assert (good.code, "1 templates that were erased" in good.said) == (0, True), good.said
    face = FaceVector.objects.filter(active=True).order_by("pk").first().pk
    owner_cursor.execute("UPDATE leads_facevector SET embedding = NULL, active = false, erased_under_id = %s "
                         "WHERE face_id = %s", [opted_out.pk, face])  # fmt: skip
    inside = verify()
    outside = verdict(exported(tmp_path))
    assert outside.kinds == {finding.kind for finding in inside.findings} == {"row erased", "row changed"}
    assert all(finding.sentence in outside.said for finding in inside.findings)
