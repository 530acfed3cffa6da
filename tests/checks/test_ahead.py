"""What is entered as having happened has happened: the guard refuses tomorrow, in every model that says when."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.test.utils import isolate_apps
from django.utils import timezone

from ecpd.accounts.roles import Role
from ecpd.checks import ahead
from ecpd.checks.derive import is_ours
from ecpd.checks.stamped import BY_THE_DATABASE, stamped_columns
from ecpd.policy.constraints import mistake_of
from tests.clock import moved_to
from tests.factories import cases as make
from tests.factories.leads import allowed_on
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db
FIELDS = [(model, field.name) for model in apps.get_models() if is_ours(model) for field in ahead.happened(model)]
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


def dates() -> dict[str, tuple[type[models.Model], models.DateField]]:
    """Every date and moment that our tables have."""
    return {
        f"{model._meta.label}.{field.name}": (model, field)
        for model in apps.get_models()
        if is_ours(model)
        for field in model._meta.local_fields
        if isinstance(field, models.DateField)
    }


def test_every_date_is_held_or_says_why_it_may_lie_ahead():
    """By the guard, by the moment of the entry, by the database itself, or by a reason; and by one of them only."""
    listed = ahead.MAY_LIE_AHEAD | ahead.NOT_THE_APPLICATION_S
    for name, (model, field) in dates().items():
        held = [field in ahead.happened(model), field.column in stamped_columns(model), name in BY_THE_DATABASE,
                name in listed]  # fmt: skip
        assert held.count(True) == 1, name
    assert len(listed) == len(ahead.MAY_LIE_AHEAD) + len(ahead.NOT_THE_APPLICATION_S)
    assert listed.keys() - dates().keys() == set()
    assert all(len(reason) > 15 for reason in listed.values())


@isolate_apps("parking")
def test_a_date_that_nobody_listed_has_happened():
    class Invented(models.Model):
        __module__ = "parking.models"
        told_on = models.DateField()

        class Meta:
            app_label = "parking"

    assert "“Told on” lies in the future" in next(one.func for one in Invented._meta.triggers)


@pytest.mark.parametrize("table", sorted({model._meta.db_table for model, _ in dates().values()}))
def test_the_guard_stands_in_the_database(table):
    model = next(model for model, _ in dates().values() if model._meta.db_table == table)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.prosrc FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid WHERE t.tgenabled = 'O' AND t.tgrelid ="
            " %s::regclass AND t.tgname LIKE %s",
            [table, f"pgtrigger_{ahead.guard_name(model)}_%"],
        )
        stands = "".join(source for (source,) in cursor.fetchall())
    assert [field.name for field in ahead.happened(model) if f'NEW."{field.column}" >' not in stands] == []


def test_what_the_application_cannot_write_it_cannot_write():
    with connection.cursor() as cursor:
        for name in ahead.NOT_THE_APPLICATION_S:
            model, field = dates()[name]
            cursor.execute(
                "SELECT has_column_privilege(%s, %s, 'INSERT') OR has_column_privilege(%s, %s, 'UPDATE')",
                [model._meta.db_table, field.column] * 2,
            )
            assert cursor.fetchone() == (False,), name


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
    with moved_to(then), transaction.atomic():
        allowed_on(captain, "case.manage", found)
        type(found).objects.filter(pk=found.pk).update(occurred_at=then)
