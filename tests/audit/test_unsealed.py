"""What no seal holds stands in one list with its reason, and in the page that tells of threats; nothing else is without."""

import pytest
from auditlog.registry import auditlog
from django.apps import apps
from django.conf import settings

from cases.access import grant
from cases.models import CaseAccess
from ecpd.accounts.models import Factor
from ecpd.accounts.roles import Role
from ecpd.audit import unsealed
from ecpd.audit.sealed import seal_of
from parking.models import HotlistEntry
from tests.audit.bundles import exported, lines_of, verdict
from tests.audit.test_rows import breaks
from tests.factories.factors import add_passkey
from tests.factories.people import make_user
from tests.sealing import seal

THREATS = (settings.BASE_DIR / "docs" / "threats.md").read_text()


def test_every_table_without_a_seal_says_why():
    assert {table for table, reason in unsealed.unsealed_tables().items() if len(reason) < 20} == set()
    assert set(unsealed.TABLES) - set(unsealed.unsealed_tables()) == set(), "Sealed by now, or gone."


def test_every_column_that_a_seal_leaves_out_says_why():
    assert unsealed.left_out_columns() == set(unsealed.COLUMNS)
    assert all(len(reason) > 20 for reason in unsealed.COLUMNS.values())


def test_the_page_of_threats_names_each_of_them():
    chain = {model._meta.db_table for model in apps.get_app_config("audit").get_models()} - {"audit_sealer"}
    tables = {table for table, reason in unsealed.unsealed_tables().items() if reason != unsealed.OWNERS}
    named = tables - chain | unsealed.left_out_columns()
    assert {name for name in named if f"`{name}`" not in THREATS} == set()


def test_the_second_history_is_of_sealed_rows():
    assert [model for model in auditlog.get_models() if not seal_of(model)] == [HotlistEntry], (
        HotlistEntry.unsealed_because
    )


@pytest.mark.django_db
class TestAccess:
    """Who may see a case, and what an account signs in with."""

    def test_a_permission_that_was_slipped_in_taken_or_turned_is_named_inside_and_outside(
        self, world, owner_cursor, tmp_path
    ):
        row = CaseAccess.objects.filter(user=world.okafor).first()
        tampered = {
            "row missing": "DELETE FROM guardian_userobjectpermission WHERE id = {0}",
            "row changed": "UPDATE guardian_userobjectpermission SET user_id = (SELECT min(id) FROM accounts_user) "
            "WHERE id = {0}",
            "row inserted": "INSERT INTO guardian_userobjectpermission (object_pk, content_type_id, permission_id, user_id) "
            "SELECT object_pk, content_type_id, permission_id, (SELECT min(id) FROM accounts_user) "
            "FROM guardian_userobjectpermission WHERE id = {0}",
        }
        seal()
        for kind, sql in tampered.items():
            owner_cursor.execute("SAVEPOINT before")
            owner_cursor.execute(sql.format(row.pk))
            assert owner_cursor.rowcount == 1
            assert [found for found, _ in breaks(CaseAccess)] == [kind]
            seen = verdict(exported(tmp_path))
            assert (seen.code, seen.kinds) == (1, {kind}), seen.said
            owner_cursor.execute("ROLLBACK TO SAVEPOINT before")
        assert breaks(CaseAccess) == []

    def test_a_permission_given_and_taken_stands_in_the_export_of_its_case(self, world, tmp_path):
        case = CaseAccess.objects.filter(user=world.okafor).first().content_object
        grant(make_user(Role.INVESTIGATOR), case, "view")
        CaseAccess.objects.filter(user=world.okafor, object_pk=str(case.pk)).delete()
        seal()
        path = exported(tmp_path, case=case.case_number)
        shown = {
            line["id"]
            for line in lines_of(path)
            if line["t"] == "row" and line["table"] == "guardian_userobjectpermission"
        }
        assert shown == {
            str(key) for key in CaseAccess.objects.filter(object_pk=str(case.pk)).values_list("pk", flat=True)
        }
        assert verdict(path).kinds == set()

    def test_a_second_factor_that_was_swapped_is_named_and_its_secret_not_told(self, world, owner_cursor):
        owner_cursor.execute("SET session_replication_role = origin")
        factor = add_passkey(world.okafor)
        owner_cursor.execute("SET session_replication_role = replica")
        assert breaks(Factor) == []
        owner_cursor.execute("UPDATE mfa_authenticator SET last_used_at = now() WHERE id = %s", [factor.pk])
        assert breaks(Factor) == []
        owner_cursor.execute("UPDATE mfa_authenticator SET data = data || '{\"x\": 1}' WHERE id = %s", [factor.pk])
        assert [kind for kind, _ in breaks(Factor)] == ["row changed"]
        assert "data" in seal_of(Factor).by_hash
