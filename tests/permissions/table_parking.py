"""What everybody gets at parking's zones, readers, console and plate data.

Officers and managers work; captains, the chief and the auditor read; drivers and the public read what the city
publishes. A reader needs no account, its token opens the one address it sends to: a wrong one opens nothing.
"""

from tests.permissions.parking_world import Curbs
from tests.permissions.rows import PICTURE, row
from tests.permissions.table_admin import records

GET_ONLY, POST_ONLY = "405 others", "405 others"
STAFF = "200 parking_officer parking_manager captain chief auditor; 403 others"
MANAGER, MANAGED = "200 parking_manager; 403 others", "302 parking_manager; 403 others"
CONSOLE = "200 parking_officer parking_manager auditor; 403 others"
ANSWERED = "302 parking_officer parking_manager; 403 others"
OPEN, OPEN_READ = "200 anonymous others", "405 anonymous others"
TOKEN, NO_READER = "none-of-ours", "401 anonymous others"
REASON = {"reason": "The signs are gone since Monday."}
LINE = '{{"type": "LineString", "coordinates": [[-122.3001, 37.9001], [-122.3001, 37.9009]]}}'
RULE = {"rule-what": "limit", "rule-limit_minutes": "120", "rule-days": ["0", "1"], "rule-begin": "08:00",
        "rule-end": "18:00"}  # fmt: skip
PARTS = dict.fromkeys(
    ("purposes", "people", "monitoring", "sharing", "custodian", "accuracy", "retention"), "In words."
)
COMMENT = {"public_comment_on": "2026-09-15", "public_comment_at": "Regular meeting of the council"}
CONFIRM = {"plate": "8ABC123", "plate_state": "US-CA", "vehicle": "blue sedan", "plate_checked": "on",
           "state_checked": "on", "vehicle_checked": "on", "no_placard_seen": "on"}  # fmt: skip
LOOK = {"plate": "8ABC123", "purpose": "parking", "reason": "A driver asks at the counter"}
SHARE = {"agency": "{partner}", "received_on": "{today}", "request": "Letter of November 21", "plate": "8ABC123",
         "purpose": "A stolen vehicle seen in both cities", "since": "2026-11-20", "until": "2026-11-24",
         "outcome": "refused", "reason": "It names no case number."}  # fmt: skip
prepare = Curbs

ZONES = [
    row("parking/zones/", get=STAFF, post=GET_ONLY),
    row("parking/zones/map.json", get=STAFF, post=GET_ONLY),
    row("parking/zones/draw/", get=MANAGER, post=MANAGED,
        data={"geometry": LINE, "street": "Oak Street", "side": "E", "scope": "block_face"} | RULE),
    row("parking/zones/import/", get=MANAGER, post="422 parking_manager; 403 others",
        data={"format": "cds", "files": PICTURE}),
    row("parking/zones/export/", get=STAFF, post=GET_ONLY),
    row("parking/zones/export.zip", get=STAFF, post=GET_ONLY),
    row("parking/zones/<uuid:pk>/", "/parking/zones/{zone}/", get=STAFF, post=GET_ONLY),
    row("parking/zones/<uuid:pk>/change/", "/parking/zones/{zone}/change/", get=POST_ONLY, post=MANAGED,
        data={"name": "Alder", "scope": "block_face"}),
    row("parking/zones/<uuid:pk>/rules/", "/parking/zones/{zone}/rules/", get=POST_ONLY, post=MANAGED, data=RULE),
    row("parking/zones/<uuid:pk>/end/", "/parking/zones/{zone}/end/", get=POST_ONLY, post=MANAGED,
        data={"end-reason": "The signs are gone."}),
]  # fmt: skip
READERS = [
    row("parking/readers/", get=STAFF, post=GET_ONLY),
    row("parking/readers/add/", get=MANAGER, post=MANAGER, data={"name": "Car 14 reader", "format": "canonical"}),
    row("parking/readers/<int:pk>/", "/parking/readers/{device}/", get=STAFF, post=GET_ONLY),
    row("parking/readers/<int:pk>/token/", "/parking/readers/{device}/token/", get=POST_ONLY, post=MANAGER),
    row("parking/readers/<int:pk>/take-over/", "/parking/readers/{device}/take-over/", get=POST_ONLY, post=MANAGED),
    row(
        "parking/readers/<int:pk>/retire/",
        "/parking/readers/{device}/retire/",
        get=POST_ONLY,
        post=MANAGED,
        data=REASON,
    ),
]
CONSOLE_ROWS = [
    row("parking/console/", get=CONSOLE, post=GET_ONLY),
    row("parking/console/live/", get=CONSOLE, post=GET_ONLY),
    row("parking/alerts/<uuid:pk>/", "/parking/alerts/{alert}/", get=CONSOLE, post=GET_ONLY),
    row("parking/alerts/<uuid:pk>/confirm/", "/parking/alerts/{alert}/confirm/", get=POST_ONLY, post=ANSWERED, data=CONFIRM),
    row("parking/alerts/<uuid:pk>/dismiss/", "/parking/alerts/{alert}/dismiss/", get=POST_ONLY, post=ANSWERED,
        data={"reason": "driver"}),
    row("parking/pictures/<int:pk>/", "/parking/pictures/{image}/", get=CONSOLE, post=GET_ONLY),
]  # fmt: skip
PLATES = [
    row("parking/plates/", get="200 parking_officer parking_manager workers outsider; 403 others",
        post="200 parking_officer parking_manager workers outsider; 403 others", data=LOOK),
    row("parking/plates/holds/", get="200 parking_manager workers outsider; 403 others",
        post="302 parking_manager workers outsider; 403 others", data={"plate": "8ABC123", "reason": "A claim of November"}),
    row("parking/plates/holds/<int:pk>/release/", "/parking/plates/holds/{plate_hold}/release/", get=POST_ONLY,
        post="302 parking_manager workers outsider; 403 others", data={"reason": "The claim is settled."}),
    row("parking/plates/purge/", get=POST_ONLY, post="403 others"),  # no resolution is entered: nobody may
    row("parking/plates/sharing/", get="200 command; 403 others", post="302 command; 403 others", data=SHARE),
    row("parking/plates/sharing/agencies/", get=POST_ONLY, post="302 command; 403 others",
        data={"listed": "Oakland Police Department", "contact": "Records"}),
    row("parking/plate-access/", get=OPEN, post=OPEN_READ),
    row("parking/plate-access.csv", get=OPEN, post=OPEN_READ),
    row("parking/plate-policy/", get=OPEN, post=OPEN_READ),
    row("parking/plate-policies/", get=STAFF, post=GET_ONLY),
    row("parking/plate-policies/draft/", get="200 parking_manager captain; 403 others",
        post="302 parking_manager captain; 403 others", data=PARTS | COMMENT),
    row("parking/plate-policies/<int:pk>/", "/parking/plate-policies/{draft_policy}/", get=STAFF, post=GET_ONLY),
    row("parking/plate-policies/<int:pk>/edit/", "/parking/plate-policies/{draft_policy}/edit/",
        get="200 parking_manager captain; 403 others", post="302 parking_manager captain; 403 others", data=PARTS | COMMENT),
    row("parking/plate-policies/<int:pk>/publish/", "/parking/plate-policies/{draft_policy}/publish/", get=POST_ONLY,
        post="302 chief; 403 others"),
    row("parking/plate-policies/<int:pk>/withdraw/", "/parking/plate-policies/{policy}/withdraw/", get=POST_ONLY,
        post="302 chief; 403 others", data={"reason": "The council asked for another."}),
    row("parking/check/", get="200 parking_officer parking_manager workers outsider; 403 others",
        post="200 parking_officer parking_manager workers outsider; 403 others", data=LOOK | {"zone": "{zone}"}),
    row("parking/figures/", get="200 parking_manager captain chief auditor; 403 others", post=GET_ONLY),
    row("parking/figures.csv", get="200 parking_manager captain chief auditor; 403 others", post=GET_ONLY),
]  # fmt: skip
API = [
    row("api/parking/reads/<str:token>", f"/api/parking/reads/{TOKEN}", get=OPEN_READ, post=NO_READER),
    row("api/parking/images/<str:token>/<str:sha256>", f"/api/parking/images/{TOKEN}/{'a' * 64}", get=OPEN_READ, post=OPEN_READ),
    row("api/parking/ingest/rekor/<str:token>", f"/api/parking/ingest/rekor/{TOKEN}", get=OPEN_READ, post=NO_READER),
    row("api/parking/ingest/platerecognizer/<str:token>", f"/api/parking/ingest/platerecognizer/{TOKEN}", get=OPEN_READ,
        post=NO_READER),
    row("api/parking/ingest/sharpv/<str:token>", f"/api/parking/ingest/sharpv/{TOKEN}", get=OPEN_READ, post=NO_READER),
    row("api/parking/allowed", "/api/parking/allowed?plate=8ABC123&zone={zone}&purpose=parking&reason=Asked+at+the+counter",
        get="200 parking_officer parking_manager workers outsider; 403 others", post=GET_ONLY),
    row("api/parking/curbs/objects", get="501 anonymous others", post=OPEN_READ),
    row("api/parking/curbs/zones", get=OPEN, post=OPEN_READ),
    row("api/parking/curbs/areas", get=OPEN, post=OPEN_READ),
    row("api/parking/curbs/spaces", get=OPEN, post=OPEN_READ),
    row("api/parking/curbs/policies", get=OPEN, post=OPEN_READ),
    row("api/parking/curbs/zones/<uuid:pk>", "/api/parking/curbs/zones/{zone}", get=OPEN, post=OPEN_READ),
    row("api/parking/curbs/areas/<uuid:pk>", "/api/parking/curbs/areas/{area}", get=OPEN, post=OPEN_READ),
    row("api/parking/curbs/spaces/<uuid:pk>", "/api/parking/curbs/spaces/{zone}", get="404 anonymous others", post=OPEN_READ),
    row("api/parking/curbs/policies/<uuid:pk>", "/api/parking/curbs/policies/{zone}", get="404 anonymous others",
        post=OPEN_READ),
]  # fmt: skip
ADMIN = [
    *records("parking/platequery", "{query}"),
    *records("parking/plateshare", "{share}"),
    *records("parking/platepurge", "{purge}"),
    *records("parking/platehold", "{plate_hold}"),
    *records("parking/alert", "{alert}"),
    *records("parking/readkeep", "{read_keep}"),
    *records("parking/alertanswer", "{answer}"),
    *records("parking/ingestgate", "{gate}"),
    *records("parking/platepolicy", "{policy}"),
    *records("parking/accessreport", "{access_report}"),
]
ROWS = [*ZONES, *READERS, *CONSOLE_ROWS, *PLATES, *API, *ADMIN]
