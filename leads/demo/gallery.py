"""The demo gallery: faces from pictures that insightface and scikit-image ship, and synthetic fillers."""

import hashlib
import tempfile
from datetime import date
from importlib.util import find_spec
from pathlib import Path

from django.db import transaction

from ecpd.accounts.models import User
from leads.gallery.reading import Item
from leads.models import FaceVector, GalleryFace, GalleryPhoto, GallerySource, GallerySubject, ImportBatch
from leads.recognition.engine import crop
from leads.recognition.intake import as_jpeg, read_image
from leads.search.synthetic import templates
from leads.services import gallery
from leads.services.engine import engine

FILLERS = 2000
FILLER_NAMES = "Filler (synthetic)"

# Which face of which packaged picture, and what an invented page says of it.
PACKAGED = (
    ("skimage", "data/astronaut.png", 0, "Harbor City News", "Dana Whitfield", "Science night at the library", "2024-05-11"),
    ("insightface", "data/images/t1.jpg", 0, "Harbor City News", "", "Cast party at the theater", "2023-07-02"),
    ("insightface", "data/images/t1.jpg", 1, "City photo archive", "Aaron Pell", "Street fair", "2023-07-15"),
    ("insightface", "data/images/t1.jpg", 2, "City photo archive", "", "Council meeting", "2022-03-08"),
    ("insightface", "data/images/t1.jpg", 3, "Bayside 10K", "Mara Delacroix", "10K run, finish", "2023-10-21"),
    ("insightface", "data/images/t1.jpg", 4, "Bayside 10K", "", "10K run, start", "2023-10-21"),
    ("insightface", "data/images/t1.jpg", 5, "Northgate University", "T. Lindqvist", "Faculty page", "2024-08-30"),
    ("insightface", "data/images/Tom_Hanks_54745.png", 0, "Northgate University", "", "Alumni evening", "2019-09-14"),
)  # fmt: skip
SOURCES = (
    ("Harbor City News", "news", "Harbor City News, Inc. (invented)"),
    ("City photo archive", "city_archive", "City clerk (invented)"),
    ("Bayside 10K", "public_event", "Bayside Runners (invented)"),
    ("Northgate University", "university_page", "Northgate University (invented)"),
    ("Synthetic fillers", "synthetic", "Made by this software; no photographs of anybody"),
)


def picture(package: str, path: str) -> Path:
    """A picture that an installed package ships."""
    return Path(find_spec(package).origin).parent / path


def face_of(package: str, path: str, ordinal: int, *, margin: float = 0.8) -> bytes:
    """One face of a packaged picture with some room round it, as JPEG without metadata."""
    image = read_image(picture(package, path))
    face = engine().detect(image)[ordinal]
    return as_jpeg(crop(image, face.box, margin=margin), quality=95)


def load(captain: User) -> None:
    """Sources, photos and fillers (idempotent)."""
    sources = {name: _source(captain, name, kind, owner) for name, kind, owner in SOURCES}
    for name in dict.fromkeys(row[3] for row in PACKAGED):
        if not sources[name].photos.exists():
            _import(captain, sources[name], [row for row in PACKAGED if row[3] == name])
    if not sources["Synthetic fillers"].photos.exists():
        _fill(captain, sources["Synthetic fillers"])


def _source(captain: User, name: str, kind: str, owner: str) -> GallerySource:
    found = GallerySource.objects.filter(name=name).first()
    return found or gallery.add_source(
        actor=captain, name=name, kind=kind, owner=owner, terms="Public page; demonstration only.",
        provenance="Pictures shipped by installed software packages, given invented names for the demonstration.",
    )  # fmt: skip


def _import(captain: User, source: GallerySource, rows) -> None:
    with tempfile.TemporaryDirectory() as folder:
        items = []
        for package, path, ordinal, _, name, caption, captured in rows:
            file = Path(folder) / f"{Path(path).stem}-{ordinal}.jpg"
            file.write_bytes(face_of(package, path, ordinal))
            page = caption.lower().replace(" ", "-").replace(",", "")
            items.append(
                Item(file.name, file, source_url=f"https://{page}.example", subject=name, caption=caption,
                     captured_on=captured)
            )  # fmt: skip
        batch = gallery.request_import(source=source, actor=captain, label=f"Demo: {source.name}")
        for _ in gallery.run_items(batch, items, workers=1):
            pass


def _fill(captain: User, source: GallerySource) -> None:
    asked = gallery.request_import(source=source, actor=captain, label="Demo: made-up templates")
    _fill_with(gallery.begin(asked, total=FILLERS))


@transaction.atomic
def _fill_with(batch: ImportBatch) -> None:
    source, model_id = batch.source, engine().model_id
    vectors = templates(FILLERS, seed=3)
    subject = GallerySubject.objects.create(source=source, published_name=FILLER_NAMES)
    photos = GalleryPhoto.objects.bulk_create(
        GalleryPhoto(
            source=source, subject=subject, batch=batch, synthetic=True,
            sha256=hashlib.sha256(f"filler {n}".encode()).hexdigest(),
            caption=f"Filler {n}: a made-up template, no photograph", captured_on=date(2024, 1, 1),
        )
        for n in range(len(vectors))
    )  # fmt: skip
    faces = GalleryFace.objects.bulk_create(
        GalleryFace(photo=photo, ordinal=0, box=[0, 0, 1, 1], landmarks=[], score=1.0, model_id=model_id)
        for photo in photos
    )
    FaceVector.objects.bulk_create(
        FaceVector(face=face, model_id=model_id, source=source, embedding=vector)
        for face, vector in zip(faces, vectors, strict=True)
    )
    batch.imported = len(photos)
    gallery.finish(batch)
