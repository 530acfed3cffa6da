"""`any_of` says what `overlap` says, and uses the index however many keys are asked for."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parking.models import Exemption, HotlistEntry, PermitPlate, Track
from parking.plates.likeness import deletion_keys
from tests.parking.citation.conftest import as_owner

pytestmark = pytest.mark.django_db
steady = settings(
    max_examples=30, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
)
plates = st.text("AB12", min_size=3, max_size=6)


def track(plate: str) -> Track:
    now = timezone.now()
    return Track(plate=plate, keys=list(deletion_keys(plate)), sightings=[], first_at=now, last_at=now)


@steady
@given(kept=st.lists(plates, max_size=12), asked=st.lists(plates, max_size=6))
def test_it_finds_what_overlap_finds(kept, asked):
    with as_owner():  # tracks of today do not go (PK-05)
        Track.objects.all().delete()
    Track.objects.bulk_create([track(plate) for plate in kept])
    keys = sorted({key for plate in asked for key in deletion_keys(plate)})
    recent = Track.objects.filter(last_at__gte=timezone.now() - timedelta(days=1))
    found = recent.filter(keys__any_of=keys).order_by("pk").values_list("pk", flat=True)
    assert list(found) == list(recent.filter(keys__overlap=keys).order_by("pk").values_list("pk", flat=True))


def test_a_key_is_a_value_and_never_sql():
    Track.objects.bulk_create([track("8ABC123")])
    assert not Track.objects.filter(keys__any_of=["') OR true --", "{8ABC123}", '"', "\\"]).exists()
    assert Track.objects.filter(keys__any_of=["8ABC123"]).exists()


@pytest.mark.parametrize("model", [Track, PermitPlate, Exemption, HotlistEntry])
def test_a_thousand_keys_are_looked_up_in_the_index(model):
    keys = [f"{number:07d}" for number in range(1000)]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # the tables are empty here
    plan = model.objects.filter(keys__any_of=keys).explain()
    assert "Bitmap Index Scan" in plan
    assert "_keys" in plan
    assert "Index Cond: (keys @>" in plan
