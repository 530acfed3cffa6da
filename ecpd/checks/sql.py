"""The expressions that CHECKs are made of."""

from django.db.models import BooleanField, Func, IntegerField, Q

from ecpd.audit.pinned import FunctionV1
from ecpd.checks.letters import ASCII, bracket
from ecpd.checks.plain import DEEPEST, LARGEST_NUMBER
from ecpd.checks.ranges import FIRST_DAY

# "C" compares code points, whatever the database's collation.
SAYS_SOMETHING = FunctionV1(
    "ecpd_says_something",
    "said text",
    "boolean",
    f"""SELECT said COLLATE "C" ~ '[{ASCII}]' OR said COLLATE "C" ~ '{bracket()}'""",
    volatility="IMMUTABLE",
)


# What is text or a number somewhere in a JSON value says something; the names of its parts do not.
JSON_SAYS_SOMETHING = FunctionV1(
    "ecpd_json_says_something",
    "said jsonb",
    "boolean",
    """SELECT EXISTS (SELECT 1 FROM jsonb_path_query(said, '$.** ? (@.type() == "string" || @.type() == "number")') part
    WHERE public.ecpd_says_something(part #>> '{}'))""",
    volatility="IMMUTABLE",
)

# Whether every date or moment at a path of a JSON value is one, as we write them, and not after `latest`; none is there, or
# an empty text, where nobody said one. Days are the city's.
JSON_HAPPENED = FunctionV1(
    "ecpd_json_happened",
    "said jsonb, path text, latest timestamptz",
    "boolean",
    f"""
DECLARE part jsonb; words text; moment timestamptz;
BEGIN
    FOR part IN SELECT jsonb_path_query(said, path::jsonpath) LOOP
        CONTINUE WHEN part IN ('null', '""');
        words := part #>> '{{}}';
        IF jsonb_typeof(part) <> 'string'
           OR words !~ '^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}(T[0-9]{{2}}:[0-9]{{2}}(:[0-9.]+)?(Z|[+-][0-9]{{2}}:[0-9]{{2}}))?$' THEN
            RETURN false;
        END IF;
        moment := CASE WHEN length(words) = 10 THEN words::timestamp AT TIME ZONE 'America/Los_Angeles'
                       ELSE words::timestamptz END;
        IF moment > latest OR moment < '{FIRST_DAY}' THEN RETURN false; END IF;
    END LOOP;
    RETURN true;
EXCEPTION WHEN invalid_datetime_format OR datetime_field_overflow THEN
    RETURN false;
END""",
    language="plpgsql",
)


class SaysSomething(Func):
    """Whether text has a letter or digit that can be seen (`letters.says_something`); unknown for NULL."""

    function = "public.ecpd_says_something"
    arity = 1
    output_field = BooleanField()


class JsonSaysSomething(Func):
    """Whether a JSON value holds text or a number that can be seen (`letters.json_says_something`)."""

    function = "public.ecpd_json_says_something"
    arity = 1
    output_field = BooleanField()


class IsFinite(Func):
    """A number that is one: neither infinite nor "not a number", which PostgreSQL sorts above infinity."""

    template = "(%(expressions)s > '-Infinity' AND %(expressions)s < 'Infinity')"
    arity = 1
    output_field = BooleanField()


class CharLength(Func):
    """How many characters a text has. Django's own `Length` would do, but that it turns into a lookup of the field."""

    function = "char_length"
    arity = 1
    output_field = IntegerField()


class NestsDeeply(Func):
    """Whether the parts of a JSON value lie deeper than any page or script of ours follows them."""

    template = f"jsonb_path_exists(%(expressions)s, '$.**{{{DEEPEST} to last}}')"
    arity = 1
    output_field = BooleanField()


class CountsTooFar(Func):
    """Whether a number somewhere in a JSON value is larger than anybody of ours reads (`plain.LARGEST_NUMBER`)."""

    template = (
        "jsonb_path_exists(%(expressions)s, "
        f"'$.** ? (@.type() == \"number\" && (@ > {LARGEST_NUMBER:.0e} || @ < -{LARGEST_NUMBER:.0e}))')"
    )
    arity = 1
    output_field = BooleanField()


def says(field: str) -> Q:
    """A condition: this field says something."""
    return Q(SaysSomething(field))
