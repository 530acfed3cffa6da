"""Attacks on the CHECKs of ours that stand on libraries' tables: a value that each does not take, in a new row."""

from collections.abc import Iterator

from ecpd.checks.plain import LARGEST_JSON
from tests.attacks.attack import Attack
from tests.attacks.guards import on_libraries
from tests.attacks.table_accounts import ANOTHER, DEEP, FACTOR, FAR
from tests.attacks.written import breaks

LONGEST = 1_000_000  # of a text in a library's table
# A row of each table, by column.
ROWS = {
    "account_emailconfirmation": {
        "email_address_id": "(SELECT max(id) FROM account_emailaddress)", "created": "now()", "sent": "now()",
        "key": "'a-key'",
    },
    "auditlog_logentry": {
        "content_type_id": "(SELECT min(id) FROM django_content_type)", "object_pk": "'1'", "object_repr": "'A row'",
        "action": "1", "changes_text": "''", "timestamp": "now()", "serialized_data": "'{}'", "changes": "'{}'",
        "additional_data": "'{}'",
    },
    "django_admin_log": {
        "action_time": "now()", "user_id": "{user_administrator}", "object_id": "'1'", "object_repr": "'A row'",
        "action_flag": "2", "change_message": "''",
    },
    "django_session": {
        "session_key": "repeat('k', 32)", "session_data": "'a:b'", "expire_date": "now() + interval '1 day'",
    },
    "usersessions_usersession": {
        "user_id": "{user_administrator}", "created_at": "now()", "ip": "'192.0.2.1'", "last_seen_at": "now()",
        "session_key": "repeat('k', 32)", "user_agent": "'A browser'", "data": "'{}'",
    },
}  # fmt: skip
BEFORE = {
    "account_emailconfirmation": (
        'INSERT INTO account_emailaddress (user_id, email, verified, "primary") '
        "VALUES ({nobody}, 'nobody@example.org', false, false)",
    )
}
# What a CHECK of each kind does not take.
BAD = {
    "possible": {"when no calendar is": "'9999-12-01'", "before there were any": "'0100-01-01'"},
    "fits": {"too deep": DEEP, "a number nobody reads": FAR, "too large": f"jsonb_build_array(repeat('a', {LARGEST_JSON}))"},
    "plain": {"with a control character": "chr(27) || '[2Ja'", "too long": f"repeat('a', {LONGEST + 1})"},
    "short": {"without an end": f"repeat('a', {LONGEST + 1})"},
    "listed": {"an unknown one": "77"},
}  # fmt: skip


def attacks() -> Iterator[Attack]:
    """One for each CHECK and each kind of value; those of second factors have a table of their own."""
    for guard in on_libraries():
        if guard.table == FACTOR:
            continue
        column, kind = guard.name.removeprefix(f"value_{guard.table}_").rsplit("_", 1)
        for title, value in BAD[kind].items():
            row = ROWS[guard.table] | {column: value}
            statement = f"INSERT INTO {guard.table} ({', '.join(row)}) VALUES ({', '.join(row.values())})"
            before = BEFORE.get(guard.table, ())
            yield breaks(guard.table, guard.name, f"{column} {title}", statement, *before)


ATTACKS = [
    *attacks(),
    *(breaks(FACTOR, "value_mfa_authenticator_type_listed", title, ANOTHER.replace("'totp'", kind)) for title, kind in (
        ("of a kind nobody knows", "'sms'"), ("in capitals", "'TOTP'"))),
]  # fmt: skip
