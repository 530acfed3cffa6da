"""Demo accounts, one or more of every role. They exist only in the demo; the password is made at random."""

import os
import secrets
from pathlib import Path

from django.conf import settings

from ecpd.accounts import phone, rehearsal
from ecpd.accounts.models import User
from ecpd.accounts.models.certificate import COVERS
from ecpd.accounts.roles import Role
from ecpd.accounts.services import create_account, issue_certificate

ACCOUNTS: tuple[tuple[str, str, str, str, str, Role], ...] = (
    ("dunne", "", "Robin", "Dunne", "", Role.ADMINISTRATOR),
    ("okafor", "Det.", "Renee", "Okafor", "214", Role.INVESTIGATOR),
    ("aldana", "Det.", "Luis", "Aldana", "221", Role.INVESTIGATOR),
    ("raman", "Det.", "Priya", "Raman", "230", Role.INVESTIGATOR),
    ("novak", "Det.", "Elena", "Novak", "233", Role.INVESTIGATOR),
    ("whitcomb", "Det.", "Paul", "Whitcomb", "238", Role.INVESTIGATOR),
    ("marsh", "Capt.", "Helen", "Marsh", "107", Role.CAPTAIN),
    ("osei", "Capt.", "Daniel", "Osei", "109", Role.CAPTAIN),
    ("lindgren", "Chief", "Astrid", "Lindgren-Hale", "101", Role.CHIEF),
    ("whitlock", "", "Joan", "Whitlock", "", Role.AUDITOR),
    ("ames", "Officer", "Terry", "Ames", "318", Role.PARKING_OFFICER),
    ("solano", "", "Maya", "Solano", "", Role.PARKING_MANAGER),
    ("brandt", "", "Ulla", "Brandt", "", Role.HEARING_EXAMINER),
)
CODE_COMMAND = "ECPD_DEMO=1 .venv/bin/python manage.py demo_code"


def load() -> dict[str, User]:
    """The demo accounts by user name, made where missing, each investigator with a current certificate."""
    people = {}
    for username, rank, first, last, badge, role in ACCOUNTS:
        user = User.objects.filter(username=username).first() or create_account(
            username=username, password=password(), roles=[role], first_name=first, last_name=last, rank=rank,
            badge=badge, by=people.get("dunne"),
        )  # fmt: skip
        people[username] = user
        rehearsal.app_of(user)
    for user in people.values():
        if Role.INVESTIGATOR in user.role_names and not user.certificates.current("facial_recognition").exists():
            issue_certificate(
                holder=user, issued_by=people["dunne"],
                course="Facial recognition for examiners, 16 hours, county training center",
                **dict.fromkeys(COVERS, True),
            )  # fmt: skip
    return people


def password() -> str:
    """The demo's password: made once at random, kept beside the data, printed at each start."""
    path = Path(settings.DATA_DIR) / "demo_password"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as handle:
            handle.write(f"demo-{secrets.token_hex(5)}")
    return path.read_text().strip()


def sign_ins() -> str:
    """The table that `make run` prints."""
    lines = ["Demo sign-ins (invented people, this machine only). Password for all: " + password()]
    lines.append(f"The second factor's codes are good for half a minute more; later: {CODE_COMMAND} okafor")
    for username, rank, first, last, _, role in ACCOUNTS:
        name = " ".join(filter(None, (rank, first, last)))
        lines.append(f"  {username:10} {_code(username):8} {name:28} {role.label}")
    return "\n".join(lines)


def _code(username: str) -> str:
    try:
        return phone.code_now(username)
    except phone.NoCode:  # used up within this minute
        return "-"
