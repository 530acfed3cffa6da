"""What an exhibit turns out to be under a mark or an application: they fall, and who applied is told why (FR-10, FR-11)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cases import vault
from cases.services.evidence import add_derivative, add_evidence
from leads.models import Lead, WarrantApplication
from leads.services import corroboration, exculpatory, warrant
from leads.services import lead as leads
from tests.factories import leads as make
from tests.leads.warrant.test_near_copies import scene
from tests.story import copy_of

pytestmark = pytest.mark.django_db
PHYSICAL = {"found_at": "The street", "found_by": "Sgt. Quill", "found_date": "2024-11-02", "reference": "Tag 118",
            "shown_photos": "No statement"}  # fmt: skip
FAIR = {"ties_by": "His bag", "because_of": "no", "rests_on_face": "no", "independence": "Found the same night"}


@pytest.fixture(scope="module")
def begun(kept) -> make.Agency:
    return make.agency()


@pytest.fixture
def people(begun) -> make.Agency:
    return copy_of(begun)


@pytest.fixture
def bag(people):
    """A photo that has nothing to do with the probe."""
    return add_evidence(
        case=people.case, actor=people.okafor, kind="physical", title="The bag, with his name on its tag",
        origin_kind="business_camera", origin="Handed over", obtained_at=timezone.now() - timedelta(hours=1),
        file=scene(name="coffee.png"), file_name="tag.png",
    )  # fmt: skip


@pytest.fixture
def lead(people, bag) -> Lead:
    """Marked for warrant on the bag alone."""
    made = make.made_lead(people)
    item = corroboration.link(
        lead=made,
        actor=people.okafor,
        evidence=bag,
        kind="physical",
        details=PHYSICAL,
        **FAIR,
    )
    make.verified(people, item)
    for entry in made.exculpatory.all():
        exculpatory.answer(entry=entry, actor=people.okafor, outcome="explained", text="The light explains it.")
    return leads.mark_for_warrant(lead=made, actor=people.okafor)


def as_the_probe(people, lead, bag) -> None:
    probe = lead.candidate.search.probe
    add_derivative(original=bag, actor=people.raman, title="Detail", derivation="Cropped", kind="photo",
                   file=vault.path_of(probe.file.sha256).read_bytes(), file_name="d.png")  # fmt: skip


def as_a_lineup(people, lead, bag) -> None:
    add_derivative(original=bag, actor=people.raman, title="The six pictures", derivation="From it", kind="lineup",
                   file=b"six", file_name="six.txt")  # fmt: skip


def as_a_lineup_elsewhere(people, lead, bag) -> None:
    other = make.made_lead(people)
    make.verified(people, make.linked(people, other))
    corroboration.link(lead=other, actor=people.okafor, evidence=bag, kind="lineup", details=make.LINEUP, **FAIR)


@pytest.mark.parametrize("turns_out", [as_the_probe, as_a_lineup, as_a_lineup_elsewhere])
def test_an_application_goes_back_and_says_who(people, lead, bag, turns_out):
    application = warrant.apply_for_warrant(lead=lead, actor=people.okafor, statement="A bag.", does_not_fit="None")
    turns_out(people, lead, bag)
    application.refresh_from_db()
    lead.refresh_from_db()
    assert (application.state, lead.state) == (WarrantApplication.State.RETURNED, Lead.State.OPEN)
    who = people.okafor if turns_out is as_a_lineup_elsewhere else people.raman
    assert who.display_name in application.returned_reason


def test_a_mark_falls_and_the_timeline_says_why(people, lead, bag):
    as_the_probe(people, lead, bag)
    lead.refresh_from_db()
    assert lead.state == Lead.State.OPEN
    assert any(people.raman.display_name in entry.detail for entry in lead.case.timeline.filter(kind="lead"))


def test_what_still_stands_stays(people, lead, bag):
    add_derivative(original=bag, actor=people.raman, title="Detail", derivation="Cropped", kind="document",
                   file=b"Another", file_name="d.txt")  # fmt: skip
    make.exhibit(people)
    lead.refresh_from_db()
    assert lead.state == Lead.State.MARKED
