"""What everybody gets at citations, contests, the table of violations, and the owner's page.

Officers write, managers decide and take money, examiners hear; captains, the chief and the auditor read. The owner
comes without an account: number and plate open one citation, and nothing is opened in these browsers.
"""

from tests.permissions.parking_world import Citations
from tests.permissions.rows import PICTURE, row
from tests.permissions.table_admin import records

GET_ONLY, POST_ONLY = "405 others", "405 others"
READERS = "200 parking_officer parking_manager hearing_examiner captain chief auditor; 403 others"
OFFICER = "200 parking_officer; 404 others"
MANAGER, MANAGED = "200 parking_manager; 403 others", "302 parking_manager; 403 others"
CLOSED, OPEN = "302 anonymous others", "200 anonymous others"  # back to the start, until a citation is opened
ONE, AT = "parking/citations/<str:number>/", "/parking/citations/{citation}/"
DRAFT, AT_DRAFT = "parking/citations/drafts/<int:pk>/", "/parking/citations/drafts/{draft}/"
CONTEST, AT_HEARING = "parking/contests/<int:pk>/", "/parking/contests/{hearing}/"
REASON = {"reason": "The owner showed us the receipt."}
WHO = {"name": "Rosa Quill", "address": "12 Elm Street, El Cerrito"}
WRITTEN = {
    "violation": "hydrant", "on": "{observed_on}", "about": "00:01", "place": "Alder Street 1100", "plate": "7ABC123",
    "plate_state": "US-CA", "expiry_not_visible": "on", "vin_not_readable": "on", "color": "Blue",
    "read_at_vehicle": "on", "will_attach": "on",
}  # fmt: skip
PLAN = WHO | {"unable_to_pay": "on", "monthly_cents": "25", "months": "4", "first_due_on": "{soon}",
              "reason": "No income this month."}  # fmt: skip
AMOUNT = {"amount_cents": "80", "effective_on": "{soon}", "resolution": "Resolution 2026-60", "resolved_on": "{today}"}
prepare = Citations

WRITING = [
    row("parking/citations/drafts/begin/", get=POST_ONLY, post="302 parking_officer parking_manager; 403 others"),
    row("parking/citations/from-alert/<uuid:pk>/", "/parking/citations/from-alert/{alert}/",
        get="302 parking_officer parking_manager; 403 others", post=GET_ONLY),
    row(DRAFT, AT_DRAFT, get=OFFICER, post="302 parking_officer; 404 others", data=WRITTEN),
    row(DRAFT + "keep/", AT_DRAFT + "keep/", get=POST_ONLY, post=OFFICER, data=WRITTEN),
    row(DRAFT + "throw-away/", AT_DRAFT + "throw-away/", get=POST_ONLY, post="302 parking_officer; 404 others"),
    row(ONE + "attached/", AT + "attached/", get=POST_ONLY, post="302 parking_officer parking_manager; 403 others",
        data={"how": "attached"}),
]  # fmt: skip
MONEY = [
    row("parking/citations/payments/", get=MANAGER, post="422 parking_manager; 403 others", data={"upload": PICTURE}),
    row("parking/citations/payments/<int:pk>/rejected.csv", "/parking/citations/payments/{payments}/rejected.csv", get=MANAGER,
        post=GET_ONLY),
    row("parking/citations/payments/for-processor.csv", get=MANAGER, post=GET_ONLY),
    row("parking/citations/notices/", get=MANAGER, post=GET_ONLY),
    row("parking/citations/notices/<int:pk>/mailed/", "/parking/citations/notices/{notice}/mailed/", get=POST_ONLY,
        post=MANAGED, data={"on": "{today}"}),
    row("parking/citations/notices/<int:pk>.pdf", "/parking/citations/notices/{notice}.pdf", get=READERS, post=GET_ONLY),
    row(ONE + "payment/", AT + "payment/", get=MANAGER, post=MANAGED, data={"cents": "20", "on": "{today}"}),
    row(ONE + "payments/<int:pk>/correct/", "/parking/citations/{paid}/payments/{payment}/correct/", get=MANAGER, post=MANAGED,
        data={"to": ""} | REASON),
    row(ONE + "refund/", "/parking/citations/{paid}/refund/", get=MANAGER, post=MANAGED, data=REASON),
    row(ONE + "plan/", AT + "plan/", get=MANAGER, post=MANAGED, data=PLAN),
    row(ONE + "plans/<int:pk>/end/", "/parking/citations/{on_plan}/plans/{plan}/end/", get=MANAGER, post=MANAGED, data=REASON),
    row(ONE + "reduce/", AT + "reduce/", get=MANAGER, post=MANAGED, data={"cents": "10"} | REASON),
    row(ONE + "decline/", "/parking/citations/{poor}/decline/", get=MANAGER, post=MANAGED, data=REASON),
]  # fmt: skip
CITATIONS = [
    row("parking/citations/", get=READERS, post=GET_ONLY),
    row(ONE, AT, get=READERS, post=GET_ONLY),
    row(ONE + "print/", AT + "print/", get=READERS, post=GET_ONLY),
    row(ONE + "void/", AT + "void/", get="200 parking_manager captain; 403 others",
        post="302 parking_manager captain; 403 others", data=REASON),
    row(ONE + "hold/", AT + "hold/", get=MANAGER, post=MANAGED, data=REASON),
    row(ONE + "holds/<int:pk>/release/", "/parking/citations/{paid}/holds/{citation_hold}/release/", get=MANAGER, post=MANAGED,
        data=REASON),
    row(ONE + "copy/", AT + "copy/", get=MANAGER, post=MANAGED, data={"asked_by": "Rosa Quill", "send_to": "12 Elm Street"}),
    row(ONE + "copy/sent/", "/parking/citations/{paid}/copy/sent/", get=POST_ONLY, post=MANAGED),
    row(ONE + "contest/", AT + "contest/", get="200 parking_officer parking_manager hearing_examiner; 403 others",
        post="302 parking_officer parking_manager hearing_examiner; 403 others",
        data=WHO | {"stage": "review", "channel": "mail", "words": "I had moved it.", "grounds": "not_occurred"}),
]  # fmt: skip
CONTESTS = [
    row("parking/contests/", get=READERS, post=GET_ONLY),
    row(CONTEST, AT_HEARING, get=READERS, post="302 hearing_examiner; 403 others",
        data={"outcome": "upheld", "reason": "The photo shows it beside the hydrant."}),
    row(CONTEST + "schedule/", AT_HEARING + "schedule/", get=POST_ONLY, post="302 parking_manager hearing_examiner; 403 others",
        data={"on": "{soon}", "at_time": "10:00", "held_at": "City Hall"}),
    row(CONTEST + "withdraw/", AT_HEARING + "withdraw/", get=POST_ONLY, post=MANAGED, data=REASON),
    row("parking/contests/documents/<int:pk>/", "/parking/contests/documents/{document}/", get=READERS, post=GET_ONLY),
    row("parking/hearings/", get="200 hearing_examiner; 403 others", post=GET_ONLY),
]  # fmt: skip
VIOLATIONS = [
    row("parking/violations/", get=READERS, post=GET_ONLY),
    row("parking/violations/add/", get=MANAGER, post=MANAGED,
        data={"code": "red-curb", "section": "Municipal Code 11.40.050", "title": "At a red curb", "order": "300"}),
    row("parking/violations/<slug:code>/", "/parking/violations/{violation}/", get=READERS, post=MANAGED, data=AMOUNT),
    row("parking/violations/<slug:code>/withdraw/", "/parking/violations/{violation}/withdraw/", get=POST_ONLY, post=MANAGED,
        data=REASON),
]  # fmt: skip
OWNERS = [
    row("parking/contest/", get=OPEN, post="302 anonymous others", data={"number": "{citation}", "plate": "7ABC123"}),
    row("parking/contest/citation/", get=CLOSED, post=CLOSED),
    row("parking/contest/citation/review/", get=CLOSED, post=CLOSED),
    row("parking/contest/citation/hearing/", get=CLOSED, post=CLOSED),
    row("parking/contest/citation/plan/", get=CLOSED, post=CLOSED),
    row("parking/contest/citation/copy/", get=CLOSED, post=CLOSED),
    row("parking/contest/citation/citation.pdf", get=CLOSED, post=CLOSED),
    row("parking/contest/leave/", get="405 anonymous others", post=CLOSED),
]
ADMIN = [
    *records("parking/citation", "{citation_id}"),
    *records("parking/citationvoid", "{void}"),
    *records("parking/ledgerentry", "{payment}"),
    *records("parking/contest", "{hearing}"),
    *records("parking/contestresult", "{result}"),
    *records("parking/citationhold", "{citation_hold}"),
    *records("parking/paymentplan", "{plan}"),
    *records("parking/violationamount", "{amount}"),
    *records("parking/citationnotice", "{notice}"),
    *records("parking/paymentimport", "{payments}"),
]
API = [
    row("api/parking/citations/$", "/api/parking/citations/", get=READERS, post=GET_ONLY),
    row(
        r"api/parking/citations/(?P<number>\d{2}-\d{6,8}-\d)/$",
        "/api/parking/citations/{citation}/",
        get=READERS,
        post=GET_ONLY,
    ),
]
ROWS = [*API, *WRITING, *MONEY, *CITATIONS, *CONTESTS, *VIOLATIONS, *OWNERS, *ADMIN]
