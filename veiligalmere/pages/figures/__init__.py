"""Figures: what they say in a sentence, their chart, table and CSV, and the pages they stand on."""
