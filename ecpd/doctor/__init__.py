"""What an installation needs, checked one by one, each with its fix in words (`manage.py doctor`)."""

from ecpd.doctor.accounts import ACCOUNT_CHECKS
from ecpd.doctor.finding import Finding, State, examine
from ecpd.doctor.machine import MACHINE_CHECKS
from ecpd.doctor.services import SERVICE_CHECKS
from ecpd.doctor.sessions import held_up

CHECKS = [*MACHINE_CHECKS, *SERVICE_CHECKS, *ACCOUNT_CHECKS, held_up]  # apps add theirs as they get ready

__all__ = ["CHECKS", "Finding", "State", "examine"]
