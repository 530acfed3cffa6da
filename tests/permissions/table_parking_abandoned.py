"""What everybody gets at hotlists, abandoned vehicles and tows.

Officers and managers work; captains, the chief and the auditor read. Captains keep hotlists too. A hearing examiner
sees a matter once its owner asks for a hearing, and decides; so may a captain.
"""

from tests.permissions.abandoned_world import Streets
from tests.permissions.rows import PICTURE, row
from tests.permissions.table_admin import records

GET_ONLY = "405 others"
STAFF = "200 parking_officer parking_manager captain chief auditor; 403 others"
WITH_EXAMINER = "200 parking_officer parking_manager captain chief auditor hearing_examiner; 403 others"
WORKS, WORKED = "200 parking_officer parking_manager; 403 others", "302 parking_officer parking_manager; 403 others"
KEEPS, KEPT = "200 parking_manager captain; 403 others", "302 parking_manager captain; 403 others"
HEARS, HEARD = "200 hearing_examiner captain; 403 others", "302 hearing_examiner captain; 403 others"
ONE, AT = "parking/abandoned/<str:number>/", "/parking/abandoned/"
LIST, AT_LIST = "parking/hotlists/<int:pk>/", "/parking/hotlists/{hotlist}/"
WHY = {"reason": "Written down for the matrix of permissions."}
REPORT = {"kind": "hazard_hulk", "source": "officer", "vehicle": "red sedan", "place": "Alder Street"}
MARK = {"kind": "hazard_hulk", "grounds_hulk": ["engine"], "marks": "Valve at 2.", "notice_text": "Move it.",
        "notice_where": "Windshield", "photos": PICTURE}  # fmt: skip
LOOK = {"there": "yes", "words": "As marked.", "photos": PICTURE}
ORDER = {
    "orderer_class": "employee",
    "purpose": "A hazard.",
    "tow_company": "Demo Towing",
    "storage": "Demo Towing Yard",
}
NOTICE = {
    "sent_to": "legal",
    "name": "Demo Bank",
    "address": "1 Main Street",
    "dated": "{today}",
    "sent_at": "{tow_minute}",
}
ASK = {"name": "Rosa Quill", "contact": "510-555-0199", "channel": "phone", "asked_at": "{tow_minute}"}
HEAR = {"held_at": "{tow_minute}", "outcome": "valid"} | WHY
NEW = {"kind": "wanted", "source": "County", "reason": "Daily extract", "expires_on": "{today}"}
prepare = Streets

MATTERS = [
    row("parking/abandoned/", get=STAFF, post=GET_ONLY),
    row("parking/abandoned/hearings/", get=HEARS, post=GET_ONLY),
    row("parking/abandoned/report/", get=WORKS, post=WORKED, data=REPORT),
    row("parking/abandoned/from-alert/<uuid:pk>/", AT + "from-alert/{long_stay}/", get=WORKS, post=WORKED, data=REPORT),
    row(ONE, AT + "{heard}/", get=WITH_EXAMINER, post=GET_ONLY),
    row(ONE + "print/", AT + "{chalked}/print/", get=STAFF, post=GET_ONLY),
    row(ONE + "photos/<int:pk>/", AT + "{chalked}/photos/{matter_photo}/", get=STAFF, post=GET_ONLY),
    row(ONE + "mark/", AT + "{reported}/mark/", get=WORKS, post=WORKED, data=MARK),
    row(ONE + "look/", AT + "{chalked}/look/", get=WORKS, post=WORKED, data=LOOK),
    row(ONE + "close/", AT + "{reported}/close/", get=WORKS, post=WORKED, data={"outcome": "unfounded"} | WHY),
    row(ONE + "tow/", AT + "{to_tow}/tow/", get=WORKS, post=WORKED, data=ORDER),
    row(ONE + "tow/order.pdf", AT + "{ordered}/tow/order.pdf", get=STAFF, post=GET_ONLY),
    row(ONE + "tow/removal/", AT + "{ordered}/tow/removal/", get=WORKS, post=WORKED,
        data={"at": "{tow_minute}", "condition": "Burned.", "inventory": "nothing"}),
    row(ONE + "tow/notice/", AT + "{removed}/tow/notice/", get=WORKS, post=WORKED, data=NOTICE),
    row(ONE + "tow/notices/<int:pk>.pdf", AT + "{removed}/tow/notices/{tow_notice}.pdf", get=STAFF, post=GET_ONLY),
    row(ONE + "tow/ask/", AT + "{removed}/tow/ask/", get=WORKS, post=WORKED, data=ASK),
    row(ONE + "tow/hearing/", AT + "{heard}/tow/hearing/", get=HEARS, post=HEARD, data=HEAR),
    row(ONE + "tow/end/", AT + "{removed}/tow/end/", get=WORKS, post=WORKED,
        data={"how": "released", "to": "Rosa Quill"} | WHY),
]  # fmt: skip
HOTLISTS = [
    row("parking/hotlists/", get=STAFF, post=GET_ONLY),
    row("parking/hotlists/enter/", get=KEEPS, post=KEPT, data=NEW),
    row(LIST, AT_LIST, get=STAFF, post=GET_ONLY),
    row(LIST + "add/", AT_LIST + "add/", get=KEEPS, post=KEPT, data={"plate": "9ZZZ222", "plate_state": "US-CA"}),
    row(LIST + "import/", AT_LIST + "import/", get=KEEPS, post="422 parking_manager captain; 403 others",
        data={"upload": PICTURE}),
    row(LIST + "withdraw/", AT_LIST + "withdraw/", get=KEEPS, post=KEPT, data=WHY),
    row("parking/hotlists/entries/<int:pk>/withdraw/", "/parking/hotlists/entries/{hotlist_entry}/withdraw/", get=KEEPS,
        post=KEPT, data=WHY),
    row("parking/hotlists/imports/<int:pk>/refused.csv", "/parking/hotlists/imports/{hotlist_file}/refused.csv", get=KEEPS,
        post=GET_ONLY),
]  # fmt: skip
ADMIN = [
    *records("parking/hotlist", "{hotlist}"),
    *records("parking/hotlistentry", "{hotlist_entry}"),
    *records("parking/hotlistimport", "{hotlist_file}"),
    *records("parking/hotlisthit", "{hotlist_hit}"),
    *records("parking/abandonedvehicle", "{matter_id}"),
    *records("parking/abandonedmark", "{mark_id}"),
    *records("parking/abandonedlook", "{look_id}"),
    *records("parking/toworder", "{tow_id}"),
    *records("parking/towremoval", "{removal_id}"),
    *records("parking/townotice", "{tow_notice}"),
    *records("parking/towhearing", "{tow_hearing}"),
    *records("parking/towresult", "{tow_result}"),
    *records("parking/towend", "{tow_end}"),
]
ROWS = [*MATTERS, *HOTLISTS, *ADMIN]
