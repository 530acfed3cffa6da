"""What everybody gets at the addresses of signing in and of one's own password. The anonymous may sign in, no more."""

from tests.factories.people import PASSWORD
from tests.permissions.rows import row

NEW = "another horse and battery"
OWN = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
ROWS = [
    row("accounts/login/", get="200 anonymous; 302 others", post="200 anonymous; 302 others"),
    # What waits for the second factor and the notice is shown to a sign-in on its way; to others it is closed.
    row("accounts/login/passkey/", get="302 anonymous others", post="302 anonymous others"),
    row("accounts/login/code/", get="302 anonymous others", post="302 anonymous others"),
    row("accounts/login/notice/", get="302 anonymous others", post="302 anonymous others"),
    row("accounts/logout/", get="302 anonymous; 200 others", post="302 anonymous others"),
    row("accounts/inactive/", get="200 anonymous others", post="405 anonymous others"),
    row("accounts/signup/", get="200 anonymous; 302 others", post="200 anonymous; 302 others"),  # it says: nobody may
    # The world's people have an authenticator app, so a password proves them no more: they are sent to its code.
    row("accounts/reauthenticate/", get="302 others", post="302 others", data={"password": PASSWORD}),
    row("accounts/reauthenticate/code/", get="200 others", post="200 others", data={"code": "000000"}),
    row("accounts/reauthenticate/passkey/", get="302 others", post="302 others"),
    row("accounts/password/change/", get="200 others", post="302 others", data=OWN),
    row("accounts/password/reset/", get="200 anonymous others", post="200 anonymous others"),
    row("accounts/password/reset/new/", get="302 anonymous others", post="302 anonymous others"),
    row("accounts/sessions/", get="200 others", post="405 others"),
    row("accounts/sessions/others/end/", get="405 others", post="302 others"),
    row("accounts/sessions/<int:pk>/end/", "/accounts/sessions/0/end/", get="405 others", post="404 others"),
    row("accounts/second-factor/rescue/", get="200 others", post="200 others", data={"code": "wrong"}),
    row("accounts/tokens/", get="200 others", post="200 others"),
    row("accounts/tokens/<int:pk>/revoke/", "/accounts/tokens/0/revoke/", get="405 others", post="404 others"),
    row("accounts/second-factor/", get="200 others", post="405 others"),
    row("accounts/second-factor/app/", get="302 others", post="302 others"),  # there is one: to its removal
    row("accounts/second-factor/app/remove/", get="200 others", post="200 others"),  # the only one: it says so
    row("accounts/second-factor/passkey/", get="200 others", post="200 others", data={"credential": "{{}}"}),
    row("accounts/second-factor/passkey/<int:pk>/remove/", "/accounts/second-factor/passkey/1/remove/",
        get="404 others", post="404 others"),
    row("accounts/second-factor/codes/", get="404 others", post="405 others"),  # none were made
    row("accounts/second-factor/codes/new/", get="200 others", post="409 others"),
]  # fmt: skip
