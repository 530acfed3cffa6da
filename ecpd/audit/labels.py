"""What somebody is called who acts without an account, in the log. No such name can be taken for a person's (AU-01)."""

from typing import Final

SYSTEM: Final = "System"
UNKNOWN: Final = "Unknown person"  # who gave no right password, code or link
SHELL: Final = "Shell"
APPLICANT: Final = "Applicant, online"
GUEST: Final = "Guest, online"
HOLDER: Final = "Holder, online"
OWNER_ONLINE: Final = "Owner, online"  # a vehicle's
LABELS: Final = (SYSTEM, UNKNOWN, SHELL, APPLICANT, GUEST, HOLDER, OWNER_ONLINE)

# The database's owner alone, at the shell.
OWNER: Final = "Owner of the database"


def owner_at_shell(account: str) -> str:
    """The owner, with the machine's account that the command ran under."""
    return f"Owner at the shell ({account})"
