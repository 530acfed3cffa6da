"""Each page that is opened without a number is linked from somewhere: nobody has to type an address."""

import re
from pathlib import Path

from django.urls import URLPattern, get_resolver

from ecpd.web import forms_page

ROOT = Path(__file__).resolve().parents[2]
SENT_ON = "a step of signing in, which leads to it"
MACHINE = "for machines"
TYPED = {
    "account_inactive": SENT_ON, "account_signup": "closed: it only says so", "mfa_reauthenticate": SENT_ON,
    "mfa_reauthenticate_webauthn": SENT_ON, "mfa_view_recovery_codes": "shown once, after they are made",
    "mfa_authenticate": SENT_ON, "parking:contest-start": "for owners: it stands in print on what is mailed to them",
    "healthz-ready": MACHINE,
}  # fmt: skip
# A form's address and where a view goes on to are no links.
NO_LINK = re.compile(r"""action="\{% url[^%]*%\}"|redirect\([^)]*\)""")


def patterns(within=None, before: str = "", space: str = ""):
    """The name of each page without a number in its address."""
    for each in get_resolver().url_patterns if within is None else within:
        route = before + str(each.pattern)
        if not isinstance(each, URLPattern):
            yield from patterns(each.url_patterns, route, each.namespace or space)
        elif (
            not re.search(r"[<(]", route)
            and not route.startswith(("admin/", "api/"))
            and forms_page.takes_get(each.callback)
        ):
            yield f"{space}:{each.name}" if space else each.name


def linked() -> str:
    """Everything in which a link can stand: templates, and the tables of pages in the code."""
    code = [each for app in ("ecpd", "cases", "leads", "parking") for each in (ROOT / app).rglob("*.py")
            if not {"urls", "urls.py", "migrations"} & set(each.relative_to(ROOT).parts)]  # fmt: skip
    return "\n".join(NO_LINK.sub("", each.read_text()) for each in [*(ROOT / "templates").rglob("*.html"), *code])


def test_every_page_without_a_number_is_linked_or_says_why_not():
    text = linked()
    assert {name for name in patterns() if not re.search(rf"""["']{re.escape(name)}["']""", text)} == set(TYPED)
