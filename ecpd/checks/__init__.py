"""CHECK constraints that follow from the fields themselves: a choice is one that is offered, text says something.

Nobody writes them by hand and nobody can forget one: they are added to each of our models when its class is made
(`derive`), stand in the migrations like any other constraint, and are asked in Python first, so that a form gets its
sentence without a query.
"""
