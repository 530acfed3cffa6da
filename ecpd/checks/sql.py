"""The expressions that CHECKs are made of."""

from django.db.models import BooleanField, Func, Q

from ecpd.audit.pinned import FunctionV1
from ecpd.checks.letters import ASCII, bracket

# "C" compares code points, whatever the database's collation.
SAYS_SOMETHING = FunctionV1(
    "ecpd_says_something",
    "said text",
    "boolean",
    f"""SELECT said COLLATE "C" ~ '[{ASCII}]' OR said COLLATE "C" ~ '{bracket()}'""",
    volatility="IMMUTABLE",
)


class SaysSomething(Func):
    """Whether text has a letter or digit that can be seen (`letters.says_something`); unknown for NULL."""

    function = "public.ecpd_says_something"
    arity = 1
    output_field = BooleanField()


class IsFinite(Func):
    """A number that is one: neither infinite nor "not a number", which PostgreSQL sorts above infinity."""

    template = "(%(expressions)s > '-Infinity' AND %(expressions)s < 'Infinity')"
    arity = 1
    output_field = BooleanField()


def says(field: str) -> Q:
    """A condition: this field says something."""
    return Q(SaysSomething(field))
