"""`python -m leads.bench.copying TIMES`: copy what lies in the database's cases, as its owner and past the guards."""

import os
import sys

import django
import psycopg
from django.apps import apps
from django.db.models import Field, IntegerField, Model

GALLERY = ["leads.GallerySubject", "leads.GalleryPhoto", "leads.GalleryFace", "leads.FaceVector"]
FIRST = ["cases.StoredFile", "policy.Decision", *GALLERY, "cases.Case"]  # and whatever leads to a case
STEP = 1_000_000  # between the keys of one copy and the next
TURN = 7  # a template of copy n is turned by 7 n places: as like its neighbors as before, like nobody else

# A copy has other numbers, files, faces and reports, or all of them were one matter. {c}: the column, {k}: which copy.
LAST_DIGITS = "(regexp_match({c}, '[0-9]+$'))[1]"
NUMBERED = f"""regexp_replace({{c}}, '[0-9]+$', '')
    || lpad(({LAST_DIGITS}::int + {{k}} * 10)::text, length({LAST_DIGITS}), '0')"""
ANOTHER = {
    "case_number": NUMBERED,
    "number": NUMBERED,
    "serial": "{c} + {k} * 10",
    "sha256": "md5({c} || '{k}') || md5('{k}' || {c})",
    "phash": "hashint8extended({c}, {k})",
    "external_id": "{c} || '-{k}'",
    "published_name": "{c} || ' {k}'",
    "embedding": "public.turned({c}, {k})",
    "probe_embedding": "public.turned({c}, {k})",
    "details": "public.renumbered({c}, {k})",
}
LISTED = "SELECT face_id FROM leads_candidate"
ONLY = {
    "policy.Decision": "WHERE case_number <> ''",
    "leads.FaceVector": f"WHERE face_id IN ({LISTED})",
    "leads.GalleryFace": f"WHERE id IN ({LISTED})",
    "leads.GalleryPhoto": f"WHERE id IN (SELECT photo_id FROM leads_galleryface WHERE id IN ({LISTED}))",
}
HELP = f"""
CREATE FUNCTION public.turned(v halfvec, k int) RETURNS halfvec LANGUAGE sql AS $$
    SELECT array_agg(x ORDER BY (i + {TURN} * k) % 512)::halfvec FROM unnest(v::real[]) WITH ORDINALITY u(x, i) $$;
CREATE FUNCTION public.renumbered(d jsonb, k int) RETURNS jsonb LANGUAGE sql AS $$
    SELECT coalesce(jsonb_object_agg(key, CASE WHEN value ~ '[0-9]' AND value !~ '^\\d{{4}}-\\d\\d-\\d\\d$'
        THEN value || '-' || (10000 + k) ELSE value END), '{{}}') FROM jsonb_each_text(d) $$;
"""


def main(times: int) -> None:
    """Copy all of it `times` times, then renew the planner's statistics; prints how much there is."""
    models = _models()
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(HELP)
        for model in models:
            table, only = model._meta.db_table, ONLY.get(model._meta.label, "")
            connection.execute(f"CREATE TEMP TABLE original_{table} AS SELECT * FROM {table} {only}")
        written = [(model._meta.db_table, _columns(connection, model)) for model in models]
        for copy in range(1, times + 1):
            for model, (table, columns) in zip(models, written, strict=True):
                values = [_value(model, column, copy, models) for column in columns]
                names = ", ".join(f'"{column}"' for column in columns)
                connection.execute(f"INSERT INTO {table} ({names}) SELECT {', '.join(values)} FROM original_{table}")
        connection.execute("DROP FUNCTION public.turned; DROP FUNCTION public.renumbered")
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as connection:
        connection.execute("ANALYZE")
        for table in ("cases_case", "leads_searchrequest", "leads_lead", "leads_corroboration"):
            counted = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
            print(f"  {table:<32}{counted[0] if counted else 0:9,}", flush=True)


def _models() -> list[type[Model]]:
    """The tables of `FIRST`, and whatever leads to a case, by whatever way."""
    every = {
        model._meta.label: model
        for app in ("cases", "leads", "policy")
        for model in apps.get_app_config(app).get_models()
    }
    inside, grew = list(FIRST), True
    while grew:
        of_a_case = inside[len(FIRST) - 1 :]
        more = [label for label, model in every.items() if label not in inside and _leads_to(model) & {*of_a_case}]
        inside += more
        grew = bool(more)
    return [every[label] for label in inside]


def _leads_to(model: type[Model]) -> set[str]:
    return {_target(field) for field in model._meta.concrete_fields if field.is_relation}


def _target(field: Field | None) -> str:
    return field.related_model._meta.label if field is not None and field.is_relation else ""


def _columns(connection: psycopg.Connection, model: type[Model]) -> list[str]:
    found = connection.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped "
        "AND attgenerated = ''", [model._meta.db_table],
    )  # fmt: skip
    return [name for (name,) in found.fetchall()]


def _value(model: type[Model], column: str, copy: int, models: list[type[Model]]) -> str:
    """SQL for what stands in this column of a copy."""
    field = next((one for one in model._meta.concrete_fields if one.column == column), None)
    own_key = field is not None and field.primary_key and not field.is_relation
    if own_key or _target(field) in {one._meta.label for one in models}:
        return f"{column} + {copy * STEP}"
    written_by_hand = column == "number" and isinstance(field, IntegerField)  # of an exhibit, within its case
    other_details = column == "details" and model._meta.label != "leads.Corroboration"
    if column not in ANOTHER or written_by_hand or other_details:
        return f'"{column}"'
    return ANOTHER[column].format(c=column, k=copy)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ecpd.settings")
    django.setup()
    main(int(sys.argv[1]))
