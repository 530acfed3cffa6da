"""Forms of tows: order, removal, notices, hearing, end."""

from typing import Any

from django import forms
from django.utils import timezone

from ecpd.web.forms import UswdsFormMixin
from parking.forms.abandoned import PhotosField, odometer_field, words_field
from parking.models import TowEnd, TowHearing, TowNotice, TowOrder, TowResult


def when(label: str) -> forms.DateTimeField:
    """A day and time up to now, Pacific."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=widget, initial=timezone.localtime)


class OrderForm(UswdsFormMixin, forms.Form):
    """Who orders, why, and where it goes."""

    orderer_class = forms.ChoiceField(
        label="You order as", choices=TowOrder.OrdererClass.choices, widget=forms.RadioSelect
    )
    purpose = words_field("Why it is removed", 3, help_text="The owner reads it.")
    tow_company = forms.CharField(max_length=120)
    storage = forms.CharField(label="Where it is stored", max_length=300, help_text="Name, address and phone.")
    unpaid_citations = forms.BooleanField(label="Unpaid citations stand beside the matter; they are not its ground",
                                          required=False)  # fmt: skip


class RemovalForm(UswdsFormMixin, forms.Form):
    """The truck was here."""

    at = when("Removed at")
    driver = forms.CharField(label="Driver of the tow truck", max_length=120, required=False)
    condition = words_field("Condition of the vehicle", 2)
    inventory = words_field("What was in it", 5, help_text="One thing a line; write “nothing” when it was empty.")
    odometer = odometer_field()
    photos = PhotosField(label="Photos")


class NoticeForm(UswdsFormMixin, forms.Form):
    """A notice to an owner."""

    sent_to = forms.ChoiceField(label="To", choices=TowNotice.To.choices, widget=forms.RadioSelect)
    name = forms.CharField(max_length=120, required=False, help_text="As the Department of Motor Vehicles gives it.")
    address = forms.CharField(label="Mailing address", max_length=400, required=False,
                              widget=forms.Textarea(attrs={"rows": 3}))  # fmt: skip
    dated = forms.DateField(label="Date on the notice", widget=forms.DateInput(attrs={"type": "date"}),
                            initial=timezone.localdate)  # fmt: skip
    sent_at = when("Mailed or handed over at")
    by_hand = forms.BooleanField(label="Handed over in person", required=False)
    late_reason = words_field("Why it is late", 2, required=False, help_text="Only when it is.")

    def clean(self) -> dict[str, Any]:
        """A notice to an owner has a name and an address, and is not dated after its mailing."""
        answers = super().clean() or {}
        if answers.get("sent_to") != TowNotice.To.DOJ:
            for name in ("name", "address"):
                if not answers.get(name):
                    self.add_error(name, "A notice goes to a name and an address.")
        if answers.get("dated") and answers["dated"] > timezone.localdate():
            self.add_error("dated", "This day has not come yet.")
        return answers


class AskForm(UswdsFormMixin, forms.Form):
    """An owner asks for a hearing."""

    name = forms.CharField(label="Who asks", max_length=120)
    contact = forms.CharField(label="Phone or address", max_length=200)
    channel = forms.ChoiceField(
        label="How it was asked for", choices=TowHearing.Channel.choices, widget=forms.RadioSelect
    )
    asked_at = when("Asked for at")
    words = words_field("Why the tow is contested", 3, required=False)
    late_reason = words_field("Why it is taken though late", 2, required=False, help_text="Only when it is.")


class HearForm(UswdsFormMixin, forms.Form):
    """The decision of a hearing."""

    held_at = when("Held at")
    outcome = forms.ChoiceField(label="Decision", choices=TowResult.Outcome.choices, widget=forms.RadioSelect)
    reason = words_field("Reason", 5, min_length=20, help_text="The agency has to show that the tow was valid. The owner "
                         "reads this.")  # fmt: skip


class EndForm(UswdsFormMixin, forms.Form):
    """How it ends."""

    how = forms.ChoiceField(label="How does it end?", choices=TowEnd.How.choices, widget=forms.RadioSelect)
    to = forms.CharField(label="To whom", max_length=200, required=False)
    agency_pays = forms.BooleanField(label="The agency pays tow and storage", required=False)
    reason = words_field("In words", 2)

    def clean(self) -> dict[str, Any]:
        """A release names to whom."""
        answers = super().clean() or {}
        if answers.get("how") == TowEnd.How.RELEASED and not answers.get("to"):
            self.add_error("to", "Say to whom the vehicle went.")
        return answers
