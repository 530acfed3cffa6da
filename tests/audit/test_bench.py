"""The bench of the chain writes real events, each in a transaction of its own."""

import pytest
from django.core.management import CommandError, call_command

from ecpd.audit.bench import write
from ecpd.audit.models import Conduct, Unsealed
from tests.logins import address

pytestmark = pytest.mark.django_db(transaction=True)


def test_many_writers_each_write_their_share():
    before = Unsealed.objects.count()
    written = write(address(), events=18, writers=4)
    assert (written.events, Conduct.objects.count(), Unsealed.objects.count() - before) == (16, 16, 16)
    assert written.rate > 0


def test_without_the_applications_address_it_does_not_begin(monkeypatch):
    monkeypatch.delenv("DATABASE_URL")
    with pytest.raises(CommandError, match="Set DATABASE_URL"):
        call_command("bench_audit")
