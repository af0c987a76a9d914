"""Progress: the round in which it is gathered, the reports, and what both say of the plan."""
