"""Every column of parking that names an account asks for its role, or it is said why it need not (AC-08)."""

from django.apps import apps

from ecpd.audit import catalog
from parking.actors import ACTORS, ANYBODY, GUARDED, NAME, roles_for


def named() -> dict[str, str]:
    """Each column that names an account, with its table."""
    return {
        f"{model.__name__}.{field.column}": model._meta.db_table
        for model in apps.get_app_config("parking").get_models()
        for field in model._meta.concrete_fields
        if field.remote_field and field.remote_field.model._meta.label == "accounts.User"
    }


def guards() -> dict[tuple[str, str], str]:
    """The PL/pgSQL of each guard by table and name."""
    return {
        (table, sql.pgid.removeprefix("pgtrigger_")[:-6]): sql.kwargs["func"]
        for (table, _), sql in catalog.declared().items()
    }


def test_each_column_that_names_an_account_has_its_guard_or_its_reason():
    asked = {f"{name}.{column}" for name, (_, columns) in ACTORS.items() for column in columns}
    assert set(named()) == asked | set(GUARDED) | set(ANYBODY)
    assert not asked & {*GUARDED, *ANYBODY}


def test_the_guard_asks_for_every_role_that_opens_it_and_no_other():
    declared = guards()
    for name, (_, columns) in ACTORS.items():
        for column, actions in columns.items():
            sql = declared[named()[f"{name}.{column}"], NAME]
            asked = {part.split("'")[1] for part in sql.split(f"ecpd_has_role(NEW.{column}, ")[1:]}
            assert asked == set(roles_for(actions))


def test_a_table_with_a_rule_of_its_own_asks_for_the_role_there():
    declared = guards()
    for column, name in GUARDED.items():
        sql = declared[named()[column], name]
        assert f"ecpd_has_role(NEW.{column.partition('.')[2]}" in sql
