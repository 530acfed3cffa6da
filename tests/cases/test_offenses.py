"""`manage.py load_offenses`: the owner adds another city's offense classes; the application cannot, and nothing changes."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from cases.models import NibrsOffense
from ecpd.audit.models import Conduct

pytestmark = pytest.mark.django_db
HEAD = "code,name,group,crime_against\n"
WHY = "Classes of the neighboring city, whose cases we take over."


@pytest.fixture
def load(tmp_path):
    """Load a list with these lines, as the owner or as the application's role."""

    def run(lines: str, *, owner: bool = True) -> None:
        path = tmp_path / "list.csv"
        path.write_text(HEAD + lines)
        role = "RESET ROLE" if owner else "SET ROLE ecpd_app"
        with connection.cursor() as cursor:
            cursor.execute(role)
        try:
            call_command("load_offenses", path, reason=WHY)
        finally:
            if not connection.needs_rollback:
                with connection.cursor() as cursor:
                    cursor.execute("SET ROLE ecpd_app")

    return run


def test_new_classes_come_in_once_and_the_log_says_so(load):
    load("X1,Littering,B,society\n")
    load("X1,Littering,B,society\nX2,Trespass,B,property\n")
    assert NibrsOffense.objects.get(code="X2").crime_against == "property"
    assert [one.detail["codes"] for one in Conduct.objects.filter(action="offenses.loaded").order_by("pk")] == [
        ["X1"],
        ["X2"],
    ]


@pytest.mark.parametrize(
    "line",
    ["X1,Littering,B,weather\n", "X1,,B,society\n", "X1,A,B,society\nX1,B,B,person\n"],
    ids=["class", "name", "twice"],
)
def test_a_bad_line_brings_nothing_in(load, line):
    before = NibrsOffense.objects.count()
    with pytest.raises(CommandError, match=r"Line [34]"):
        load("X0,Fine,B,society\n" + line)
    assert NibrsOffense.objects.count() == before


def test_a_class_that_cases_rest_on_is_not_rewritten(load):
    old = NibrsOffense.objects.exclude(crime_against="person").first()
    with pytest.raises(CommandError, match="not rewritten"):
        load(f'{old.code},"{old.name}",{old.group},person\n')


def test_the_application_cannot(load):
    with pytest.raises(CommandError, match="owner"):
        load("X1,Littering,B,society\n", owner=False)
