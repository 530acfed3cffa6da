"""Models of the policy engine."""

from ecpd.policy.models.amendment import Amendment
from ecpd.policy.models.decision import Decision
from ecpd.policy.models.release import ReleaseDefault
from ecpd.policy.models.version import ManualVersion

__all__ = ["Amendment", "Decision", "ManualVersion", "ReleaseDefault"]
