"""A believable history, made from a seed. Nobody in it exists: hosts are under .example, addresses
are from the shared range 100.64.0.0/10, which belongs to nobody's home or company."""
