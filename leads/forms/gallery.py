"""Forms of the gallery: a source, an import, an opt-out, a withdrawal."""

from django import forms
from django.utils import timezone

from ecpd.web.forms import ManyFiles, UswdsFormMixin
from ecpd.web.shown import ShowsMixin
from leads.models import GallerySource


class SourceForm(UswdsFormMixin, forms.Form):
    """A gallery source. Refused kinds stand in the list, so that asking for one is refused on the record (FR-05)."""

    name = forms.CharField(max_length=120, help_text="As people will see it beside each candidate.")
    kind = forms.ChoiceField(
        label="What kind of source is it?",
        choices=[
            ("Public realm", GallerySource.Kind.choices),
            ("Never in the gallery", list(GallerySource.REFUSED_KINDS.items())),
        ],
    )
    owner = forms.CharField(label="Who publishes it?", max_length=200)
    terms = forms.CharField(
        label="On what terms may it be used?",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="License, permission or the page's own terms, with the date they were read.",
    )
    provenance = forms.CharField(
        label="How were the photos obtained?",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="By whom, from which pages, when.",
    )

    def clean_name(self) -> str:
        """Each source has its own name."""
        name = self.cleaned_data["name"].strip()
        if GallerySource.objects.filter(name__iexact=name).exists():
            raise forms.ValidationError("There is a source of this name. Choose another name, or import into that one.")
        return name


class ImportForm(UswdsFormMixin, forms.Form):
    """Photos to import: pictures, or one ZIP archive of pictures."""

    photos = ManyFiles(
        label="Photos, or a ZIP archive of them",
        help_text="JPEG, PNG, WebP, TIFF or HEIC. In an archive a folder counts as the name the page gives.",
    )


class OptOutForm(ShowsMixin, UswdsFormMixin, forms.Form):
    """A person's wish not to be in the gallery."""

    received_on = forms.DateField(
        label="When did the request arrive?", widget=forms.DateInput(attrs={"type": "date"}), initial=timezone.localdate
    )
    reason = forms.CharField(
        label="What was asked, and by whom?",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Where the request is kept. No face template is kept for blocking; the photo's hash is.",
    )
    vendor_confirmation = forms.CharField(
        label="Confirmation of an outside vendor",
        required=False,
        max_length=300,
        help_text="When the photo came from a vendor: who confirmed its removal there, and when.",
    )

    def clean_received_on(self):
        """Not in the future."""
        day = self.cleaned_data["received_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("The request cannot have arrived in the future.")
        return day


class PhotoFileForm(OptOutForm):
    """An opt-out for a photo that may not be in the gallery: its file, only hashed and not kept."""

    photo = forms.FileField(
        label="The photo", help_text="Only its hashes are kept, so that it is refused whenever somebody imports it."
    )
    field_order = ["photo", "received_on", "reason", "vendor_confirmation"]
