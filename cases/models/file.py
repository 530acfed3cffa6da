"""StoredFile: a file in the vault, named by its content."""

from django.db import models

from ecpd.audit.records import Ledger


class StoredFile(Ledger):
    """The file's SHA-256 (hex) is its name; `cases.vault` writes and opens it."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.BigIntegerField(help_text="Bytes.")
    media_type = models.CharField(max_length=100)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(Ledger.Meta):
        abstract = False

    def __str__(self) -> str:
        return f"{self.sha256[:4]}…{self.sha256[-4:]}"
