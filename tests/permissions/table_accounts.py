"""What everybody gets at the addresses of signing in and of one's own password. The anonymous may sign in, no more."""

from tests.factories.people import PASSWORD
from tests.permissions.rows import row

NEW = "another horse and battery"
OWN = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
ROWS = [
    row("accounts/login/", get="200 anonymous; 302 others", post="200 anonymous; 302 others"),
    row("accounts/logout/", get="302 anonymous; 200 others", post="302 anonymous others"),
    row("accounts/inactive/", get="200 anonymous others", post="405 anonymous others"),
    row("accounts/signup/", get="200 anonymous; 302 others", post="200 anonymous; 302 others"),  # it says: nobody may
    row("accounts/reauthenticate/", get="200 others", post="302 others", data={"password": PASSWORD}),
    row("accounts/password/change/", get="200 others", post="302 others", data=OWN),
    row("accounts/password/reset/", get="200 anonymous others", post="405 anonymous others"),
]
