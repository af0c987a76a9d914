"""The desk: the start page of the back-office, with what waits and the common jobs."""
