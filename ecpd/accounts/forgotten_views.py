"""The two pages of a forgotten password: ask; set a new one, with one's second factor, once the way is open."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from ecpd.accounts import forgotten
from ecpd.web.client_address import client_source

KEY = "ecpd_forgotten"


class AskForm(forms.Form):
    """Whose password it is."""

    username = forms.CharField(max_length=150, label="User name")


class NewPasswordForm(forms.Form):
    """The new password, twice; the service asks the rules."""

    password1 = forms.CharField(widget=forms.PasswordInput, strip=False, label="New password")
    password2 = forms.CharField(widget=forms.PasswordInput, strip=False, label="New password again")
    code = forms.CharField(
        max_length=20, label="Code of your second factor", widget=forms.TextInput({"autocomplete": "one-time-code"})
    )

    def __init__(self, *args, needs_factor: bool = True, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if not needs_factor:
            del self.fields["code"]

    def clean(self) -> dict:
        """Raises ValidationError when the two differ."""
        cleaned = super().clean() or {}
        if cleaned.get("password1") != cleaned.get("password2"):
            raise ValidationError("The two passwords differ.")
        return cleaned


@login_not_required
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for the way to a new password."""
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _, request.session[KEY] = forgotten.ask(username=form.cleaned_data["username"], source=client_source(request))
        return redirect("account_new_password")
    return render(request, "account/password_reset.html", {"form": form})


@login_not_required
@require_http_methods(["GET", "POST"])
def new_password(request: HttpRequest) -> HttpResponse:
    """The number to tell; then the new password."""
    asked = forgotten.of_browser(request.session.get(KEY, ""))
    if asked is None:
        return redirect("account_reset_password")
    form = NewPasswordForm(request.POST or None, needs_factor=asked.needs_factor) if asked.is_open else None
    if form is None and "told" in request.GET:
        messages.warning(request, f"Not opened yet. Tell the help desk the number {asked.number}, wait until they say that "
                         "the way is open, then go on.")  # fmt: skip
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            forgotten.set_password(
                secret=request.session[KEY],
                password=form.cleaned_data["password1"],
                code=form.cleaned_data.get("code", ""),
            )
        except ValidationError as error:
            form.add_error("password1", error)
        except forgotten.WrongCode as error:
            form.add_error("code", str(error))
        else:
            request.session.flush()
            messages.success(request, "Your new password is set. Sign in with it and your second factor.")
            return redirect("account_login")
    return render(request, "account/password_new.html", {"asked": asked, "form": form})
