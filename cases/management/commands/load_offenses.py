"""`manage.py load_offenses FILE --reason "..."`: another city's offense classes, by the owner."""

from cases.services.offenses import load_offenses
from ecpd.owners_list import OwnersListCommand


class Command(OwnersListCommand):
    """Runs as the database's owner: the application only reads the list (FR-02)."""

    help = "Add offense classes from a CSV with the columns code, name, group, crime_against; what stands stays."
    load = staticmethod(load_offenses)
    reason_help = "Whose list it is and why it comes in; it is recorded."
    reason_missing = "Say whose list it is, in words."

    def done(self, added: int) -> str:
        """What is said of how many were added."""
        return f"{added} offenses were added, and the log says so."
