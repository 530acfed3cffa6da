"""A page that would wait for ever is answered; each kind of process has its times."""

import os
import re
import subprocess
import sys
from dataclasses import astuple

import psycopg
import pytest
from django.conf import settings
from django.db import OperationalError, connection

from ecpd.timeouts import DEFAULTS, busy
from tests.logins import login  # noqa: F401 fixture


@pytest.mark.django_db
def test_a_session_begins_with_the_times_of_its_process():
    options = settings.DATABASES["default"]["OPTIONS"]["options"]
    assert options == DEFAULTS["command"].options("command")
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("1h",)


def soon(options: str) -> str:
    """The same, with statements and waits that end at once."""
    for name, after in (("statement_timeout", "200ms"), ("lock_timeout", "50ms")):
        options, changed = re.subn(rf"\b{name}=\d+s", f"{name}={after}", options)
        assert changed == 1
    return options


# What the tests, or a shell, may have set for themselves.
NOT_OF_A_PROGRAM = {
    "ECPD_PROCESS",
    "ECPD_AS_OWNER",
    "ECPD_AS_SEALER",
    *(f"ECPD_{kind.upper()}_TIMEOUTS" for kind in DEFAULTS),
}
SAYS = "import {module}; from django.conf import settings; print(settings.DATABASES['default']['OPTIONS']['options'])"


@pytest.mark.parametrize(
    ("module", "kind"),
    [("ecpd.wsgi", "web"), ("ecpd.asgi", "web"), ("ecpd.celery", "worker"), ("ecpd.settings", "command")],
)
def test_each_program_says_which_kind_it_is(module, kind):
    env = {name: value for name, value in os.environ.items() if name not in NOT_OF_A_PROGRAM}
    said = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", SAYS.format(module=module)],
        cwd=settings.BASE_DIR, env=env | {"DJANGO_SETTINGS_MODULE": "ecpd.settings"}, check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert said.stdout.strip() == DEFAULTS[kind].options(kind)


def test_the_readme_has_the_times_of_each_kind():
    """As they were chosen: who changes one reads it here, and in the table that an installation reads."""
    listed = ";".join(",".join(map(str, astuple(DEFAULTS[kind]))) for kind in ("web", "worker", "command"))
    assert listed == "15,10,60;300,60,300;3600,300,3600"
    readme = (settings.BASE_DIR / "README.md").read_text()
    assert f"| {listed.replace(';', '; ')} |" in readme
    for kind in ("sealer", "owner"):
        assert f"`ECPD_{kind.upper()}_TIMEOUTS` {','.join(map(str, astuple(DEFAULTS[kind])))}" in readme


@pytest.mark.django_db(transaction=True)
def test_the_web_s_times_end_statements_waits_and_idle_transactions(login):  # noqa: F811
    with (
        login(options=soon(DEFAULTS["web"].options("web"))) as web,
        login() as other,
    ):
        with pytest.raises(psycopg.errors.QueryCanceled):
            web.execute("SELECT pg_sleep(60)")
        other.execute("SELECT pg_advisory_lock(7)")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            web.execute("SELECT pg_advisory_lock(7)")
        assert web.execute("SHOW idle_in_transaction_session_timeout").fetchone() == ("1min",)
        assert web.execute("SHOW application_name").fetchone() == ("ecpd-web",)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "words"),
    [
        (psycopg.errors.LockNotAvailable, "Somebody else is changing the same thing."),
        (psycopg.errors.DeadlockDetected, "Somebody else is changing the same thing."),
        (psycopg.errors.QueryCanceled, "That took too long"),
    ],
)
def test_who_waited_in_vain_reads_what_to_do(rf, error, words):
    from ecpd.web.middleware import ProblemMiddleware
    from ecpd.web.problems import api_exception_handler

    raised = OperationalError("x")
    raised.__cause__ = error("x")
    assert busy(raised).message.startswith(words)
    assert (
        ProblemMiddleware(lambda _: None)
        .process_exception(rf.get("/", headers={"hx-request": "true"}), raised)
        .status_code
        == 503
    )
    assert api_exception_handler(raised, {}).status_code == 503


def test_another_error_stays_a_bug(rf):
    raised = OperationalError("x")
    raised.__cause__ = psycopg.errors.DiskFull("x")
    assert busy(raised) is None
