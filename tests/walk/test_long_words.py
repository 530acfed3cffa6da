"""A word without end, typed by somebody, never makes a page wider than its window."""

import pytest
from django.urls import reverse

from cases.services import person
from tests.factories import leads as make
from tests.walk.test_typed_words import signs_in, tab  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db(transaction=True)
LONG = "W" * 180


def test_a_word_without_end_fits_a_desk_and_a_phone(tab):  # noqa: F811 - the fixture
    people = make.agency()
    person.add_person(case=people.case, actor=people.okafor, role="witness", name=LONG[:100], description=LONG)
    exhibit = make.exhibit(people, title=LONG)
    signs_in(tab, people.okafor)
    wide = {}
    for page in ("/", "/cases/", people.case.get_absolute_url(), reverse("cases:tab", args=[people.case.case_number, "people"]),
                 exhibit.get_absolute_url(), reverse("cases:history", args=[people.case.case_number])):  # fmt: skip
        for width in (1280, 390):
            tab.set_viewport_size({"width": width, "height": 900})
            tab.goto(page)
            reached = tab.evaluate("document.documentElement.scrollWidth")
            if reached > width:
                wide[page, width] = reached
    assert wide == {}
