"""Images in texts: stored once in several widths, with the words that stand in for them."""
