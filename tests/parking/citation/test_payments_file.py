"""A processor's file is read line by line: bad lines are named, good ones kept, nothing crashes."""

from datetime import date

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from parking.citations.money import cents_of, dollars
from parking.citations.number import citation_number
from parking.citations.payments import UnreadableFile, read_payments

TODAY = date(2026, 11, 25)
NUMBER = citation_number(2026, 17)


def read(*lines: str):
    return read_payments("\n".join(["reference,citation,kind,amount,date", *lines]).encode(), today=TODAY)


def test_a_good_line_is_read():
    (line,), bad = read(f"P-1,{NUMBER},payment,48.00,2026-11-20")
    assert (line.reference, line.citation, line.cents, line.on, bad) == ("P-1", NUMBER, 4800, date(2026, 11, 20), [])


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (f",{NUMBER},payment,48.00,2026-11-20", "reference is missing"),
        (f"P-1,{NUMBER[:-1]}{(int(NUMBER[-1]) + 1) % 10},payment,48.00,2026-11-20", "check digit"),
        (f"P-1,{NUMBER},gift,48.00,2026-11-20", "payment or returned"),
        (f"P-1,{NUMBER},payment,-48.00,2026-11-20", "no amount"),
        (f"P-1,{NUMBER},payment,0.00,2026-11-20", "zero"),
        (f"P-1,{NUMBER},payment,48.00,11/20/2026", "no date"),
        (f"P-1,{NUMBER},payment,48.00,2026-11-26", "future"),
    ],
)
def test_a_bad_line_is_named_with_its_reason(line, says):
    good, (bad,) = read(line)
    assert good == []
    assert bad.line == 2
    assert says in bad.reason


def test_the_same_reference_twice_in_a_file_is_taken_once():
    good, bad = read(f"P-1,{NUMBER},payment,1.00,2026-11-20", f"P-1,{NUMBER},payment,1.00,2026-11-20")
    assert (len(good), len(bad)) == (1, 1)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"a,b\n1,2", b"", b'reference,citation,kind,amount,date\n"x'])
def test_a_file_that_is_no_such_file_is_refused_as_a_whole(content):
    with pytest.raises(UnreadableFile):
        read_payments(content, today=TODAY)


@settings(deadline=None)
@given(st.lists(st.lists(st.text(max_size=12), min_size=0, max_size=7), max_size=5))
def test_every_line_of_any_table_is_either_taken_or_named(rows):
    import csv
    import io

    out = io.StringIO(newline="")
    csv.writer(out).writerows([["reference", "citation", "kind", "amount", "date"], *rows])
    try:
        good, bad = read_payments(out.getvalue().encode("utf-8", "replace"), today=TODAY)
    except UnreadableFile:
        return
    assert len(good) + len(bad) <= len(rows)
    assert all(reject.reason for reject in bad)


@given(st.integers(0, 10**9))
def test_money_reads_back_as_it_is_written(cents):
    assert cents_of(dollars(cents)) == cents


@given(st.text(max_size=10))
def test_any_text_is_an_amount_or_refused(text):
    try:
        assert cents_of(text) >= 0
    except ValueError as error:
        assert "no amount" in str(error)
