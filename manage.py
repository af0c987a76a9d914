#!/usr/bin/env python
"""Command-line entry of the project; see `manage.py help`."""

import os
import sys

from django.core.management import execute_from_command_line


def main():
    """Run the management command that the arguments name."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "veiligalmere.settings")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
