"""Tools that a developer and `make test` run; none of them ships with the suite."""
