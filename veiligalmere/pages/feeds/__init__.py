"""Atom feeds: what is new on the site, or on one theme, subtopic or action."""
