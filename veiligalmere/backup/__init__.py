"""Backups of everything that is kept: the database, whichever kind it is, and the uploads.

`rows` turns tables into lines of text and back, `uploads` knows which files they name, `writing`
makes a backup, `reading` puts one back, its uploads by a `replacement`, `manifest` says what is in
it, `progress` shows how far it is.
"""
