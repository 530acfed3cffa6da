"""Rows of the tables that the permission matrix needs none of: sign-in, tokens, tallies; and what only time makes."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256

import psycopg
from django.utils import timezone

from tests.attacks.made import clone


def of_accounts(world) -> dict[str, object]:
    """A token that is good and one that was revoked, a lock, a forgotten password, a rescue, codes; their names."""
    from allauth.mfa.models import Authenticator

    from ecpd.accounts.api_tokens import revoke_token
    from ecpd.accounts.models import ApiToken, ApiUse, FactorState, FailedPassword, PasswordLock, PasswordReset, User
    from tests.factories.factors import APP

    people, now = world.users, timezone.now()
    token, revoked = (
        ApiToken.objects.create(owner=people["investigator"], name=name, key_hash=hashed(name), hint="ecpd_abcdef",
                                scope="read", expires_at=now + timedelta(days=30))
        for name in ("Records export", "Night report")
    )  # fmt: skip
    revoke_token(token=revoked, actor=people["administrator"])
    ApiUse.objects.create(key="account:1", minute=now)
    FailedPassword.objects.create(name="account:1", source="192.0.2.7")
    lock = PasswordLock.objects.create(name="account:1", source="192.0.2.7", user=people["captain"])
    PasswordReset.objects.create(user=people["captain"], number="12345678", key_hash=hashed("a"), source="192.0.2.7")
    FactorState.objects.create(user=people["auditor"])
    FactorState.objects.update(last_step=100)
    Authenticator.objects.create(user=people["auditor"], type="totp", data=APP)
    nobody = User.objects.create_user("nobody")
    disabled = User.objects.create_user("disabled")
    User.objects.filter(pk=disabled.pk).update(is_active=False)
    return {
        "disabled": disabled.pk,
        "nobody": nobody.pk,
        "good_token": token.pk,
        "token_revoked": revoked.pk,
        "lock": lock.pk,
        "rescue": rescue(people["auditor"].pk),
    }


def hashed(text: str) -> str:
    """As a key is kept."""
    return sha256(text.encode()).hexdigest()


@contextmanager
def by_the_owner() -> Iterator[psycopg.Cursor]:
    """What only the owner may write, or what was written days ago: triggers sleep."""
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as owner, owner.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        yield cursor


def rescue(account: int) -> int:
    """As `manage.py rescue_account` makes one."""
    with by_the_owner() as cursor:
        cursor.execute(
            "INSERT INTO accounts_rescue (user_id, code_hash, why, made_at, ends_at, tries) VALUES "
            "(%s, %s, 'Lost both keys', now(), now() + interval '1 hour', 0) RETURNING id",
            [account, hashed("code")],
        )
        return cursor.fetchone()[0]


def of_last_week() -> dict[str, object]:
    """A stored and an abandoned vehicle whose warnings have run; a permit that has had its plate for a month."""
    with by_the_owner() as cursor:
        made = {
            "stored": _warned(cursor, 990101, "stored_72h", "80 hours"),
            "stored_today": _warned(cursor, 990102, "stored_72h", "1 hour"),
            "unmoved": _warned(cursor, 990103, "abandoned", "80 hours", grounds="array['long_unmoved']"),
            "long_removed": _removed(cursor, 990103),
            "unmarked": 990104,
        }
        cursor.execute(clone("parking_abandonedvehicle", "state = 'ready'", id="990104", serial="990104", alert_id="NULL",
                             decision_id="NULL", state="'ready'"))  # fmt: skip
        for table in ("parking_permit", "parking_permitplate"):
            cursor.execute(f"UPDATE {table} SET begins = begins - interval '30 days'")
    return made


def _warned(cursor: psycopg.Cursor, key: int, kind: str, seen: str, **changes: str) -> int:
    """The matter that is ready, once more: reported, marked and looked at as the law has it."""
    text = {"id": str(key), "serial": str(key), "kind": f"'{kind}'", "alert_id": "NULL", "decision_id": "NULL",
            "state": "'ready'"}  # fmt: skip
    times = {"reported_at": "now() - interval '90 hours'", "seen_since": f"now() - interval '{seen}'"}
    cursor.execute(clone("parking_abandonedvehicle", "state = 'ready'", **(text | times | changes)))
    left = {"at": "now() - interval '85 hours'", "hours": "72", "look_from": "now() - interval '10 hours'"}
    one = "vehicle_id = (SELECT id FROM parking_abandonedvehicle WHERE state = 'ready' ORDER BY id LIMIT 1)"
    own = {"vehicle_id": str(key), "decision_id": "NULL"}
    cursor.execute(clone("parking_abandonedmark", one, **(own | left)))
    cursor.execute(clone("parking_abandonedlook", one, **(own | {"at": "now()", "outcome": "'still'"})))
    return key


def _removed(cursor: psycopg.Cursor, key: int) -> int:
    """An order for this matter, and its removal 30 days ago; nobody was told yet."""
    then = "now() - interval '30 days'"
    cursor.execute(
        clone("parking_toworder", id=str(key), serial=str(key), vehicle_id=str(key), decision_id="NULL", at=then)
    )
    cursor.execute(clone("parking_towremoval", order_id=str(key), at=then))
    return key


def of_the_portal() -> None:
    """A link that was mailed, a look at the public page, an application for another year."""
    from django.db import connection

    from parking.models import ContestLookup, PermitLink

    PermitLink.objects.create(
        token_hash=hashed("link"), email="a@example.org", expires_at=timezone.now() + timedelta(1)
    )
    ContestLookup.objects.create(address=hashed("address"), number="C-26-0001", found=True)
    renewal = "(SELECT id FROM parking_permit WHERE ended_at IS NULL ORDER BY id LIMIT 1)"
    its = (
        "(SELECT {} FROM parking_permit p JOIN parking_permitapplication a ON a.id = p.application_id WHERE p.id = "
        f"{renewal})"
    )
    household = {name: its.format(f"a.{name}") for name in ("address", "unit", "address_key")}
    with connection.cursor() as cursor:
        cursor.execute(clone("parking_permitapplication", "state = 'waiting'", serial="90009", renewal_of_id=renewal,
                             terms_id=its.format("p.terms_id"), **household))  # fmt: skip


# Keys of which the world has no row: another row that carries one.
AN_ALERT = "(SELECT id FROM parking_alert ORDER BY id LIMIT 1)"
PAID = "kind = 'payment'"
KEYED = (
    ("parking_abandonedvehicle", "true", {"id": "990201", "serial": "990201", "alert_id": AN_ALERT}),
    (
        "parking_citation",
        "true",
        {
            "id": "990201",
            "serial": "990201",
            "alert_id": AN_ALERT,
            "issued_at": "now() - interval '60 days'",
            "violation_at": "now() - interval '60 days'",
        },
    ),
    (
        "parking_citation",
        "true",
        {
            "id": "990204",
            "serial": "990204",
            "alert_id": "NULL",
            "due_on": "now()::date - 9",
            "issued_at": "now() - interval '60 days'",
            "violation_at": "now() - interval '60 days'",
        },
    ),
    ("parking_citation", "true", {"id": "990202", "serial": "990202", "alert_id": "NULL"}),
    (  # a manager's own
        "parking_citation",
        "true",
        {
            "id": "990210",
            "serial": "990210",
            "alert_id": "NULL",
            "plate": "'7XWN210'",
            "issued_by_id": "(SELECT p.granted_by_id FROM parking_paymentplan p ORDER BY p.id LIMIT 1)",
        },
    ),
    ("parking_citation", "true", {"id": "990205", "serial": "990205", "alert_id": "NULL", "state": "'canceled'"}),
    ("parking_contest", "stage = 'review'", {"id": "990205", "citation_id": "990205", "state": "'decided'"}),
    (
        "parking_citationnotice",
        "true",
        {"id": "990201", "citation_id": "990201", "kind": "'delinquent'", "result_id": "NULL", "plan_id": "NULL"},
    ),
    (
        "parking_exemption",
        "true",
        {
            "id": "990201",
            "plate": "'7XYZ987'",
            "plate_state": "'US-CA'",
            "keys": "ecpd_plate_keys('7XYZ987')",
            "begins": "now() - interval '60 days'",
            "ends": "now() + interval '60 days'",
        },
    ),
    ("parking_hotlisthit", "true", {"id": "990201", "day": "'2026-01-01'", "alert_id": AN_ALERT}),
    ("parking_permitwarning", "true", {"id": "990201", "alert_id": AN_ALERT}),
    (
        "parking_permit",
        "true",
        {
            "id": "990201",
            "serial": "990201",
            "replaced_by_id": "o.id",
            "ended_at": "now()",
            "ended_reason": "'Replaced'",
        },
    ),
    (
        "parking_permitterms",
        "id = (SELECT terms_id FROM parking_permitapplication WHERE state = 'waiting' ORDER BY id LIMIT 1)",
        {"id": "990201", "most_per_household": "1", "effective_on": "'2031-02-02'"},
    ),
    ("parking_ledgerentry", PAID, {"id": "990201", "moved_from_id": "o.id", "reference": "'moved'"}),
    (
        "parking_ledgerentry",
        PAID,
        {"id": "990202", "reverses_id": "o.id", "amount_cents": "500", "reason": "'Bounced'"},
    ),
)


def of_keys() -> None:
    """A row with each of these keys, put there by the owner."""
    with by_the_owner() as cursor:
        for table, where, values in KEYED:
            cursor.execute(clone(table, where, **values))
        cursor.execute(
            'INSERT INTO parking_noticemailing (notice_id, "on", by_hand, by_id, at) SELECT 990201, now()::date - 40, false, '
            "min(id), now() FROM accounts_user"
        )
        cursor.execute(
            clone(
                "parking_ledgerentry",
                "kind = 'penalty'",
                id="990203",
                kind="'late_fee'",
                amount_cents="500",
                citation_id="(SELECT max(id) FROM parking_citation WHERE id < 990000)",
            )
        )
        cursor.execute(
            "INSERT INTO parking_citationdraft (officer_id, alert_id, answers, begun_at, saved_at) "
            f"SELECT min(id), {AN_ALERT}, '{{}}', now(), now() FROM accounts_user"
        )
        cursor.execute(
            "INSERT INTO accounts_user_user_permissions (user_id, permission_id) SELECT min(u.id), min(p.id) FROM "
            "accounts_user u, auth_permission p"
        )
