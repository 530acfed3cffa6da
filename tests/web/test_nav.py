"""Each role sees its own way in, and nothing that isn't there."""

import pytest
from django.http import HttpResponse
from django.urls import include, path

from ecpd.web import nav


def _page(request, **kwargs):
    return HttpResponse()


def _pages(*names: str) -> list:
    return [path(f"{name}/", _page, name=name) for name in names]


urlpatterns = [
    path("", _page, name="home"),
    path("cases/", include(([path("", _page, name="list")], "cases"))),
    path("", include((_pages("search-list", "lead-list", "application-list"), "leads"))),
    path("policy/", include(([path("", _page, name="manual"), *_pages("amendments")], "policy"))),
]


@pytest.fixture(autouse=True)
def _these_pages(settings):
    settings.ROOT_URLCONF = "tests.web.test_nav"


def words(role: str) -> list[str]:
    """The navigation of a role, as words."""
    return [item.word for item in nav.items_for(frozenset({role}), "/")]


def test_an_investigator_sees_their_work():
    assert words("investigator") == ["Waiting for me", "Cases", "Searches", "Leads", "Policy manual"]


def test_a_captain_sees_applications():
    assert words("captain") == ["Waiting for me", "Cases", "Applications", "Leads", "Policy manual"]


def test_a_chief_sees_amendments_too():
    assert words("chief") == ["Waiting for me", "Cases", "Applications", "Leads", "Amendments", "Policy manual"]


def test_a_parking_officer_sees_no_case():
    assert words("parking_officer") == ["Waiting for me", "Policy manual"]


def test_a_page_that_is_not_installed_is_left_out():
    assert words("administrator") == ["Policy manual"]


def test_someone_without_a_role_sees_nothing():
    assert nav.items_for(frozenset(), "/") == []


def test_the_entry_that_covers_the_page_is_current():
    current = [item.word for item in nav.items_for(frozenset({"chief"}), "/policy/amendments/4/") if item.is_current]
    assert current == ["Amendments"]


def test_the_first_page_is_current_only_on_itself():
    current = [item.word for item in nav.items_for(frozenset({"captain"}), "/cases/7/") if item.is_current]
    assert current == ["Cases"]
