"""What an installation needs, checked one by one, each with its fix in words (`manage.py doctor`)."""

from ecpd.doctor.accounts import ACCOUNT_CHECKS
from ecpd.doctor.finding import Finding, State, examine
from ecpd.doctor.machine import MACHINE_CHECKS
from ecpd.doctor.services import SERVICE_CHECKS

CHECKS = (*MACHINE_CHECKS, *SERVICE_CHECKS, *ACCOUNT_CHECKS)

__all__ = ["CHECKS", "Finding", "State", "examine"]
