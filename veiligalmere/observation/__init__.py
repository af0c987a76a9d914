"""What the site tells those who run it.

`requests` counts and logs each answer, `formatting` makes log lines of it, `metrics` adds up,
`slow_queries` tells what the database took long for.
"""
