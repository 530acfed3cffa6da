"""What everybody gets at the addresses of the manual.

The manual and its amendments are read by all who sign in (TR-01); a decision by who asked, by captains and the chief,
and by who reads the audit.
"""

from tests.permissions.rows import row

GET_ONLY, POST_ONLY = "405 others", "405 others"
ALL = "200 others"
REASON = "Three leads between 95 and 97 were wrong."

ROWS = [
    row("policy/", get=ALL, post=GET_ONLY),
    row("policy/compare/", get=ALL, post=GET_ONLY),
    row("policy/decisions/", get=ALL, post=GET_ONLY),
    row("policy/decisions/<int:pk>/", "/policy/decisions/{decision}/", get="200 readers; 404 others",
        post=GET_ONLY),
    row("policy/amendments/", get=ALL, post=GET_ONLY),
    row("policy/amendments/new/", "/policy/amendments/new/?name=corroboration_min",
        get="200 workers chief outsider; 403 others", post="302 workers chief outsider; 403 others",
        data={"value": "2", "reason": REASON, "effective_on": "{today}"}),
    # The captain proposed it, the chief decides.
    row("policy/amendments/<int:pk>/", "/policy/amendments/{amendment}/", get=ALL, post="302 chief; 403 others",
        data={"answer": "approve", "reason": REASON}, shown_at=("/policy/amendments/{amendment}/",)),
    row("policy/amendments/<int:pk>/withdraw/", "/policy/amendments/{amendment}/withdraw/", get=POST_ONLY,
        post="302 captain; 409 investigator chief outsider; 403 others", data={"reason": REASON}),
]  # fmt: skip
