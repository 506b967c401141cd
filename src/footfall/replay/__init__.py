"""Recordings of visits: what is taken, what of it is masked, how long it is kept, and who gets it
back. They are rrweb's events; nothing here renders them."""
