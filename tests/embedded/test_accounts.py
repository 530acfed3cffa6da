"""Started by root, nothing of the site runs as root, and no part reads what is another one's."""

import os
import pwd
import stat
import subprocess
import sys
from pathlib import Path

import psutil
import psycopg
import pytest

from ecpd.embedded import Services, accounts, postgres, processes
from ecpd.embedded.programs import Program, environment_for
from ecpd.ownership import settle

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="Only root has accounts to give.")
SLEEPER = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(600)"]


def as_site(*command: str) -> subprocess.CompletedProcess:
    """Run a command as the site's account."""
    user = processes.as_user(accounts.account_of(accounts.SITE))
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", **user)


@as_root
def test_every_part_has_an_account_of_its_own():
    given = [accounts.account_of(part) for part in accounts.LIKED]
    assert len(set(given)) == len(given)
    assert all(pwd.getpwnam(name).pw_uid != 0 for name in given)


@as_root
def test_the_servers_run_as_different_accounts_and_neither_is_root(place):
    with Services(place) as services:
        owners = [psutil.Process(server.process.pid).uids().real for server in (services.postgres, services.valkey)]
    assert 0 not in owners
    assert owners[0] != owners[1]


@as_root
def test_the_site_reads_no_address_but_its_own_and_not_the_data_itself(place):
    with Services(place) as services:
        for private in ("run/reserved.json", "run/services.json", "pg/pg_hba.conf", "logs/postgres.log"):
            assert "Permission denied" in as_site("cat", str(place / private)).stderr, private
        code = f"import psycopg; psycopg.connect({services.environment['DATABASE_URL']!r}); print('in')"
        assert as_site(sys.executable, "-c", code).stdout == "in\n"
        code = f"import psycopg; psycopg.connect('postgres://ecpd_owner@/ecpd?host={services.postgres.socket_dir}')"
        assert "no password supplied" in as_site(sys.executable, "-c", code).stderr


@pytest.mark.parametrize("reserved", [(), ("DATABASE_OWNER_URL",)])
def test_a_program_is_told_the_addresses_that_are_for_it(place, reserved):
    secrets = {"DATABASE_URL": "app", "DATABASE_OWNER_URL": "owner", "ECPD_AS_OWNER": "1"}
    program = Program("sleeper", SLEEPER, place / "sleeper.log", reserved=reserved)
    program.start(environment_for(place, secrets))
    try:
        running = psutil.Process(program.process.pid)
        assert {name: value for name, value in running.environ().items() if name in secrets} == (
            {"DATABASE_URL": "app"} | {name: secrets[name] for name in reserved}
        )
        assert running.uids().real != 0 or os.geteuid() != 0
    finally:
        program.stop()


@as_root
def test_a_program_that_was_started_by_root_writes_in_its_own_folder_and_nowhere_else(place):
    code = "import os, pathlib; pathlib.Path.home().joinpath('mine').touch(); open('/etc/ecpd', 'w')"
    program = Program("writer", [sys.executable, "-c", code], place / "writer.log")
    program.start(environment_for(place, {}))
    program.process.wait(20)
    assert "PermissionError: [Errno 13] Permission denied: '/etc/ecpd'" in program.log.read_text()
    assert (place / "run" / "site" / "mine").exists()
    assert stat.S_IMODE((place / "run" / "site").stat().st_mode) == 0o700


@as_root
def test_code_that_lies_in_root_s_own_folder_can_be_read_and_what_lies_beside_it_cannot_be_listed(tmp_path):
    home = tmp_path / "home"
    code = home / "checkout" / "package"
    code.mkdir(parents=True)
    (code / "module.py").write_text("print('ran')")
    (home / "secret").write_text("mine")
    for path in (code / "module.py", code, code.parent, home / "secret", home):
        path.chmod(0o700 if path.is_dir() else 0o600)
    assert "Permission denied" in as_site(sys.executable, str(code / "module.py")).stderr
    accounts.let_read(code)
    assert as_site(sys.executable, str(code / "module.py")).stdout == "ran\n"
    assert "Permission denied" in as_site("ls", str(home)).stderr
    assert "Permission denied" in as_site("cat", str(home / "secret")).stderr


@as_root
def test_a_file_that_came_later_is_read_too_where_every_file_is_looked_at(tmp_path):
    tree = tmp_path / "tree"
    tree.mkdir()
    accounts.let_read(tree)
    (tree / "later").touch(mode=0o600)
    accounts.let_read(tree)
    assert "Permission denied" in as_site("cat", str(tree / "later")).stderr
    accounts.let_read(tree, every=True)
    assert as_site("cat", str(tree / "later")).returncode == 0


@as_root
def test_what_root_keeps_for_the_site_is_the_site_s(tmp_path):
    root, site = tmp_path / "media", pwd.getpwnam(accounts.account_of(accounts.SITE))
    kept = root / "ab" / "cd" / "file"
    kept.parent.mkdir(parents=True)
    kept.touch()
    os.chown(root, site.pw_uid, site.pw_gid)
    settle(kept, root)
    assert {each.stat().st_uid for each in (root / "ab", root / "ab" / "cd", kept)} == {site.pw_uid}
    assert tmp_path.stat().st_uid == 0


@as_root
def test_handing_over_touches_no_file_that_a_link_leads_to(tmp_path):
    outside, tree = tmp_path / "outside", tmp_path / "tree"
    tree.mkdir()
    outside.touch()
    (tree / "link").symlink_to(outside)
    accounts.hand_over(tree, accounts.account_of(accounts.SITE))
    assert outside.stat().st_uid == 0
    assert tree.stat().st_uid != 0


def test_the_owner_s_secret_opens_and_no_other_does(place):
    with Services(place) as services:
        address = services.environment["DATABASE_URL"]
        secret = address.partition(":")[2].partition("ecpd_app:")[2].partition("@")[0]
        for tried in ("", "wrong", secret):
            with pytest.raises(psycopg.OperationalError, match=r"no password supplied|password authentication failed"):
                psycopg.connect(f"postgres://ecpd_owner:{tried}@/ecpd?host={services.postgres.socket_dir}")
        with psycopg.connect(services.environment["DATABASE_OWNER_URL"]) as owner:
            assert owner.execute("SELECT current_user").fetchone() == ("ecpd_owner",)
            kept = owner.execute("SELECT count(*) FROM pg_authid WHERE rolpassword LIKE 'SCRAM-SHA-256$256:%'")
            assert kept.fetchone() == (1 + len(postgres.ROLES),)
        log = Path(services.postgres.log).read_text()
    assert not [line for line in log.splitlines() if secret in line or "PASSWORD" in line]


def test_a_data_directory_that_let_everybody_in_does_not_any_more(place):
    with Services(place):
        pass
    (place / "pg" / "pg_hba.conf").write_text("local all all trust\n")
    with Services(place) as services, pytest.raises(psycopg.OperationalError, match="no password supplied"):
        psycopg.connect(f"postgres://ecpd_owner@/ecpd?host={services.postgres.socket_dir}")


def test_the_log_of_the_database_is_private_and_repeats_no_row(place):
    with Services(place) as services:
        with psycopg.connect(services.environment["DATABASE_OWNER_URL"], autocommit=True) as owner:
            owner.execute("CREATE TABLE facts (told text NOT NULL, number int CHECK (number > 0))")
            with pytest.raises(psycopg.errors.CheckViolation) as refused:
                owner.execute("INSERT INTO facts VALUES ('the informant''s name', -1)")
            assert "the informant's name" in refused.value.diag.message_detail
        log = Path(services.postgres.log)
        assert log.stat().st_mode & 0o077 == 0
        assert "violates check constraint" in log.read_text()
        assert "informant" not in log.read_text()
