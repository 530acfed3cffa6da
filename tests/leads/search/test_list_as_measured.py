"""FR-07: the database works out once more what a search that is done says, and compares the gallery while it is held."""

import numpy as np
import pytest
from django.db import IntegrityError, connection, transaction

from leads.models import Candidate, FaceVector, SearchRequest
from leads.recognition.matchscore import standout
from leads.search import scan
from tests.factories import leads as make
from tests.story import copy_of

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def begun(kept) -> make.Agency:
    """An agency with a case."""
    return make.agency()


@pytest.fixture
def people(begun) -> make.Agency:
    return copy_of(begun)


def in_the_database(fit, cosine: float, size: int) -> float:
    """The score of one fit as PostgreSQL works it out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT public.ecpd_match_score(%s::jsonb, %s, %s)",
            [
                f'{{"u": {fit.u!r}, "p_above": {fit.p_above!r}, "shape": {fit.shape!r}, "scale": {fit.scale!r}}}',
                cosine,
                size,
            ],
        )
        return cursor.fetchone()[0]


@pytest.mark.parametrize("size", [1, 200, 1_000_000])
def test_a_score_is_the_same_in_the_database(people, size):
    fits = make.card_of().fits
    for cosine in (-0.2, 0.0, 0.1, 0.2417, 0.2418, 0.3, 0.45, 0.6, 0.8, 0.999, 1.0):
        for fit in fits:
            assert in_the_database(fit, cosine, size) == pytest.approx(fit.score(cosine, size), abs=1e-6)


def test_what_nobody_measured_is_no_result(people):
    """Invented rows, as the application's role writes them."""
    search = make.requested(people)
    found = make.listed(search, make.gallery_face(people), score=12)
    SearchRequest.objects.filter(pk=search.pk).update(state="searching")
    for changes, said in [
        ({"probe_embedding": None}, "FR-07: A search is done by an exact comparison"),
        ({"probe_embedding": np.eye(1, 512, 250)[0]}, "FR-07: How similar a candidate is"),
        ({"gallery_size": 1_000}, "FR-07: The gallery of a search"),
    ]:
        with pytest.raises(IntegrityError, match=said), transaction.atomic():
            make.finish(search, **changes)
    make.finish(search)
    assert (search.state, search.above_bar, found.match_score) == ("done", 0, 12)


@pytest.mark.parametrize(
    "changes",
    [{"published_name": "Another Man"}, {"sha256": "0" * 64}, {"source": "Another paper"}, {"captured_on": "2026-11-04"},
     {"source_url": "https://other.example"}, {"caption": "At the counter"}, {"box": [1, 1, 2, 2]}, {"synthetic": True}],
    ids=str,
)  # fmt: skip
def test_what_a_list_says_of_a_photo_is_what_the_gallery_says(people, changes):
    search = make.requested(people)
    found = make.listed(search, make.gallery_face(people))
    with make.by_the_owner():
        Candidate.objects.filter(pk=found.pk).update(snapshot=found.snapshot | changes)
    with pytest.raises(IntegrityError, match="FR-07: What a list says of a photo"), transaction.atomic():
        make.finish(search)


def test_how_far_the_first_stands_out_follows_from_the_others(people):
    search = make.requested(people)
    for number in range(12):
        face, near = make.gallery_face(people), -number / 100  # nobody whom a list must have (FR-14)
        template = near * make.probe(search.pk) + (1 - near**2) ** 0.5 * np.eye(1, 512, 300 + number)[0]
        FaceVector.objects.create(face=face, model_id=face.model_id, source=face.photo.source, embedding=template)
    found = make.listed(search, make.gallery_face(people))
    hits = scan.exact(make.probe(search.pk), model_id="ecpd-default-1", limit=50).hits
    true = standout([cosine for _, cosine in hits])
    for said in (true + 1, -1):
        with make.by_the_owner():
            Candidate.objects.filter(pk=found.pk).update(standout=said)
        with pytest.raises(IntegrityError, match="FR-07: How far the first"), transaction.atomic():
            make.finish(search)
    with make.by_the_owner():
        Candidate.objects.filter(pk=found.pk).update(standout=true)
    make.finish(search)
    assert search.state == "done"


def test_the_gallery_is_held_as_it_was_compared(people):
    make.candidate(people)
    probe = np.eye(1, 512, 300)[0]
    found = scan.exact(probe, model_id="ecpd-default-1", limit=50)
    with transaction.atomic():
        assert scan.held_as_found(found, model_id="ecpd-default-1")
    make.candidate(people)
    with transaction.atomic():
        assert not scan.held_as_found(found, model_id="ecpd-default-1")
    assert FaceVector.objects.filter(active=True).count() == 2
