"""What an upgrade leaves to do in parking, for people, whom `manage.py doctor` tells."""

from ecpd.doctor.finding import Finding, ok, warn
from parking.selectors.share import left_out


def state_of_the_register() -> Finding:
    """Is an agency in the register that is not on the owner's list of those that may receive plate data (PK-08)?"""
    named = [str(agency) for agency in left_out()]
    if not named:
        return ok("plate data", "Each agency that may ask for plate data is on the owner's list.")
    return warn(
        "plate data", f"Not on the owner's list of public agencies, so given nothing: {', '.join(named)}.",
        "If it is one, add it with `manage.py load_agencies FILE --reason WORDS`; a captain then enters it once more (PK-08).",
    )  # fmt: skip
