"""Keeps public pages in memory, in front of Django.

`application` decides which page answers a request, `addresses` says which addresses are kept,
`versions` when all that is kept has become old, `rendering` makes a page of one moment, `page`
holds one in the forms it is sent in, and `store` bounds the memory. `gate` and `hanging` keep
requests that hang from holding up those that need nothing but the memory. `warming` fills it before
anyone asks, and `saved` keeps what is in it over a restart.
"""
