"""FR-07: the card behind the score is a setting of the manual; what somebody keeps changes no score by itself."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from ecpd.accounts.roles import Role
from ecpd.policy import services
from ecpd.policy.errors import PolicyDenied
from ecpd.policy.models import Amendment, Decision
from leads.models import ModelCard
from leads.recognition import card as cards
from leads.selectors.card import card_in_force
from leads.services.card import keep_card
from tests.clock import moved_to
from tests.factories import leads as make
from tests.factories.people import make_user
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def shipped() -> ModelCard:
    """The card that came with the software."""
    return ModelCard.objects.get()


def another() -> cards.ModelCard:
    """A card of the same model that says something else."""
    return replace(cards.shipped()[0], data="A folder that nobody has seen", people=3)


def test_a_card_that_is_kept_changes_no_score(shipped):
    administrator = make_user(Role.ADMINISTRATOR)
    kept = keep_card(card=another(), actor=administrator)
    assert kept.pk != shipped.pk
    assert card_in_force(shipped.model_id) == shipped
    decision = Decision.objects.get(action="card.keep")
    assert (decision.actor, decision.outcome) == (administrator, "allowed")


@pytest.mark.parametrize("role", [Role.INVESTIGATOR, Role.CAPTAIN, Role.CHIEF, Role.AUDITOR])
def test_only_an_administrator_keeps_a_card(role, shipped):
    with pytest.raises(PolicyDenied, match="AC-08"):
        keep_card(card=another(), actor=make_user(role))
    assert ModelCard.objects.count() == 1


FAR_ENOUGH = timedelta(days=15)
COUNCIL = {"council_item": "Item 7.C", "days": FAR_ENOUGH}


def proposed(sha256: str, *, council_item: str = "", days: timedelta = timedelta(0)) -> Amendment:
    """A captain's proposal to put a card in force."""
    return services.propose_amendment(
        actor=make_user(Role.CAPTAIN), changes={"model_card": sha256}, council_item=council_item,
        effective_on=timezone.localdate() + days, reason="Measured anew on photos of this city.",
    )  # fmt: skip


def test_an_amendment_that_the_council_had_puts_a_card_in_force(shipped, client):
    kept = keep_card(card=another(), actor=make_user(Role.ADMINISTRATOR))
    amendment = proposed(kept.sha256, **COUNCIL)
    sign_in(client, make_user(Role.CHIEF))
    beside = client.get(
        f"/policy/amendments/{amendment.pk}/"
    ).content.decode()  # what is decided on, beside what is in force
    assert kept.sha256 in beside and shipped.sha256 in beside and "the first that was kept" in beside
    assert (
        "The right person first" in beside
        and f"of {shipped.content['people']:,}, " in beside
        and "95% interval" in beside
    )
    assert "1 in 100,000 pairs" not in beside  # 200 people are too few to show it
    services.approve_amendment(amendment=amendment, actor=make_user(Role.CHIEF), reason="The measurement convinces me.")
    assert card_in_force(shipped.model_id) == shipped
    with moved_to(timezone.now() + FAR_ENOUGH + timedelta(days=1)):
        assert card_in_force(shipped.model_id) == kept
        sign_in(client, make_user(Role.CAPTAIN))
        assert "Another card is in force" in client.get(f"/models/{shipped.pk}/").content.decode()


@pytest.mark.parametrize("given", [{}, {"council_item": "Item 7.C"}, {"days": FAR_ENOUGH}], ids=str)
def test_another_card_is_never_the_chiefs_alone(given, shipped):
    """What the score says was told to the council: nothing tells which of two cards is the stricter."""
    kept = keep_card(card=another(), actor=make_user(Role.ADMINISTRATOR))
    with pytest.raises(ValidationError, match="loosens what was announced to the council"):
        proposed(kept.sha256, **given)


def by_hand(sha256: str, before: str = "") -> Amendment:
    """The same written past the service."""
    captain = make_user(Role.CAPTAIN)
    with transaction.atomic():
        make.allowed_on(captain, "amendment.propose", Amendment())
        return Amendment.objects.create(
            changes={"model_card": sha256}, before={"model_card": before}, reason="Measured anew.",
            council_item="Item 7.C", effective_on=timezone.localdate() + FAR_ENOUGH, proposed_by=captain,
        )  # fmt: skip


@pytest.mark.parametrize("sha256", ["0" * 64, " ", "\u200b", "{kept} "], ids=repr)
def test_a_card_nobody_kept_is_never_in_force(sha256, shipped):
    sha256 = sha256.format(kept=shipped.sha256)
    with pytest.raises(ValidationError, match="No model card with this SHA-256 was kept"):
        proposed(sha256, **COUNCIL)
    with pytest.raises(PolicyDenied, match="is one that was kept"):
        services.approve_amendment(
            amendment=by_hand(sha256), actor=make_user(Role.CHIEF), reason="Not looked at closely."
        )
    assert card_in_force(shipped.model_id) == shipped


def test_a_text_setting_can_be_proposed_on_its_page(client, shipped):
    sign_in(client, make_user(Role.CAPTAIN))
    answers = {"name": "model_card", "value": shipped.sha256, "reason": "Measured anew on photos of this city.",
               "council_item": "Item 7.C", "effective_on": (timezone.localdate() + FAR_ENOUGH).isoformat()}  # fmt: skip
    where = "/policy/amendments/new/?name=model_card"
    assert "No model card with this SHA-256" in client.post(where, answers | {"value": "a" * 64}).content.decode()
    assert client.post(where, answers).status_code == 302


def test_the_command_asks_who_keeps_the_card_before_it_reads_a_photo(tmp_path):
    away = tmp_path / "photos"  # not there: whoever reads first says that
    for name in ("", "nobody"):
        with pytest.raises(CommandError, match="--by"):
            call_command("calibrate", away, by=name)
    captain = make_user(Role.CAPTAIN)
    with pytest.raises(CommandError, match="AC-08"):
        call_command("calibrate", away, by=captain.username)
    assert Decision.objects.filter(actor=captain, action="card.keep", outcome="denied").count() == 1
    with pytest.raises(CommandError, match="photos"):
        call_command("calibrate", away, by=make_user(Role.ADMINISTRATOR).username)


def test_a_card_that_goes_to_a_file_is_nobodys_to_keep(tmp_path):
    with pytest.raises(CommandError, match="photos"):
        call_command("calibrate", tmp_path / "photos", out=tmp_path / "card.json")
