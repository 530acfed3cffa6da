"""`manage.py load_demo`: what the demo agency holds, the same twice, and whole."""

import re

import pytest
from django.apps import apps

from ecpd.accounts.models import User
from ecpd.accounts.roles import Role
from ecpd.audit.models import AuditEvent
from ecpd.audit.verification import verify
from leads.demo import gallery, people
from leads.models import GalleryPhoto, Lead, SearchRequest, WarrantApplication
from leads.selectors.dark import dark_searches
from tests.demo.conftest import FEW, loading
from tests.sealing import seal
from tests.signing_in import by_the_forms

RECORDS = ("accounts", "cases", "leads", "policy", "audit", "auditlog", "guardian", "parking")
CODE = re.compile(r"\b\d{6}\b")  # of this half minute

pytestmark = pytest.mark.django_db


def counts() -> dict[str, int]:
    """How many rows each table of records has."""
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in RECORDS]
    return {model._meta.db_table: model._base_manager.count() for model in models}


def test_the_demo_holds_cases_on_every_step_from_search_to_application(loaded):
    assert {user.username for user in User.objects.all()} == {row[0] for row in people.ACCOUNTS}
    assert {role for user in User.objects.all() for role in user.role_names} >= {
        Role.INVESTIGATOR, Role.CAPTAIN, Role.CHIEF, Role.AUDITOR, Role.ADMINISTRATOR}  # fmt: skip
    assert set(Lead.objects.values_list("state", flat=True)) == {"open", "applied", "approved"}
    assert sorted(WarrantApplication.objects.values_list("state", flat=True)) == ["approved", "submitted"]
    assert SearchRequest.objects.filter(state="done", above_bar=0).count() == 1
    half = dark_searches(User.objects.get(username="okafor")).get()
    assert 2 < half.candidates.filter(examinations__position=1).count() < half.candidates.count(), "half is compared"
    assert GalleryPhoto.objects.filter(synthetic=False).count() == len(gallery.PACKAGED)
    assert GalleryPhoto.objects.filter(synthetic=True).count() == FEW


def test_loading_twice_changes_nothing(loaded):
    before = counts()
    assert CODE.sub("", loading()) == CODE.sub("", loaded)
    assert counts() == before


def test_what_the_demo_did_went_through_the_doors_and_the_chain_is_whole(loaded):
    seal()
    checked = verify()
    assert checked.findings == []
    assert checked.entries == AuditEvent.objects.count() > 50


def test_the_printed_sign_ins_open_the_demo(loaded, client):
    password = re.search(r"Password for all: (\S+)", loaded)[1]
    for username, *_ in people.ACCOUNTS:
        assert re.search(rf"^  {username} +\d{{6}} ", loaded, re.MULTILINE), username
    by_the_forms(client, "okafor", password=password)
    assert "Robbery at Marlow Market" in client.get("/cases/").content.decode()
