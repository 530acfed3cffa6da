from django.db import migrations

# Frozen as it is today: ecpd/accounts/names.py says what it is for.
MARKS = r"[\s\u00ad\u0300-\u036f\u200b-\u200f\u2028-\u202f\u2060-\u2064\ufeff]"
KEY = (
    "left(replace(replace(replace(replace(regexp_replace(translate(lower(regexp_replace(normalize({}, NFKD), '" + MARKS
    + "', '', 'g')), '01i|5ıłøđð', 'olllsllodd'), '[._@+-]', '', 'g'), 'rn', 'm'), 'vv', 'w'), 'cl', 'd'), 'nn', 'm'), {})"
)  # fmt: skip
SHOWN = (
    r"regexp_replace(coalesce(nullif(btrim(rank || first_name || last_name), ''), username), '[/,’''()&\s]', '', 'g')"
)
PERSON = f"{KEY.format(SHOWN, 500)} || '/' || {KEY.format('badge', 150)}"
# Of accounts that are shown alike the oldest has the key; the others stay without, and the doctor names them. A row that
# breaks a newer CHECK cannot be written at all: it keeps what it has.
AS_SHOWN = f"""
DO $$
DECLARE one record;
BEGIN
    FOR one IN SELECT id FROM (
        SELECT id, key, row_number() OVER (PARTITION BY key ORDER BY id) AS n, person_key AS old
        FROM (SELECT id, person_key, {PERSON} AS key FROM accounts_user) k) numbered
        WHERE old IS NOT NULL AND (n > 1 OR old IS DISTINCT FROM key) LOOP
        BEGIN
            UPDATE accounts_user SET person_key = NULL WHERE id = one.id;
        EXCEPTION WHEN check_violation THEN NULL;
        END;
    END LOOP;
    FOR one IN SELECT DISTINCT ON (key) id, key FROM (
        SELECT id, {PERSON} AS key FROM accounts_user) k ORDER BY key, id LOOP
        BEGIN
            UPDATE accounts_user SET person_key = one.key WHERE id = one.id AND person_key IS DISTINCT FROM one.key;
        EXCEPTION WHEN check_violation OR unique_violation THEN NULL;
        END;
    END LOOP;
END $$
"""


class Migration(migrations.Migration):
    """Each account is known by the person it is shown as, in whichever field a word stands."""

    dependencies = [("accounts", "0038_steps_of_the_named")]

    operations = [migrations.RunSQL(AS_SHOWN, migrations.RunSQL.noop)]
