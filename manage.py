#!/usr/bin/env python
"""Django's command line, against the embedded services unless the environment names others."""

import os
import sys
from contextlib import ExitStack
from pathlib import Path

OWNER_COMMANDS = {
    "migrate", "end_session", "mend_guards", "rescue_account", "renew_factor_secrets", "validate_checks", "mend_value",
    "export_audit", "load_offenses", "load_agencies", "withdraw_agency", "create_administrator",
}  # fmt: skip
SEALER_COMMANDS = {"seal_audit", "verify_audit", "audit_head", "anchor"}
RESERVED = {  # which commands are told which address that the site never gets
    "DATABASE_OWNER_URL": OWNER_COMMANDS | {"load_demo", "doctor"},
    "DATABASE_SEALER_URL": SEALER_COMMANDS,
}
WITHOUT_SERVICES = {"help", "check", "makemigrations", "evaluate", "calibrate", "policy_docs", "spectacular", "--help"}


def main() -> None:
    """Run one management command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ecpd.settings")
    os.environ["ECPD_PROCESS"] = "command"
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    if command in OWNER_COMMANDS:
        os.environ["ECPD_AS_OWNER"] = "1"
    if command in SEALER_COMMANDS:
        os.environ["ECPD_AS_SEALER"] = "1"
    with ExitStack() as stack:
        if not _has_address() and command not in WITHOUT_SERVICES:
            _use_embedded_services(stack, command)
        from django.core.management import execute_from_command_line

        execute_from_command_line(sys.argv)


def _has_address() -> bool:
    """Whether the environment names the database of the role that this process signs in as."""
    reserved = {"DATABASE_OWNER_URL": "ECPD_AS_OWNER", "DATABASE_SEALER_URL": "ECPD_AS_SEALER"}
    given = (name for name, mark in reserved.items() if os.environ.get(name) and mark in os.environ)
    return "DATABASE_URL" in os.environ or any(given)


def _use_embedded_services(stack: ExitStack, command: str) -> None:
    """Point this process at the running embedded services, or start them for as long as the command runs."""
    from ecpd.embedded import ServiceError, Services, running_environment

    place = Path(os.environ.get("ECPD_DATA_DIR") or Path(__file__).resolve().parent / ".data").resolve()
    environment = running_environment(place)
    try:
        if environment is None:
            print("ecpd: starting PostgreSQL and Valkey for this command", file=sys.stderr)
            environment = stack.enter_context(Services(place)).environment
    except ServiceError as error:
        sys.exit(f"Stopped: {error}")
    as_owner = "ECPD_AS_OWNER" in os.environ
    withheld = {name for name, commands in RESERVED.items() if command not in commands and not as_owner}
    os.environ.update({name: value for name, value in environment.items() if name not in withheld})


if __name__ == "__main__":
    main()
