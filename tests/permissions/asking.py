"""Asking an address as somebody, and taking back whatever the asking did."""

import json
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from ecpd.accounts.standing import LAST_SEEN
from tests import shown
from tests.factories.leads import picture
from tests.permissions.rows import PICTURE, Row
from tests.permissions.world import ANONYMOUS, World
from tests.signing_in import sign_in
from tests.story import rolled_back

REMEMBERED = 300  # pages: everybody's of a row, and of the pages above it
BACKEND = "ecpd.accounts.backends.AccountBackend"


class Browsers:
    """A signed-in browser for each person of a world; what an answer did to cookies is forgotten."""

    def __init__(self, world: World) -> None:
        self.names, self.users = world.names, world.users
        self.client = Client(raise_request_exception=False)  # one for all: each loads every middleware anew
        self.closed: set[tuple[str, str]] = set()  # who was refused which page: it shows them no form
        self.read: OrderedDict[tuple[str, str], str] = OrderedDict()  # what pages said: the world stays as it is
        self.cookies = {person: self._signed_in(user) for person, user in world.users.items()}

    def _signed_in(self, user) -> str:
        self.client.cookies.clear()
        sign_in(self.client, user)
        self.client.get(reverse("account_sessions"))  # the session is noted as seen, not again with each request
        session = self.client.session
        session[LAST_SEEN] = int(time.time()) + 86_400
        session.save()
        return self.client.cookies["sessionid"].value

    def ask(self, person: str, method: str, row: Row) -> HttpResponse:
        """The answer of this row's address to this person; the database is afterwards as it was."""
        at, data = row.filled(self.names)
        with self.as_(person):
            if method == "GET":
                return self._open(person, at)
            return self.client.post(at, **body_of(row, data | self._shown(person, row)))

    def send(self, person: str, row: Row, data: dict[str, Any], **how: Any) -> HttpResponse:
        """The answer to a form that says something else than the row's."""
        with self.as_(person):
            return self.client.post(row.filled(self.names)[0], data, **how)

    def _open(self, person: str, page: str) -> HttpResponse:
        answer = self.client.get(page)
        if answer.status_code >= 400:
            self.closed.add((person, page))
        else:
            self.read[person, page] = _text(answer)
            if len(self.read) > REMEMBERED:
                self.read.popitem(last=False)
        return answer

    def _said_on(self, person: str, page: str) -> str:
        """What a page says to this person, opened where that was not done lately."""
        if (person, page) in self.closed:
            return ""
        if (person, page) not in self.read:
            return _text(self._open(person, page))
        self.read.move_to_end((person, page))
        return self.read[person, page]

    def _shown(self, person: str, row: Row) -> dict[str, str]:
        """What the pages before the form show to this person, as the form sends it."""
        at = row.at.format(**self.names)
        if row.is_api:
            pages = [self.client.get(page.format(**self.names)).content.decode() for page in row.shown_at]
            return {"shown": json.loads(pages[-1]).get("shown", "")} if pages else {}
        if len(row.shown_at) == 1:
            return _said(self._said_on(person, row.shown_at[0].format(**self.names)), at)
        if row.shown_at:  # what opening one of them does is needed as well
            pages = [self.client.get(page.format(**self.names)).content.decode() for page in row.shown_at]
            return _said(pages[-1], at)
        if row.post.startswith("405"):
            return {}  # nothing is decided there
        before = _before(at, its_own=not row.get.startswith("405"))
        pages = (self._said_on(person, page) for page in before)
        return next(
            (said for page in pages if f'"{at}"' in page or row.get[:3] != "405" if (said := _said(page, at))), {}
        )

    @contextmanager
    def as_(self, person: str) -> Iterator[None]:
        """Be somebody for one request; what it did is undone."""
        self.client.cookies.clear()
        if person != ANONYMOUS:
            self.client.cookies["sessionid"] = self.cookies[person]
        with rolled_back():
            yield


def _said(page: str, at: str) -> dict[str, str]:
    return {"shown": shown.shown_in(page, at)} if shown.FIELD.search(page, max(page.find(f'action="{at}"'), 0)) else {}


def _text(page: HttpResponse) -> str:
    return page.content.decode() if page.get("Content-Type", "").startswith("text/html") else ""


def _before(at: str, *, its_own: bool) -> list[str]:
    """The page of a form: its own, or one of the two above the address to which it is sent."""
    parts = at.strip("/").split("/")
    return [at] if its_own else ["/" + "/".join(parts[:-up]) + "/" for up in (1, 2) if len(parts) > up]


def body_of(row: Row, data: dict[str, Any]) -> dict[str, Any]:
    """A form, with its files; the API takes JSON where no file is sent."""
    if row.is_api and PICTURE not in data.values():
        return {"data": data, "content_type": "application/json"}
    return {"data": {key: _upload() if value == PICTURE else value for key, value in data.items()}}


def _upload() -> SimpleUploadedFile:
    return SimpleUploadedFile("still.png", picture(), "image/png")
