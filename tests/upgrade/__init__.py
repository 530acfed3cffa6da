"""A filled database of a landed version is taken to the newest one: its rows survive, what breaks new rules is named.

`landed.py` names that version's migrations and makes the database; `filling.py` fills every table of it, with rows that
are sound and with rows that the rules of then let in. `conftest.py` gives both to the tests: `upgraded` (the database
after `migrate`) and `filled` (what was put in before). Whoever adds a rule adds the rows that it must not lose.
"""
