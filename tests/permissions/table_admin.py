"""What everybody gets in the admin: the auditor reads everything about conduct, an administrator keeps accounts.

Nobody else comes in.
"""

from tests.permissions.rows import Row, row

OUT = "302 auditor administrator; 403 others"
AUDITOR = "200 auditor; 403 administrator; 403 others"
ADMINISTRATOR = "200 administrator; 403 auditor; 403 others"
BOTH = "200 auditor administrator; 403 others"
NOBODY = "403 auditor administrator; 403 others"
GET_ONLY = "405 auditor administrator; 403 others"
NOTHING = "404 auditor administrator; 403 others"
# An administrator is told that there is no such act, and led back.
EXPORTED = "200 auditor; 302 administrator; 403 others"
SAVED = "302 administrator; 403 auditor others"


def records(name: str, one: str) -> list[Row]:
    """The addresses of a table that auditors read and nobody changes; `one`: the {name} of a row's key."""
    route, at = f"admin/{name}/<path:object_id>/", f"/admin/{name}/{one}/"
    return [
        row(f"admin/{name}/", get=AUDITOR, post=AUDITOR, data={"action": "export_csv", "_selected_action": one}),
        row(f"admin/{name}/export/", get=AUDITOR, post=AUDITOR),
        row(f"admin/{name}/add/", get=NOBODY, post=NOBODY),
        row(f"{route}history/", f"{at}history/", get=AUDITOR, post=AUDITOR),
        row(f"{route}delete/", f"{at}delete/", get=NOBODY, post=NOBODY),
        row(f"{route}change/", f"{at}change/", get=AUDITOR, post=NOBODY),
        row(route, at, get=OUT, post=OUT),  # leads to the change page, which refuses
    ]


SITE = [
    row("admin/", get="200 auditor administrator; 403 others", post="200 auditor administrator; 403 others"),
    row("admin/login/", get="302 auditor administrator; 403 others", post="302 auditor administrator; 403 others"),
    row("admin/logout/", get="405 auditor administrator; 403 others", post="200 auditor administrator; 403 others"),
    row("admin/password_change/", get=OUT, post=OUT),
    row("admin/password_change/done/", get=BOTH, post=GET_ONLY),
    row("admin/autocomplete/", get=NOBODY, post=GET_ONLY),
    row("admin/jsi18n/", get=BOTH, post=GET_ONLY),
    row("admin/r/<path:content_type_id>/<path:object_id>/", "/admin/r/1/0/", get=NOTHING, post=NOTHING),
    row("admin/(?P<app_label>accounts|policy|audit|auditlog|cases|leads|parking)/$", "/admin/leads/",
        get="200 auditor; 404 administrator; 403 others", post="200 auditor; 404 administrator; 403 others"),
    row("admin/(?P<url>.*)$", "/admin/nothing", get=NOTHING, post=NOTHING),
    row("admin/audit/chaincheck/verify/", get=OUT, post="302 auditor; 403 others"),
]  # fmt: skip
PERSON = {"username": "newcomer", "rank": "Det.", "first_name": "Nora", "last_name": "Byrd", "badge": "4711",
          "roles": ["captain"]}  # fmt: skip
NEW = "a horse and a battery"
CERTIFICATE = {"holder": "{account}", "kind": "facial_recognition", "course": "Facial recognition, 16 hours",
               "issued_on": "{today}", "covers_limits": "on", "covers_group_errors": "on", "covers_lineups": "on"}  # fmt: skip
USER, A_USER = "admin/accounts/user/<path:object_id>/", "/admin/accounts/user/{account}/"
TRAINED = "admin/accounts/trainingcertificate/<path:object_id>/"
A_TRAINED = "/admin/accounts/trainingcertificate/{certificate}/"
TOKEN, A_TOKEN = "admin/accounts/apitoken/<path:object_id>/", "/admin/accounts/apitoken/{api_token}/"
ACCOUNTS = [
    row("admin/accounts/user/", get=BOTH, post=EXPORTED, data={"action": "export_csv", "_selected_action": "{account}"}),
    row("admin/accounts/user/export/", get=AUDITOR, post=AUDITOR),
    row("admin/accounts/user/add/", get=ADMINISTRATOR, post=SAVED,
        data=PERSON | {"password1": NEW, "password2": NEW}),
    row(USER + "history/", A_USER + "history/", get=BOTH, post=BOTH),
    row(USER + "delete/", A_USER + "delete/", get=NOBODY, post=NOBODY),
    row(USER + "change/", A_USER + "change/", get=BOTH, post=SAVED, data=PERSON | {"is_active": "on"}),
    row(USER, A_USER, get=OUT, post=OUT),
    row("admin/accounts/trainingcertificate/", get=BOTH, post=EXPORTED,
        data={"action": "export_csv", "_selected_action": "{certificate}"}),
    row("admin/accounts/trainingcertificate/export/", get=AUDITOR, post=AUDITOR),
    row("admin/accounts/trainingcertificate/add/", get=ADMINISTRATOR, post=SAVED, data=CERTIFICATE),
    row(TRAINED + "history/", A_TRAINED + "history/", get=BOTH, post=BOTH),
    row(TRAINED + "delete/", A_TRAINED + "delete/", get=NOBODY, post=NOBODY),
    row(TRAINED + "change/", A_TRAINED + "change/", get=BOTH, post=NOBODY),
    row(TRAINED, A_TRAINED, get=OUT, post=OUT),
    row("admin/accounts/apitoken/", get=BOTH, post=EXPORTED, data={"action": "export_csv", "_selected_action": "{api_token}"}),
    row("admin/accounts/apitoken/export/", get=AUDITOR, post=AUDITOR),
    row("admin/accounts/apitoken/add/", get=NOBODY, post=NOBODY),
    row(TOKEN + "history/", A_TOKEN + "history/", get=BOTH, post=BOTH),
    row(TOKEN + "delete/", A_TOKEN + "delete/", get=NOBODY, post=NOBODY),
    row(TOKEN + "change/", A_TOKEN + "change/", get=BOTH, post=NOBODY),
    row(TOKEN, A_TOKEN, get=OUT, post=OUT),
]  # fmt: skip
ROWS: list[Row] = [
    *SITE,
    *ACCOUNTS,
    *records("accounts/factoradded", "{factor_added}"),
    *records("policy/decision", "{decision}"),
    *records("policy/manualversion", "{version}"),
    *records("policy/amendment", "{amendment}"),
    *records("audit/auditevent", "{event}"),
    *records("audit/conduct", "{act}"),
    *records("audit/chaincheck", "{check}"),
    *records("audit/chainhead", "{head}"),
    *records("audit/stamp", "{stamp}"),
    *records("auditlog/logentry", "{change}"),
    *records("cases/case", "{case_id}"),
    *records("cases/incidentnumber", "{incident}"),
    *records("cases/caselink", "{tie}"),
    *records("cases/evidence", "{exhibit_id}"),
    *records("cases/custodyentry", "{custody}"),
    *records("leads/searchrequest", "{search_id}"),
    *records("leads/candidate", "{candidate}"),
    *records("leads/examination", "{examination}"),
    *records("leads/lead", "{lead_id}"),
    *records("leads/corroboration", "{item}"),
    *records("leads/exculpatoryentry", "{entry}"),
    *records("leads/warrantapplication", "{application_id}"),
    *records("leads/warrantdecision", "{verdict}"),
    *records("leads/identity", "{identity}"),
    *records("leads/identityanswer", "{identity_answer}"),
    *records("leads/warrantstep", "{sealed}"),
    *records("leads/packetreading", "{reading}"),
    *records("leads/leadsignoff", "{signed}"),
    *records("leads/purposeexception", "{excepted}"),
    *records("leads/caseacceptance", "{acceptance}"),
    *records("leads/veil", "{veil}"),
    *records("leads/gallerysource", "{source}"),
    *records("leads/optout", "{opt_out}"),
    *records("leads/searchreplay", "{search_replay}"),
]
