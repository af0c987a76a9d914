"""Floor 1: how content is edited and published, whatever that content is."""
