"""Proof that a page was run by a browser: a small WebAssembly function, made anew every few hours,
over a challenge that changes every minute. There is no difficulty to pay, a device computes for
microseconds; but whoever does not run the page has no token."""
