"""`python -m leads.bench.deciding`: how long the pages and the questions of one matter take among many."""

import logging
import os
import time

import django

from leads.bench.copying import STEP

EACH = 3  # times that every question is asked and every page opened; the quickest counts


def main() -> None:
    """The questions that rules and guards ask of one lead, then the pages of its case and the lists."""
    from leads.models import Lead

    logging.disable(logging.WARNING)
    own = list(Lead.objects.filter(pk__lt=STEP).select_related("case", "candidate__search").order_by("pk"))
    for name, asked in _questions().items():
        print(f"  {name:<32}{max(_quickest(lambda sql=sql: _ask(sql)) for sql in map(asked, own)):9.1f} ms")
    from django.test.utils import override_settings

    with override_settings(ALLOWED_HOSTS=["*"]):
        for person in ("okafor", "marsh"):
            for kind, milliseconds in _pages(person, own):
                print(f"  {person:<8}{kind:<32}{milliseconds:9.1f} ms")


def _ask(sql: str) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql)
        cursor.fetchall()


def _quickest(act) -> float:
    took = []
    for _ in range(EACH):
        begun = time.perf_counter()
        act()
        took.append(1000 * (time.perf_counter() - begun))
    return min(took)


def _questions() -> dict:
    from leads.models import parts

    return {
        "Which cases are one matter": lambda lead: f"SELECT ecpd_matter({lead.case_id})",
        "Leads to the face": lambda lead: f"SELECT ecpd_leads_of_the_face({lead.pk})",
        "What its evidence counts as": lambda lead: f"SELECT ecpd_standing({lead.pk}, '{{}}', '{{}}')",
        "Is the face bound": lambda lead: f"SELECT ecpd_bound_for({lead.pk}, {lead.created_by_id})",
        "What speaks against it": lambda lead: f"SELECT ecpd_speaks_against({lead.pk})",
        "Who had a part in it": lambda lead: f"SELECT {parts.had_a_part(str(lead.created_by_id), str(lead.pk))}",
        "Who can be drawn": lambda lead: f"SELECT ecpd_lot({lead.candidate_id})",
    }


def _pages(person: str, own) -> list[tuple[str, float]]:
    from django.test import Client
    from django.urls import reverse

    from ecpd.accounts.models import User
    from ecpd.accounts.rehearsal import sign_in
    from leads.models import WarrantApplication

    client = Client(SERVER_NAME="127.0.0.1")
    sign_in(client, User.objects.get(username=person))
    addresses = [("home", reverse("home")), ("cases:list", reverse("cases:list"))]
    for lead in own:
        addresses += [
            ("cases:detail", reverse("cases:detail", args=[lead.case.case_number])),
            ("leads:search-detail", reverse("leads:search-detail", args=[lead.candidate.search.number])),
            ("leads:lead-detail", reverse("leads:lead-detail", args=[lead.number])),
        ]
    addresses += [(kind, reverse(kind, args=[application.number]))
                  for application in WarrantApplication.objects.filter(lead__in=own).order_by("pk")
                  for kind in ("leads:application-detail", "leads:application-packet")]  # fmt: skip
    worst: dict[str, float] = {}
    for kind, address in addresses:
        worst[kind] = max(worst.get(kind, 0), _quickest(lambda address=address: client.get(address)))
    return list(worst.items())


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ecpd.settings")
    django.setup()
    main()
