"""Every address, as everybody: who gets in, who is refused, who is sent to sign in; and none is forgotten."""

import gc
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from cases.models import Case
from ecpd.accounts.roles import Role
from ecpd.policy.models import Decision
from tests.factories.leads import allowed_on
from tests.permissions.asking import Browsers, body_of
from tests.permissions.rows import Row, row
from tests.permissions.world import ANONYMOUS, OUTSIDER, PEOPLE, VISITOR, World
from tests.story import rolled_back

TABLES = [import_module(f"{__package__}.{file.stem}") for file in sorted(Path(__file__).parent.glob("table_*.py"))]
ROWS: list[Row] = [one for table in TABLES for one in table.ROWS]
REFUSED = {403, 404, 405}
JSON, PROBLEM = "application/json", "application/problem+json"
SIGN_IN = ("/accounts/login/", "/admin/login/")  # the admin's own leads to the other

pytestmark = pytest.mark.django_db
each_row = pytest.mark.parametrize("one", ROWS, ids=lambda one: one.route or "home")


@pytest.fixture(scope="module")
def browsers(django_db_setup, django_db_blocker) -> Iterator[Browsers]:
    """The one world of these tests, and everybody's browser; each request leaves the world as it was."""
    waits, settings.LONGEST_WAITS = settings.LONGEST_WAITS, dict.fromkeys(settings.LONGEST_WAITS, 86_400.0)
    gc.freeze()  # thousands of requests: what the libraries hold need not be looked through each time
    with django_db_blocker.unblock(), rolled_back():
        world = World()
        for table in TABLES:
            prepare(table, world)
        yield Browsers(world)
    gc.unfreeze()
    settings.LONGEST_WAITS = waits


def prepare(table: ModuleType, world: World) -> None:
    """What only this app's rows need."""
    if hasattr(table, "prepare"):
        table.prepare(world)


def routes(resolver: URLResolver, before: str = "") -> Iterator[str]:
    """Every pattern of the URL conf, as ResolverMatch.route names it."""
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern).removeprefix("^" if before else "")
        if isinstance(pattern, URLPattern):
            yield route
        else:
            yield from routes(pattern, route)


def test_every_address_has_its_row_and_every_row_its_address():
    known, written = set(routes(get_resolver())), Counter(one.route for one in ROWS)
    assert sorted(known - set(written)) == [], "Addresses without a row: say in a table who may open them."
    assert sorted(set(written) - known) == [], "Rows without an address."
    assert [route for route, times in written.items() if times > 1] == [], "Rows that are there twice."


def asked_of(one: Row) -> list[str]:
    """Everybody; below a list of the admin, whose door all share, who comes in there, the public, and two of the others.

    Which two goes round with the addresses, so that each role is refused at a sixth of them.
    """
    if not one.is_within_admin:
        return list(PEOPLE)
    staff = (Role.ADMINISTRATOR.value, Role.AUDITOR.value, ANONYMOUS)
    others = [person for person in PEOPLE if person not in staff]
    first = sum(one.route.encode())
    return [*staff, others[first % len(others)], others[(first + 1) % len(others)]]


@each_row
def test_everybody_gets_what_the_table_says(browsers, one):
    assert resolve(one.filled(browsers.names)[0].partition("?")[0]).route == one.route
    for method in ("GET", "POST"):
        answers = {person: browsers.ask(person, method, one) for person in asked_of(one)}
        expected = {person: status for person, status in one.expected(method).items() if person in answers}
        assert {person: answer.status_code for person, answer in answers.items()} == expected, method
        assert [person for person, answer in answers.items() if goes_astray(one, person, answer)] == [], method
        assert {person for person, answer in answers.items() if may_be_kept(one, answer)} == set(), method


def goes_astray(one: Row, person: str, answer) -> bool:
    """Whether the right status hides a wrong answer: sent elsewhere than to sign-in, or refused in HTML by the API."""
    if answer.status_code == 302:
        asked_to_sign_in = answer["Location"].startswith(SIGN_IN) and "next=" in answer["Location"]
        return asked_to_sign_in != (person == ANONYMOUS and not one.is_open)
    return one.is_api and answer.status_code in {401, 403} and answer["Content-Type"] != PROBLEM


@each_row
def test_a_form_sent_empty_or_wrong_is_no_bug(browsers, one):
    """Whoever is let in may send anything: nothing at all, blanks, a file where words belong, words for a file."""
    let_in = [person for person, status in one.expected("POST").items() if status not in REFUSED | {401, 302}]
    let_in += [person for person, status in one.expected("POST").items() if status == 302 and person != ANONYMOUS]
    fields = list(one.data)
    odd = [dict.fromkeys(fields, " "), {name: upload("odd.bin", b"\0") for name in fields},
           {name: upload("none.png", b"") for name in fields}, dict.fromkeys(fields, "\x00'\"<"),
           dict.fromkeys(fields, "9" * 40)]  # fmt: skip
    sent = [(person, {}) for person in let_in] + [(person, data) for person in let_in[:1] for data in odd if fields]
    answers = [(person, data, browsers.send(person, one, data).status_code) for person, data in sent]
    if one.is_api:
        answers += [(person, {}, browsers.send(person, one, {}, content_type=JSON).status_code) for person in let_in]
    assert [answer for answer in answers if answer[2] >= 500] == []


ODD = "q={0}&page={0}&state={0}&number={0}&plate={0}&sort={0}&kind={0}&source={0}&zone={0}&begin={0}&end={0}&again={0}"


@each_row
def test_an_address_with_an_odd_question_is_no_bug(browsers, one):
    """Whoever may look may type anything behind the question mark."""
    person = next((name for name, status in one.expected("GET").items() if status == 200), None)
    for odd in ("%00", "-1", "9" * 40, "%FF", "'\"%3C") if person else ():
        assert (
            browsers.ask(person, "GET", replace(one, at=f"{one.at.partition('?')[0]}?{ODD.format(odd)}")).status_code
            < 500
        )


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    """A file."""
    return SimpleUploadedFile(name, content, "image/png")


def may_be_kept(one: Row, answer) -> bool:
    """Whether a browser or a proxy may store an answer that is not published for everybody."""
    said = answer.get("Cache-Control", "")
    return "no-store" not in said and not (one.is_published and "public" in said)


@pytest.mark.parametrize("one", [one for one in ROWS if one.of_case], ids=lambda one: one.route)
def test_what_is_in_a_sealed_case_is_refused_to_all_who_are_not_named(browsers, one):
    with rolled_back():
        for sealed in Case.objects.filter(pk__in=[browsers.names["case_id"], browsers.names["own_case_id"]]):
            allowed_on(sealed.captain, "case.seal", sealed)
            Case.objects.filter(pk=sealed.pk).update(sealed=True, sealed_reason="A court's order.")
        for method in ("GET", "POST"):
            got = {person: browsers.ask(person, method, one).status_code for person in ("chief", VISITOR)}
            assert {person: status for person, status in got.items() if status not in REFUSED} == {}, method


OUT_OF_IT = (OUTSIDER, "parking_officer")  # neither may look at the case of the matrix
NUMBER = re.compile(r"([A-Z]+-)?\d\d-\d+")
TOKEN = re.compile(rb"[A-Za-z0-9]{64}|[A-Z]*-?\d\d-\d{4,6}|\d+")


def unknown(value):
    """A number, or a key, that is nobody's."""
    if isinstance(value, str) and NUMBER.fullmatch(value):
        return re.sub(r"\d+$", lambda serial: "9" * len(serial[0]), value)
    return 987_654 if isinstance(value, int) else value


@pytest.mark.parametrize("person", OUT_OF_IT)
@pytest.mark.parametrize("one", [one for one in ROWS if one.of_case], ids=lambda one: one.route)
def test_a_look_at_a_hidden_case_is_recorded_and_tells_nothing_of_it(browsers, one, person):
    """Whichever page is asked (AU-03): an existing number that is hidden is answered as one that there is not."""
    for method in ("GET", "POST"):
        if one.expected(method)[person] not in (403, 404):
            continue
        at, data = one.filled(browsers.names)
        nowhere, _ = one.filled({name: unknown(value) for name, value in browsers.names.items()})
        (hidden, recorded), (missing, nothing) = (
            asked(browsers, person, method, path, data, one) for path in (at, nowhere)
        )
        assert (hidden.status_code, plain(hidden)) == (missing.status_code, plain(missing)), method
        assert recorded >= 1, method
        assert nothing == 0 or hidden.status_code == 403, method


def asked(browsers, person: str, method: str, at: str, data: dict, one: Row) -> tuple:
    """The answer, and how many refusals were put on the record."""
    refusals = Decision.objects.filter(actor__username=browsers.users[person].username, outcome="denied")
    with browsers.as_(person):
        before = refusals.count()
        answer = browsers.client.get(at) if method == "GET" else browsers.client.post(at, **body_of(one, data))
        return answer, refusals.count() - before


def plain(answer) -> bytes:
    """What an answer says, without the number asked for, its own decision's and the tokens of its forms."""
    return TOKEN.sub(b"", answer.content)


def test_each_role_is_refused_somewhere_below_the_lists_of_the_admin():
    assert {person for one in ROWS if one.is_within_admin for person in asked_of(one)} == set(PEOPLE)


def test_a_row_that_leaves_somebody_out_is_no_row():
    with pytest.raises(ValueError, match="says nothing of"):
        row("gallery/", get="200 readers", post="405 others").expected("GET")
    with pytest.raises(ValueError, match="nobody, or there twice"):
        row("gallery/", get="200 readers; 403 chief others", post="405 others").expected("GET")
    with pytest.raises(ValueError, match="nobody, or there twice"):
        row("gallery/", get="200 sheriff; 403 others", post="405 others").expected("GET")


def test_who_is_signed_out_is_sent_to_sign_in_unless_a_row_says_otherwise():
    assert row("gallery/", get="200 others", post="405 others").expected("GET")[ANONYMOUS] == 302
    assert row("api/schema/", get="200 others", post="405 others").expected("GET")[ANONYMOUS] == 401
    assert row("healthz/live", get="200 anonymous others", post="405 others").expected("GET")[ANONYMOUS] == 200


TYPED = "Zq"  # no day, no number, no choice, and too short for a reason
# Forms in which nothing is typed, each with the reason.
NOTHING_TYPED = {
    "parking/hotlists/<int:pk>/import/": "A file is chosen; no browser takes one from a page.",
    "parking/citations/payments/": "A file is chosen; no browser takes one from a page.",
}


@pytest.mark.parametrize(
    "one", [one for one in ROWS if one.route.startswith("parking/") and one.data], ids=lambda one: one.route
)
def test_a_refused_form_comes_back_with_what_was_typed(browsers, one):
    """A redirect would lose it: the page that is refused shows each word again, and no error waits behind a redirect."""
    person = next((name for name, status in one.expected("POST").items() if status not in REFUSED | {401}
                   and name != ANONYMOUS), ANONYMOUS)  # fmt: skip
    for data in (dict.fromkeys(one.data, TYPED), dict.fromkeys(one.data, f"{TYPED}{'-' * 3000}")):
        answer = browsers.send(person, one, data)
        wrong = [str(said) for said in getattr(answer.wsgi_request, "_messages", ()) if said.level_tag == "error"]
        assert not (answer.status_code == 302 and wrong), wrong
        if answer.status_code == 422 and answer["Content-Type"].startswith("text/html"):
            assert TYPED in answer.content.decode() or one.route in NOTHING_TYPED
