"""`manage.py load_agencies` and `withdraw_agency`: the owner's list of who may receive plate data (PK-08)."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from ecpd.audit.models import Conduct
from ecpd.policy.errors import PolicyDenied
from parking.models import PartnerAgency, PublicAgency
from parking.selectors.share import listed_agencies
from parking.services import share
from tests.factories import parking as make
from tests.parking.privacy.test_access import give

pytestmark = pytest.mark.django_db
HEAD = "key,name,kind,law\n"
ALBANY = "albany-pd,Albany Police Department,city,Gov. Code 36501\n"
WHY = "Looked up with the League of California Cities."


@pytest.fixture
def run(capsys):
    """A command as the owner or as the application's role; what it says."""

    def call(*words, owner: bool = True) -> str:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE" if owner else "SET ROLE ecpd_app")
        try:
            call_command(*words)
        finally:
            if not connection.needs_rollback:
                with connection.cursor() as cursor:
                    cursor.execute("SET ROLE ecpd_app")
        return capsys.readouterr().out

    return call


@pytest.fixture
def load(run, tmp_path):
    """Load a list with these lines."""

    def call(lines: str, *, head: str = HEAD, owner: bool = True) -> str:
        path = tmp_path / "agencies.csv"
        path.write_text(head + lines)
        return run("load_agencies", str(path), f"--reason={WHY}", owner=owner)

    return call


def keys() -> set[str]:
    """Who stands on the list."""
    return set(PublicAgency.objects.values_list("key", flat=True))


def test_new_agencies_come_in_once_and_the_log_says_so(load):
    before = keys()
    assert "1 agencies were added" in load(ALBANY)
    assert "on the list already" in load(ALBANY)
    second = "kern-sheriff,Kern County Sheriff's Office,county,Gov. Code 24000\n"
    assert "1 agencies were added" in load(ALBANY + second)
    assert keys() - before == {"albany-pd", "kern-sheriff"}
    said = Conduct.objects.filter(action="agencies.loaded").order_by("pk")
    assert [one.detail["keys"] for one in said] == [["albany-pd"], ["kern-sheriff"]]
    assert {one.detail["reason"] for one in said} == {WHY}


def test_the_shipped_list_loads_and_loads_again(run):
    path = str(Path(settings.BASE_DIR) / "parking" / "demo" / "agencies.csv")
    run("load_agencies", path, f"--reason={WHY}")
    before = keys()
    assert "on the list already" in run("load_agencies", path, f"--reason={WHY}")
    assert keys() == before


BAD = {
    "a kind that there is not": ("x-pd,Some Police,federal,Gov. Code 1\n", "Line 3"),
    "no name": ("x-pd,,city,Gov. Code 1\n", "Line 3"),
    "no law": ("x-pd,Some Police\n", "Line 3"),
    "a federal name": ("x-fbi,Federal Bureau of Investigation,state,Gov. Code 1\n", "Line 3"),
    "another state": ("x-nv,Nevada Highway Patrol,state,Gov. Code 1\n", "Line 3"),
    "a name under two keys": ("x-pd,ALBANY Police Department,city,Gov. Code 1\n", "Line 3"),
    "one key, two names": ("albany-pd,Albany Sheriff,county,Gov. Code 1\n", "Line 3"),
    "the second of two": ("x-pd,Fine Police,city,Gov. Code 1\ny-pd,Other Police,town,Gov. Code 1\n", "Line 4"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_line_is_named_and_brings_nothing_in(load, name):
    before, (lines, said) = keys(), BAD[name]
    with pytest.raises(CommandError, match=said):
        load(ALBANY + lines)
    assert keys() == before


def test_other_columns_and_a_missing_file_are_said(load, run, tmp_path):
    with pytest.raises(CommandError, match="The first line names the columns: key, name, kind, law"):
        load(ALBANY, head="name,key,kind,law\n")
    with pytest.raises(CommandError, match="cannot be read"):
        run("load_agencies", str(tmp_path / "none.csv"), f"--reason={WHY}")
    with pytest.raises(CommandError, match="in words"):
        run("load_agencies", str(tmp_path / "none.csv"), "--reason=.")


def test_an_agency_that_is_withdrawn_receives_nothing_from_then_on(load, run):
    agency = make.agency()
    load(ALBANY)
    to = share.enter_agency(
        actor=agency.captain, listed=PublicAgency.objects.get(key="albany-pd"), contact="Records desk"
    )
    assert give(agency, to=to)[0].outcome == "granted"
    assert "receives no plate data any more" in run("withdraw_agency", "albany-pd", f"--reason={WHY}")
    with pytest.raises(PolicyDenied, match="taken off the list"):
        give(agency, to=PartnerAgency.objects.get(pk=to.pk))
    assert not listed_agencies().filter(key="albany-pd").exists()
    assert Conduct.objects.get(action="agencies.withdrawn").detail == {"reason": WHY, "keys": ["albany-pd"]}
    load(ALBANY)  # the same file once more brings it not back
    assert PublicAgency.objects.get(key="albany-pd").withdrawn_at is not None


def test_who_is_not_on_the_list_is_not_withdrawn_nor_twice_nor_without_a_word(load, run):
    load(ALBANY)
    with pytest.raises(CommandError, match="in words"):
        run("withdraw_agency", "albany-pd", "--reason= ")
    run("withdraw_agency", "albany-pd", f"--reason={WHY}")
    for key in ("albany-pd", "nobody"):
        with pytest.raises(CommandError, match=f"No agency stands on the list as {key}"):
            run("withdraw_agency", key, f"--reason={WHY}")


@pytest.mark.parametrize("command", ["load", "withdraw"])
def test_the_applications_role_is_refused(load, run, command):
    if command == "load":
        with pytest.raises(CommandError, match="database's owner: set DATABASE_OWNER_URL"):
            load(ALBANY, owner=False)
        return
    load(ALBANY)
    with pytest.raises(CommandError, match="database's owner: set DATABASE_OWNER_URL"):
        run("withdraw_agency", "albany-pd", f"--reason={WHY}", owner=False)
