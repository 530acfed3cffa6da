"""Opening leaves a trace: each page of faces, cases and plates puts on the record that somebody looked (AU-03)."""

import re
from collections.abc import Iterator

import pytest

from ecpd.audit.models import Conduct
from ecpd.policy.models import Decision
from parking.models import PlateQuery
from tests.permissions.asking import Browsers
from tests.permissions.rows import Row
from tests.permissions.test_matrix import ROWS, browsers  # noqa: F401 the one world of the matrix

pytestmark = pytest.mark.django_db
# What a page may be that records nothing, by its address: with the reason.
REASONS = {
    r"^$|^(accounts|policy)/|^api/schema/": "A person's own, or the manual: no case, no face, no plate.",
    r"^admin/": "The auditor's lists, and the changes of one row; one opened row is recorded.",
    r"^api/\w+/\$$|^(cases|searches|leads|applications|gallery)/$|^parking/[\w-]+/$": "A list: one that is opened is recorded.",
    r"\.(jpg|csv)$|/pictures?/|/photos/|/documents/": "Part of a page that is recorded, by a number that it shows.",
    r"^(gallery|models|cases/new|parking/(zones|readers|console|plates|plate-policies|figures|violations))\b":
        "How the gallery, a reader, a zone or a street is set up, or how many there were; no case, no plate of one matter.",
    r"^(cases|searches|leads|applications)/.*/(edit|status|seal|assign|new|derive|withdraw|merge|progress|link|verify|against|answer"
    r"|sign-off|purpose|identity|identity/<int:pk>|clear|apply|steps|supplement|recall)/$":
        "A form of, or a step on, a page that is recorded; what is sent is decided on.",
    r"^cases/<str:case_number>/(history|people/<int:pk>|matter/<str:kind>/<int:pk>)/$":
        "Parts of the case's page, which is recorded.",
    r"^parking/(abandoned|hotlists|citations|contests)/.*/$": "A form of a page that is recorded; what is sent is decided on.",
    r"^parking/(citations/(payments|notices)|abandoned/report|hotlists/enter)/": "A desk's own list or empty form.",
    r"^parking/permit-desk/": "The permits of people who applied at this desk; no read and no case.",
}  # fmt: skip
# Matters that have a page of their own: whoever opens it is on the record, whatever stands above.
ALWAYS = (
    "cases/<str:case_number>/", "searches/<str:number>/", "searches/<str:number>/candidates/<int:rank>/",
    "searches/<str:number>/faces/<int:place>/",
    "leads/<str:number>/", "examinations/<int:pk>/", "examinations/<int:pk>/picture-1.jpg",
    "examinations/<int:pk>/picture-2.jpg", "gallery/<int:pk>/", "gallery/imports/<int:pk>/",
    "gallery/photos/<int:pk>/opt-out/",
)  # fmt: skip


def unrecorded(browsers: Browsers) -> Iterator[str]:  # noqa: F811
    """The pages that open for somebody and put nothing on the record."""
    for one in ROWS:
        if (person := looker(one)) is None or one.is_open:
            continue
        with browsers.as_(person):
            before = recorded()
            answer = browsers.client.get(one.filled(browsers.names)[0])
            if answer.status_code == 200 and recorded() == before:
                yield one.route


def looker(one: Row) -> str | None:
    """Somebody for whom the page opens."""
    return next((person for person, status in one.expected("GET").items() if status == 200), None)


def recorded() -> int:
    """How many decisions, acts and questions for a plate there are."""
    return Decision.objects.count() + Conduct.objects.count() + PlateQuery.objects.count()


def test_each_page_records_a_look_or_has_its_reason(browsers):  # noqa: F811
    silent = set(unrecorded(browsers))
    assert sorted(route for route in silent if not any(re.search(one, route) for one in REASONS)) == []
    assert sorted(silent & set(ALWAYS)) == []
    assert [one for one in REASONS if not any(re.search(one, route) for route in silent)] == []


def test_what_is_always_recorded_is_there():
    assert set(ALWAYS) - {one.route for one in ROWS} == set()
