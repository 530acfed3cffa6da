"""The navigation: one table of what stands in it, by role."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse


@dataclass(frozen=True)
class Entry:
    """A place in the navigation: its word, its URL name or path, and whose it is."""

    word: str
    target: str
    roles: frozenset[str]


@dataclass(frozen=True)
class NavItem:
    """An entry as the page shows it."""

    word: str
    url: str
    is_current: bool


def _entry(word: str, target: str, *roles: str) -> Entry:
    return Entry(word, target, frozenset(roles))


WORKING = ("investigator", "captain", "chief")
PARKING = ("parking_officer", "parking_manager")
EVERYONE = (*WORKING, "auditor", "administrator", *PARKING, "hearing_examiner", "drone_pilot")

# In the order of the page. A role sees its own entries only; an entry whose page is not installed is left out.
ENTRIES = [
    _entry("Waiting for me", "home", *WORKING, *PARKING, "hearing_examiner", "drone_pilot"),
    _entry("Cases", "cases:list", *WORKING),
    _entry("Searches", "leads:search-list", "investigator"),
    _entry("Applications", "leads:application-list", "captain", "chief"),
    _entry("Leads", "leads:lead-list", *WORKING),
    _entry("Gallery", "leads:gallery", "captain", "chief"),
    _entry("Console", "parking:console", *PARKING),
    _entry("Citations", "parking:citations", *PARKING, "hearing_examiner"),
    _entry("Hearings", "parking:hearings", "hearing_examiner"),
    _entry("Permits", "parking:permits", *PARKING),
    _entry("Abandoned", "parking:abandoned", *PARKING),
    _entry("Plates", "parking:plate-lookup", *PARKING, "investigator", "captain"),
    _entry("Plates", "parking:plate-shares", "chief"),
    _entry("Zones", "parking:zones", *PARKING),
    _entry("Readers", "parking:devices", "parking_manager"),
    _entry("Figures", "parking:figures", "parking_manager", "captain", "chief"),
    _entry("Search log", "admin:leads_searchrequest_changelist", "auditor"),
    _entry("Veiled results", "admin:leads_veil_changelist", "auditor"),  # FR-02: the auditor is told
    _entry("Decisions", "admin:policy_decision_changelist", "auditor"),
    _entry("Chain verification", "admin:audit_chaincheck_changelist", "auditor"),
    _entry("Accounts", "admin:index", "administrator"),
    _entry("Amendments", "policy:amendments", "chief"),
    _entry("Policy manual", "policy:manual", *EVERYONE),
]


def items_for(role_names: frozenset[str], path: str) -> list[NavItem]:
    """The navigation of someone with these roles on the page at `path`; the longest matching entry is current."""
    found = [(entry.word, url) for entry in ENTRIES if entry.roles & role_names and (url := _url(entry.target))]
    current = max((url for _, url in found if _covers(url, path)), key=len, default="")
    return [NavItem(word, url, url == current) for word, url in found]


def _url(target: str) -> str:
    try:
        return reverse(target)
    except NoReverseMatch:
        return ""


def _covers(url: str, path: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))
