"""A real browser opens the pages of abandoned vehicles, tows and hotlists: axe-core finds nothing, nothing scrolls sideways."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from parking.citations.upload import Upload
from parking.services import hotlist as hotlists
from parking.services import tow
from tests.parking.abandoned.conftest import ORDER, ask, hours_pass, look, mark, notice, report
from tests.parking.citation import test_accessible as eyes

pytestmark = pytest.mark.browser
browser, opens = eyes.browser, eyes.opens


def photo(color: str) -> Upload:
    """A real picture of one color."""
    sink = BytesIO()
    Image.new("RGB", (320, 240), color).save(sink, "JPEG")
    return Upload(f"{color}.jpg", sink.getvalue())


@pytest.fixture
def pages(people, ordinance, transactional_db) -> list[tuple[str, object]]:
    """Every page with something on it, and who opens it."""
    towed = report(people, words="A neighbor says it has not moved since October.", source="citizen")
    mark(people, towed, photos=[photo("gray"), photo("green")], odometer=120_500)
    hours_pass(73)
    towed.refresh_from_db()
    look(people, towed, photos=[photo("olive")])
    order = tow.order_tow(matter=towed, actor=people.manager, **ORDER)
    hours_pass(2)
    order.refresh_from_db()
    tow.record_removal(order=order, actor=people.officer, at=timezone.now() - timedelta(hours=1), condition="Dent, left door.",
                       inventory="Spare wheel\nUmbrella\nTwo boxes of books")  # fmt: skip
    notice(people, order)
    ask(people, order, words="I was away for work and nobody told me.")
    reported, marked = (
        report(people, plate="", vehicle="white van"),
        report(people, plate="6DEF456", place="Oak Street 200"),
    )
    mark(people, marked, photos=[photo("navy")])
    ready = report(people, plate="5GHI777", vehicle="red sedan without wheels", kind="hazard_hulk")
    mark(people, ready, kind="hazard_hulk", grounds=["wheels", "engine"], photos=[photo("maroon")])
    look(people, ready, photos=[photo("brown")])
    hotlist = hotlists.enter_hotlist(actor=people.manager, kind="stolen_vehicle", source="County sheriff, daily extract",
                                     reason="Vehicles reported in the county",
                                     expires_on=timezone.localdate() + timedelta(days=30))  # fmt: skip
    for n in range(3):
        entry = hotlists.add_entry(hotlist=hotlist, actor=people.manager, plate=f"8ABC12{n}", plate_state="US-CA",
                                   vehicle="blue Honda Civic")  # fmt: skip
    hotlists.withdraw_entry(entry=entry, actor=people.manager, reason="Found by its owner on Monday")
    officer, manager = people.officer, people.manager
    named = [("abandoned-vehicle", towed, officer), ("abandoned-vehicle", ready, manager), ("abandoned-mark", reported, officer),
             ("abandoned-look", marked, officer), ("abandoned-close", marked, officer), ("tow-order", ready, manager),
             ("tow-notice", towed, officer), ("tow-hearing", towed, people.examiner), ("tow-end", towed, officer),
             ("abandoned-print", towed, officer), ("tow-removal", towed, officer)]  # fmt: skip
    return [
        *((reverse(f"parking:{name}", args=[matter.number]), who) for name, matter, who in named),
        *(
            (reverse(f"parking:{name}"), manager)
            for name in ("abandoned", "abandoned-report", "hotlists", "hotlist-enter")
        ),
        *(
            (reverse(f"parking:{name}", args=[hotlist.pk]), manager)
            for name in ("hotlist", "hotlist-import", "hotlist-add")
        ),
        (hotlist.get_absolute_url(), officer),
        (reverse("parking:tow-hearings"), people.examiner),
    ]


def test_every_page_of_abandoned_vehicles_and_hotlists_can_be_used_by_everybody(pages, opens):
    assert eyes.findings_of(pages, opens) == {}
