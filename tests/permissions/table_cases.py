"""What everybody gets at the addresses of cases.

Who is on the case (okafor, its captain) works on it; chief and auditor read it; to everybody else it does not exist.
"""

from tests.permissions.rows import PICTURE, case_row, row

ONE, AT = "cases/<str:case_number>/", "/cases/{case}/"
READ = "200 readers; 404 others"
WRITE_FORM = "200 workers; 403 chief auditor; 404 others"
WRITE = "302 workers; 403 chief auditor; 404 others"
GET_ONLY, POST_ONLY = "405 others", "405 others"
REASON = {"reason": "Entered by mistake, the captain was told."}
PERSON = {"role": "witness", "name": "L. Ostrander"}
FACTS = {"title": "Robbery at Marlow Market", "offense": "{offense}"}

ROWS = [
    row("cases/", get="200 others", post=GET_ONLY),
    row("cases/new/", get="200 workers outsider; 403 others", post="302 workers outsider; 403 others", data=FACTS),
    case_row(ONE, AT, get=READ, post=GET_ONLY),
    case_row(ONE + "edit/", AT + "edit/", get=WRITE_FORM, post=WRITE, data=FACTS),
    case_row(ONE + "print/", AT + "print/", get=READ, post=GET_ONLY),
    case_row(ONE + "history/", AT + "history/", get=READ, post=GET_ONLY),
    case_row(ONE + "timeline/print/", AT + "timeline/print/", get=READ, post=GET_ONLY),
    case_row(ONE + "notes/", AT + "notes/", get=POST_ONLY, post=WRITE, data={"text": "The clerk was called."}),
    case_row(ONE + "status/", AT + "status/", get=WRITE_FORM, post=WRITE, data={"status": "suspended"} | REASON),
    case_row(ONE + "seal/", AT + "seal/", get="200 captain; 403 investigator chief auditor; 404 others",
             post="302 captain; 403 investigator chief auditor; 404 others", data=REASON),
    case_row(ONE + "matter/", AT + "matter/", get=READ, post=GET_ONLY),
    case_row(ONE + "matter/numbers/", AT + "matter/numbers/", get=POST_ONLY, post=WRITE,
             data={"system": "records", "number": "26-10441"}),
    case_row(ONE + "matter/links/", AT + "matter/links/", get=POST_ONLY,
             post="302 captain; 422 investigator; 403 auditor chief; 404 others",
             data={"other": "{linked}", "why": "The same night and the same cap"}),
    case_row(ONE + "matter/<str:kind>/<int:pk>/", AT + "matter/numbers/{incident}/",
             get="200 captain; 403 investigator chief auditor; 404 others",
             post="302 captain; 403 investigator chief auditor; 404 others", data=REASON),
    case_row(ONE + "assign/", AT + "assign/", get="200 captain; 403 investigator chief auditor; 404 others",
             post="302 captain; 403 investigator chief auditor; 404 others", data={"user": "{colleague}"}),
    case_row(ONE + "assignments/<int:pk>/end/", AT + "assignments/{assignment}/end/", get=POST_ONLY,
             post="302 captain; 403 investigator chief auditor; 404 others"),
    case_row(ONE + "evidence/new/", AT + "evidence/new/", get=WRITE_FORM, post=WRITE,
             data={"kind": "fingerprint", "title": "Lift", "origin_kind": "lab", "origin": "Sealed bag 88213",
                   "obtained_at": "2026-11-01T10:00", "location": "Locker 4"}),
    case_row(ONE + "evidence/<int:number>/", AT + "evidence/{exhibit}/", get=READ, post=GET_ONLY),
    case_row(ONE + "evidence/<int:number>/picture/", AT + "evidence/{exhibit}/picture/", get=READ, post=GET_ONLY),
    case_row(ONE + "evidence/<int:number>/original/", AT + "evidence/{exhibit}/original/",
             get="200 workers auditor; 403 chief; 404 others", post=GET_ONLY),
    case_row(ONE + "evidence/<int:number>/check/", AT + "evidence/{exhibit}/check/", get=POST_ONLY,
             post="302 readers; 404 others"),
    case_row(ONE + "evidence/<int:number>/derive/", AT + "evidence/{exhibit}/derive/", get=WRITE_FORM, post=WRITE,
             data={"title": "Cropped", "kind": "still", "derivation": "Cropped to the face.", "upload": PICTURE}),
    case_row(ONE + "evidence/<int:number>/hand-over/", AT + "evidence/{exhibit}/hand-over/", get=POST_ONLY, post=WRITE,
             data={"action": "transferred", "from_party": "{holder}", "to_party": "Laboratory", "at": "{minute}",
                   "reason": "For the laboratory"}),
    case_row(ONE + "evidence/<int:number>/withdraw/", AT + "evidence/{exhibit}/withdraw/", get=WRITE_FORM, post=WRITE,
             shown_at=(AT + "evidence/{exhibit}/withdraw/",),
             data=REASON),
    case_row(ONE + "people/new/", AT + "people/new/", get=WRITE_FORM, post=WRITE, data=PERSON),
    case_row(ONE + "people/<int:pk>/", AT + "people/{person}/", get=WRITE_FORM, post=WRITE, data=PERSON),
    case_row(ONE + "people/<int:pk>/withdraw/", AT + "people/{third}/withdraw/", get=WRITE_FORM, post=WRITE, data=REASON),
    case_row(ONE + "people/merge/", AT + "people/merge/", get=READ, post=WRITE,
             data={"keep": "{person}", "duplicate": "{third}", "same": "same", "reason": "The same birthday"}),
    case_row(ONE + "people/merges/<int:pk>/", AT + "people/merges/{merge}/", get=POST_ONLY, post=WRITE,
             data={"answer": "approve"}, shown_at=(AT + "people/merge/",)),
    case_row(ONE + "<str:tab>/", AT + "people/", get=READ, post=GET_ONLY),
]  # fmt: skip
