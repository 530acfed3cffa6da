"""RoleAct: the role table (ecpd.accounts.roles) as the database reads it; the owner's data, written when it migrates (AC-08)."""

from django.db import models

from ecpd.accounts.models.opens_v1 import OPENS
from ecpd.audit.functions import of_an_app

of_an_app(OPENS)


class RoleAct(models.Model):
    """One role opens one action of the policy door."""

    owners_data = True

    action = models.CharField(max_length=80)
    role = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(name="ac_08_role_opens_once", fields=["action", "role"])]

    def __str__(self) -> str:
        return f"{self.role}: {self.action}"
