"""FR-06: a photo that comes in while somebody opts out of it never ends up in use, whichever of the two is first."""

import pytest
from django.utils import timezone

from leads.models import GalleryPhoto
from leads.services import gallery
from tests.attacks.made import clone
from tests.factories import leads as make
from tests.leads.test_races import race  # noqa: F401 fixture
from tests.logins import login  # noqa: F401 fixture

pytestmark = pytest.mark.django_db(transaction=True)
HASH = "'" + "ab" * 32 + "'"


@pytest.fixture
def statements(db) -> dict[str, str]:
    """A photo that comes in, and an opt-out of the same hash that takes what is there out of use, as the service does."""
    people = make.agency()
    lead = make.made_lead(people)
    gallery.record_opt_out(actor=people.chief, sha256="cd" * 32, received_on=timezone.localdate(), reason="By letter")
    one = f"o.id = {lead.candidate.face.photo_id}"
    photo = clone("leads_galleryphoto", one, sha256=HASH, file_id="NULL", phash="NULL", active="true")
    opt_out = clone("leads_optout", sha256=HASH, phash="NULL", source_id="NULL")
    out_of_use = f"UPDATE leads_galleryphoto SET active = false WHERE sha256 = {HASH} AND active"
    decision = clone("policy_decision", "o.action = 'gallery.opt_out'")
    return {"photo": photo, "opt_out": f"{decision}; {opt_out}; {out_of_use}"}


def test_who_opts_out_waits_for_the_photo_that_comes_in(race, statements):  # noqa: F811
    assert race(statements["photo"], statements["opt_out"]) == ""
    assert [photo.active for photo in GalleryPhoto.objects.filter(sha256="ab" * 32)] == [False]


def test_a_photo_that_comes_in_waits_for_who_opts_out(race, statements):  # noqa: F811
    refused = race(statements["opt_out"], statements["photo"])
    assert refused == "23514 FR-06: The person in this photo opted out; it cannot be imported or searched."
    assert not GalleryPhoto.objects.filter(sha256="ab" * 32).exists()
