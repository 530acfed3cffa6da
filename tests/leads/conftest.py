"""People, a case, real faces from installed packages, and a gallery of them."""

import io
from datetime import date, timedelta
from pathlib import Path

import insightface
import numpy as np
import pytest
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone
from PIL import Image, ImageFilter

from cases import access
from cases.models import Case, CaseAssignment, NibrsOffense
from cases.services.case import open_case
from cases.services.evidence import add_evidence
from ecpd.accounts.models import TrainingCertificate, User
from ecpd.accounts.roles import Role
from leads.gallery.reading import Item, read_item
from leads.models import GallerySource, ImportBatch
from leads.recognition.quality import QualityLimits
from leads.services import gallery
from leads.services.probe import detect
from leads.services.search import request_search
from tests.factories.leads import accepted, allowed_on
from tests.factories.people import make_user

GROUP_PHOTO = Path(insightface.__file__).parent / "data" / "images" / "t1.jpg"
FACTS = "Robbery on November 4. The man at the counter in this picture took the money; nobody knows him."


def _issuer() -> User:
    """The administrator who issues the certificates: nobody issues his own (FR-20)."""
    return User.objects.filter(username="registrar").first() or make_user(Role.ADMINISTRATOR, username="registrar")


@pytest.fixture
def person(db):
    """Makes an account with a role; `certified` gives it a current certificate."""

    def make(username: str, role: Role = Role.INVESTIGATOR, *, certified: bool = False) -> User:
        user = User.objects.create_user(username, password="correct horse battery staple", rank="Det.",
                                        first_name=username.title(), last_name=username.title())  # fmt: skip
        user.groups.add(Group.objects.get(name=role.value))
        if certified:
            TrainingCertificate.objects.create(
                holder=user, issued_by=_issuer(), course="Limits of face search", kind="facial_recognition",
                covers_limits=True, covers_group_errors=True, covers_lineups=True,
                issued_on=timezone.localdate(), expires_on=timezone.localdate() + timedelta(days=300),
            )  # fmt: skip
        return user

    return make


@pytest.fixture
def investigator(person) -> User:
    """A certified investigator."""
    return person("okafor", certified=True)


@pytest.fixture
def captain(person) -> User:
    """A captain."""
    return person("marsh", Role.CAPTAIN)


@pytest.fixture
def offense(db) -> NibrsOffense:
    """Robbery: a crime against property, which the manual allows."""
    return NibrsOffense.objects.get(code="120")


@pytest.fixture
def case(investigator, captain, offense) -> Case:
    """An open case of the investigator, which the captain accepted."""
    return accepted(open_case(actor=investigator, title="Robbery at Marlow Market", offense=offense, captain=captain,
                              incident_number="26-014233"), captain)  # fmt: skip


def assign(case: Case, user: User) -> None:
    """Put somebody on a case."""
    with transaction.atomic():
        allowed_on(case.captain, "case.assign", case)
        CaseAssignment.objects.create(case=case, user=user, assigned_by=case.captain)
        access.grant(user, case, "view", "contribute")


@pytest.fixture(scope="session")
def portraits() -> list[bytes]:
    """The six people of a photo that insightface ships, one PNG each."""
    from django.conf import settings

    from leads.recognition.engine import load
    from leads.recognition.intake import read_image

    image = read_image(GROUP_PHOTO)
    found = load(settings.MODEL_DIR).detect(image)
    return [_png(_around(image.pixels, face.box)) for face in found]


def _around(pixels: np.ndarray, box) -> np.ndarray:
    x, y, width, height = (round(value) for value in box)
    return pixels[max(0, y - height // 2) : y + height * 3 // 2, max(0, x - width // 2) : x + width * 3 // 2]


def _png(pixels: np.ndarray) -> bytes:
    out = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels[:, :, ::-1])).save(out, "PNG")
    return out.getvalue()


def degraded(picture: bytes) -> bytes:
    """The picture blurred, darkened and saved as a poor JPEG: a probe."""
    image = Image.open(io.BytesIO(picture)).convert("RGB").filter(ImageFilter.GaussianBlur(1.0))
    out = io.BytesIO()
    image.point(lambda value: int(value * 0.8)).save(out, "JPEG", quality=70)
    return out.getvalue()


@pytest.fixture
def source(db, captain) -> GallerySource:
    """A public-realm source."""
    return gallery.add_source(actor=captain, name="News site", kind="news", owner="A paper", terms="Public page",
                              provenance="By hand")  # fmt: skip


@pytest.fixture
def stocked(source, captain, portraits, tmp_path) -> GallerySource:
    """The source with the six people in it."""
    stock(source, captain, portraits, tmp_path)
    return source


def stock(source: GallerySource, actor: User, pictures: list[bytes], folder: Path) -> ImportBatch:
    """Import pictures, one person each: "Person 0" and so on."""
    from django.conf import settings

    batch = gallery.begin(gallery.request_import(source=source, actor=actor, label="stock"), total=len(pictures))
    for number, picture in enumerate(pictures):
        path = folder / f"person-{number}.png"
        path.write_bytes(picture)
        item = Item(path.name, path, subject=f"Person {number}", captured_on="2024-05-31", caption="league photo")
        gallery.keep(batch, read_item((item, settings.MODEL_DIR, QualityLimits())))
    return batch


@pytest.fixture
def add_probe(case, investigator):
    """Adds a picture to the case and finds its faces, as the worker would."""
    from leads.models import ProbeFaces
    from leads.services.engine import engine

    def add(picture: bytes, *, look: bool = True, **details):
        exhibit = add_evidence(
            case=case, actor=investigator, file=picture, file_name="still.jpg",
            **{"kind": "still", "title": "Register camera", "origin_kind": "business_camera",
               "origin": "Store owner, by consent", "obtained_at": timezone.now(), **details},
        )  # fmt: skip
        if look:
            detect(ProbeFaces.objects.create(evidence=exhibit, model_id=engine().model_id))
        return exhibit

    return add


@pytest.fixture
def asked(case, investigator, offense):
    """Requests a search for the first face of a probe; keywords override."""

    def ask(probe, **changes):
        answers = {
            "actor": investigator, "case": case, "probe": probe, "face_ordinal": 0, "purpose": "suspect",
            "facts": FACTS, "offense": offense, "no_forbidden_ground": True,
        } | changes  # fmt: skip
        return request_search(**answers)

    return ask


@pytest.fixture
def today() -> date:
    """This day."""
    return timezone.localdate()
