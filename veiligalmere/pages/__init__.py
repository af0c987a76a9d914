"""Floor 4: all that a visitor sees. Each module is a family of pages."""
