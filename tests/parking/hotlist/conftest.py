"""An agency with a street and a hotlist."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from ecpd.accounts.roles import Role
from parking.services import hotlist as hotlists
from parking.services.looking import look_at_all
from tests.factories import parking as make
from tests.factories.people import make_user


@pytest.fixture
def agency(db):
    """People, a published policy, a reader, a street with four-hour zones."""
    made = make.agency()
    make.street(made.manager)
    made.auditor = make_user(Role.AUDITOR)
    return made


@pytest.fixture
def hotlist(agency):
    """An empty list, good for a month."""
    return hotlists.enter_hotlist(
        actor=agency.manager, kind="stolen_vehicle", source="County sheriff, daily extract",
        reason="Vehicles reported in the county", expires_on=timezone.localdate() + timedelta(days=30),
    )  # fmt: skip


@pytest.fixture
def entry(agency, hotlist):
    """A Californian plate on the list."""
    return hotlists.add_entry(hotlist=hotlist, actor=agency.manager, plate="8abc 123", plate_state="US-CA",
                              vehicle="blue Honda Civic")  # fmt: skip


@pytest.fixture
def pass_by(agency, django_capture_on_commit_callbacks):
    """The patrol sees a plate, a minute ago unless said otherwise, and the reads are looked at."""

    def see(plate="8ABC123", *, state="US-CA", at=None, **fields) -> SimpleNamespace:
        at = at or timezone.now() - timedelta(minutes=1)
        with django_capture_on_commit_callbacks(execute=True) as callbacks:
            make.receive(agency.device, make.seen(at, plate=plate, state=state, **fields), at=at)
            look_at_all()
        return SimpleNamespace(callbacks=callbacks)

    return see
