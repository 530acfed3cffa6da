"""A migration describes only the model that it changes, and whoever asks for more gets all of them as they are by then."""

import pytest
from django.apps import apps
from django.db import connection, migrations, models
from django.db.migrations.state import ModelState, ProjectState

from ecpd.checks.rendering import only_what_changes


def _key() -> tuple[str, models.Field]:
    return "id", models.BigAutoField(primary_key=True)


@pytest.fixture
def state() -> ProjectState:
    """A street has blocks, a block has spaces; all are described."""
    found = ProjectState()
    found.add_model(ModelState("town", "Street", [_key()]))
    found.add_model(ModelState("town", "Block", [_key(), ("street", models.ForeignKey("town.Street", models.CASCADE))]))
    found.add_model(ModelState("town", "Space", [_key(), ("block", models.ForeignKey("town.Block", models.CASCADE))]))
    assert found.apps
    return found


NAMED = migrations.AddField("Street", "name", models.CharField(max_length=20, default=""))


def test_an_operation_describes_its_own_model_and_no_other(state):
    before = {name: state.apps.get_model("town", name) for name in ("Street", "Block", "Space")}
    with only_what_changes():
        NAMED.state_forwards("town", state)
    assert [name for name, model in before.items() if state.apps.get_model("town", name) is not model] == ["Street"]
    assert state.apps.get_model("town", "Street")._meta.get_field("name")
    assert {each.name for each in state.apps.get_model("town", "Street")._meta.related_objects} == {"block"}


def test_code_of_a_migration_sees_through_every_relation(state):
    seen = []

    def ask(apps, schema_editor) -> None:
        spaces = apps.get_model("town", "Space").objects.filter(block__street__name="Elm")
        seen.append(str(spaces.query))
        assert apps.get_model("town", "Street").objects.filter(block__space__isnull=False).query

    with only_what_changes():
        NAMED.state_forwards("town", state)
        migrations.RunPython(ask).database_forwards("town", _Editor(), state.clone(), state)
    assert '"town_street"."name" = Elm' in seen[0]


def test_outside_of_it_django_has_its_own_way(state):
    with only_what_changes():
        pass
    before = state.apps.get_model("town", "Block")
    NAMED.state_forwards("town", state)
    assert state.apps.get_model("town", "Block") is not before


def test_what_was_migrated_so_is_what_the_models_are(db):
    """Every table and column of the test database, which was migrated so; the release's shape is compared elsewhere."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'")
        there = set(cursor.fetchall())
    expected = {
        (model._meta.db_table, field.column)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
        for field in model._meta.local_concrete_fields
    }
    assert expected and expected <= there


class _Editor:
    connection = connection
