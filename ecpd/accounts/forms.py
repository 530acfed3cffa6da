"""Forms of the second factor: allauth's, with codes that count once and secrets that are never kept in the clear."""

from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, BaseAuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from allauth.mfa.utils import decrypt, encrypt
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django.core.exceptions import ValidationError
from django.utils import timezone

from ecpd.accounts import codes

WRONG = "That code doesn't match. Type the code that the app shows now; each counts once."


class _CountsOnce(BaseAuthenticateForm):
    """A code is taken once and guessing is slow (ecpd.accounts.codes)."""

    def clean_code(self) -> str:
        """The code of one of the account's factors. Raises ValidationError in words."""
        code = self.cleaned_data["code"]
        try:
            authenticator = codes.take(user=self.user, code=code)
        except codes.CodesClosed as closed:
            when = timezone.localtime(closed.until)
            raise ValidationError(
                f"Too many wrong codes. Try again after {when:%-I:%M %p}, or sign in with a passkey."
            ) from closed
        if authenticator is None:
            self._emit_authentication_failed(Authenticator(user=self.user, type=Authenticator.Type.TOTP))
            raise ValidationError(WRONG)
        authenticator.user = self.user
        self.authenticator = authenticator
        return code


class CodeForm(_CountsOnce, AuthenticateForm):
    """At sign-in."""


class CodeAgainForm(_CountsOnce, ReauthenticateForm):
    """Once more, before a factor is added or taken away."""


class SetUpAppForm(ActivateTOTPForm):
    """The first code of a new app. Until it is right the secret waits in the session, encrypted."""

    def __init__(self, *args, **kwargs) -> None:
        session = context.request.session
        waiting = session.get(SECRET_SESSION_KEY)
        super().__init__(*args, **kwargs)
        if self.is_bound and waiting:
            self.secret = decrypt(waiting)
        else:
            session[SECRET_SESSION_KEY] = encrypt(self.secret)

    def clean_code(self) -> str:
        """A code of the new secret, used up with it. Raises ValidationError."""
        code = self.cleaned_data["code"]
        step = codes.step_of(self.secret, code)
        if not step:
            raise ValidationError(WRONG)
        codes.use_up(user=self.user, step=step)
        return code


class AddPasskeyForm(AddWebAuthnForm):
    """A passkey always signs in by itself: there is nothing to choose."""

    passwordless = None
