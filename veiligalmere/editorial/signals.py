"""What the editorial floor tells the floors above it."""

from django.dispatch import Signal

# Sent after the commit of every change in what the public sees of a content object, through
# `publish()` or `withdraw()`; `black_out()` sends one signal for all, the next. Arguments: `sender`
# (its model class), `instance` (as it now is: read `is_public` to know whether it can still be
# seen), `version` (the Version made).
published = Signal()

# Sent inside the transaction of `black_out()`: whoever keeps something that was made of texts and
# versions throws it away now, so that it is gone the moment the words are. Argument: `sender`.
blacked_out = Signal()

# Sent every few minutes, when what was due has been published: whoever makes something of what is
# public looks whether it still holds, as a process may have ended before it could. No arguments.
due_published = Signal()

# Sent before a timer's command begins with its work. Argument: `sender` (the name of the job).
job_begins = Signal()
