"""The probe, saved anew as another file, is still the probe: it corroborates nothing under whatever name (FR-10)."""

import hashlib
import importlib.util
import io
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from PIL import Image

from cases import heavy, likeness, tasks
from cases.models import Evidence
from ecpd.doctor.finding import State
from ecpd.policy.errors import PolicyDenied
from leads.doctor import pictures_not_compared
from leads.models import Corroboration, GalleryPhoto, Lead
from leads.selectors.kin import kin_of
from leads.selectors.lead import counting_items
from leads.services import corroboration
from leads.services import lead as leads
from tests.factories import leads as make
from tests.signing_in import sign_in
from tests.story import copy_of

pytestmark = pytest.mark.django_db
OBJECT = {"found_at": "The shop", "found_by": "Sgt. Quill", "found_date": "2024-11-02", "shown_photos": "No statement"}
FAIR = {"ties_by": "It shows him", "because_of": "no", "rests_on_face": "no", "independence": "A neighbor had it"}
OF_THE_SEARCH, NOT_COMPARED = "The probe itself, its copies, near copies", "has not been compared"


def scene(kind: str = "PNG", *, name: str = "astronaut.png", side: int = 400, **options) -> bytes:
    """A picture with something on it, as an installed package ships it, saved anew."""
    folder = importlib.util.find_spec("skimage").submodule_search_locations[0]
    out = io.BytesIO()
    Image.open(Path(folder) / "data" / name).convert("RGB").resize((side, side)).save(out, kind, **options)
    return out.getvalue()


def exhibit(people, content: bytes, kind: str = "photo") -> Evidence:
    return make.add_evidence(
        case=people.case, actor=people.okafor, kind=kind, title="Photo of the man", origin_kind="witness",
        origin="A neighbor had it", obtained_at=people.case.opened_at, file=content, file_name="n.jpg",
    )  # fmt: skip


def link(people, lead, found: Evidence) -> Corroboration:
    return corroboration.link(lead=lead, actor=people.okafor, evidence=found, kind="physical", details=OBJECT, **FAIR)


def written(people, lead, found: Evidence) -> Corroboration:
    with transaction.atomic():
        make.allowed_on(people.okafor, "corroboration.link", lead)
        return Corroboration.objects.create(
            lead=lead, evidence=found, kind="physical", details=OBJECT, linked_by=people.okafor, **FAIR
        )


@pytest.fixture(scope="module")
def begun(kept) -> make.Agency:
    return make.agency()


@pytest.fixture
def people(begun) -> make.Agency:
    return copy_of(begun)


@pytest.fixture
def lead(people) -> Lead:
    """From a probe with something on it."""
    return make.made_lead(people, probe=exhibit(people, scene(), "still"))


def forget(*exhibits: Evidence) -> None:
    """As the owner has them from before: nobody knows what they look like."""
    with make.by_the_owner():
        Evidence.objects.filter(pk__in=[one.pk for one in exhibits]).update(phash=None)


@pytest.mark.parametrize("how", [link, written])
@pytest.mark.parametrize(
    ("kind", "content"),
    [("photo", scene("JPEG", quality=70)), ("photo", scene("WEBP", side=250)), ("document", scene("PPM", side=250))],
)
def test_the_probe_saved_anew_is_the_probe(people, lead, how, kind, content):
    with pytest.raises((PolicyDenied, IntegrityError), match=OF_THE_SEARCH):
        how(people, lead, exhibit(people, content, kind))


@pytest.mark.parametrize("how", [link, written])
def test_another_picture_is_not(people, lead, how):
    assert how(people, lead, exhibit(people, scene("JPEG", name="coffee.png"))).pk


def test_nor_is_the_photo_of_the_gallery_saved_anew(people, lead):
    again = exhibit(people, scene("JPEG", name="camera.png"))
    with make.by_the_owner():
        GalleryPhoto.objects.filter(pk=lead.candidate.face.photo_id).update(phash=again.phash ^ 5)
    with pytest.raises(IntegrityError, match=OF_THE_SEARCH):
        written(people, lead, again)


def test_a_rejected_picture_saved_anew_counts_no_more(people, lead):
    first, again = (exhibit(people, scene("JPEG", name="coffee.png", quality=quality)) for quality in (90, 60))
    make.rejected(people, link(people, lead, first))
    make.verified(people, link(people, lead, again))
    assert kin_of([first.pk]) == {first.pk, again.pk}
    assert not counting_items(lead, lineup_counts_alone=False)


def test_a_link_from_before_counts_no_more_once_it_is_compared(people, lead):
    again = exhibit(people, scene("JPEG"))
    forget(again)
    with make.by_the_owner():
        item = Corroboration.objects.create(
            lead=lead, evidence=again, kind="physical", details=OBJECT, linked_by=people.okafor, **FAIR
        )
    make.verified(people, item)
    assert pictures_not_compared().state == State.WARN
    for _ in range(2):  # not compared yet; then compared, and a near copy
        assert not counting_items(lead, lineup_counts_alone=False)
        with pytest.raises(PolicyDenied, match="FR-10"):
            leads.mark_for_warrant(lead=lead, actor=people.okafor)
        with pytest.raises(IntegrityError, match="FR-10"), transaction.atomic():
            make.allowed_on(people.okafor, "lead.mark_for_warrant", lead)
            Lead.objects.filter(pk=lead.pk).update(state="marked", marked_by=people.okafor, marked_at=lead.created_at)
        call_command("compare_pictures")
    again.refresh_from_db()
    assert again.phash is not None
    assert pictures_not_compared().state == State.OK


@pytest.mark.parametrize("which", ["exhibit", "probe"])
def test_a_picture_that_is_not_compared_links_nobody(people, lead, which):
    other = exhibit(people, scene("JPEG", name="coffee.png"))
    forget(other if which == "exhibit" else lead.candidate.search.probe)
    other.refresh_from_db()
    with pytest.raises(IntegrityError, match=NOT_COMPARED):
        written(people, lead, other)
    lead.candidate.search.probe.refresh_from_db()
    assert link(people, lead, other).pk  # the service compares first


def test_a_large_picture_is_compared_by_a_worker(people, lead, monkeypatch, django_capture_on_commit_callbacks):
    sent: list[tuple] = []
    monkeypatch.setattr("cases.services.evidence.enqueue", lambda *what: sent.append(what))
    monkeypatch.setattr(heavy, "LIGHT_PIXELS", 1000)
    other = exhibit(people, scene("JPEG", name="coffee.png"))
    assert other.phash is None
    assert sent == [("cases.tasks.compare_picture", other.pk)]
    with pytest.raises(PolicyDenied, match=NOT_COMPARED):
        link(people, lead, other)
    tasks.compare_picture(other.pk)
    other.refresh_from_db()
    assert link(people, lead, other).pk


def test_what_it_looks_like_is_kept_once(people):
    found = exhibit(people, scene())
    with pytest.raises(IntegrityError, match="AC-07"), transaction.atomic():
        Evidence.objects.filter(pk=found.pk).update(phash=7)
    forget(found)
    found.refresh_from_db()
    assert likeness.is_unknown(found)
    likeness.make_sure(found)
    assert Evidence.objects.get(pk=found.pk).phash == likeness.likeness_of(
        likeness.vault.path_of(hashlib.sha256(scene()).hexdigest()), found.file.sha256
    )


def test_the_page_does_not_offer_it(client, people, lead):
    again = exhibit(people, scene("JPEG"))
    sign_in(client, people.okafor)
    page = client.get(f"{lead.get_absolute_url()}link/?kind=witness").content.decode()
    assert f'value="{again.pk}"' not in page
