"""Pages stand on every JSON value that the database takes: with no more in it than it must have, and with long texts."""

import json

import pytest
from django.apps import apps
from django.urls import reverse

from ecpd.checks.derive import shape_of
from ecpd.web import bench
from parking.models import Alert, PlateImage
from tests.attacks.shapes import lean
from tests.parking.pages.test_console import agency, officer  # noqa: F401 fixtures

LONG = "Ünbroken" * 400
COLUMNS = {
    "accounts.ApiToken": ["actions"], "audit.Conduct": ["detail"], "leads.Candidate": ["snapshot"],
    "leads.Corroboration": ["details"], "leads.GalleryFace": ["box", "landmarks", "quality"],
    "leads.ProbeFaces": ["faces", "notes"], "policy.Decision": ["verdicts", "parameters"],
    "leads.SearchRequest": ["face", "quality", "stage_times", "sources", "parameters", "timings"],
}  # fmt: skip


class Warm(set):
    """Every kind of page: how often one asks is not counted here, so that nothing is opened twice."""

    def __contains__(self, kind: object) -> bool:
        return True


def write(cursor, model, field: str, text: str, many: int) -> None:
    """Into every row, as nobody but the owner could."""
    value = lean(shape_of(model._meta.get_field(field)), text=text, many=many)
    cursor.execute(
        f'UPDATE "{model._meta.db_table}" SET "{field}" = %s WHERE "{field}" IS NOT NULL', [json.dumps(value)]
    )


every_size = pytest.mark.parametrize(("text", "many"), [("", 0), (LONG, 1), ("a", 40)])


@pytest.mark.django_db(transaction=True)
@every_size
def test_every_page_of_the_demo_opens(demo_people, owner_cursor, monkeypatch, text, many):
    for label, fields in COLUMNS.items():
        for field in fields:
            write(owner_cursor, apps.get_model(label), field, text, many)
    monkeypatch.setattr(bench, "EACH", 1)
    monkeypatch.setattr(bench, "_most", lambda kind: 1000)
    warm = Warm()
    for username in ("okafor", "marsh", "lindgren"):
        assert list(bench.crawl(demo_people[username], warm))


@pytest.mark.django_db
@every_size
def test_the_console_opens(officer, owner_cursor, text, many):  # noqa: F811 the fixture
    for model, field in ((Alert, "facts"), (Alert, "detail"), (PlateImage, "opinion")):
        write(owner_cursor, model, field, text, many)
    assert officer.get(reverse("parking:console")).status_code == 200
