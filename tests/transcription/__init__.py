"""The fixtures and the page of the whole plan, held against the plan's own text."""
