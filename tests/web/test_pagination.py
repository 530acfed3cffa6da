"""Lists say how much they show, and their links keep what was chosen."""

from django.core.paginator import Paginator
from django.test import RequestFactory

from ecpd.web import pagination


def _request(query: str = ""):
    return RequestFactory().get(f"/searches/?{query}")


def test_one_page_says_how_many():
    assert pagination.summary(Paginator(range(12), 50).page(1), one="search", many="searches") == "12 searches"


def test_several_pages_say_which_part():
    page = Paginator(range(1200), 50).page(2)
    assert pagination.summary(page, one="search", many="searches") == "51 to 100 of 1,200 searches"


def test_one_row_is_singular_and_none_is_said():
    assert pagination.summary(Paginator(range(1), 50).page(1), one="case") == "1 case"
    assert pagination.summary(Paginator([], 50).page(1), one="case") == "No cases"


def test_page_links_keep_the_filters():
    links = pagination.page_links(_request("purpose=suspect&page=2"), Paginator(range(95), 10).page(2))
    assert links[0].word == "Previous"
    assert links[-1].url == "?purpose=suspect&page=3"
    assert [link.word for link in links if link.is_current] == ["2"]


def test_left_out_numbers_are_no_link():
    links = pagination.page_links(_request(), Paginator(range(1000), 10).page(50))
    assert all(not link.url for link in links if link.word == "…")


def test_a_single_page_has_no_links():
    assert pagination.page_links(_request(), Paginator(range(3), 10).page(1)) == []


def test_filter_links_go_back_to_the_first_page_and_keep_the_others():
    links = pagination.filter_links(_request("q=alder&page=3"), "policy", [("denied", "Denied", 2)], total=12)
    assert [(link.word, link.count, link.is_current) for link in links] == [("All", 12, True), ("Denied", 2, False)]
    assert links[1].url == "?q=alder&policy=denied"


def test_taking_the_last_choice_away_leaves_the_plain_address():
    assert pagination.with_query(_request("policy=denied"), policy="") == "/searches/"
