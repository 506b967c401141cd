"""A second opinion: the definitions of `docs/explain/definitions.md` in plain Python over lists.
Nothing here imports the program, so that both cannot be wrong in the same way."""
