"""FR-07: the card behind the score is a setting of the manual; what somebody keeps changes no score by itself."""

from dataclasses import replace

import pytest
from django.core.management import CommandError
from django.utils import timezone

from ecpd.accounts.roles import Role
from ecpd.policy import services
from ecpd.policy.errors import PolicyDenied
from ecpd.policy.models import Decision
from leads.models import ModelCard
from leads.recognition import card as cards
from leads.selectors.card import card_in_force
from leads.services.card import keep_card
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


def test_an_amendment_puts_a_card_in_force(shipped, client):
    kept = keep_card(card=another(), actor=make_user(Role.ADMINISTRATOR))
    captain, chief = make_user(Role.CAPTAIN), make_user(Role.CHIEF)
    amendment = services.propose_amendment(
        actor=captain, changes={"model_card": kept.sha256}, effective_on=timezone.localdate(),
        reason="Measured anew on photos of this city.",
    )  # fmt: skip
    assert card_in_force(shipped.model_id) == shipped
    services.approve_amendment(amendment=amendment, actor=chief, reason="The measurement convinces me.")
    assert card_in_force(shipped.model_id) == kept
    sign_in(client, captain)
    assert "Another card is in force" in client.get(f"/models/{shipped.pk}/").content.decode()


def test_a_card_nobody_kept_is_none(shipped):
    amendment = services.propose_amendment(
        actor=make_user(Role.CAPTAIN), changes={"model_card": "0" * 64}, effective_on=timezone.localdate(),
        reason="A mistake while typing the number.",
    )  # fmt: skip
    services.approve_amendment(amendment=amendment, actor=make_user(Role.CHIEF), reason="Not looked at closely.")
    assert card_in_force(shipped.model_id) is None


def test_a_text_setting_can_be_proposed_on_its_page(client):
    sign_in(client, make_user(Role.CAPTAIN))
    answers = {"name": "model_card", "value": "a" * 64, "reason": "Measured anew on photos of this city.",
               "effective_on": timezone.localdate().isoformat()}  # fmt: skip
    assert client.post("/policy/amendments/new/?name=model_card", answers).status_code == 302


def test_the_command_asks_who_keeps_the_card():
    from leads.management.commands import calibrate

    command = calibrate.Command()
    for name in ("", "nobody"):
        with pytest.raises(CommandError, match="--by"):
            command._keep(another(), name)
    with pytest.raises(CommandError, match="AC-08"):
        command._keep(another(), make_user(Role.CAPTAIN).username)
