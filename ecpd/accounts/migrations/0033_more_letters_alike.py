from django.db import migrations

# Frozen as it is today: ecpd/accounts/names.py says what it is for.
MARKS = r"[\s\u00ad\u0300-\u036f\u200b-\u200f\u2028-\u202f\u2060-\u2064\ufeff]"
KEY = (
    "left(replace(replace(replace(replace(regexp_replace(translate(lower(regexp_replace(normalize({}, NFKD), '" + MARKS
    + "', '', 'g')), '01i|5ıłøđð', 'olllsllodd'), '[._@+-]', '', 'g'), 'rn', 'm'), 'vv', 'w'), 'cl', 'd'), 'nn', 'm'), 150)"
)
NAME = f"nullif({KEY.format('username')}, '')"
PARTS = " || '/' || ".join(KEY.format(column) for column in ("rank", "first_name", "last_name", "badge"))
PERSON = f"CASE WHEN first_name || last_name <> '' THEN {PARTS} END"
# Of accounts that are read alike the oldest has the key; the others stay without, and the doctor names them. A row that
# breaks a newer CHECK cannot be written at all: it keeps what it has.
AS_READ = """
DO $$
DECLARE one record;
BEGIN
    FOR one IN SELECT id, key, n FROM (
        SELECT id, key, row_number() OVER (PARTITION BY key ORDER BY id) AS n, {column} AS old
        FROM (SELECT id, {column}, {key} AS key FROM accounts_user) k) numbered
        WHERE old IS NOT NULL AND (n > 1 OR old IS DISTINCT FROM key) LOOP
        BEGIN
            UPDATE accounts_user SET {column} = NULL WHERE id = one.id;
        EXCEPTION WHEN check_violation THEN NULL;
        END;
    END LOOP;
    FOR one IN SELECT DISTINCT ON (key) id, key, old FROM (
        SELECT id, {key} AS key, {column} AS old FROM accounts_user) k WHERE key IS NOT NULL ORDER BY key, id LOOP
        BEGIN
            UPDATE accounts_user SET {column} = one.key WHERE id = one.id AND {column} IS DISTINCT FROM one.key;
        EXCEPTION WHEN check_violation OR unique_violation THEN NULL;
        END;
    END LOOP;
END $$
"""


class Migration(migrations.Migration):
    """Each account is known by its name as it is read now, and by its rank, name and badge number."""

    dependencies = [("accounts", "0032_who_may_decide")]

    operations = [
        migrations.RunSQL(
            [AS_READ.format(column="name_key", key=NAME), AS_READ.format(column="person_key", key=PERSON)],
            migrations.RunSQL.noop,
        )
    ]
