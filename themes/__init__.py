"""Floor 2: what lasts over the years: themes, subtopics, working methods and places."""
