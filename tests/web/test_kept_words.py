"""Each form in which a member of the department writes keeps its words over a reload, or says why it does not."""

import re
from pathlib import Path

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
FORM = re.compile(r"<form\b(?P<head>(?:[^>{]|\{%.*?%\}|\{\{.*?\}\})*)>(?P<body>.*?)</form>", re.S)
HIDDEN = r"<input(?![^>]*type=\"(?:hidden|submit|radio|checkbox|file)\")"
FILLED_IN = re.compile(rf"<c-field\b|<textarea|<select|{HIDDEN}")
NOBODY = "open to everybody: without a sign-in nobody's words can be told from another's"
LOOKED_UP = "a question, answered on the same page"
SECRET = "a password or a code"
A_FILE = "a file, which no page may choose again by itself"
NOT_KEPT = {
    "account/reauthenticate.html": SECRET, "mfa/reauthenticate.html": SECRET,
    "account/password_change.html": SECRET, "account/password_new.html": SECRET, "account/login.html": SECRET,
    "account/password_reset.html": NOBODY, "mfa/authenticate.html": SECRET, "mfa/totp/activate_form.html": SECRET,
    "mfa/webauthn/add_form.html": SECRET, "mfa/rescue.html": SECRET, "parking/console/_alert.html": "kept by console.js",
    "parking/permit/own.html": NOBODY,
    "parking/allowed/check.html": LOOKED_UP, "parking/plate/lookup.html": LOOKED_UP,
    "parking/contest/ask.html": NOBODY, "parking/contest/start.html": NOBODY, "parking/guest/enter.html": NOBODY,
    "parking/permit/apply.html": NOBODY, "parking/permit/own_application.html": NOBODY, "parking/permit/start.html": NOBODY,
    "parking/citation/payments.html": A_FILE, "parking/exemption/import.html": A_FILE, "parking/hotlist/import.html": A_FILE,
    "parking/zone/import.html": A_FILE, "parking/zone/draw.html": "a shape, which its map holds",
}  # fmt: skip


def not_keeping() -> set[str]:
    """Templates with a form that has something to fill in and keeps nothing."""
    return {
        str(path.relative_to(TEMPLATES))
        for path in TEMPLATES.rglob("*.html")
        for form in FORM.finditer(path.read_text())
        if 'method="post"' in form["head"] and "data-kept-by" not in form["head"] and FILLED_IN.search(form["body"])
    }  # fmt: skip


def test_every_form_keeps_what_is_written_or_says_why_not():
    assert not_keeping() == set(NOT_KEPT)


def test_no_form_that_keeps_words_is_for_people_without_an_account():
    public = {name for name, why in NOT_KEPT.items() if why == NOBODY}
    assert all("data-kept-by" not in (TEMPLATES / name).read_text() for name in public)
