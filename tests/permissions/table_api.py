"""What everybody gets at the API: the same as at the pages; what is not for a person does not exist for them."""

from tests.permissions.rows import PICTURE, case_row, row
from tests.permissions.table_leads import REQUEST

GET_ONLY = POST_ONLY = "405 others"
LIST = "200 readers outsider; 403 others"
ONE = "200 readers; 404 others"
FACTS = {"title": "Robbery at Marlow Market", "offense": "{offense}"}
EXHIBIT = {"case": "{case}", "kind": "photo", "title": "Still", "origin_kind": "business_camera", "origin": "The owner",
           "obtained_at": "2026-11-01T10:00:00Z", "file": PICTURE}  # fmt: skip
SEARCH = {"case": "{case}", "probe": "{exhibit}", "face": 0, "purpose": "suspect", "offense": "{offense}",
          "facts": REQUEST["facts"], "no_forbidden_ground": True}  # fmt: skip
WRITES = "201 workers; 403 chief auditor; 404 others"
ASKS = "201 investigator; 403 captain chief auditor; 404 others"
A_SEARCH, A_LEAD = r"api/searches/(?P<number>S-\d{2}-\d{4,6})/", r"api/leads/(?P<number>L-\d{2}-\d{4,6})/"
DETECTIVE = "200 investigator; 403 captain chief auditor; 404 others"

ROWS = [
    row("api/cases/$", "/api/cases/", get=LIST, post="201 workers outsider; 403 others", data=FACTS),
    case_row(r"api/cases/(?P<case_number>\d{2}-\d{6})/$", "/api/cases/{case}/", get=ONE, post=GET_ONLY),
    row("api/evidence/$", "/api/evidence/", get=LIST, post=WRITES, data=EXHIBIT),
    case_row(r"api/evidence/(?P<pk>\d{1,18})/$", "/api/evidence/{exhibit_id}/", get=ONE, post=GET_ONLY),
    row("api/searches/$", "/api/searches/", get=LIST, post=ASKS, data=SEARCH),
    case_row(A_SEARCH + "$", "/api/searches/{search}/", get=ONE, post=GET_ONLY),
    case_row(A_SEARCH + "cancel/$", "/api/searches/{waiting}/cancel/", get=POST_ONLY, post=DETECTIVE),
    case_row(A_SEARCH + "candidates/$", "/api/searches/{search}/candidates/", get=ONE, post=GET_ONLY),
    case_row(r"api/candidates/(?P<pk>\d{1,18})/$", "/api/candidates/{candidate}/", get=ONE, post=GET_ONLY),
    row("api/leads/$", "/api/leads/", get=LIST, post=GET_ONLY),
    case_row(A_LEAD + "$", "/api/leads/{lead}/", get=ONE, post=GET_ONLY),
    case_row(A_LEAD + "mark_for_warrant/$", "/api/leads/{ready}/mark_for_warrant/", get=POST_ONLY, post=DETECTIVE,
             shown_at=("/api/leads/{ready}/",)),
    row("api/applications/$", "/api/applications/", get=LIST, post=GET_ONLY),
    case_row(r"api/applications/(?P<number>W-\d{2}-\d{4,6})/$", "/api/applications/{application}/", get=ONE, post=GET_ONLY),
    row("api/schema/", get="200 others", post=GET_ONLY),
]  # fmt: skip
