"""PulseGate's sites, forms and keys of integrations, and what pages load of them."""
