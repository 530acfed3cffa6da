"""A row of the permission matrix: an address, and what each person gets there. See tests/permissions/__init__.py."""

from dataclasses import dataclass, field
from typing import Any

from tests.permissions.world import ANONYMOUS, PEOPLE

GROUPS = {
    "readers": ("investigator", "captain", "chief", "auditor"),
    "workers": ("investigator", "captain"),
    "command": ("captain", "chief"),
}
OTHERS = "others"
PICTURE = "@picture"  # as a value of `data`: a small picture, uploaded


@dataclass(frozen=True)
class Row:
    """What everybody gets at one address.

    `route` is the pattern as the URL conf has it, `at` an address it leads to, `get` and `post` say who gets which
    status ("200 readers; 404 others"), `data` is what a POST sends: a form that is filled in rightly, so that only the
    person can be wrong; `shown_at` are the pages that the person opens before, and what the last of them shows is sent as
    well. {names} in `at` and `data` are filled in from World.names.
    """

    route: str
    at: str
    get: str
    post: str
    data: dict[str, Any] = field(default_factory=dict)
    of_case: bool = False
    shown_at: tuple[str, ...] = ()

    @property
    def is_api(self) -> bool:
        """Whether it answers JSON, errors as problem details."""
        return self.route.startswith("api/")

    @property
    def is_published(self) -> bool:
        """Whether everybody gets the same there: the city's curbs, in the format that apps read."""
        return self.route.startswith("api/parking/curbs/")

    @property
    def is_open(self) -> bool:
        """Whether it is also for people without an account: a row then names the anonymous."""
        return ANONYMOUS in f"{self.get} {self.post}"

    @property
    def is_within_admin(self) -> bool:
        """Whether this is an address of the admin's below a table's list: one door lets into all of them or none."""
        return self.route.startswith("admin/") and self.route.count("/") > 3

    def expected(self, method: str) -> dict[str, int]:
        """Each person's status. Who is not signed in is sent to sign-in (302), by the API refused (401)."""
        words = self.get if method == "GET" else self.post
        return {ANONYMOUS: 401 if self.is_api else 302} | _parsed(words, self.route)

    def filled(self, names: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """Address and data with the names of this world."""
        return self.at.format(**names), {key: _fill(value, names) for key, value in self.data.items()}


def row(
    route: str, at: str = "", *, get: str, post: str, data: dict[str, Any] | None = None, shown_at: tuple[str, ...] = ()
) -> Row:
    """A row; `at` may be left out where the route has no parts to fill in."""
    return Row(route, at or f"/{route}", get, post, data or {}, shown_at=shown_at)


def case_row(
    route: str, at: str, *, get: str, post: str, data: dict[str, Any] | None = None, shown_at: tuple[str, ...] = ()
) -> Row:
    """A row about something in a case: sealed, it is nobody's but those named on the case and the auditor's."""
    return Row(route, at, get, post, data or {}, of_case=True, shown_at=shown_at)


def _fill(value: Any, names: dict[str, Any]) -> Any:
    if isinstance(value, list):
        return [_fill(one, names) for one in value]
    return value.format(**names) if isinstance(value, str) else value


def _parsed(words: str, route: str) -> dict[str, int]:
    """ "200 readers; 404 others" as {person: status}. Raises ValueError for a name there is not, or one left out."""
    found: dict[str, int] = {}
    rest = None
    for part in words.split(";"):
        status, *who = part.split()
        for name in who:
            if name == OTHERS:
                rest = int(status)
                continue
            for person in GROUPS.get(name, (name,)):
                if person not in PEOPLE or person in found:
                    raise ValueError(f"{route}: {person} in “{words}” is nobody, or there twice.")
                found[person] = int(status)
    missing = [person for person in PEOPLE if person not in found and person != ANONYMOUS]
    if missing and rest is None:
        raise ValueError(f"{route}: “{words}” says nothing of {', '.join(missing)}.")
    return found | {person: rest for person in missing if rest is not None}
