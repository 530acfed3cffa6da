"""Parking in the auditor's admin: every list opens, in few queries, and nothing can be changed."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ecpd.accounts.roles import Role
from ecpd.audit.models import AuditEvent
from parking.models import Alert, IngestGate, PlateQuery
from parking.services import alert as alerts
from parking.services.access import look
from parking.services.looking import look_at_all
from tests.factories import parking as make
from tests.factories.people import make_user
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
MODELS = sorted(
    (model for model in admin.site._registry if model._meta.app_label == "parking"), key=lambda model: model._meta.label
)
MOST_QUERIES = 15


def page(model, name: str, *args) -> str:
    """An address of the admin."""
    return reverse(f"admin:parking_{model._meta.model_name}_{name}", args=args)


@pytest.fixture
def desk(client):
    """The auditor's browser; an alert was dismissed and a plate looked up."""
    agency = make.agency()
    make.street(agency.manager)
    for at in (make.MONDAY_NOON - timedelta(hours=4), make.MONDAY_NOON + timedelta(minutes=34)):
        make.receive(agency.device, make.seen(at), at=at)
    look_at_all()
    alerts.dismiss(alert=Alert.objects.get(), actor=agency.officer, reason="driver")
    look(user=agency.captain, purpose="parking", reason="Looking for a misread.", terms={"plate": "8ABC123"})
    sign_in(client, make_user(Role.AUDITOR))
    return client


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_list_opens_and_none_adds(desk, model):
    with CaptureQueriesContext(connection) as asked:
        assert desk.get(page(model, "changelist")).status_code == 200
    assert len(asked) <= MOST_QUERIES
    if model._meta.model_name in {"platequery", "alert", "citation", "permit"}:
        assert desk.get(page(model, "changelist"), {"q": "8ABC"}).status_code == 200
    assert desk.post(page(model, "add"), {}).status_code == 403


@pytest.mark.parametrize("model", [Alert, IngestGate, PlateQuery], ids=lambda model: model._meta.label)
def test_a_record_is_read_on_the_record_and_stays_as_it_is(desk, model):
    one = model.objects.first()
    assert desk.get(page(model, "change", one.pk)).status_code == 200
    seen = AuditEvent.objects.filter(action="audit.viewed").first()
    assert (seen.subject_type, seen.subject_id) == (model._meta.label_lower, str(one.pk))
    for name in ("change", "delete"):
        assert desk.post(page(model, name, one.pk), {"post": "yes"}).status_code == 403
    assert model.objects.filter(pk=one.pk).exists()
