"""Tables, columns, constraints and keys: the release's file is what its migrations make, and what differs is named."""

import json
import time

import pytest
from django.core.management import call_command

from ecpd.audit import catalog, shape

pytestmark = pytest.mark.django_db
CHECK = "fr_04_quality_or_words"
TAMPERED = {
    f"ALTER TABLE leads_searchrequest DROP CONSTRAINT {CHECK}": f"The constraint {CHECK} of leads_searchrequest is missing.",
    f"ALTER TABLE leads_searchrequest DROP CONSTRAINT {CHECK}, ADD CONSTRAINT {CHECK} CHECK (true)": (
        f"The constraint {CHECK} of leads_searchrequest is other than the release's."
    ),
    f"ALTER TABLE leads_searchrequest DROP CONSTRAINT {CHECK}, ADD CONSTRAINT {CHECK} CHECK (true) NOT VALID": (
        f"The constraint {CHECK} of leads_searchrequest is other than the release's."
    ),
    "ALTER TABLE leads_searchrequest ADD CONSTRAINT more CHECK (false) NOT VALID": (
        "The constraint more of leads_searchrequest is not one of ours."
    ),
    "DROP INDEX fr_13_one_application": "The unique index fr_13_one_application of leads_warrantapplication is missing.",
    "DROP INDEX fr_13_one_application; CREATE UNIQUE INDEX fr_13_one_application ON leads_warrantapplication (id)": (
        "The unique index fr_13_one_application of leads_warrantapplication is other than the release's."
    ),
    "CREATE UNIQUE INDEX one_title ON cases_case (title)": "The unique index one_title of cases_case is not one of ours.",
    "ALTER TABLE leads_warrantdecision DROP CONSTRAINT fr_13_one_decision_each": (
        "The constraint fr_13_one_decision_each of leads_warrantdecision is missing."
    ),
    "ALTER TABLE cases_casenote DROP CONSTRAINT {foreign}": "The constraint {foreign} of cases_casenote is missing.",
    "ALTER TABLE cases_casenote ALTER COLUMN text DROP NOT NULL": (
        "The column text of cases_casenote is other than the release's."
    ),
    "ALTER TABLE cases_casenote ALTER COLUMN text TYPE varchar(9)": (
        "The column text of cases_casenote is other than the release's."
    ),
    "ALTER TABLE cases_casenote ALTER COLUMN text SET DEFAULT 'x'": (
        "The column text of cases_casenote is other than the release's."
    ),
    "ALTER TABLE cases_casenote ADD COLUMN more text": "The column more of cases_casenote is not one of ours.",
    "DROP TABLE cases_casenote CASCADE": "The table cases_casenote is missing.",
    "CREATE TABLE heir () INHERITS (cases_casenote)": "Rows of heir stand in cases_casenote as well, past its guards.",
    "ALTER TABLE audit_unsealed SET UNLOGGED": "The table audit_unsealed is emptied by a crash.",
    "ALTER TABLE cases_casenote DISABLE TRIGGER ALL; ALTER TABLE cases_casenote ENABLE TRIGGER USER": (
        "The foreign key {foreign} of cases_casenote is switched off on cases_casenote."
    ),
    "CREATE RULE none AS ON INSERT TO leads_exculpatoryentry DO INSTEAD NOTHING": (
        "The rule none on leads_exculpatoryentry turns statements into others."
    ),
    "ALTER TABLE cases_casenote ENABLE ROW LEVEL SECURITY": "Row security on cases_casenote is switched on.",
    "CREATE POLICY mine ON cases_casenote USING (true)": "The policy mine on cases_casenote hides rows.",
}


def test_the_file_is_what_the_migrations_make():
    """`manage.py write_shape` on an empty, newly migrated database renews it (CONTRIBUTING.md)."""
    assert shape.differences() == []
    assert shape.RELEASED.read_text() == shape.written(json.loads(shape.RELEASED.read_text()))


def test_the_whole_comparison_is_quick():
    begun = time.monotonic()
    catalog.differences()
    assert time.monotonic() - begun < 2


@pytest.mark.parametrize("sql", TAMPERED)
def test_what_an_owner_did_to_a_table_is_named(owner_cursor, sql):
    owner_cursor.execute(
        "SELECT conname FROM pg_constraint WHERE conrelid = 'cases_casenote'::regclass AND contype = 'f' ORDER BY 1"
    )
    foreign = owner_cursor.fetchone()[0]
    owner_cursor.execute(sql.format(foreign=foreign))
    assert TAMPERED[sql].format(foreign=foreign) in catalog.differences()


def test_a_search_path_hides_nothing(owner_cursor):
    """What a session puts first in its path is written in full, and the path stays the session's."""
    owner_cursor.execute(
        "CREATE SCHEMA other; CREATE FUNCTION other.ecpd_says(text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';"
        " SET LOCAL search_path = other, public"
    )
    assert shape.differences() == []
    owner_cursor.execute("SHOW search_path")
    assert owner_cursor.fetchone() == ("other, public",)


@pytest.mark.parametrize(
    ("migrated", "read_back"),
    [
        (
            "CHECK (((state)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[])))",
            "CHECK (((state)::text = ANY (ARRAY[('a'::character varying)::text, ('b'::character varying)::text])))",
        ),
        ("CHECK ((lower((name)::text) <> ''::text))", "CHECK ((lower(name) <> ''))"),
    ],
)
def test_reading_back_a_dump_changes_nothing(migrated, read_back):
    assert shape.normalized(migrated) == shape.normalized(read_back)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("CHECK ((a AND (b OR c)))", "CHECK (((a AND b) OR c))"),
        ("CHECK ((x = '::text'::text))", "CHECK ((x = ''::text))"),
        ("CHECK ((x = '(a)'::text))", "CHECK ((x = 'a'::text))"),
        ("CHECK ((x = ANY (ARRAY['a'::text])))", "CHECK ((x = ANY (ARRAY['a'::text, 'b'::text])))"),
        ("CHECK ((x > 1))", "CHECK ((x >= 1))"),
    ],
)
def test_another_meaning_stays_another_text(one, other):
    assert shape.normalized(one) != shape.normalized(other)


def test_mending_leaves_a_table_as_it_is_and_says_so(owner_cursor, capsys):
    owner_cursor.execute(
        f"ALTER TABLE leads_searchrequest DROP CONSTRAINT {CHECK}; SET session_replication_role = origin"
    )
    call_command("mend_guards")
    said = capsys.readouterr().out
    assert f"The constraint {CHECK} of leads_searchrequest is missing." in said
    assert "0 of 1 mended" in said
