from django.db import migrations

# A moment that no calendar has stops whoever reads the row, and a session that never ends is none; a value without end
# stops the page that shows it. The same that our own tables are held to, frozen as it is today.
MOMENTS = (
    "account_emailconfirmation.created", "account_emailconfirmation.sent", "auditlog_logentry.timestamp",
    "django_admin_log.action_time", "django_session.expire_date", "mfa_authenticator.created_at",
    "mfa_authenticator.last_used_at", "usersessions_usersession.created_at", "usersessions_usersession.last_seen_at",
)  # fmt: skip
VALUES = (
    "auditlog_logentry.serialized_data", "auditlog_logentry.changes", "auditlog_logentry.additional_data",
    "mfa_authenticator.data", "usersessions_usersession.data",
)  # fmt: skip
TEXTS = (
    "auditlog_logentry.object_repr", "auditlog_logentry.changes_text", "django_admin_log.object_id",
    "django_admin_log.change_message",
)  # fmt: skip
SAYS = (
    ("possible", MOMENTS, "{0} BETWEEN '1850-01-01 00:00+00' AND '2200-01-01 00:00+00'"),
    ("fits", VALUES, "NOT jsonb_path_exists({0}, '$.**{{40 to last}}') AND char_length({0}::text) <= 1000000"),
    ("plain", TEXTS, r"char_length({0}) <= 1000000 AND {0} !~ '[\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]'"),
    ("short", ("django_session.session_data",), "char_length({0}) <= 1000000"),
)
CHECKS = [
    (*column.split("."), f"value_{column.replace('.', '_')}_{kind}", said)
    for kind, columns, said in SAYS
    for column in columns
]


class Migration(migrations.Migration):
    """Moments, values and texts of libraries' tables are possible, bounded and printable, too; rows there are asked later."""

    dependencies = [
        ("accounts", "0029_plain_and_bounded"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("admin", "0003_logentry_add_action_flag_choices"),
        ("auditlog", "0017_add_actor_email"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("sessions", "0001_initial"),
        ("usersessions", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(
            [
                f'ALTER TABLE public.{table} ADD CONSTRAINT {name} CHECK ({said.format(column)}) NOT VALID'
                for table, column, name, said in CHECKS
            ],
            [f"ALTER TABLE public.{table} DROP CONSTRAINT {name}" for table, _, name, _ in CHECKS],
        )
    ]
