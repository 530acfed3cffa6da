"""The demo agency, every page by its links, as every person: nothing is broken and no page asks too often."""

import io

import pytest

from ecpd.web import bench
from tests.sealing import seal

PAGES = {
    "home", "cases:list", "cases:detail", "cases:print", "cases:evidence-detail", "leads:search-detail",
    "leads:candidate", "leads:examination", "leads:lead-detail", "leads:application-detail",
    "leads:application-packet", "leads:gallery", "policy:manual", "policy:amendments", "admin:audit_auditevent_changelist",
}  # fmt: skip
pytestmark = pytest.mark.django_db(transaction=True)


def test_every_link_of_every_role_opens_within_fifteen_queries(demo_people, monkeypatch):
    monkeypatch.setattr(bench, "EACH", 2)
    visits = bench.bench(demo_people.values(), io.StringIO())
    assert {visit.person for visit in visits} == {str(user) for user in demo_people.values()}
    assert {visit.kind for visit in visits} >= PAGES


def test_a_page_with_too_many_queries_is_named(demo_people, monkeypatch):
    monkeypatch.setattr(bench, "MOST_QUERIES", 3)
    monkeypatch.setattr(bench, "links_in", lambda address, body: ["/cases/"])
    with pytest.raises(RuntimeError, match=r"cases:list"):
        bench.bench([demo_people["okafor"]], io.StringIO())


def test_the_log_is_filled_through_the_chains_own_seal(demo_people):
    from ecpd.audit.verification import verify

    bench.fill_log(500)
    seal()
    checked = verify()
    assert checked.entries >= 500
    assert checked.intact
