"""Models of accounts."""

from ecpd.accounts.models.certificate import TrainingCertificate
from ecpd.accounts.models.user import User

__all__ = ["TrainingCertificate", "User"]
