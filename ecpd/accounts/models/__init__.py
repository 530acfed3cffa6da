"""Models of accounts."""

from ecpd.accounts.models.api_token import ApiToken, ApiUse
from ecpd.accounts.models.certificate import TrainingCertificate
from ecpd.accounts.models.factor import Factor
from ecpd.accounts.models.factor_added import FactorAdded
from ecpd.accounts.models.factor_state import FactorState
from ecpd.accounts.models.password_reset import PasswordReset
from ecpd.accounts.models.rescue import Rescue
from ecpd.accounts.models.role import AccountRole
from ecpd.accounts.models.role_act import RoleAct
from ecpd.accounts.models.sign_in import FailedPassword, PasswordLock
from ecpd.accounts.models.user import User

__all__ = [
    "AccountRole",
    "ApiToken",
    "ApiUse",
    "Factor",
    "FactorAdded",
    "FactorState",
    "FailedPassword",
    "PasswordLock",
    "PasswordReset",
    "Rescue",
    "RoleAct",
    "TrainingCertificate",
    "User",
]
