"""Changing one's own password: a wrong old one counts like a wrong one at the sign-in (AC-02)."""

from allauth.account.forms import ChangePasswordForm as AllauthChangePasswordForm
from allauth.core import context
from django.core.exceptions import ValidationError

from ecpd.accounts import lockout
from ecpd.web.client_address import client_source


class ChangePasswordForm(AllauthChangePasswordForm):
    """allauth's form, counted; labels stand above the fields and are not said in them again."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)

    def clean_oldpassword(self) -> str:
        """The password in use. Raises ValidationError, also where no password is looked at any more."""
        try:
            attempt = lockout.begin(self.user.username, client_source(context.request))
        except lockout.Closed as refusal:
            raise ValidationError(str(refusal)) from refusal
        try:
            password = super().clean_oldpassword()
        except ValidationError:
            lockout.failed(attempt)
            raise
        lockout.succeeded(attempt)
        return password
