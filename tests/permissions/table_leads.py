"""What everybody gets at the addresses of searches, the gallery, reviews, leads and applications.

A search, a lead and an application belong to a case: chief and auditor read, who works on it acts, and it does not
exist for anybody else (or is refused, where its number is asked for).
"""

from leads.models.examination import COMPONENTS
from tests.permissions.rows import PICTURE, case_row, row

GET_ONLY, POST_ONLY = "405 others", "405 others"
READ = "200 readers; 404 outsider; 403 others"  # who may look at searches, and not at this case; who may not
LIST = "200 readers outsider; 403 others"
HIDDEN = "200 readers; 404 others"
PACKET = "200 captain chief auditor; 403 investigator; 404 others"  # it holds {dark}, whose faces he may still compare
DETECTIVE = "302 investigator; 403 captain chief auditor; 404 others"
DETECTIVE_FORM = "200 investigator; 403 captain chief auditor; 404 others"
WORK_LIVE = "200 workers; 403 chief auditor; 404 others"
COMMAND = "200 command; 403 others"
SEARCH, AT_SEARCH = "searches/<str:number>/", "/searches/{search}/"
ASK, AT_ASK = "cases/<str:number>/searches/new/", "/cases/{case}/searches/new/"
PAIR = "searches/<str:number>/candidates/<int:rank>/"
BLIND, AT_BLIND = "examinations/<int:pk>/", "/examinations/{asked}/"
LEAD, AT_LEAD = "leads/<str:number>/", "/leads/{lead}/"
WARRANT, AT_WARRANT = "applications/<str:number>/", "/applications/{application}/"
REASON = {"reason": "The laboratory mixed up two lifts."}
OPT_OUT = {"received_on": "{today}", "reason": "By letter, kept at the front desk"}
REQUEST = {
    "face": "A", "purpose": "suspect", "offense": "{offense}", "no_forbidden_ground": "on", "send": "yes",
    "facts": "Robbery on November 4. The man at the counter in this picture took the money; nobody knows him.",
}  # fmt: skip
FORM = {f"c_{key}": "similar" for key in COMPONENTS} | {
    "conclusion": "possible_match", "basis": "Eyes and mouth agree.", "does_not_fit": "Nothing.",
}  # fmt: skip
LINK = {
    "kind": "fingerprint", "evidence": "{lift_id}", "ties_by": "On the drawer", "because_of": "no", "rests_on_face": "no",
    "independence": "Found the same night", "d_laboratory": "County", "d_lab_number": "FP-1",
    "d_secured_on": "2024-10-31", "d_examiner": "J. Pell",
    "d_finger": "Right index", "d_points": "14", "d_report_date": "{today}",
}  # fmt: skip

SEARCHES = [
    row("searches/", get=LIST, post=GET_ONLY),
    case_row(SEARCH, AT_SEARCH, get=READ, post=GET_ONLY),
    case_row(SEARCH + "print/", AT_SEARCH + "print/", get=READ, post=GET_ONLY),
    case_row(SEARCH + "progress/", "/searches/{waiting}/progress/", get=READ, post=GET_ONLY),
    case_row(SEARCH + "cancel/", "/searches/{waiting}/cancel/", get=POST_ONLY, post="302 investigator; 404 outsider; 403 others"),
    case_row(SEARCH + "replay/", AT_SEARCH + "replay/", get=POST_ONLY, post="302 workers; 404 outsider; 403 others"),
    case_row(SEARCH + "probe.jpg", AT_SEARCH + "probe.jpg", get=READ, post=GET_ONLY),
    case_row(SEARCH + "candidates/<int:rank>/face.jpg", AT_SEARCH + "candidates/1/face.jpg", get=READ, post=GET_ONLY),
    case_row("cases/<str:number>/searches/acceptance/", "/cases/{own_case}/searches/acceptance/",
             get="200 captain; 403 investigator chief auditor; 404 others",
             post="302 captain; 403 investigator chief auditor; 404 others",
             data={"outcome": "accept", "reason": "Dispatch told me of the call."},
             shown_at=("/cases/{own_case}/searches/acceptance/",)),
    case_row(SEARCH + "open-list/", "/searches/{dark}/open-list/", get=POST_ONLY,
             post="302 investigator; 404 outsider; 403 others"),
    case_row(SEARCH + "faces/<int:place>/face.jpg", "/searches/{dark}/faces/1/face.jpg", get=READ, post=GET_ONLY),
    case_row(ASK, AT_ASK + "?evidence={exhibit}", get=DETECTIVE_FORM, post=DETECTIVE, data=REQUEST),
    case_row(ASK + "<int:evidence>/faces/", AT_ASK + "{exhibit}/faces/", get=POST_ONLY, post=DETECTIVE_FORM,
             data=REQUEST),
    case_row(ASK + "<int:evidence>/quality/", AT_ASK + "{exhibit}/quality/", get=POST_ONLY, post=DETECTIVE_FORM,
             data=REQUEST),
    case_row(ASK + "<int:evidence>/check/", AT_ASK + "{exhibit}/check/", get=POST_ONLY, post=DETECTIVE_FORM,
             data=REQUEST),
    case_row(ASK + "<int:evidence>/picture.jpg", AT_ASK + "{exhibit}/picture.jpg", get=HIDDEN, post=GET_ONLY),
    case_row(ASK + "<int:evidence>/faces/<str:letter>.jpg", AT_ASK + "{exhibit}/faces/A.jpg", get=HIDDEN,
             post=GET_ONLY),
]  # fmt: skip
GALLERY = [
    row("gallery/", get=LIST, post=GET_ONLY),
    row("gallery/add/", get=COMMAND, post="302 command; 403 others",
        data={"name": "City archive", "kind": "city_archive", "owner": "The city", "terms": "Public",
              "provenance": "By hand"}),
    row("gallery/opt-outs/add/", get=COMMAND, post="302 command; 403 others",
        data=OPT_OUT | {"photo": PICTURE}, shown_at=("/gallery/opt-outs/add/",)),
    row("gallery/<int:pk>/", "/gallery/{source}/", get=LIST, post=GET_ONLY),
    row("gallery/<int:pk>/import/", "/gallery/{source}/import/", get=COMMAND, post="302 command; 403 others",
        data={"photos": PICTURE}),
    row("gallery/<int:pk>/withdraw/", "/gallery/{source}/withdraw/", get=POST_ONLY, post="302 command; 403 others",
        data=REASON, shown_at=("/gallery/{source}/",)),
    row("gallery/imports/<int:pk>/", "/gallery/imports/{batch}/", get=LIST, post=GET_ONLY),
    row("gallery/imports/<int:pk>/progress/", "/gallery/imports/{batch}/progress/",
        get="204 readers outsider; 403 others", post=GET_ONLY),
    row("gallery/imports/<int:pk>/rejected.csv", "/gallery/imports/{batch}/rejected.csv", get=LIST, post=GET_ONLY),
    row("gallery/photos/<int:pk>/face.jpg", "/gallery/photos/{photo}/face.jpg", get=LIST, post=GET_ONLY),
    row("gallery/photos/<int:pk>/opt-out/", "/gallery/photos/{photo}/opt-out/", get=COMMAND,
        post="302 command; 403 others", data=OPT_OUT, shown_at=("/gallery/photos/{photo}/opt-out/",)),
    row("models/<int:pk>/", "/models/{card}/", get=LIST, post=GET_ONLY),
]  # fmt: skip
REVIEW = [
    case_row(SEARCH + "faces/<int:place>/", "/searches/{dark}/faces/1/",
             get="200 investigator; 302 captain chief auditor; 404 outsider; 403 others",
             post="302 investigator; 404 outsider; 403 others", data=FORM, shown_at=("/searches/{dark}/faces/1/",)),
    case_row(SEARCH + "faces/<int:place>/draft/", "/searches/{dark}/faces/1/draft/", get=POST_ONLY,
             post="200 investigator; 404 outsider; 403 others", data=FORM),
    case_row(PAIR, "/searches/{search}/candidates/1/", get=READ, post="404 outsider; 403 others", data=FORM),
    case_row(PAIR + "draft/", "/searches/{search}/candidates/1/draft/", get=POST_ONLY,
             post="200 investigator; 404 outsider; 403 others", data=FORM),
    case_row(PAIR + "draw/", "/searches/{first}/candidates/1/draw/", get=POST_ONLY, post="302 workers; 404 outsider; 403 others"),
    case_row(PAIR + "promote/", "/searches/{agreed}/candidates/1/promote/", get=POST_ONLY,
             post="302 investigator; 404 outsider; 403 others"),
    # The second examiner is on no case, and alone sees what was asked of them: two pictures.
    row(BLIND, AT_BLIND, get="200 outsider; 404 others", post="302 outsider; 404 others", data=FORM,
        shown_at=(AT_BLIND,)),
    row(BLIND + "answer/", AT_BLIND + "answer/", get=POST_ONLY, post="302 outsider; 404 others", data={"knows": "no"}),
    row(BLIND + "draft/", AT_BLIND + "draft/", get=POST_ONLY, post="200 outsider; 404 others", data=FORM),
    row(BLIND + "picture-1.jpg", AT_BLIND + "picture-1.jpg", get="200 outsider; 404 others", post=GET_ONLY),
    row(BLIND + "picture-2.jpg", AT_BLIND + "picture-2.jpg", get="200 outsider; 404 others", post=GET_ONLY),
]  # fmt: skip
LEADS = [
    row("leads/", get=LIST, post=GET_ONLY),
    case_row(LEAD, AT_LEAD, get=HIDDEN, post=GET_ONLY),
    case_row(LEAD + "print/", AT_LEAD + "print/", get=HIDDEN, post=GET_ONLY),
    case_row(LEAD + "link/", AT_LEAD + "link/", get=DETECTIVE_FORM, post=DETECTIVE, data=LINK),
    case_row(LEAD + "items/<int:pk>/verify/", AT_LEAD + "items/{item}/verify/", get=WORK_LIVE,
             post="302 workers; 403 chief auditor; 404 others", 
             data={"verified": "yes", "because_of": "no", "rests_on_face": "no", "reason": "Read the report."},
             shown_at=(AT_LEAD + "items/{item}/verify/",)),
    case_row(LEAD + "items/<int:pk>/withdraw/", AT_LEAD + "items/{own}/withdraw/", get=DETECTIVE_FORM, post=DETECTIVE,
             data=REASON, shown_at=(AT_LEAD + "items/{own}/withdraw/",)),
    case_row(LEAD + "against/", AT_LEAD + "against/", get=HIDDEN, post="302 workers chief; 403 auditor; 404 others",
             data={"kind": "alibi", "what": "At work that night."}),
    case_row(LEAD + "against/<int:pk>/answer/", AT_LEAD + "against/{entry}/answer/", get=DETECTIVE_FORM, post=DETECTIVE,
             data={"outcome": "explained", "text": "The time clock was an hour off."}),
    case_row(LEAD + "mark/", "/leads/{ready}/mark/", get=POST_ONLY, post=DETECTIVE, shown_at=("/leads/{ready}/",)),
    # Only where the manual asks for a third signature is there a link to it; the captain may always sign.
    case_row(LEAD + "sign-off/", AT_LEAD + "sign-off/", get="200 captain; 403 investigator chief auditor; 404 others",
             post="302 captain; 403 investigator chief auditor; 404 others", data=REASON,
             shown_at=(AT_LEAD + "sign-off/",)),
    # Only where the face was searched for with another purpose is there a link to it; the captain may always open it.
    case_row(LEAD + "purpose/", AT_LEAD + "purpose/", get="200 captain; 403 investigator chief auditor; 404 others",
             post="302 captain; 403 investigator chief auditor; 404 others", data=REASON,
             shown_at=(AT_LEAD + "purpose/",)),
    case_row(LEAD + "clear/", AT_LEAD + "clear/", get=WORK_LIVE, post="302 workers; 403 chief auditor; 404 others",
             data={"reason": "On camera in another city."}, shown_at=(AT_LEAD + "clear/",)),
    case_row(LEAD + "identity/", AT_LEAD + "identity/", get=DETECTIVE_FORM, post=DETECTIVE,
             data={"name": "Devin A. Harrow", "evidence": "{lift_id}", "how": "The card has this name and print."}),
    case_row(LEAD + "identity/<int:pk>/", AT_LEAD + "identity/{identity}/", get="200 workers chief; 403 auditor; 404 others",
             post="302 workers chief; 403 auditor; 404 others", data=REASON | {"outcome": "disputed"},
             shown_at=(AT_LEAD + "identity/{identity}/",)),
    case_row(LEAD + "apply/", "/leads/{marked}/apply/", get=DETECTIVE_FORM, post=DETECTIVE,
             data={"asks_for": "search", "statement": "A lift where only staff reach.", "does_not_fit": "Nothing known."},
             shown_at=("/leads/{marked}/apply/",)),
]  # fmt: skip
WARRANTS = [
    row("applications/", get=LIST, post=GET_ONLY),
    case_row(WARRANT, AT_WARRANT, get=HIDDEN, post="302 captain; 403 investigator chief auditor; 404 others",
             data={"outcome": "approve", "reasons": "The lift stands by itself; nothing points away.",
                   "read_packet": "on"}, shown_at=(AT_WARRANT + "packet/", AT_WARRANT)),
    case_row(WARRANT + "packet/", AT_WARRANT + "packet/", get=PACKET, post=GET_ONLY),
    case_row(WARRANT + "packet.pdf", AT_WARRANT + "packet.pdf", get=PACKET, post=GET_ONLY),
    # It waits for a captain yet: nothing goes on, and nothing is to be recalled.
    case_row(WARRANT + "steps/", AT_WARRANT + "steps/", get=WORK_LIVE, post="422 readers; 404 others",
             data={"kind": "sent", "happened_on": "{today}", "whom": "District Attorney", "words": "Handed over in person."}),
    case_row(WARRANT + "supplement/", AT_WARRANT + "supplement/", get=WORK_LIVE, post="403 readers; 404 others",
             data={"whom": "District Attorney", "words": "An alibi came in."}, shown_at=(AT_WARRANT + "supplement/",)),
    case_row(WARRANT + "recall/", AT_WARRANT + "recall/", get="200 workers chief; 403 auditor; 404 others",
             post="403 readers; 404 others", data=REASON, shown_at=(AT_WARRANT + "recall/",)),
    case_row(WARRANT + "withdraw/", AT_WARRANT + "withdraw/", get=POST_ONLY, post=DETECTIVE, shown_at=(AT_WARRANT,)),
]  # fmt: skip
ROWS = [*SEARCHES, *GALLERY, *REVIEW, *LEADS, *WARRANTS]
