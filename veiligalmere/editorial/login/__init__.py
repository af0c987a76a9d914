"""Logging in to the back-office: throttled, in two steps, and noted."""
