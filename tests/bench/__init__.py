"""Measures, not tests: run by hand, each prints its table. See `docs/decisions/0006-listes.md`."""
