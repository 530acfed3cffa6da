"""AU-01: what the application's role, and the sealer's, cannot do to the chain. Each refusal by SQLSTATE and name."""

import subprocess
import sys

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from ecpd.accounts.roles import Role
from ecpd.audit.models import AuditEvent, ChainSeal, Unsealed
from ecpd.audit.services import record
from ecpd.audit.verification import verify
from ecpd.policy import engine as policy
from tests.factories.people import make_user
from tests.logins import address, login  # noqa: F401 fixture
from tests.sealing import as_role, seal

EVENT = "format, at, actor_label, action, subject_type, subject_id, subject_label, case_number, detail, table_name, row_id, operation, digest, session_name, application"  # noqa: E501
VALUES = "2, now(), 'Capt. Marsh', 'warrant.approve', '', '', '', '', '{}', '', '', 'I', '', '', ''"
TABLES = ["auditevent", "chainseal", "chainhead", "chaincheck", "unsealed", "rowshape", "sealer", "stamp"]
FORGED = [
    *[f"INSERT INTO audit_{table} DEFAULT VALUES" for table in TABLES],
    *[f"DELETE FROM audit_{table}" for table in TABLES],
    *[f"TRUNCATE audit_{table}" for table in TABLES],
    *[f"LOCK TABLE audit_{table} IN ROW SHARE MODE" for table in TABLES],
    *[f"SELECT 1 FROM audit_{table} FOR KEY SHARE" for table in TABLES],
    f"INSERT INTO audit_auditevent ({EVENT}) VALUES ({VALUES})",
    f"INSERT INTO audit_auditevent (id, {EVENT}) VALUES (1, {VALUES}) ON CONFLICT (id) DO UPDATE SET action = 'x'",
    f"WITH forged AS (INSERT INTO audit_auditevent ({EVENT}) VALUES ({VALUES}) RETURNING id) SELECT * FROM forged",
    "INSERT INTO audit_chainseal (number, event_id, previous_hash, hash, sealed_at) VALUES (1000000, 1, '', '', now())",
    "INSERT INTO audit_chainhead (noted_at, number, hash, kept_at) VALUES (now(), 999999, '', 'x')",
    "UPDATE audit_auditevent SET at = '2026-01-01'",
    "UPDATE audit_chainseal SET number = number + 1000000",
    "UPDATE audit_sealer SET seen_at = now() + interval '1 year'",
    "COPY audit_auditevent TO PROGRAM 'cat'",
    "SELECT public.ecpd_seal_row()",
    "SELECT public.ecpd_add_event('policy_decision', 'policy.decision', '1', 'I', '{}', '{}', '{}', '[]')",
    "SELECT public.ecpd_seal_found('policy_decision', true)",
    "SELECT public.ecpd_row_shape('policy_decision', '{}', '{}')",
    "SELECT public.ecpd_row_content('{}', '{}', '{}')",
    "CREATE TRIGGER mine AFTER INSERT ON accounts_failedpassword FOR EACH ROW EXECUTE FUNCTION public.ecpd_seal_row()",
    "CREATE TEMP TABLE policy_decision (id bigint)",
    "SET LOCAL ROLE ecpd_sealer",
    "SET SESSION AUTHORIZATION ecpd_sealer",
    "ALTER TABLE audit_conduct DISABLE TRIGGER ALL",
    "SET LOCAL session_replication_role = replica",
    "SELECT nextval(pg_get_serial_sequence('audit_auditevent', 'id'))",
]


def run(sql: str, *values) -> None:
    """As the role that is signed in."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def refusal(sql: str, *values) -> tuple[str, str]:
    """SQLSTATE and first line of the error."""
    with pytest.raises(DatabaseError) as error, transaction.atomic():
        run(sql, *values)
    return error.value.__cause__.sqlstate, str(error.value).splitlines()[0]


@pytest.fixture
def as_a_login(login):  # noqa: F811
    """A session of the application's own, over a login of its own: it has no other role to go back to."""
    with login() as session:
        session.autocommit = True
        yield session


@pytest.mark.parametrize("sql", FORGED)
def test_the_application_forges_nothing(as_a_login, sql):
    with pytest.raises(psycopg.Error) as error:
        as_a_login.execute("BEGIN")
        as_a_login.execute(sql)
    assert error.value.sqlstate == "42501", str(error.value)
    assert "permission denied" in str(error.value) or "must be owner" in str(error.value), str(error.value)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sql",
    [
        f"INSERT INTO audit_auditevent ({EVENT}) VALUES ({VALUES})",
        "UPDATE audit_auditevent SET action = 'x'",
        "UPDATE audit_chainseal SET hash = ''",
        "DELETE FROM audit_chainseal",
        "UPDATE policy_decision SET outcome = 'denied'",
        "INSERT INTO audit_conduct (actor_label, action, subject_type) VALUES ('x', 'x', 'x')",
        "SELECT * FROM django_session",
        "SELECT * FROM accounts_failedpassword",
        "SELECT public.ecpd_seal_found('policy_decision', true)",
    ],
)
def test_the_sealer_seals_and_does_nothing_else(sql):
    with as_role("ecpd_sealer"):
        state, sentence = refusal(sql)
    assert (state, sentence.startswith("permission denied for ")) == ("42501", True), sentence


OF_A_DOOR = "AU-01: What a door decides on is told by who decided, with the decision."
NAMED = "AU-01: An entry names a decision of its own transaction, person and action, or none."
CONDUCT = """INSERT INTO audit_conduct (actor_id, actor_label, action, subject_type, subject_id, subject_label, case_number,
decision_id, detail) VALUES (%s, 'x', %s, '', '', '', '', %s, '{}')"""


@pytest.mark.django_db(transaction=True)
def test_an_entry_names_no_decision_but_one_of_its_own_transaction_person_and_action():
    auditor, other = make_user(Role.AUDITOR), make_user(Role.AUDITOR)
    earlier = policy.authorize(auditor, "audit.verify")
    assert refusal(CONDUCT, auditor.pk, "audit.viewed", earlier.pk) == ("23514", NAMED)
    assert refusal(CONDUCT, auditor.pk, "audit.viewed", 4711) == ("23514", NAMED)
    assert refusal(CONDUCT, auditor.pk, "audit.verify", earlier.pk) == ("23514", OF_A_DOOR)
    with transaction.atomic():
        mine = policy.authorize(auditor, "audit.verify")
        assert refusal(CONDUCT, other.pk, "audit.viewed", mine.pk) == ("23514", NAMED)
        assert refusal(CONDUCT, auditor.pk, "audit.viewed", mine.pk) == ("23514", NAMED)
        assert refusal(CONDUCT, other.pk, "audit.verify", mine.pk) == ("23514", OF_A_DOOR)
        run(CONDUCT, auditor.pk, "audit.verify", mine.pk)
        assert AuditEvent.objects.first().decision_id == mine.pk


@pytest.mark.django_db(transaction=True)
def test_without_a_decision_of_its_transaction_the_entry_says_that_there_is_none():
    auditor, other = make_user(Role.AUDITOR), make_user(Role.AUDITOR)
    policy.authorize(auditor, "audit.verify")
    record(actor=auditor, action="audit.viewed")
    assert AuditEvent.objects.first().decision_id is None
    with transaction.atomic():
        policy.authorize(auditor, "audit.verify")
        record(actor=other, action="audit.viewed")
        assert AuditEvent.objects.first().decision_id is None
        type(other).objects.filter(pk=other.pk).update(badge="1")
        assert (AuditEvent.objects.first().table_name, AuditEvent.objects.first().actor) == ("accounts_user", None)


SIGNED_OUT = """INSERT INTO audit_conduct (actor_label, action, subject_type, subject_id, subject_label, case_number, detail)
VALUES ('System', 'account.sign_out', '', '', '', '', '{}')"""


@pytest.mark.django_db(transaction=True)
def test_an_open_transaction_keeps_neither_writers_nor_the_sealer(login):  # noqa: F811
    """Nor does whoever holds the old chain's lock, or locks every row that he may lock."""
    with login() as holder, login() as writer:
        holder.execute("BEGIN")
        holder.execute("SELECT pg_advisory_xact_lock(hashtext('ecpd.audit.chain'))")
        holder.execute("SELECT 1 FROM accounts_user FOR UPDATE")
        holder.execute(SIGNED_OUT)
        writer.execute(SIGNED_OUT)
        seal()
        assert not Unsealed.objects.exists()
        first = ChainSeal.objects.first()
        holder.commit()
        assert seal() == 1
        late = ChainSeal.objects.select_related("event").first()
        assert (late.number, late.event.pk < first.event_id) == (first.number + 1, True)
    assert verify().findings == []


@pytest.mark.django_db(transaction=True)
def test_two_sealers_make_one_chain(service_env):
    for _ in range(20):
        record(actor=None, action="account.sign_out")
    env = service_env | {"DATABASE_SEALER_URL": address("ECPD_TEST_SEALER_URL")}
    both = [
        subprocess.Popen([sys.executable, "manage.py", "seal_audit", "--once"], env=env, cwd=env["PYTHONPATH"])
        for _ in range(2)
    ]
    assert [process.wait(120) for process in both] == [0, 0]
    assert not Unsealed.objects.exists()
    assert verify().findings == []
