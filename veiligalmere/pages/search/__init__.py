"""Search over everything public: an index in memory that understands Dutch, and its page."""
