"""The permission matrix: every address of the site, tried as every role, as a stranger to the case, and signed out.

Each app has one table, `table_<app>.py`, whose ROWS are written by hand from the policy and the role table, never
computed from the code that they test. `test_matrix.py` walks the URL conf: an address without a row fails, and so does
a row without an address. To add an address:

1.  Write a row in the table of its app (a new app: a new file of that name; it is found by itself):

        row("gallery/<int:pk>/withdraw/", "/gallery/{source}/withdraw/",
            get="405 others", post="302 command; 403 others", data={"reason": "The site is gone."})

    First the route as the URL conf has it (a failing test prints it), then an address it leads to. `get` and `post`
    say who gets which status. People are the values of Role, `outsider` (an investigator with a certificate who is on
    no case) and `anonymous`; `readers`, `workers` and `command` stand for several (rows.GROUPS), `others` for all who
    are signed in and not named. The anonymous need no word: pages send them to sign-in, the API answers 401.

2.  `data` fills in the form rightly. Then only the person can be wrong, and who may gets 302, not 422. PICTURE as a
    value uploads a small picture; the API is sent JSON.

3.  {names} stand for what is there: World.names in world.py. What only one app needs is made by a function
    `prepare(world)` in its table, which adds to `world.names`. What a request changes is taken back, so that each row
    finds the same world.

4.  Something in a case is a `case_row`: sealed, it is refused to all who are not named on the case.

A table of the admin that auditors read is one line in the app's table: `*records("leads/lead", "{lead_id}")`.
"""
