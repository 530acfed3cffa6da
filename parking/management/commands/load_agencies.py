"""`manage.py load_agencies FILE --reason "..."`: public agencies of California that may receive plate data, by the owner."""

from ecpd.owners_list import OwnersListCommand
from parking.services.agency_list import load_agencies


class Command(OwnersListCommand):
    """Runs as the database's owner: the application only reads the list (PK-08)."""

    help = "Add agencies from a CSV with the columns key, name, kind (city, county, state, district), law; what stands stays."
    load = staticmethod(load_agencies)
    reason_help = "Who looked up that each is a public agency; it is recorded."
    reason_missing = "Say who looked it up, in words."

    def done(self, added: int) -> str:
        """What is said of how many were added."""
        if not added:
            return "Nothing is new: every one is on the list already."
        return f"{added} agencies were added, and the log says so."
