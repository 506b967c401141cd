"""Pulse's routes for surveys: definitions, states, responses and figures, in Pulse's words."""
