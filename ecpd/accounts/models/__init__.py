"""Models of accounts."""

from ecpd.accounts.models.certificate import TrainingCertificate
from ecpd.accounts.models.factor_state import FactorState
from ecpd.accounts.models.password_reset import PasswordReset
from ecpd.accounts.models.role import AccountRole
from ecpd.accounts.models.sign_in import FailedPassword, PasswordLock
from ecpd.accounts.models.user import User

__all__ = [
    "AccountRole",
    "FactorState",
    "FailedPassword",
    "PasswordLock",
    "PasswordReset",
    "TrainingCertificate",
    "User",
]
