"""Forms of permits, for applicants and holders, and for staff at the counter."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from ecpd.web.forms import UswdsFormMixin
from parking.forms.alert import STATE_CHOICES
from parking.forms.allowed import clean_plate
from parking.forms.contest import DocumentsField
from parking.models import PermitApplication, PermitPlate, PermitTerms, Zone

CHOOSE_STATE = [("", "Choose a state"), *STATE_CHOICES]
DAY = {"type": "date"}


class LinkForm(UswdsFormMixin, forms.Form):
    """Where the link goes."""

    email = forms.EmailField(label="Your e-mail address", help_text="We send you a link. You need no account.")


class ApplyForm(UswdsFormMixin, forms.Form):
    """An application under the rules of one class: as many plates as it lets park at a time."""

    name = forms.CharField(label="Your name", max_length=120)
    address = forms.CharField(label="Street address", max_length=200, help_text="The address the permit is for.")
    unit = forms.CharField(label="Unit, if your address has one", max_length=20, required=False)
    phone = forms.CharField(label="Phone, if we have a question", max_length=30, required=False)
    words = forms.CharField(label="Anything we should know", required=False, max_length=2000,
                            widget=forms.Textarea(attrs={"rows": 2}))  # fmt: skip
    documents = DocumentsField(label="Documents", help_text="PDF, JPEG, PNG or HEIC, five at most, 10 MB each.")

    def __init__(self, *args: Any, terms: PermitTerms, **kwargs: Any) -> None:
        self.places = 0 if terms.is_for_guests else terms.plates_max
        self.base_fields = dict(self.base_fields)  # type: ignore[misc]  # this form's own, which __init__ copies
        for place in range(1, self.places + 1):
            first = place == 1
            word = "License plate" if self.places == 1 else f"License plate {place}"
            self.base_fields[f"plate_{place}"] = forms.CharField(label=word, max_length=16, required=first)
            self.base_fields[f"state_{place}"] = forms.ChoiceField(
                label=f"State of {word.lower()}", choices=CHOOSE_STATE, required=first
            )
        super().__init__(*args, **kwargs)
        if terms.asked:
            self.fields["documents"].help_text = f"{'; '.join(terms.asked)}. {self.fields['documents'].help_text}"
        self.order_fields(["name", "address", "unit", "phone", *self.plate_names, "documents", "words"])

    @property
    def plate_names(self) -> list[str]:
        """The names of the fields of plates."""
        return [f"{part}_{place}" for place in range(1, self.places + 1) for part in ("plate", "state")]

    def clean(self) -> dict[str, Any]:
        """Plates as pairs, each with its state."""
        cleaned = super().clean()
        pairs = []
        for place in range(1, self.places + 1):
            plate, state = cleaned.get(f"plate_{place}", ""), cleaned.get(f"state_{place}", "")
            if not plate:
                continue
            if not state and f"state_{place}" not in self.errors:
                self.add_error(f"state_{place}", "Choose the state of this plate.")
            try:
                pairs.append((clean_plate(plate), state))
            except forms.ValidationError as error:
                self.add_error(f"plate_{place}", error)
        return cleaned | {"plates": pairs}

    def told(self) -> dict[str, Any]:
        """What the services of applications take."""
        data = self.cleaned_data
        details = {name: data[name] for name in ("name", "address", "unit", "phone", "words")}
        return {"plates": data["plates"], "details": details, "uploads": data["documents"]}


class CounterForm(ApplyForm):
    """An application that staff enter for somebody."""

    channel = forms.ChoiceField(label="How it came", choices=[c for c in PermitApplication.Channel.choices
                                                             if c[0] != "online"])  # fmt: skip
    email = forms.EmailField(label="E-mail, if there is one", required=False)
    documents_seen = forms.CharField(label="Documents seen at the counter", required=False, max_length=500)
    field_order = ["channel"]

    def told(self) -> dict[str, Any]:
        """With what only staff enter."""
        told, data = super().told(), self.cleaned_data
        told["details"]["email"] = data["email"]
        return told | {"channel": data["channel"], "documents_seen": data["documents_seen"]}


class SwapForm(UswdsFormMixin, forms.Form):
    """Another plate, in force at once."""

    instead_of = forms.TypedChoiceField(label="In place of", coerce=int)
    plate = forms.CharField(label="New license plate", max_length=16)
    state = forms.ChoiceField(choices=CHOOSE_STATE)
    kind = forms.ChoiceField(label="Whose is it?", initial="own",
                             choices=[c for c in PermitPlate.Kind.choices if c[0] != "guest"])  # fmt: skip
    last_day = forms.DateField(label="Last day, for a rental, loaner or temporary plate", required=False,
                               help_text="After it your own plate counts again.", widget=forms.DateInput(attrs=DAY))  # fmt: skip

    def __init__(self, *args: Any, places: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["instead_of"].choices = places
        if len(places) == 1:
            self.fields["instead_of"].initial = places[0][0]
            self.fields["instead_of"].widget = forms.HiddenInput()

    def clean_plate(self) -> str:
        """Letters and digits."""
        return clean_plate(self.cleaned_data["plate"])

    def clean(self) -> dict[str, Any]:
        """A borrowed plate has a last day, one's own has none."""
        cleaned = super().clean()
        borrowed, day = cleaned.get("kind") != PermitPlate.Kind.OWN, cleaned.get("last_day")
        if borrowed and not day and "last_day" not in self.errors:
            self.add_error("last_day", "Enter the last day of the rental, loaner or temporary plate.")
        if day and day < timezone.localdate():
            self.add_error("last_day", "This day is over.")
        return cleaned

    def told(self) -> dict[str, Any]:
        """What the service of swaps takes."""
        data = self.cleaned_data
        borrowed = data["kind"] != PermitPlate.Kind.OWN
        return {"plate": data["plate"], "state": data["state"], "kind": data["kind"], "place": data["instead_of"],
                "until": midnight_after(data["last_day"]) if borrowed else None}  # fmt: skip


def midnight_after(day) -> datetime:
    """The end of a day on the city's clock."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))


class StaffSwapForm(SwapForm):
    """With the reason why staff change it."""

    reason = forms.CharField(label="Why?", min_length=10, max_length=200)

    def told(self) -> dict[str, Any]:
        """With the reason."""
        return super().told() | {"reason": self.cleaned_data["reason"]}


class GuestCodeForm(UswdsFormMixin, forms.Form):
    """A code for guests."""

    label = forms.CharField(label="For whom", max_length=60, required=False, help_text="Only you see it.")
    visits = forms.IntegerField(label="How many visits", min_value=1, max_value=100, initial=1)
    days = forms.IntegerField(label="Works for how many days", min_value=1, max_value=90, initial=14)


class GuestForm(UswdsFormMixin, forms.Form):
    """A guest's code and plate."""

    code = forms.CharField(label="Guest code", max_length=20, help_text="Eight letters and digits, from your host.")
    plate = forms.CharField(label="Your license plate", max_length=16)
    state = forms.ChoiceField(choices=CHOOSE_STATE)

    def clean_plate(self) -> str:
        """Letters and digits."""
        return clean_plate(self.cleaned_data["plate"])


class OwnCheckForm(forms.Form):
    """One of a permit's plates and a zone; the view narrows the plates to the holder's own."""

    plate = forms.ModelChoiceField(queryset=PermitPlate.objects.none())
    zone = forms.ModelChoiceField(queryset=Zone.objects.filter(enforced=True, ends_at__isnull=True))


class WithdrawForm(UswdsFormMixin, forms.Form):
    """Taking something back."""

    reason = forms.CharField(label="Why, if you want to say", required=False, max_length=500)
