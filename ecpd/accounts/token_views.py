"""The page of one's own API tokens; administrators see everybody's that are in use."""

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from ecpd.accounts import api_tokens
from ecpd.accounts.models import ApiToken
from ecpd.accounts.roles import ACTIONS, OWN_HANDS
from ecpd.web.asking import add_errors


class TokenForm(forms.Form):
    """A new token."""

    name = forms.CharField(max_length=80, label="What uses it")
    scope = forms.ChoiceField(choices=ApiToken.Scope.choices, initial=ApiToken.Scope.READ, label="What it opens")
    actions = forms.MultipleChoiceField(
        required=False, label="Actions, for a token of named actions", widget=forms.CheckboxSelectMultiple
    )
    days = forms.IntegerField(min_value=1, max_value=365, initial=90, label="Days it lasts")

    def __init__(self, *args, user, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["actions"].choices = [
            (name, action.words) for name, action in ACTIONS.items() if user.may(name) and name not in OWN_HANDS
        ]


@require_http_methods(["GET", "POST"])
@reauthentication_required(allow_get=True)
def tokens(request: HttpRequest) -> HttpResponse:
    """The tokens, and a form for another; the new key is in this one answer only.

    Making one asks for the second factor again: a session that somebody else came by would make a key that outlives it.
    """
    form = TokenForm(request.POST or None, user=request.user)
    made = key = None
    if request.method == "POST" and form.is_valid():
        try:
            made, key = api_tokens.make_token(owner=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            form = TokenForm(user=request.user)
    listed = list(api_tokens.tokens_for(request.user))
    shown = {"good": [token for token in listed if token.is_good], "over": [token for token in listed if not token.is_good],
             "form": form, "made": made, "key": key}  # fmt: skip
    return render(request, "account/tokens.html", shown)


@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End one."""
    token = get_object_or_404(api_tokens.tokens_for(request.user), pk=pk)
    api_tokens.revoke_token(token=token, actor=request.user)
    messages.success(request, f"{token.name} opens nothing any more.")
    return redirect("account_tokens")
