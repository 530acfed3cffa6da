"""What is entered as having happened has happened: the guard refuses tomorrow, in every model that says when."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from ecpd.accounts.roles import Role
from ecpd.checks import ahead
from ecpd.policy.constraints import mistake_of
from tests.clock import moved_to
from tests.factories import cases as make
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db
FIELDS = [(apps.get_model(label), name) for label, names in ahead.HAPPENED.items() for name in names]
IDS = [f"{model._meta.label}.{name}" for model, name in FIELDS]


def _asked(model: type[models.Model], name: str, value: object) -> str | None:
    """What the guard says to a row that holds nothing but this value; None when it lets it through."""
    column = model._meta.get_field(name).column
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute(f"CREATE TEMPORARY TABLE tried (LIKE public.{model._meta.db_table}) ON COMMIT DROP")
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = 'pg_temp.tried'::regclass AND attnotnull AND attnum > 0"
        )
        for (needed,) in cursor.fetchall():
            cursor.execute(f'ALTER TABLE pg_temp.tried ALTER COLUMN "{needed}" DROP NOT NULL')
        trigger = next(one for one in model._meta.triggers if one.name == ahead.guard_name(model))
        cursor.execute(
            "CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON pg_temp.tried FOR EACH ROW"
            f" EXECUTE FUNCTION public.{trigger.get_pgid(model)}()"
        )
        try:
            with transaction.atomic():
                cursor.execute(f'INSERT INTO pg_temp.tried ("{column}") VALUES (%s)', [value])
        except IntegrityError as refused:
            return str(refused)
        finally:
            cursor.execute("DROP TABLE IF EXISTS pg_temp.tried; SET ROLE ecpd_app")
    return None


@pytest.mark.parametrize(("model", "name"), FIELDS, ids=IDS)
def test_tomorrow_has_not_happened(model, name):
    day = not isinstance(model._meta.get_field(name), models.DateTimeField)
    now = timezone.localdate() if day else timezone.now()
    assert "lies in the future; enter when it happened." in (_asked(model, name, now + timedelta(days=1)) or "")
    assert _asked(model, name, now) is None
    assert _asked(model, name, now - timedelta(days=400)) is None


def test_a_guard_without_a_rule_is_answered_with_its_sentence():
    captain = make_user(Role.CAPTAIN)
    found = make.opened(captain)
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        type(found).objects.filter(pk=found.pk).update(occurred_at=timezone.now() + timedelta(days=1))
    assert isinstance(mistake := mistake_of(refused.value), ValidationError)
    assert "lies in the future" in mistake.messages[0]


def test_when_the_day_has_come_it_is_taken():
    captain = make_user(Role.CAPTAIN)
    found, then = make.opened(captain), timezone.now() + timedelta(days=30)
    with moved_to(then):
        type(found).objects.filter(pk=found.pk).update(occurred_at=then)
