"""What it costs to serve the site; `run` measures and prints, README.md holds the outcome."""
