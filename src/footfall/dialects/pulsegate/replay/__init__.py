"""PulseGate's recordings: how they come in, and how they are read."""
