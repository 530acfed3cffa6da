"""`manage.py import_gallery`: every file is imported, is there already, or is rejected with its reason; it goes on
where it was left."""

import csv
import io
import os
import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, example, given
from hypothesis import settings as tuned
from hypothesis import strategies as st
from PIL import Image

from ecpd.accounts.roles import Role
from ecpd.policy.models import Decision
from leads.gallery.reading import CSV_COLUMNS, items_of
from leads.models import FaceVector, GalleryPhoto, GallerySubject, ImportBatch
from leads.services import gallery

pytestmark = pytest.mark.django_db
PEOPLE = 3


@pytest.fixture
def vault(settings, tmp_path_factory) -> Path:
    """An empty vault."""
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("media")
    return settings.MEDIA_ROOT


@pytest.fixture
def folder(tmp_path, portraits, vault) -> Path:
    """A folder of three people, one photo each."""
    for number in range(PEOPLE):
        person = tmp_path / f"Person_{number}"
        person.mkdir()
        (person / "photo.png").write_bytes(portraits[number])
    return tmp_path


@pytest.fixture
def import_from(source, captain, capsys):
    """Runs the command; returns what it printed."""

    def run(path: Path, *options: str, by: str = captain.username) -> str:
        call_command("import_gallery", source.name, path, "--by", by, "--workers", "1", *options)
        return capsys.readouterr().out

    return run


def saved(image: Image.Image, kind: str, **options) -> bytes:
    """The file of an image."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def figures(batch: ImportBatch) -> tuple[int, int, int]:
    """Imported, there already, rejected."""
    return batch.imported, batch.duplicates, batch.rejected


def bad_files(portrait: bytes) -> dict[str, bytes]:
    """A file for every reason a file can be rejected for, by the reason's code."""
    plain = Image.new("RGB", (300, 300), (90, 120, 90))
    whole = saved(Image.open(io.BytesIO(portrait)).convert("RGB"), "JPEG")
    return {
        "empty": b"",
        "not_an_image": b"minutes of the meeting",
        "truncated": whole[: len(whole) // 2],
        "animated": saved(plain, "GIF", save_all=True, append_images=[Image.new("RGB", (300, 300))]),
        "too_small": saved(Image.new("RGB", (4, 4)), "PNG"),
        "too_large": saved(Image.new("1", (20_000, 20_000)), "PNG"),
        "unsupported": saved(plain, "ICO"),
        "no_face": saved(plain, "PNG"),
    }


def test_each_reject_is_kept_and_printed_with_its_reason(import_from, folder, portraits):
    files = bad_files(portraits[0])
    for code, content in files.items():
        (folder / code).write_bytes(content)
    import_from(folder)
    batch = ImportBatch.objects.get()
    assert figures(batch) == (PEOPLE, 0, len(files))
    assert {reject.name: reject.code for reject in batch.rejects.all()} == {code: code for code in files}
    assert all(len(reject.reason.split()) >= 4 and reject.reason.endswith((".", ")")) for reject in batch.rejects.all())


def test_a_file_nobody_may_read_is_rejected_and_the_rest_goes_on(import_from, folder):
    (folder / "gone.png").symlink_to(folder / "nowhere.png")
    (folder / "A_Loop").symlink_to(folder / "A_Loop")
    import_from(folder)
    assert figures(ImportBatch.objects.get())[0] == PEOPLE


def test_a_name_of_bytes_that_are_no_characters_is_imported(import_from, folder, portraits):
    person = os.path.join(os.fsencode(folder), b"Ren\xe9e")
    os.mkdir(person)
    Path(os.fsdecode(person), "photo.png").write_bytes(portraits[4])
    import_from(folder)
    assert GallerySubject.objects.filter(published_name="Ren?e").exists()


def test_a_photo_is_kept_with_its_face_its_template_and_where_it_comes_from(import_from, folder, source):
    import_from(folder)
    photo = GalleryPhoto.objects.get(subject__published_name="Person 1")
    assert (photo.source, photo.batch, photo.faces.count()) == (source, ImportBatch.objects.get(), 1)
    assert FaceVector.objects.filter(face__photo=photo, active=True).count() == 1
    assert Decision.objects.get(action="gallery.import").outcome == "allowed"


def everything(vault: Path) -> tuple:
    """What an import could have written."""
    return (GalleryPhoto.objects.count(), GallerySubject.objects.count(), FaceVector.objects.count(),
            ImportBatch.objects.count(), sorted(path.name for path in vault.rglob("*") if path.is_file()))  # fmt: skip


def test_a_dry_run_says_what_would_happen_and_writes_nothing(import_from, folder, vault):
    (folder / "notes.txt").write_text("minutes")
    before = everything(vault)
    told = import_from(folder, "--dry-run")
    assert "Nothing was written." in told
    assert f"{PEOPLE} import" in told
    assert everything(vault) == before


def test_a_dry_run_after_the_import_finds_everything_there(import_from, folder, vault):
    import_from(folder)
    before = everything(vault)
    assert f"{PEOPLE} duplicate" in import_from(folder, "--dry-run")
    assert everything(vault) == before


def test_importing_again_adds_nothing(import_from, folder, vault):
    import_from(folder)
    before = everything(vault)
    import_from(folder)
    assert everything(vault)[:3] == before[:3]
    assert figures(ImportBatch.objects.latest("pk")) == (0, PEOPLE, 0)


def test_the_same_file_twice_in_one_folder_is_one_photo(import_from, folder):
    (folder / "copy.png").write_bytes((folder / "Person_0" / "photo.png").read_bytes())
    import_from(folder)
    assert figures(ImportBatch.objects.get()) == (PEOPLE, 1, 0)


@pytest.fixture
def interrupted(folder, source, captain, monkeypatch) -> ImportBatch:
    """An import that was killed after one photo and one reject."""
    (folder / "AA.txt").write_text("minutes")
    batch, items = gallery.import_folder(source=source, actor=captain, path=folder, workers=1)
    running = gallery.run_items(batch, items, workers=1)
    next(running), next(running)
    running.close()
    batch.refresh_from_db()
    assert (batch.state, figures(batch)) == ("running", (1, 0, 1))
    return batch


def test_an_interrupted_import_goes_on_where_it_was_left(import_from, folder, interrupted):
    told = import_from(folder)
    interrupted.refresh_from_db()
    assert ImportBatch.objects.count() == 1
    assert (interrupted.state, figures(interrupted)) == ("done", (PEOPLE, 0, 1))
    assert (interrupted.attempts, interrupted.handled, interrupted.total) == (2, PEOPLE + 1, PEOPLE + 1)
    assert f"{PEOPLE} imported, 0 there already, 1 rejected." in told


def test_going_on_reads_no_photo_again(folder, interrupted, monkeypatch):
    read = []
    monkeypatch.setattr(
        gallery, "read_item", lambda task, known=gallery.read_item: read.append(task[0].name) or known(task)
    )
    for _ in gallery.run_items(interrupted, list(items_of(folder)), workers=1):
        pass
    assert read == ["Person_1/photo.png", "Person_2/photo.png"]


def test_a_copy_of_a_photo_that_was_imported_is_a_duplicate_after_going_on_too(import_from, folder, interrupted):
    (folder / "Zz.png").write_bytes((folder / "Person_0" / "photo.png").read_bytes())
    import_from(folder)
    interrupted.refresh_from_db()
    assert figures(interrupted) == (PEOPLE, 1, 1)


def test_a_damaged_archive_member_is_rejected_and_the_rest_imported(import_from, tmp_path, portraits, vault):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("Ruben_Castell/one.png", portraits[0])
        archive.writestr("Mara_Delacroix/two.png", portraits[1])
    content = bytearray(packed.getvalue())
    content[content.index(portraits[0][40:80])] ^= 0xFF
    (tmp_path / "all.zip").write_bytes(content)
    import_from(tmp_path / "all.zip")
    batch = ImportBatch.objects.get()
    assert figures(batch) == (1, 0, 1)
    assert batch.rejects.get().code == "unreadable"
    assert GalleryPhoto.objects.get().subject.published_name == "Mara Delacroix"


def csv_of(folder: Path, *rows: str, header: str = ",".join(CSV_COLUMNS)) -> Path:
    """A table in the folder."""
    table = folder / "photos.csv"
    table.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8-sig")
    return table


def test_rows_that_are_too_short_or_name_no_file_are_rejected_by_their_line(import_from, folder):
    table = csv_of(
        folder, "Person_0/photo.png", ",https://news.example/1,Somebody", "", "Person_1/photo.png,,,31.5.2024"
    )
    import_from(table)
    codes = {reject.name: reject.code for reject in ImportBatch.objects.get().rejects.all()}
    assert codes == {"Line 3": "unreadable", "Person_1/photo.png": "bad_date"}
    assert GalleryPhoto.objects.count() == 1


def test_a_table_without_the_column_file_is_refused_in_a_sentence(import_from, folder):
    with pytest.raises(CommandError, match="has no column named file"):
        import_from(csv_of(folder, "x", header="picture,name"))
    assert not ImportBatch.objects.exists()


@pytest.mark.parametrize("path", ["nowhere", "photos.png"])
def test_what_is_no_folder_table_or_archive_is_refused(import_from, folder, portraits, path):
    (folder / "photos.png").write_bytes(portraits[0])
    with pytest.raises(CommandError):
        import_from(folder / path)
    assert not ImportBatch.objects.exists()


def test_who_may_not_import_is_refused_on_the_record(import_from, folder, person):
    okafor = person("okafor", Role.INVESTIGATOR)
    with pytest.raises(CommandError, match="AC-08"):
        import_from(folder, by=okafor.username)
    assert Decision.objects.get(actor=okafor, action="gallery.import").outcome == "denied"
    assert not GalleryPhoto.objects.exists()


@pytest.mark.parametrize(("source_name", "by"), [("No such source", "marsh"), ("News site", "nobody")])
def test_an_unknown_source_or_person_is_said_so(source, captain, folder, source_name, by):
    with pytest.raises(CommandError, match="no such source or user"):
        call_command("import_gallery", source_name, folder, "--by", by, "--workers", "1")


CELLS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@tuned(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@example(rows=[["a\x00b", "=x", '"', "2024-13-01", "\r", "é"]])
@given(rows=st.lists(st.lists(CELLS, max_size=8), min_size=1, max_size=5))
def test_whatever_a_table_says_every_row_is_dealt_with(source, captain, tmp_path, rows):
    table = tmp_path / "any.csv"
    with table.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([CSV_COLUMNS, *rows])
    batch, items = gallery.import_folder(source=source, actor=captain, path=table, workers=1)
    readings = list(gallery.run_items(batch, items, workers=1))
    assert len(readings) == len(items)
    assert all(reading.code and reading.reason for reading in readings)
    assert (batch.state, batch.handled) == ("done", len(items))
