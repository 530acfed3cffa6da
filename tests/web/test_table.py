"""Tables: rows are records on a phone, columns sort, the count is said."""

import html as html_module
import re

import django_tables2 as tables
import pytest
from django.template import RequestContext, Template
from django.test import RequestFactory
from django_tables2 import RequestConfig

ROWS = [{"number": f"S-25-{n:04}", "by": "Okafor"} for n in range(60)]


class SearchTable(tables.Table):
    """A list of searches."""

    number = tables.Column(verbose_name="Search")
    by = tables.Column(orderable=False)
    caption, noun, nouns, order_words = "Searches", "search", "searches", "Newest first"


@pytest.fixture
def html() -> str:
    """The table's second page, sorted downward."""
    request = RequestFactory().get("/searches/?sort=-number&page=2&purpose=suspect")
    table = SearchTable(ROWS)
    RequestConfig(request, paginate={"per_page": 25}).configure(table)
    page = Template("{% load django_tables2 %}{% render_table table %}")
    return page.render(RequestContext(request, {"table": table}))


def test_the_first_column_heads_its_row_and_every_cell_has_a_label(html):
    assert '<th scope="row" data-label="Search"' in html
    assert '<td data-label="By"' in html


def test_the_sorted_column_says_so_and_offers_the_other_direction(html):
    assert 'aria-sort="descending"' in html
    assert "sort=number" in html


def test_the_count_and_the_order_are_said_in_words(html):
    assert "26 to 50 of 60 searches. Newest first" in " ".join(html.split())


def test_the_other_pages_keep_what_was_chosen(html):
    links = [html_module.unescape(link) for link in re.findall(r'href="(\?[^"]*page=3[^"]*)"', html)]
    assert all("sort=-number" in link and "purpose=suspect" in link for link in links)
    assert links


def test_an_empty_table_says_what_is_so():
    table = SearchTable([], empty_text="No searches yet.")
    request = RequestFactory().get("/")
    RequestConfig(request).configure(table)
    page = Template("{% load django_tables2 %}{% render_table table %}")
    assert "No searches yet." in page.render(RequestContext(request, {"table": table}))
