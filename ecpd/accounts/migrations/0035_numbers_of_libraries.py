from django.db import migrations

# A number that nobody counts stops the page that reads it. The same that our own tables are held to, frozen as it is.
VALUES = (
    "auditlog_logentry.serialized_data", "auditlog_logentry.changes", "auditlog_logentry.additional_data",
    "mfa_authenticator.data", "usersessions_usersession.data",
)  # fmt: skip
BEFORE = "NOT jsonb_path_exists({0}, '$.**{{40 to last}}') AND char_length({0}::text) <= 1000000"
NOW = BEFORE + """ AND NOT jsonb_path_exists({0}, '$.** ? (@.type() == "number" && (@ > 1e300 || @ < -1e300))')"""


def changed(said: str) -> list[str]:
    """SQL that gives each CHECK these words; rows that are there are asked later."""
    return [
        f"ALTER TABLE public.{table} DROP CONSTRAINT {name}, ADD CONSTRAINT {name} CHECK ({said.format(column)}) NOT VALID"
        for table, column, name in ((*value.split("."), f"value_{value.replace('.', '_')}_fits") for value in VALUES)
    ]


class Migration(migrations.Migration):
    """No number in a library's value is larger than anybody reads, either."""

    dependencies = [("accounts", "0034_numbers_are_counted")]

    operations = [migrations.RunSQL(changed(NOW), changed(BEFORE))]
