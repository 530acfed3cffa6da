"""What the application's role may write into libraries' tables is bounded, too: moments, values and texts."""

import pytest
from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, connection, models, transaction

from ecpd.audit.tables import TableClass, class_of
from ecpd.checks.derive import is_ours
from tests.checks.catalog import label, refusing

pytestmark = pytest.mark.django_db


def _written(model: type[models.Model], field: models.Field) -> bool:
    """Whether the application's role may write this column."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_column_privilege(%s, %s, %s, 'INSERT') OR has_column_privilege(%s, %s, %s, 'UPDATE')",
            [settings.DATABASE_APP_ROLE, model._meta.db_table, field.column] * 2,
        )
        return cursor.fetchone()[0]


def _theirs(*kinds: type[models.Field]) -> list[tuple[type[models.Model], models.Field]]:
    """Each such column of a library's table that the role may write."""
    found = [
        (model, field)
        for model in apps.get_models(include_auto_created=True)
        if not is_ours(model) and not model._meta.proxy and class_of(model) is not TableClass.REFERENCE
        for field in model._meta.local_fields
        if isinstance(field, kinds)
    ]
    return [pair for pair in found if _written(*pair)]


def test_no_moment_is_one_that_no_calendar_has():
    pairs = _theirs(models.DateField)
    assert {"sessions.Session.expire_date", "usersessions.UserSession.last_seen_at"} <= set(map(label, pairs))
    for value in ("infinity", "-infinity", "2300-01-01", "1700-01-01"):
        assert [label(pair) for pair in pairs if not refusing(*pair, value)] == []
    assert [label(pair) for pair in pairs if refusing(*pair, "2026-11-28 12:00+00")] == []


def test_no_value_is_deeper_or_larger_than_pages_can_show():
    pairs = _theirs(models.JSONField)
    assert "mfa.Authenticator.data" in map(label, pairs)
    for value in ("[" * 1500 + "]" * 1500, '["' + "a" * 1_000_001 + '"]', "[1" + "0" * 5000 + "]"):
        assert [label(pair) for pair in pairs if not refusing(*pair, value)] == []
    assert [label(pair) for pair in pairs if refusing(*pair, '{"a": [1, "b"]}')] == []


def test_no_text_is_without_end():
    pairs = _theirs(models.TextField)
    assert "sessions.Session.session_data" in map(label, pairs)
    assert [label(pair) for pair in pairs if not refusing(*pair, "a" * 1_000_001)] == []
    assert [label(pair) for pair in pairs if refusing(*pair, "a:b")] == []


def test_no_choice_is_one_that_is_not_offered():
    pairs = [(model, field) for model, field in _theirs(models.Field) if field.flatchoices]
    assert {"auditlog.LogEntry.action", "mfa.Authenticator.type"} <= set(map(label, pairs))
    for model, field in pairs:
        number = isinstance(field, models.IntegerField)
        for value in (77, 4, -1) if number else ("zzz", " ", str(field.flatchoices[0][0]).upper()):
            assert refusing(model, field, value), f"{label((model, field))} takes {value}"
        assert [value for value, _ in field.flatchoices if refusing(model, field, value)] == []


def test_a_session_that_never_ends_is_refused_by_name():
    with (
        pytest.raises(IntegrityError, match="value_django_session_expire_date_possible") as refused,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("INSERT INTO django_session VALUES (repeat('a', 32), 'x', 'infinity')")
    assert refused.value.__cause__.sqlstate == "23514"
