"""What the plan floor tells whoever listens about progress."""

from django.dispatch import Signal

# Sent after the commit in which a report was adopted, or got an erratum or a council document.
# Argument: `report`.
report_adopted = Signal()
