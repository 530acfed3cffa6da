"""What everybody gets at the frame's own addresses.

Whether the service is well is asked by machines, which do not sign in; the answer names nothing.
"""

from tests.permissions.rows import row

ROWS = [
    row("", get="302 auditor administrator; 200 others", post="405 others"),  # to the first page of their own
    row("healthz/live", get="200 anonymous others", post="405 anonymous others"),
    row("healthz/ready", get="200 anonymous others", post="405 anonymous others"),
]
