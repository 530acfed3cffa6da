"""The simulated patrol against the real server: everything it sends is kept, and again is a duplicate."""

import hashlib
from io import StringIO

import pytest
from django.core.management import call_command

from parking import store
from parking.models import IngestBatch, PlateImage, Read
from tests.factories import parking as make

pytestmark = pytest.mark.django_db(transaction=True)
SHIFT = {"seed": 2, "grid": 12, "seconds": 1.0, "rate": 120.0}


def patrol(live_server, token, **options):
    out = StringIO()
    call_command("simulate_patrol", url=live_server.url, token=[token], stdout=out, **SHIFT, **options)
    return out.getvalue()


def test_what_the_patrol_sends_is_kept_once_however_often_it_is_sent(live_server):
    token = make.agency().token
    assert "120 sent, 120 accepted" in patrol(live_server, token)
    assert "120 sent, 120 duplicate" in patrol(live_server, token)
    assert Read.objects.count() == 120
    assert not any(batch.rejected for batch in IngestBatch.objects.all())
    assert all(abs(batch.skew_seconds) < 30 for batch in IngestBatch.objects.all())


def test_its_pictures_are_stored_under_their_hashes(live_server):
    token = make.agency().token
    patrol(live_server, token, images=True, batch=10)
    images = PlateImage.objects.all()
    assert images.count() == 240
    assert set(images.values_list("state", flat=True)) == {PlateImage.State.STORED}
    sha256 = images.filter(kind="scene").first().sha256
    assert hashlib.sha256(store.read(sha256)).hexdigest() == sha256
