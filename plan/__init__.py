"""Floor 3: what a year adds: the annual plan, its passages and its actions."""
