"""AU-01: what was sealed as new is not new a second time; both verifiers name it, and tell what was sealed anew."""

from io import StringIO

import pytest
from django.core.management import call_command

from ecpd.audit.canonical import EVENT_COLUMNS
from ecpd.audit.verification import verify
from ecpd.policy.models import Decision
from leads.models import Examination
from tests.audit.bundles import exported, verdict
from tests.audit.conftest import a_world
from tests.audit.test_bundle import found_by_both
from tests.factories import leads as make
from tests.sealing import seal
from tests.story import copy_of, settle

pytestmark = pytest.mark.django_db
ALTERED = "UPDATE {0} SET {1} WHERE id = (SELECT max(id) FROM {0})"
OF = {Decision: "outcome = 'denied', verdicts = '[]'", Examination: "conclusion = 'exclude'"}
COPIED = ", ".join(name for name in EVENT_COLUMNS[1:] if name not in ("operation", "digest"))
FORGED = f"""
WITH forged AS (
    INSERT INTO audit_auditevent (format, at, operation, digest, {COPIED})
    SELECT 2, e.at, '{{operation}}', (
        SELECT encode(sha256(convert_to(to_jsonb(t)::text, 'UTF8')), 'hex') FROM {{table}} t WHERE t.id::text = e.row_id),
        {COPIED}
    FROM audit_auditevent e WHERE e.table_name = '{{table}}' ORDER BY e.row_id::bigint DESC, e.id DESC LIMIT 1 RETURNING id)
INSERT INTO audit_unsealed (event_id, digest) SELECT id, '' FROM forged
"""


@pytest.fixture(scope="module")
def begun(kept) -> make.Agency:
    """Rows in many tables, none of which waits for anything."""
    people = a_world()
    settle()
    return people


@pytest.fixture
def world(begun) -> make.Agency:
    """The people of these rows."""
    return copy_of(begun)


@pytest.mark.parametrize("model", OF, ids=lambda model: model.__name__)
@pytest.mark.parametrize("hand", ["I", "G", "U", "", "found again"])
def test_a_changed_row_that_was_sealed_as_new_a_second_time(world, owner_cursor, tmp_path, model, hand):
    seal()
    table = model._meta.db_table
    owner_cursor.execute("SET LOCAL TimeZone = 'UTC'")
    owner_cursor.execute(ALTERED.format(table, OF[model]))
    if hand == "found again":
        owner_cursor.execute("SELECT public.ecpd_seal_found(%s::regclass, true)", [table])
    else:
        owner_cursor.execute(FORGED.format(table=table, operation=hand))
    seal()
    found_by_both(tmp_path, "row changed")
    assert verify().breaks == 1


def test_what_was_sealed_anew_over_other_columns_is_told(world, owner_cursor, tmp_path):
    owner_cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    owner_cursor.execute("ALTER TABLE leads_candidate DROP COLUMN standout")
    owner_cursor.execute("SELECT public.ecpd_seal_found('leads_candidate', true)")
    seal()
    assert (list(verify().anew.values()), verify().breaks) == ([1], 0)
    seen = verdict(exported(tmp_path))
    assert (seen.code, "1 rows of leads_candidate were sealed anew on 20" in seen.said) == (0, True), seen.said
    said = StringIO()
    call_command("verify_audit", "--no-record", stdout=said)
    assert "1 rows of leads_candidate: sealed anew on 20" in said.getvalue()


def test_to_seal_anew_what_did_not_change_says_nothing_new(world, owner_cursor, tmp_path):
    owner_cursor.execute("SELECT public.ecpd_seal_found('leads_candidate', true)")
    seal()
    assert (verify().anew, verify().breaks) == ({}, 0)
    assert verdict(exported(tmp_path)).code == 0


def test_whose_sessions_changed_rows_is_told(world, owner_cursor, tmp_path):
    """A fixed column with its guards asleep and the seal awake: an honest entry, and the role it came from is told."""
    seal()
    owner_cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET session_replication_role = origin")
    owner_cursor.execute(
        "SELECT tgname FROM pg_trigger WHERE tgrelid = 'cases_case'::regclass AND NOT tgisinternal AND tgname NOT LIKE %s",
        ["%au_01_sealed%"],
    )
    for (guard,) in owner_cursor.fetchall():
        owner_cursor.execute(f'ALTER TABLE cases_case DISABLE TRIGGER "{guard}"')
    owner_cursor.execute("SELECT session_user")
    [owner] = owner_cursor.fetchone()
    before = verify().hands.get((owner, "cases_case"), 0)
    owner_cursor.execute(
        "UPDATE cases_case SET opened_at = opened_at - interval '1 day' WHERE id = %s", [world.case.pk]
    )
    seal()
    assert verify().hands[owner, "cases_case"] == before + 1
    seen = verdict(exported(tmp_path))
    told = next(line for line in seen.said.splitlines() if f"sessions of the database role {owner}: " in line)
    assert f"cases_case {before + 1}" in told
    said = StringIO()
    call_command("verify_audit", "--no-record", stdout=said)
    assert (
        f"{before + 1} rows of cases_case: changed or removed in sessions of the database role {owner}"
        in said.getvalue()
    )
