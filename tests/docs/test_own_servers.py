"""README, "With your own servers": the commands as they are printed make an installation that people can sign in to."""

import json
import os
import re
import shlex
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings

from ecpd.celery import app
from ecpd.embedded.programs import all_programs
from tests.docs.test_settings import NAME

ROOT = settings.BASE_DIR
README = (ROOT / "README.md").read_text()
ASKED = """
import django, json
django.setup()
from ecpd.doctor import machine
from django.conf import settings
print(json.dumps([machine.secret_key().state.name, settings.SECRET_KEY, settings.FACTOR_KEYS, settings.ALLOWED_HOSTS,
                  settings.DATABASES["default"]["USER"], settings.CELERY_BROKER_URL]))
"""


def block() -> list[str]:
    """The commands of that section, one a line."""
    section = README.split("## With your own servers")[1].split("\n## ")[0]
    return section.split("```")[1].strip().splitlines()


def workers(lines: list[list[str]]) -> dict[str, str]:
    """Of command lines that start a worker: node name to queues."""
    found = {}
    for words in lines:
        if "worker" in words:
            options = dict(pairwise(words))
            name = options.get("--hostname", "celery@%h")
            assert name not in found, f"Two workers are called {name}."
            found[name] = options["--queues"]
    return found


def without_services(**more: str) -> dict[str, str]:
    """A shell in which nothing of an installation is set."""
    table = set(re.findall(r"`([A-Z_]+)`", README))
    kept = {name: value for name, value in os.environ.items() if name not in table or not NAME.fullmatch(name)}
    return kept | {"DJANGO_SETTINGS_MODULE": "ecpd.settings", "PYTHONPATH": str(ROOT)} | more


@pytest.fixture
def modules(monkeypatch):
    """The set-up's commands, without what they install."""
    monkeypatch.syspath_prepend(str(ROOT / "ecpd" / "bootstrap"))
    import commands
    import packages
    import tarballs

    monkeypatch.setattr(packages, "install", lambda which: None)
    monkeypatch.setattr(tarballs, "fetch_all", lambda: None)
    monkeypatch.setattr(commands, "PYTHON", Path(sys.executable))
    yield commands
    for name in ("browser", "commands", "packages", "say", "tarballs"):
        sys.modules.pop(name, None)


@pytest.fixture
def set_up(modules, tmp_path, monkeypatch) -> Path:
    """A folder in which `make setup` was run: its `.data`."""
    monkeypatch.setenv("ECPD_DATA_DIR", str(tmp_path / ".data"))
    assert modules.setup([]) == 0
    return tmp_path / ".data"


def test_what_the_table_says_is_made_at_set_up_is_made_by_make_setup(set_up):
    rows = [line for line in README.splitlines() if line.startswith("| `") and "made at set-up" in line]
    files = [re.search(r"`\.data/(\w+)`, made at set-up", row)[1] for row in rows]
    assert sorted(files) == ["mfa_key", "secret_key"]
    for file in files:
        assert (set_up / file).stat().st_mode & 0o777 == 0o600 and len((set_up / file).read_text()) > 40


def test_a_second_set_up_leaves_the_keys_as_they_are(set_up, modules):
    before = {file.name: file.read_text() for file in set_up.iterdir()}
    assert modules.setup([]) == 0
    assert {file.name: file.read_text() for file in set_up.iterdir()} == before


def test_the_printed_variables_are_what_doctor_asks_for(set_up):
    exports = "\n".join(line for line in block() if line.startswith("export "))
    shell = ["bash", "-c", f'{exports}\nexec "{sys.executable}" -c "$ASKED"']
    elsewhere = str(set_up / "another_machine")
    env = without_services(ASKED=ASKED, ECPD_DATA_DIR=elsewhere)
    done = subprocess.run(shell, cwd=set_up.parent, env=env, check=True, capture_output=True, text=True)
    key, factors = (set_up / "secret_key").read_text(), (set_up / "mfa_key").read_text()
    state, signing, mfa, hosts, role, broker = json.loads(done.stdout)
    assert (state, signing, mfa) == ("OK", key, [factors])
    assert hosts == ["ecpd.example.gov"] and role == settings.DATABASE_APP_ROLE and broker == "redis://server/0"


def test_each_printed_worker_has_a_name_and_queues_of_its_own_as_under_make_run(tmp_path):
    printed = workers([shlex.split(line, comments=True) for line in block()])
    run = workers([program.command for program in all_programs(tmp_path, 8000)])
    assert printed == run
    routed = {route["queue"] for route in app.conf.task_routes.values()} | {app.conf.task_default_queue}
    assert sorted(",".join(printed.values()).split(",")) == sorted(routed)


@pytest.mark.parametrize(
    "line", [line for line in block() if line.startswith("DATABASE_")], ids=lambda line: line.split("=")[0]
)
def test_a_command_with_an_address_of_its_own_goes_there_and_nowhere_else(line, tmp_path):
    """Started alone, with no other address: it must not start servers here and take theirs."""
    name, command = re.fullmatch(r"(\w+)=\S+ \.venv/bin/python (manage\.py .+)", line).groups()
    env = without_services(ECPD_DATA_DIR=str(tmp_path)) | {name: "postgres://somebody@127.0.0.1:1/away"}
    done = subprocess.run(
        [sys.executable, *shlex.split(command.replace("--every 1", ""))],
        cwd=ROOT, env=env, check=False, capture_output=True, text=True, timeout=600,
    )  # fmt: skip
    assert done.returncode != 0 and "port 1 failed" in done.stderr
    assert "starting PostgreSQL" not in done.stderr and not (tmp_path / "pg").exists()
