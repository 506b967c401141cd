"""Pages of leads: the list, the pipeline, one person's lead, and who is told. They show people, so
that nobody but the operator and holders of a key with scope admin reaches them."""
