"""ReleaseDefault: what this release's manual says of each setting; the owner's data, written when it migrates."""

from django.db import models

from ecpd.checks.json_field import JSONField


class ReleaseDefault(models.Model):
    """A setting with its first value. It counts until a version of the manual names the setting (AU-04)."""

    owners_data = True

    name = models.CharField(max_length=60, primary_key=True)
    value = JSONField()
    rule_id = models.CharField(max_length=10)
    bounds = JSONField(help_text="What a new value must fit.")
    loosens = models.CharField(max_length=10, help_text="Which direction loosens its rule.")
    announced = models.BooleanField(help_text="Whether its rule stands on the announcement to the council.")

    def __str__(self) -> str:
        return self.name
