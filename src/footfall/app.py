"""The only place where objects are made: what there is, in which order it starts and drains."""
