"""A bar that shows how far a long command is."""

WIDTH = 40


class Progress:
    """A bar of `total` steps on `stream`, drawn only where a person looks at it."""

    def __init__(self, stream, total):
        self._stream = stream
        self._total = max(total, 1)
        self._done = 0
        self._shown = None
        self._wanted = hasattr(stream, "isatty") and stream.isatty()

    def step(self, count=1):
        """Go `count` steps on."""
        self._done += count
        filled = min(WIDTH, self._done * WIDTH // self._total)
        if self._wanted and filled != self._shown:
            self._shown = filled
            percent = min(100, self._done * 100 // self._total)
            self._stream.write(f"\r[{'#' * filled:<{WIDTH}}] {percent:3} %")
            self._stream.flush()

    def end(self):
        """Leave the line."""
        if self._wanted:
            self._stream.write("\n")
