"""What everybody gets at permits: the portal for everybody, staff's desk, exempt plates.

Officers enter, managers decide and change; captains, the chief and the auditor read. Holders come without an account:
a link in an e-mail opens what is theirs, and nothing is opened in these browsers.
"""

from tests.permissions.parking_world import Permits
from tests.permissions.rows import PICTURE, row
from tests.permissions.table_admin import records

GET_ONLY, POST_ONLY = "405 others", "405 others"
READERS = "200 parking_officer parking_manager captain chief auditor; 403 others"
COUNTER = "200 parking_officer parking_manager; 403 others"
ENTERED = "302 parking_officer parking_manager; 403 others"
MANAGER, MANAGED = "200 parking_manager; 403 others", "302 parking_manager; 403 others"
CLOSED, OPEN = "302 anonymous others", "200 anonymous others"
DESK, AT_DESK = "parking/permit-desk/", "/parking/permit-desk/"
APPLICATION, AT_WAITS = DESK + "applications/<str:number>/", AT_DESK + "applications/{waits}/"
PERMIT, AT_PERMIT = DESK + "permits/<str:number>/", AT_DESK + "permits/{permit}/"
OWN, AT_OWN = "parking/permits/mine/<str:number>/", "/parking/permits/mine/{permit}/"
REASON = {"reason": "The holder told us at the counter."}
DECIDED = {"outcome": "approve", "reasons": "Address and documents are in order."}
APPLY = {"name": "Rosa Quill", "address": "20 Elm Street", "plate_1": "3NPR345", "state_1": "US-CA", "channel": "counter",
         "documents_seen": "A bill"}  # fmt: skip
prepare = Permits

PORTAL = [
    row("parking/permits/", get=OPEN, post=OPEN, data={"email": "somebody@example.com"}),
    row("parking/permits/open/<str:token>/", "/parking/permits/open/none-of-ours/", get=CLOSED, post=CLOSED),
    row("parking/permits/leave/", get="405 anonymous others", post=CLOSED),
    row("parking/permits/mine/", get=CLOSED, post=CLOSED),
    row("parking/permits/apply/<slug:code>/", "/parking/permits/apply/{class}/", get=CLOSED, post=CLOSED),
    row(
        "parking/permits/applications/<str:number>/", "/parking/permits/applications/{waits}/", get=CLOSED, post=CLOSED
    ),
    row("parking/permits/documents/<int:pk>/", "/parking/permits/documents/{paper}/", get=CLOSED, post=CLOSED),
    row(OWN, AT_OWN, get=CLOSED, post=CLOSED),
    row(OWN + "plate/", AT_OWN + "plate/", get=CLOSED, post=CLOSED),
    row(OWN + "guests/", AT_OWN + "guests/", get=CLOSED, post=CLOSED),
    row(
        OWN + "guests/<int:pk>/end/",
        "/parking/permits/mine/{visitors}/guests/{guest_code}/end/",
        get=CLOSED,
        post=CLOSED,
    ),
    row(OWN + "end/", AT_OWN + "end/", get=CLOSED, post=CLOSED),
    row(OWN + "check/", AT_OWN + "check/", get=CLOSED, post=CLOSED),
    row(
        "parking/guest/",
        get=OPEN,
        post="422 anonymous others",
        data={"code": "NONEOURS", "plate": "3NPR345", "state": "US-CA"},
    ),
]
DESK_ROWS = [
    row(DESK, get=READERS, post=GET_ONLY),
    row(DESK + "applications/", get=READERS, post=GET_ONLY),
    row(APPLICATION, AT_WAITS, get=READERS, post=MANAGED, data=DECIDED),
    row(APPLICATION + "decide/", AT_WAITS + "decide/", get=POST_ONLY, post=MANAGED, data=DECIDED),
    row(APPLICATION + "reopen/", AT_DESK + "applications/{denied}/reopen/", get=POST_ONLY, post=MANAGED, data=REASON),
    row(APPLICATION + "withdraw/", AT_WAITS + "withdraw/", get=POST_ONLY, post=ENTERED, data=REASON),
    row(DESK + "documents/<int:pk>/", AT_DESK + "documents/{paper}/", get=READERS, post=GET_ONLY),
    row(DESK + "counter/", get=COUNTER, post=GET_ONLY),
    row(DESK + "counter/<slug:code>/", AT_DESK + "counter/{class}/", get=COUNTER, post=ENTERED, data=APPLY),
    row(DESK + "classes/", get=READERS, post=MANAGED, data={"name": "Contractor", "code": "contractor", "kind": "contractor"}),
    row(DESK + "classes/<slug:code>/", AT_DESK + "classes/{class}/", get=READERS, post="422 parking_manager; 403 others",
        data={"prices": "none"}),
    row(DESK + "classes/<slug:code>/withdraw/", AT_DESK + "classes/{class}/withdraw/", get=POST_ONLY, post=MANAGED, data=REASON),
    row(PERMIT, AT_PERMIT, get=READERS, post=GET_ONLY),
    row(PERMIT + "plate/", AT_PERMIT + "plate/", get=MANAGER, post=MANAGED,
        data={"instead_of": "1", "plate": "2STU678", "state": "US-CA", "kind": "own"} | REASON),
    row(PERMIT + "end/", AT_PERMIT + "end/", get=MANAGER, post=MANAGED, data={"ground": "moved"} | REASON),
    row(PERMIT + "replace/", AT_PERMIT + "replace/", get=MANAGER, post=MANAGED, data=REASON),
    row(PERMIT + "warn/", AT_PERMIT + "warn/", get=MANAGER, post=MANAGED, data=REASON),
    row(DESK + "exempt/", get=READERS, post=MANAGED,
        data={"kind": "press", "plate": "2STU678", "state": "US-CA", "source": "Letter", "last_day": "{today}"}),
    row(DESK + "exempt/import/", get=MANAGER, post="422 parking_manager; 403 others",
        data={"source": "Fleet office", "file": PICTURE}),
    row(DESK + "exempt/imports/<int:pk>/left-out.csv", AT_DESK + "exempt/imports/{exempt_import}/left-out.csv", get=MANAGER,
        post=GET_ONLY),
    row(DESK + "exempt/<int:pk>/end/", AT_DESK + "exempt/{exempt}/end/", get=MANAGER, post=MANAGED, data=REASON),
]  # fmt: skip
ADMIN = [
    *records("parking/permitterms", "{terms}"),
    *records("parking/permitdecision", "{decided}"),
    *records("parking/permitapplication", "{waits_id}"),
    *records("parking/permit", "{permit_id}"),
    *records("parking/permitplate", "{plate_row}"),
    *records("parking/exemption", "{exempt}"),
    *records("parking/exemptionimport", "{exempt_import}"),
]
ROWS = [*PORTAL, *DESK_ROWS, *ADMIN]
