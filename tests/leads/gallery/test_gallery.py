"""Sources, imports from folder and browser, rejected files, opt-outs, and their pages."""

import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from ecpd.accounts.roles import Role
from ecpd.policy.models import Decision
from leads.models import FaceVector, GalleryPhoto, GallerySource, ImportBatch, OptOut
from leads.services.gallery import record_opt_out, run_batch
from tests.leads.conftest import degraded
from tests.shown import shown_on
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
NEW = {"name": "City archive", "kind": "city_archive", "owner": "The city", "terms": "Public", "provenance": "By hand"}


@pytest.fixture
def signed_in(client, captain):
    """The captain's browser."""
    sign_in(client, captain)
    return client


@pytest.fixture
def folder(tmp_path, portraits):
    """Two people, one file that is no picture, one picture without a face."""
    for number in (0, 1):
        person = tmp_path / f"Person_{number}"
        person.mkdir()
        (person / "photo.png").write_bytes(portraits[number])
    (tmp_path / "notes.txt").write_text("not a picture")
    blank = io.BytesIO()
    from PIL import Image

    Image.new("RGB", (200, 200), (90, 120, 90)).save(blank, "PNG")
    (tmp_path / "wall.png").write_bytes(blank.getvalue())
    return tmp_path


def test_a_public_source_is_added(signed_in):
    response = signed_in.post("/gallery/add/", NEW)
    assert response.url == f"/gallery/{GallerySource.objects.get().pk}/"


@pytest.mark.parametrize("kind", ["booking", "dmv", "private"])
def test_a_source_outside_the_public_realm_is_refused_on_the_record(signed_in, kind):
    response = signed_in.post("/gallery/add/", NEW | {"kind": kind})
    assert response.status_code == 403
    assert "FR-05" in response.content.decode()
    assert Decision.objects.filter(action="gallery.add_source", outcome="denied").exists()
    assert not GallerySource.objects.exists()


def test_a_source_whose_words_say_nothing_is_asked_for_again(signed_in):
    response = signed_in.post("/gallery/add/", NEW | {"owner": "-", "terms": "?"})
    page = response.content.decode()
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"owner", "terms"}
    assert "City archive" in page
    assert not GallerySource.objects.exists()


def test_what_only_the_service_refuses_stands_above_the_form_too(signed_in, monkeypatch):
    def refused(self, *_, **__):
        raise ValidationError("No source of this owner any more.")

    monkeypatch.setattr(GallerySource, "full_clean", refused)
    response = signed_in.post("/gallery/add/", NEW)
    assert response.status_code == 422
    assert "No source of this owner any more." in response.content.decode()


def test_a_folder_is_imported_with_a_reason_for_each_reject(source, captain, folder, capsys):
    call_command("import_gallery", source.name, folder, "--by", captain.username, "--workers", "1")
    batch = ImportBatch.objects.get()
    assert (batch.imported, batch.rejected, batch.state) == (2, 2, "done")
    assert dict(batch.rejects.values_list("name", "code")) == {"notes.txt": "not_an_image", "wall.png": "no_face"}
    assert set(GalleryPhoto.objects.values_list("subject__published_name", flat=True)) == {"Person 0", "Person 1"}


def test_a_second_import_adds_nothing(source, captain, folder):
    for _ in range(2):
        call_command("import_gallery", source.name, folder, "--by", captain.username, "--workers", "1")
    assert GalleryPhoto.objects.count() == 2
    assert ImportBatch.objects.first().duplicates == 2


def test_a_dry_run_writes_nothing(source, captain, folder):
    call_command("import_gallery", source.name, folder, "--by", captain.username, "--workers", "1", "--dry-run")
    assert not GalleryPhoto.objects.exists()
    assert not ImportBatch.objects.exists()


def test_a_csv_says_where_each_photo_comes_from(source, captain, folder):
    table = folder / "photos.csv"
    table.write_text(
        "file,source_url,name,captured_on,caption,external_id\n"
        "Person_0/photo.png,https://news.example/1,Devin Harrow,2024-05-31,league photo,n1\n"
        "Person_1/photo.png,https://news.example/2,,31.5.2024,,\n"
        "gone.png,,,,,\n"
    )
    call_command("import_gallery", source.name, table, "--by", captain.username, "--workers", "1")
    photo = GalleryPhoto.objects.get()
    assert (photo.subject.published_name, photo.source_url, str(photo.captured_on)) == (
        "Devin Harrow", "https://news.example/1", "2024-05-31",
    )  # fmt: skip
    codes = dict(ImportBatch.objects.get().rejects.values_list("name", "code"))
    assert codes == {"Person_1/photo.png": "bad_date", "gone.png": "unreadable"}


def test_many_files_from_the_browser_become_one_import(signed_in, source, portraits):
    files = [SimpleUploadedFile("a.png", portraits[0]), SimpleUploadedFile("a.png", portraits[1])]
    response = signed_in.post(f"/gallery/{source.pk}/import/", {"photos": files})
    batch = ImportBatch.objects.get()
    assert response.url == f"/gallery/imports/{batch.pk}/"
    assert "Importing" in signed_in.get(response.url).content.decode()
    run_batch(batch.pk)
    batch.refresh_from_db()
    assert (batch.imported, batch.state) == (2, "done")
    assert signed_in.get(f"/gallery/imports/{batch.pk}/progress/")["HX-Refresh"] == "true"


def test_an_archive_is_imported_and_its_rejects_exported(signed_in, source, portraits):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("Ruben_Castell/one.png", portraits[2])
        archive.writestr("=broken.jpg", b"\xff\xd8\xff\xe0 broken")
    signed_in.post(f"/gallery/{source.pk}/import/", {"photos": SimpleUploadedFile("all.zip", packed.getvalue())})
    batch = run_batch(ImportBatch.objects.get().pk)
    assert GalleryPhoto.objects.get().subject.published_name == "Ruben Castell"
    assert "'=broken.jpg" in signed_in.get(f"/gallery/imports/{batch.pk}/rejected.csv").content.decode()


def test_an_opt_out_takes_the_photo_out_of_every_search(signed_in, stocked, today):
    photo = GalleryPhoto.objects.first()
    address = f"/gallery/photos/{photo.pk}/opt-out/"
    given = {"received_on": today.isoformat(), "reason": "By letter of the person"}
    response = signed_in.post(address, given | shown_on(signed_in, address))
    assert response.url == f"/gallery/{stocked.pk}/"
    photo.refresh_from_db()
    assert not photo.active
    assert not FaceVector.objects.filter(face__photo=photo, active=True).exists()


def test_an_opt_out_by_file_of_a_photo_in_the_gallery_takes_it_out(signed_in, stocked, portraits, today):
    photo = GalleryPhoto.objects.get(subject__published_name="Person 4")
    address = "/gallery/opt-outs/add/"
    answers = {"photo": SimpleUploadedFile("p.png", portraits[4]), "received_on": today.isoformat(), "reason": "Letter"}
    response = signed_in.post(address, answers | shown_on(signed_in, address))
    assert response.status_code == 302, response.content.decode()
    photo.refresh_from_db()
    assert not photo.active
    assert (OptOut.objects.get().source, OptOut.objects.get().sha256) == (stocked, photo.sha256)
    assert not FaceVector.objects.filter(face__photo=photo, active=True).exists()
    assert "out of every search" in signed_in.get("/gallery/").content.decode()


def test_an_opt_out_says_what_was_asked(signed_in, stocked, captain, portraits, today):
    photo = GalleryPhoto.objects.first()
    for address in (f"/gallery/photos/{photo.pk}/opt-out/", "/gallery/opt-outs/add/"):
        said = {"photo": SimpleUploadedFile("p.png", portraits[0]), "received_on": today.isoformat(), "reason": "-"}
        response = signed_in.post(address, said | shown_on(signed_in, address))
        assert (response.status_code, list(response.context["form"].errors)) == (422, ["reason"])
    for reason in ("-", ""):
        with pytest.raises(ValidationError, match="Say in words what was asked"):
            record_opt_out(actor=captain, sha256=photo.sha256, received_on=today, reason=reason)
    assert not OptOut.objects.exists()


def test_an_opted_out_file_is_rejected_when_somebody_imports_it(signed_in, source, captain, folder, portraits, today):
    answers = {"photo": SimpleUploadedFile("p.png", portraits[0]), "received_on": today.isoformat(), "reason": "Letter"}
    answers |= shown_on(signed_in, "/gallery/opt-outs/add/")
    assert signed_in.post("/gallery/opt-outs/add/", answers).status_code == 302
    assert OptOut.objects.get().reason == "Letter"
    call_command("import_gallery", source.name, folder, "--by", captain.username, "--workers", "1")
    assert ImportBatch.objects.get().rejects.get(code="opted_out").name == "Person_0/photo.png"


def test_a_near_copy_in_the_same_source_is_rejected_too(stocked, captain, portraits, tmp_path, today):
    from tests.leads.conftest import stock

    photo = GalleryPhoto.objects.get(subject__published_name="Person 4")
    record_opt_out(actor=captain, sha256=photo.sha256, received_on=today, reason="Letter")
    batch = stock(stocked, captain, [degraded(portraits[4])], tmp_path)
    assert batch.rejects.get().code == "opted_out"


def test_the_pages_open(signed_in, stocked, django_assert_max_num_queries):
    for address in ("/gallery/", f"/gallery/{stocked.pk}/", f"/gallery/{stocked.pk}/import/", "/gallery/add/",
                    "/gallery/opt-outs/add/", f"/gallery/{stocked.pk}/?q=Person"):  # fmt: skip
        with django_assert_max_num_queries(20):  # five of them put the look on the record
            assert signed_in.get(address).status_code == 200
    photo = GalleryPhoto.objects.first()
    assert signed_in.get(f"/gallery/photos/{photo.pk}/face.jpg")["Content-Type"] == "image/jpeg"


def test_the_model_card_says_what_was_measured(signed_in):
    from leads.models import ModelCard

    page = signed_in.get(f"/models/{ModelCard.objects.first().pk}/").content.decode()
    assert "200 people" in page
    assert "Extrapolated" in page


def test_who_keeps_accounts_sees_no_gallery(client, person):
    sign_in(client, person("dunne", Role.ADMINISTRATOR))
    assert client.get("/gallery/").status_code == 403
    assert client.get("/searches/").status_code == 403


def test_an_investigator_looks_but_does_not_import(client, investigator, source):
    sign_in(client, investigator)
    assert client.get("/gallery/").status_code == 200
    assert client.get(f"/gallery/{source.pk}/import/").status_code == 403


def test_a_source_is_withdrawn_with_a_reason(signed_in, stocked):
    signed_in.post(f"/gallery/{stocked.pk}/withdraw/", {"reason": ""})
    stocked.refresh_from_db()
    assert stocked.withdrawn_at is None
    shown = shown_on(signed_in, f"/gallery/{stocked.pk}/")
    signed_in.post(f"/gallery/{stocked.pk}/withdraw/", {"reason": "Terms changed"} | shown)
    assert not FaceVector.objects.filter(source=stocked, active=True).exists()
