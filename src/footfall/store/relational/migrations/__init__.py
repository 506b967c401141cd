"""Alembic migrations of the relational store, in the order in which they are applied."""
