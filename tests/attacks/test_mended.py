"""Guards that refuse nothing and put things right: what was written does not stay, and would with the guard asleep."""

from dataclasses import dataclass

import pytest
from psycopg import sql

from tests.attacks.attack import put_asleep, rolled_back
from tests.attacks.battlefield import Battlefield
from tests.attacks.completeness import INSTALLED, TRIGGERS
from tests.attacks.guards import REFUSAL, Guard
from tests.attacks.made import clone
from tests.attacks.races import READY
from tests.attacks.table_accounts import TAKEN, given, managed
from tests.attacks.table_leads import another_exhibit

pytestmark = pytest.mark.django_db
LOG_AND_LOCKS = {"au_01_sealed", "aa_every_source"}  # tests/audit, tests/leads/gallery/test_opt_out_race.py
BACKDATED = "now() - interval '4 minutes'"
RECORDED = (
    ("fr_13_linked_now", "leads_corroboration", "linked_at", {"lead_id": READY, "evidence_id": another_exhibit(READY)}),
    ("fr_13_verified_now", "leads_corroborationverification", "at", {"corroboration_id": "{own}", "verifier_id": "{colleague}"}),
    ("fr_13_entered_now", "leads_exculpatoryentry", "entered_at", {"origin": "''", "entered_by_id": "{account}"}),
    ("fr_13_answered_now", "leads_exculpatoryanswer", "answered_at", {"entry_id": "{entry}"}),
)  # fmt: skip
EPOCH = "SELECT session_epoch FROM accounts_user WHERE id = {account}"


@dataclass(frozen=True)
class Mended:
    """`ask` tells what the guard keeps right; the statement moves it by `by` with the guard, by `asleep` without."""

    guard: Guard
    statement: str
    ask: str
    by: int
    asleep: int


# AC-11: sessions end for good with the account or its role; no stale copy of an account brings one back.
MENDED = [
    Mended(Guard("accounts_user", "ac_11_sessions_end"),
           "UPDATE accounts_user SET session_epoch = session_epoch - 1 WHERE id = {account}", EPOCH, 0, -1),
    Mended(Guard("accounts_user", "ac_11_sessions_end"),
           "UPDATE accounts_user SET is_active = NOT is_active WHERE id = {account}", EPOCH, 1, 0),
    Mended(Guard("accounts_user", "ac_11_sessions_end"),
           f"{managed('')}; " + clone("accounts_user", "o.id = {account}", session_epoch="2147483647"),
           "SELECT count(*) FROM accounts_user WHERE session_epoch = 2147483647", 0, 1),
    Mended(Guard("accounts_user_groups", "ac_11_role_gained"),
           f"{managed('{account}')}; " + given("{account}", "hearing_examiner"), EPOCH, 1, 0),
    Mended(Guard("accounts_user_groups", "ac_11_role_lost"),
           f"{managed('{account}')}; " + TAKEN, EPOCH, 1, 0),
    # AC-01: whoever adds a second factor, it is noted.
    Mended(Guard("mfa_authenticator", "ac_01_added_is_noted"),
           clone("mfa_authenticator", "o.type = 'totp'", type="'webauthn'"),
           "SELECT count(*) FROM accounts_factoradded", 1, 0),
    # FR-13: what came in when is asked of a captain's packet.
    *(Mended(Guard(table, guard), clone(table, **({column: BACKDATED} | changes)),
             f"SELECT count(*) FROM {table} WHERE {column} BETWEEN now() - interval '5 minutes' AND {BACKDATED}", 0, 1)
      for guard, table, column, changes in RECORDED),
]  # fmt: skip


def moved(field: Battlefield, one: Mended, *, asleep: bool) -> int:
    """By how much the statement, as the application's role, moves what the guard keeps right."""
    with rolled_back(field.owner) as cursor:
        if asleep:
            put_asleep(cursor, one.guard, field.role)
        cursor.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(field.role)))
        before = cursor.execute(field.words(one.ask)).fetchone()[0]
        assert cursor.execute(field.words(one.statement)).rowcount
        return cursor.execute(field.words(one.ask)).fetchone()[0] - before


@pytest.mark.parametrize("one", MENDED, ids=lambda one: f"{one.guard.name}-{one.statement.split()[0]}-{one.by}")
def test_it_is_put_right_by_this_guard(field: Battlefield, one: Mended):
    assert (moved(field, one, asleep=False), moved(field, one, asleep=True)) == (one.by, one.asleep)


def test_every_guard_that_refuses_nothing_is_tried_here(field: Battlefield):
    """All but the triggers that write the log (tests/audit), and those that only lock: two sessions try these."""
    triggers = field.owner.execute(TRIGGERS).fetchall()
    quiet = {(table, INSTALLED.match(name)) for table, name, body in triggers if not REFUSAL.search(body)}
    ours = {Guard(table, name[1]) for table, name in quiet if name and name[1] not in LOG_AND_LOCKS}
    assert ours == {one.guard for one in MENDED}
