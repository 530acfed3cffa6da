"""Files of plates: read, looked at, taken in; the same file twice changes nothing."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from ecpd.policy.errors import PolicyDenied
from parking.hotlists.entries import UnreadableFile, read_entries
from parking.hotlists.matching import fits
from parking.models import HotlistEntry, HotlistImport
from parking.services import hotlist as hotlists
from parking.services.hotlist_import import import_entries, look_at_entries

TODAY, LAST = date(2026, 11, 25), date(2027, 2, 23)
HEAD = "plate,state,vehicle,reference,expires\n"


def read(text: str):
    return read_entries(text.encode(), today=TODAY, last=LAST)


def test_a_good_line_is_read_whole_and_spelled_our_way():
    good, bad = read(HEAD + "8abc-123,ca,blue Honda,26-1,2026-12-01\n7xyz321,,,,\n")
    assert not bad
    assert (good[0].plate, good[0].state, good[0].expires_on) == ("8ABC123", "US-CA", date(2026, 12, 1))
    assert (good[1].state, good[1].expires_on) == ("", None)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (",CA,,,", "2 to 8 letters"),
        ("123456789,CA,,,", "2 to 8 letters"),
        ("8ABC123,ZZ,,,", "no state"),
        ("8ABC123,CA,,,tomorrow", "no date"),
        ("8ABC123,CA,,,2026-11-24", "expired"),
        ("8ABC123,CA,,,2028-01-01", "too far away"),
        ("8ABC123,CA,STOLEN blue Honda,,", "says why"),
        ("8ABC123,CA,driver wanted,,", "says why"),
    ],
)
def test_a_bad_line_is_refused_with_its_reason_and_the_rest_is_kept(line, why):
    good, bad = read(HEAD + line + "\n7XYZ321,CA,,,\n")
    assert [entry.plate for entry in good] == ["7XYZ321"]
    assert bad[0].line == 2 and why in bad[0].reason


def test_a_plate_that_stands_in_the_file_twice_is_taken_once():
    good, bad = read(HEAD + "8ABC123,CA,,,\n8abc 123,CA,,,\n8ABC123,NV,,,\n")
    assert (len(good), len(bad)) == (2, 1)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"number,state\n1,CA\n", b""])
def test_what_is_no_such_file_is_refused_whole(content):
    with pytest.raises(UnreadableFile):
        read_entries(content, today=TODAY, last=LAST)


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused_and_never_breaks(text):
    try:
        good, bad = read(HEAD + text)
    except UnreadableFile:
        return
    assert all(2 <= len(entry.plate) <= 8 for entry in good)
    assert all(reject.reason for reject in bad)


PLATES = st.text("ABCDEFGHKLMNPRSTUVWXYZ0123456789", min_size=2, max_size=8)


@given(PLATES, PLATES)
def test_a_read_fits_itself_and_nothing_of_another_length(read_as, listed):
    assert fits(read_as, "US-CA", read_as, "US-CA").exact
    if len(read_as) != len(listed):
        assert fits(read_as, "", listed, "") is None
    if (fit := fits(read_as, "", listed, "")) is not None and not fit.exact:
        assert sum(a != b for a, b in zip(read_as, listed, strict=True)) == 1
    assert fits(read_as, "US-CA", read_as, "US-NV") is None


def take_in(agency, hotlist, text, **fields):
    return import_entries(
        hotlist=hotlist, actor=agency.manager, content=(HEAD + text).encode(), file_name="day.csv", **fields
    )


def in_force(hotlist) -> set[str]:
    return set(hotlist.entries.filter(withdrawn_at__isnull=True).values_list("plate", flat=True))


def test_looking_at_a_file_writes_nothing(agency, hotlist):
    outcome = look_at_entries(hotlist=hotlist, content=(HEAD + "8ABC123,CA,,,\nX,CA,,,\n").encode())
    assert (len(outcome.taken), len(outcome.rejected)) == (1, 1)
    assert not HotlistEntry.objects.exists() and not HotlistImport.objects.exists()


def test_the_same_file_twice_changes_nothing(agency, hotlist):
    text = "8ABC123,CA,blue Honda,26-1,\n7XYZ321,,,,\n"
    take_in(agency, hotlist, text)
    before = list(HotlistEntry.objects.values())
    again = take_in(agency, hotlist, text, whole=True)
    assert (len(again.taken), len(again.known), len(again.withdrawn)) == (0, 2, 0)
    assert list(HotlistEntry.objects.values()) == before


def test_a_changed_line_replaces_the_one_before_and_both_stay_on_record(agency, hotlist):
    take_in(agency, hotlist, "8ABC123,CA,blue Honda,,\n")
    outcome = take_in(agency, hotlist, "8ABC123,CA,gray Honda,,\n")
    assert outcome.done.changed == 1
    old, new = HotlistEntry.objects.order_by("id")
    assert old.withdrawn_reason and new.withdrawn_at is None and new.vehicle == "gray Honda"


def test_a_whole_file_withdraws_what_is_not_in_it_but_not_what_it_could_not_read(agency, hotlist):
    take_in(agency, hotlist, "8ABC123,CA,,,\n7XYZ321,CA,,,\n6DEF456,CA,,,\n")
    outcome = take_in(agency, hotlist, "8ABC123,CA,,,\n6DEF456,CA,STOLEN,,\n", whole=True)
    assert outcome.done.withdrawn == 1
    assert in_force(hotlist) == {"8ABC123", "6DEF456"}


def test_refused_lines_are_kept_with_the_file(agency, hotlist):
    done = take_in(agency, hotlist, "8ABC123,ZZ,,,\n").done
    assert done.rejected == [{"line": 2, "plate": "8ABC123", "reason": done.rejected[0]["reason"]}]
    assert len(done.sha256) == 64 and done.by == agency.manager


def test_nothing_goes_into_a_list_that_has_ended(agency, hotlist):
    hotlists.withdraw_hotlist(hotlist=hotlist, actor=agency.manager, reason="The source took it back")
    with pytest.raises(PolicyDenied):
        take_in(agency, hotlist, "8ABC123,CA,,,\n")


def test_a_list_names_its_source_and_ends_in_time(agency):
    whole = {"kind": "wanted", "source": "County", "reason": "Daily extract", "expires_on": timezone.localdate()}
    wrong = {"source": " ", "reason": "", "expires_on": timezone.localdate() + timedelta(days=91)}
    for name, value in wrong.items():
        with pytest.raises(PolicyDenied):
            hotlists.enter_hotlist(actor=agency.manager, **whole | {name: value})
    assert hotlists.enter_hotlist(actor=agency.captain, **whole).entered_by == agency.captain
    with pytest.raises(PolicyDenied):
        hotlists.enter_hotlist(actor=agency.officer, **whole)


def test_an_entry_never_says_why_and_withdrawing_does(agency, hotlist, entry):
    with pytest.raises(PolicyDenied, match="says why"):
        hotlists.add_entry(hotlist=hotlist, actor=agency.manager, plate="7XYZ321", vehicle="stolen blue Honda")
    with pytest.raises(PolicyDenied, match="reason"):
        hotlists.withdraw_entry(entry=entry, actor=agency.manager, reason="no")
