"""Fleet and exempt lists: a trial run first, bad lines left out with their reason, nothing twice, every entry ends."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from ecpd.policy.errors import PolicyDenied
from ecpd.problem import StaleState
from parking.models import Exemption, ExemptionImport
from parking.permits.exempt_list import UnreadableList, read_list
from parking.services.exemption import add_exemption, end_exemption, import_list, look_at_list
from tests.factories import parking as make

TODAY = date(2026, 11, 25)
KINDS = Exemption.Kind.values
HEAD = "plate,state,kind,expires,words\n"
SOURCE = {"source": "Public works, list of November", "file_name": "fleet.csv"}


def lines(*rows: str) -> bytes:
    """A file."""
    return (HEAD + "\n".join(rows)).encode()


def next_year() -> str:
    """A day that has not come."""
    return f"{timezone.localdate() + timedelta(days=300)}"


def test_a_line_is_read_in_the_spellings_people_use():
    good, bad = read_list(lines("1exe 234,ca,City Fleet,2027-06-30,Truck 7"), kinds=KINDS, today=TODAY)
    assert not bad
    assert (good[0].plate, good[0].state, good[0].kind) == ("1EXE234", "US-CA", "city_fleet")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("--,CA,press,2027-06-30,", "no letters"), ("1EXE234,ZZ,press,2027-06-30,", "no state"),
        ("1EXE234,CA,mayor,2027-06-30,", "one of"), ("1EXE234,CA,press,soon,", "no date"),
        ("1EXE234,CA,press,2026-11-24,", "expired"), ("1EXE234,CA,press,2040-01-01,", "years"),
        ("1EXE234,CA,other,2027-06-30,", "in words"), ("1EXE234", "one of"),
    ],
)  # fmt: skip
def test_a_bad_line_is_left_out_with_its_reason_and_the_rest_is_kept(row, reason):
    good, bad = read_list(lines("2EXE345,CA,press,2027-06-30,", row), kinds=KINDS, today=TODAY)
    assert [line.plate for line in good] == ["2EXE345"]
    assert bad[0].line == 3 and reason in bad[0].reason


def test_a_plate_twice_in_a_file_is_taken_once():
    good, bad = read_list(lines(*["1EXE234,CA,press,2027-06-30,"] * 2), kinds=KINDS, today=TODAY)
    assert len(good) == 1 and "twice" in bad[0].reason


@pytest.mark.parametrize("content", [b"\xff\xfe", b"plate;state\n", b"", b'plate,state,kind,expires\n"1'])
def test_what_is_no_such_file_is_refused_whole(content):
    with pytest.raises(UnreadableList):
        read_list(content, kinds=KINDS, today=TODAY)


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: (HEAD + text).encode(errors="ignore")))
def test_no_file_whatever_is_in_it_does_anything_but_be_read_or_refused(content):
    try:
        good, bad = read_list(content, kinds=KINDS, today=TODAY)
    except UnreadableList:
        return
    assert all(line.plate and line.state and line.expires >= TODAY for line in good)
    assert all(reject.reason for reject in bad)


@pytest.fixture
def manager(db):
    """Who keeps the lists."""
    return make.people()["manager"]


def test_a_trial_run_writes_nothing_and_says_what_would_be_done(manager):
    content = lines(f"1EXE234,CA,city_fleet,{next_year()},", "2EXE345,CA,mayor,2027-06-30,")
    outcome = look_at_list(content=content)
    assert (len(outcome.taken), len(outcome.rejected)) == (1, 1)
    assert not Exemption.objects.exists()
    done = import_list(content=content, actor=manager, **SOURCE).done
    assert (done.taken, done.rejected[0]["line"]) == (1, 3)
    assert Exemption.objects.get().is_in_force


def test_the_same_list_twice_changes_nothing_and_a_later_end_takes_over(manager):
    first = lines(f"1EXE234,CA,city_fleet,{next_year()},")
    import_list(content=first, actor=manager, **SOURCE)
    assert (again := import_list(content=first, actor=manager, **SOURCE).done).taken == 0 and again.known == 1
    later = lines(f"1EXE234,CA,city_fleet,{timezone.localdate() + timedelta(days=400)},")
    assert import_list(content=later, actor=manager, **SOURCE).done.ended == 1
    old, new = Exemption.objects.order_by("pk")
    assert old.ended_at is not None and new.is_in_force and not old.is_in_force


def test_an_officer_changes_no_list_and_a_list_has_a_source(manager):
    content = lines(f"1EXE234,CA,press,{next_year()},")
    with pytest.raises(PolicyDenied, match="AC-08"):
        import_list(content=content, actor=make.people()["officer"], **SOURCE)
    with pytest.raises(PolicyDenied, match="PK-03"):
        import_list(content=content, actor=manager, file_name="x.csv", source=" ")
    assert not ExemptionImport.objects.exists()


def test_an_exemption_ends_once_and_with_a_reason(manager):
    row = add_exemption(actor=manager, kind="press", plate="7news1", state="US-CA", source="Press card 12",
                        last_day=timezone.localdate() + timedelta(days=30))  # fmt: skip
    with pytest.raises(PolicyDenied, match="PK-03"):
        end_exemption(exemption=row, actor=manager, reason="No")
    end_exemption(exemption=row, actor=manager, reason="The card was given back.")
    with pytest.raises(StaleState):
        end_exemption(exemption=row, actor=manager, reason="The card was given back.")


def test_the_database_takes_no_exemption_without_source_or_end(manager):
    row = add_exemption(actor=manager, kind="press", plate="7NEWS1", state="US-CA", source="Press card 12",
                        last_day=timezone.localdate() + timedelta(days=30))  # fmt: skip
    row.pk = None
    for change in ({"source": " "}, {"ends": row.begins}, {"plate": "7-NEWS"}, {"kind": "other"}):
        made = Exemption(**{field.attname: getattr(row, field.attname) for field in Exemption._meta.fields} | change)
        made.pk = None
        with pytest.raises(DatabaseError, match="pk_03"), transaction.atomic():
            Exemption.objects.bulk_create([made])
    for change in ({"plate": "8NEWS1"}, {"ends": row.ends + timedelta(days=1)}):
        with pytest.raises(DatabaseError, match="PK-03"), transaction.atomic():
            Exemption.objects.update(**change)
