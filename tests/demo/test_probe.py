"""A face of the demo's gallery, as a poor camera might see it, is found at the first rank by a real search."""

import hashlib
from collections.abc import Callable, Iterator

import pytest
from django.utils import timezone

from cases.models import Case, NibrsOffense
from cases.services.case import open_case
from cases.services.evidence import add_evidence
from ecpd.accounts.models import User
from leads.demo import gallery, people
from leads.demo.cases import FACTS
from leads.demo.probe import like_a_camera
from leads.models import Candidate, SearchRequest
from leads.services import probe, search
from leads.services.running import run
from tests.demo.conftest import placed
from tests.story import copy_of

FACES = [(package, path, ordinal, name) for package, path, ordinal, _, name, *_ in gallery.PACKAGED]
CAMERAS = {
    "as it comes": {},
    "small": {"side": 150},
    "blurred": {"blur": 1.6},
    "at dusk": {"light": 0.45},
    "in glaring light": {"light": 1.4},
    "a cheap one": {"side": 170, "blur": 1.2, "light": 0.6, "seed": 3},
}


def load() -> dict[str, User]:
    """The demo's people and its gallery."""
    accounts = people.load()
    gallery.load(accounts["marsh"])
    return accounts


@pytest.fixture(scope="module")
def begun(kept, tmp_path_factory) -> Iterator[dict[str, User]]:
    """A demo installation with its people and its gallery, for all tests of this module."""
    with placed(tmp_path_factory.mktemp("demo")):
        yield load()


@pytest.fixture
def ask(begun, db):
    """Puts a picture into a case and requests a search for its first face, as the pages do."""
    return asking(copy_of(begun))


def asking(accounts: dict[str, User]) -> Callable[[bytes], SearchRequest]:
    """How these people put a picture into a case and request a search for its first face."""
    okafor = accounts["okafor"]
    case: Case = open_case(actor=okafor, title="Robbery at Marlow Market", incident_number="26-014233", captain=accounts["marsh"],
                           offense=NibrsOffense.objects.get(pk="120"))  # fmt: skip

    def request(picture: bytes) -> SearchRequest:
        still = add_evidence(case=case, actor=okafor, kind="still", title="Register camera", file=picture,
                             origin_kind="business_camera", origin="By consent of the owner", file_name="camera.jpg",
                             obtained_at=timezone.now())  # fmt: skip
        found = probe.detect(probe.entry_for(still))
        assert found.faces, found.error
        return search.request_search(
            actor=okafor, case=case, probe=still, face_ordinal=found.faces[0]["ordinal"], purpose="suspect", facts=FACTS,
            offense=case.offense, no_forbidden_ground=True, justification="The only picture of this man that there is.",
        )  # fmt: skip

    return request


def is_of(candidate: Candidate, package: str, path: str, ordinal: int) -> bool:
    """Whether a candidate is the gallery's photo of this packaged face."""
    return candidate.snapshot["sha256"] == hashlib.sha256(gallery.face_of(package, path, ordinal)).hexdigest()


@pytest.mark.django_db
@pytest.mark.parametrize(("package", "path", "ordinal", "name"), FACES)
def test_every_face_of_the_demos_gallery_is_found_first(ask, package, path, ordinal, name):
    asked = ask(like_a_camera(package, path, ordinal))
    assert run(asked.pk) == "done"
    best, second = asked.candidates.order_by("rank")[:2]
    assert is_of(best, package, path, ordinal)
    assert best.snapshot["published_name"] == name
    assert best.cosine > second.cosine
    assert not best.snapshot["synthetic"]


@pytest.mark.django_db
@pytest.mark.parametrize("camera", CAMERAS)
def test_the_astronaut_is_found_first_by_every_camera(ask, camera):
    asked = ask(like_a_camera("skimage", "data/astronaut.png", 0, **CAMERAS[camera]))
    assert run(asked.pk) == "done"
    best = asked.candidates.get(rank=1)
    assert is_of(best, "skimage", "data/astronaut.png", 0)
    assert best.match_score >= 95


@pytest.mark.django_db
def test_the_list_is_of_the_whole_gallery_in_order(ask):
    asked = ask(like_a_camera(*FACES[0][:3]))
    run(asked.pk)
    asked.refresh_from_db()
    listed = list(asked.candidates.order_by("rank"))
    assert asked.gallery_size == gallery.FILLERS + len(gallery.PACKAGED)
    assert [one.cosine for one in listed] == sorted((one.cosine for one in listed), reverse=True)
    assert asked.above_bar == sum(one.match_score >= asked.threshold for one in listed) >= 1
