"""No setting, temporary object or search path of the application's role changes what a guard decides; the catalog."""

import re
from datetime import timedelta

import pgtrigger
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from ecpd.accounts.models import User
from ecpd.accounts.roles import Role
from ecpd.audit import catalog, records
from ecpd.audit.functions import every_function
from ecpd.audit.models import AuditEvent
from ecpd.audit.services import record
from ecpd.policy.models import Amendment, ManualVersion
from tests.factories.leads import allowed_on
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db
SHADOWS = """
CREATE TEMP TABLE policy_manualversion AS SELECT * FROM public.policy_manualversion;
UPDATE policy_manualversion SET parameters = parameters || '{"match_score_min": 0}';
CREATE TEMP TABLE accounts_user_groups AS SELECT u.id, u.id AS user_id, g.id AS group_id
    FROM public.accounts_user u, public.auth_group g;
GRANT ALL ON policy_manualversion, accounts_user_groups TO PUBLIC
"""


def run(sql: str, *values) -> list[tuple]:
    """As the application's role."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []


def refusal(sql: str, *values) -> tuple[str, str]:
    """(SQLSTATE, first line) of the error that the statement raises."""
    with pytest.raises(DatabaseError) as error, transaction.atomic():
        run(sql, *values)
    return error.value.__cause__.sqlstate, str(error.value).splitlines()[0]


@pytest.fixture
def proposal(db) -> Amendment:
    """An amendment that waits for the chief."""
    return proposed_by_hand(make_user(Role.CAPTAIN))


def proposed_by_hand(captain: User) -> Amendment:
    """Past the service, by the captain's decision."""
    with transaction.atomic():
        allowed_on(captain, "amendment.propose", Amendment())
        return Amendment.objects.create(
            changes={"match_score_min": 96}, reason="Tried.", effective_on=timezone.localdate(), proposed_by=captain
        )


APPROVE = "UPDATE policy_amendment SET state = 'approved', decided_by_id = %s, decided_at = now() WHERE id = %s"
ONLY_CHIEF = ("23514", "AU-04: Only the chief approves or rejects an amendment.")


def approve_as_captain(proposal: Amendment) -> tuple[str, str]:
    """What the database says when somebody else than the chief approves."""
    return refusal(APPROVE, make_user(Role.CAPTAIN).pk, proposal.pk)


def test_the_library_s_list_of_ignored_triggers_ignores_nothing(proposal):
    run("SELECT set_config('pgtrigger.ignore', '{'||(SELECT string_agg(tgname, ',') FROM pg_trigger"
        " WHERE NOT tgisinternal)||'}', true)")  # fmt: skip
    assert approve_as_captain(proposal) == ONLY_CHIEF
    with pgtrigger.ignore():
        assert approve_as_captain(proposal) == ONLY_CHIEF


def test_a_temporary_table_shadows_nothing(proposal):
    run("RESET ROLE")
    run(SHADOWS)
    run(f"SET ROLE {settings.DATABASE_APP_ROLE}")
    assert approve_as_captain(proposal) == ONLY_CHIEF
    assert run("SELECT public.ecpd_parameter_int('match_score_min')") == [(95,)]


@pytest.mark.parametrize("path", ["pg_temp, public", "information_schema", "''"])
def test_a_search_path_changes_nothing(proposal, path):
    run(f"SET LOCAL search_path = {path}")
    try:
        update = APPROVE.replace("policy_amendment", "public.policy_amendment")
        assert refusal(update, make_id(), proposal.pk) == ONLY_CHIEF
    finally:
        run("SET LOCAL search_path = public")


def make_id() -> int:
    """Somebody who is nobody: no account has this key."""
    return 987_654_321


def test_a_time_zone_moves_no_day():
    """Midnight has passed in the east: there a certificate that ends today has ended, here it counts."""
    holder = make_user(Role.INVESTIGATOR)
    today = timezone.localdate()
    holder.certificates.create(
        kind="lineup",
        course="x",
        issued_on=today - timedelta(30),
        expires_on=today,
        issued_by=make_user(Role.ADMINISTRATOR),
    )
    for zone in ("Etc/GMT-14", "Etc/GMT+12"):
        run(f"SET LOCAL TimeZone = '{zone}'")
        assert run("SELECT ecpd_has_certificate(%s, 'lineup')", holder.pk) == [(True,)]


@pytest.mark.parametrize("isolation", ["REPEATABLE READ", "SERIALIZABLE"])
@pytest.mark.django_db(transaction=True)
def test_an_older_snapshot_is_refused(isolation):
    proposal = proposed_by_hand(make_user(Role.CAPTAIN))
    chief = make_user(Role.CHIEF)
    with pytest.raises(DatabaseError) as error, transaction.atomic():
        run(f"SET TRANSACTION ISOLATION LEVEL {isolation}")
        run(APPROVE, chief.pk, proposal.pk)
    assert error.value.__cause__.sqlstate == "23514"
    assert "AU-03: A rule is asked of what is committed now" in str(error.value)


def test_every_guard_that_reads_rows_asks_for_the_newest_state():
    """Of all guards, found by what their functions say, not by how they were declared."""
    with_rows = [sql for sql in catalog.declared().values() if records.READS_ROWS.search(sql.kwargs["func"])]
    assert len(with_rows) > 50
    # The log's own seal is no rule: it notes what is written, from whatever snapshot, and numbers nothing.
    without = [s.pgid for s in with_rows if "transaction_isolation" not in s.body and "au_01_seal" not in s.pgid]
    assert without == []


def test_the_catalog_is_what_the_code_declares():
    assert catalog.differences() == []
    assert len(catalog.declared()) > 200


def test_no_function_asks_a_setting_that_the_role_can_set():
    asked = run(
        "SELECT p.proname, (regexp_matches(p.prosrc, 'current_setting\\s*\\(\\s*([^,)]*)', 'gi'))[1] FROM pg_proc p"
        " WHERE p.pronamespace = 'public'::regnamespace AND p.proname ~ '^(pgtrigger|_pgtrigger|ecpd)_'"
    )
    # The isolation decides, and is a refusal whatever it says; the name of a session is only noted in the chain.
    assert {setting for _, setting in asked} == {"'transaction_isolation'", "'application_name'"}


def test_the_clock_is_the_owners():
    mine = "CREATE OR REPLACE FUNCTION public.ecpd_now() RETURNS timestamptz LANGUAGE sql AS 'SELECT now()'"
    assert refusal(mine) == ("42501", "permission denied for schema public")


def test_no_guard_asks_another_clock():
    other = re.compile(r"\b(now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday)\s*\(|\bcurrent_(date|time)"
                       r"|\blocaltime")  # fmt: skip
    assert [
        sql.pgid for sql in catalog.declared().values() if other.search(sql.body.replace("ecpd_now()", "").lower())
    ] == []
    assert [each.name for each in every_function() if other.search(each.body.replace("ecpd_now()", ""))] == ["ecpd_now"]


def test_both_clocks_move_together(moved_to, auditor):
    then = timezone.now() + timedelta(days=400)
    with moved_to(then):
        assert abs(run("SELECT public.ecpd_now()")[0][0] - timezone.now()) < timedelta(seconds=5)
        assert timezone.now() - then < timedelta(minutes=1)
        record(actor=auditor, action="x")
        assert AuditEvent.objects.get(action="x").at >= then
    assert abs(run("SELECT public.ecpd_now()")[0][0] - timezone.now()) < timedelta(seconds=5)
    assert catalog.differences() == []


TAMPERED = {
    "ALTER TABLE policy_amendment DISABLE TRIGGER pgtrigger_au_04_starts_proposed_{}": "is switched off",
    "DROP TRIGGER pgtrigger_au_04_starts_proposed_{} ON policy_amendment": "is missing",
    "ALTER FUNCTION pgtrigger_au_04_starts_proposed_{}() RESET ALL": "runs under other settings",
    "ALTER FUNCTION pgtrigger_au_04_starts_proposed_{}() SECURITY DEFINER": "with its owner's privileges",
    "ALTER FUNCTION pgtrigger_au_04_starts_proposed_{}() OWNER TO ecpd_app": "belongs to somebody else",
    "CREATE OR REPLACE FUNCTION ecpd_has_role(person bigint, role text) RETURNS boolean LANGUAGE sql STABLE"
    " AS 'SELECT true'": "does something else",
    "CREATE FUNCTION ecpd_has_role(person int, role text) RETURNS boolean LANGUAGE sql AS 'SELECT true'": "not one of ours",
    "CREATE TRIGGER extra BEFORE UPDATE ON policy_amendment FOR EACH ROW"
    " EXECUTE FUNCTION suppress_redundant_updates_trigger()": "not one of ours",
    "CREATE TRIGGER pgtrigger_au_04_starts_proposed_{0} BEFORE DELETE ON policy_amendment FOR EACH ROW"
    " EXECUTE FUNCTION pgtrigger_au_04_starts_proposed_{0}()": "not attached",
}


@pytest.mark.parametrize("sql", TAMPERED)
def test_what_an_owner_did_to_a_guard_is_named(owner_cursor, sql):
    owner_cursor.execute("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'pgtrigger\\_au\\_04\\_starts%'")
    suffix = owner_cursor.fetchone()[0][-5:]
    if sql.startswith("CREATE TRIGGER pgtrigger"):
        owner_cursor.execute(f"DROP TRIGGER pgtrigger_au_04_starts_proposed_{suffix} ON policy_amendment")
    owner_cursor.execute(sql.format(suffix))
    assert TAMPERED[sql] in " ".join(catalog.differences())


def test_a_version_without_its_amendment_stays_refused(proposal):
    assert ManualVersion.objects.count() == 1
    found = refusal(
        "INSERT INTO policy_manualversion (number, effective_from, parameters, created_at)"
        " SELECT '1.1', now(), parameters || '{\"match_score_min\": 1}', now() FROM policy_manualversion"
    )
    assert found[0] == "23514"
    assert found[1].startswith("AU-04: ")


def test_guards_are_put_back_on_the_record(owner_cursor):
    owner_cursor.execute("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'pgtrigger\\_au\\_04\\_starts%'")
    (name,) = owner_cursor.fetchone()
    owner_cursor.execute(f"DROP TRIGGER {name} ON policy_amendment; ALTER FUNCTION ecpd_now() RESET ALL;"
                         " ALTER TABLE audit_auditevent DISABLE TRIGGER ALL; SET session_replication_role = origin")  # fmt: skip
    call_command("mend_guards")
    assert catalog.differences() == []
    (found,) = AuditEvent.objects.filter(action="guards.mended").values_list("detail__found", flat=True)
    assert f"The guard {name} on policy_amendment is missing." in found
    assert "The function ecpd_now runs under other settings than the code says." in found
    assert any("audit_auditevent is switched off" in sentence for sentence in found)
