"""Several people at the same moment, in a program of their own with real transactions."""

import json
import subprocess
import sys
from threading import Barrier, Thread

from django.db import connection

from tests.tooling.environment import ROOT, environment_for
from tests.tooling.prepared import prepared_database


def at_once(*tasks, refusals=()):
    """Run each task in a thread of its own, all from the same moment; return their outcomes.

    The outcome of one that was refused is the name of the exception, one of `refusals`.
    """
    barrier = Barrier(len(tasks))
    outcomes = [None] * len(tasks)

    def run(index, task):
        barrier.wait()
        try:
            outcomes[index] = task()
        except refusals as refused:
            outcomes[index] = type(refused).__name__
        except Exception as error:  # noqa: BLE001 -- it has to be seen in the outcome
            outcomes[index] = repr(error)
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(tasks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def outcome_of(program, folder, *before):
    """Return what module `program` prints, as JSON, on a new database that has the Jaarplan in it.

    That is of the kind that the tests run on. `folder` holds what the program writes, `before` are
    the arguments of what Python runs first.
    """
    with prepared_database(folder) as address:
        environment = environment_for(folder, DATABASE_URL=address)
        for arguments in (*before, ["-m", program]):
            answer = subprocess.run(
                [sys.executable, *arguments],
                cwd=ROOT,
                env=environment,
                stdout=subprocess.PIPE,
                text=True,
                check=True,
            )
    return json.loads(answer.stdout)
