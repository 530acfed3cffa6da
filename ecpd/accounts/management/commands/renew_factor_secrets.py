"""`manage.py renew_factor_secrets`: after a new key was put before the old one, encrypt every secret with it."""

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt, encrypt
from django.core.management.base import BaseCommand
from django.db import transaction

from ecpd.audit.services import record

SECRETS = {"totp": "secret", "recovery_codes": "seed"}


class Command(BaseCommand):
    """Then the old key can go. Runs as the database's owner."""

    help = "Encrypt the second factors' secrets anew with the first key of ECPD_MFA_KEY (or .data/mfa_key)."

    @transaction.atomic
    def handle(self, *args, **options) -> None:
        """Every app and every set of recovery codes."""
        factors = Authenticator.objects.select_for_update().filter(type__in=SECRETS)
        for factor in factors:
            name = SECRETS[factor.type]
            factor.data[name] = encrypt(decrypt(factor.data[name]))
            factor.save(update_fields=["data"])
        record(actor=None, action="account.factor_secrets_renewed", secrets=len(factors))
        self.stdout.write(f"{len(factors)} secrets are encrypted with the first key. The others can go.")
