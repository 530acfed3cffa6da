"""An import is done once, by one worker at a time, and stops with its source or with the right of who asked."""

from contextlib import closing
from hashlib import sha256

import pytest
from django.db import IntegrityError, connection, transaction

from cases import vault
from ecpd.locks import IMPORTS, held
from ecpd.policy.constraints import refusal_of
from ecpd.policy.models import Decision
from leads.gallery.reading import Reading
from leads.models import GalleryPhoto, GallerySource, ImportBatch, OptOut
from leads.near import NEAR_COPY_BITS, is_near
from leads.services import gallery
from tests.factories import leads as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    """An agency."""
    return make.agency()


@pytest.fixture
def source(people) -> GallerySource:
    """A source of the gallery."""
    return make.a_source(people.marsh)


@pytest.fixture
def listed(tmp_path):
    """Three files."""
    for number in range(3):
        (tmp_path / f"{number}.png").write_bytes(make.picture(number))
    return tmp_path


@pytest.fixture
def read(monkeypatch):
    """Photos are read without looking for faces."""

    def readings(items, workers):
        for number, item in enumerate(items):
            picture = make.picture(number)
            yield Reading(item, sha256(picture).hexdigest(), 0, 80, 80, [], data=picture)

    monkeypatch.setattr(gallery, "_readings", readings)


def begun(source, people, folder) -> tuple[ImportBatch, list]:
    """An import from the command line."""
    return gallery.import_folder(source=source, actor=people.marsh, path=folder, workers=1)


def packed(batch: ImportBatch, items: list, monkeypatch) -> ImportBatch:
    """The same as an import from the browser."""
    monkeypatch.setattr(gallery, "items_of", lambda path: items)
    make.allowed_on(batch.requested_by, "gallery.import", batch.source)
    return ImportBatch.objects.create(
        source=batch.source, label=batch.label, archive=vault.store(make.picture()), requested_by=batch.requested_by
    )


def test_a_second_worker_leaves_an_import_to_the_first(people, source, listed, read, monkeypatch):
    batch, items = begun(source, people, listed)
    batch = packed(batch, items, monkeypatch)
    with closing(connection.copy()) as other:
        other.cursor().execute("SELECT pg_advisory_lock(%s, %s)", [IMPORTS, batch.pk])
        with pytest.raises(gallery.RunningElsewhere):
            list(gallery.run_items(batch, items, workers=1))
        assert gallery.run_batch(batch.pk).state == "queued"
        other.cursor().execute("SELECT pg_advisory_unlock_all()")  # a server may take its time to end a closed session
    assert not GalleryPhoto.objects.exists()
    list(gallery.run_items(batch, items, workers=1))
    assert (batch.state, GalleryPhoto.objects.count()) == ("done", 3)
    with held(IMPORTS, batch.pk) as alone:
        assert alone


def test_nobody_sweeps_an_import_of_the_command_line_away(people, source, listed):
    batch, _ = begun(source, people, listed)
    assert gallery.run_batch(batch.pk).state == "queued"


def test_what_is_done_is_not_done_again(people, source, listed, read):
    batch, items = begun(source, people, listed)
    assert len(list(gallery.run_items(batch, items, workers=1))) == 3
    stale = ImportBatch.objects.get(pk=batch.pk)
    stale.state = "running"
    assert list(gallery.run_items(stale, items, workers=1)) == []
    assert GalleryPhoto.objects.count() == 3


def test_an_import_stops_when_its_source_is_withdrawn_meanwhile(people, source, listed, read):
    batch, items = begun(source, people, listed)
    running = gallery.run_items(batch, items, workers=1)
    next(running)
    gallery.withdraw_source(source=GallerySource.objects.get(), actor=people.marsh, reason="The paper asked for it.")
    with pytest.raises(gallery.SourceWithdrawn):
        next(running)
    assert GalleryPhoto.objects.count() == 1


@pytest.mark.parametrize("loses", ["source", "role"])
def test_a_worker_asks_the_door_again_and_says_why_it_stops(people, source, listed, read, loses, monkeypatch):
    batch, items = begun(source, people, listed)
    batch = packed(batch, items, monkeypatch)
    if loses == "source":
        gallery.withdraw_source(source=source, actor=people.marsh, reason="The paper asked for it.")
    else:
        people.marsh.groups.clear()
    ended = gallery.run_batch(batch.pk)
    assert ended.state == "failed" and ended.error
    assert Decision.objects.filter(action="gallery.import", outcome="denied").count() == 1
    assert not GalleryPhoto.objects.exists()


def test_near_copies_are_told_by_one_number(people, source):
    near, far = (1 << NEAR_COPY_BITS) - 1, (1 << NEAR_COPY_BITS + 1) - 1
    assert is_near(0, near) and not is_near(0, far) and not is_near(None, 0)
    assert is_near(-1, -1 ^ near) and not is_near(-1, -1 ^ far)
    make.allowed(people.marsh, "gallery.opt_out", subject_type="leads.optout")
    OptOut.objects.create(sha256="f" * 64, phash=0, source=source, received_on="2026-01-05", recorded_by=people.marsh,
                          reason="By letter")  # fmt: skip
    batch = make.running_import(people.marsh, source)
    for phash, taken in ((near, False), (far, True)):
        try:
            with transaction.atomic():
                GalleryPhoto.objects.create(
                    source=source, batch=batch, sha256=f"{phash:064x}", phash=phash, width=1, height=1
                )
            refused = ""
        except IntegrityError as error:
            refused = refusal_of(error).rule_id
        assert refused == ("" if taken else "FR-06")
