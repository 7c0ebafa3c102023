"""Runs every method of a client and prints a line for each: its name, and ok or what went wrong.
The driver of a client says what the client must read; a method that no step names is a failure.
"""

import inspect
import os
import sys

URL = os.environ["TWINFOLD_URL"]
TOKEN = os.environ["TWINFOLD_TOKEN"]
KEY_ID = os.environ["TWINFOLD_KEY_ID"]
SECRET = os.environ["TWINFOLD_SECRET"]

_named = set()
_failures = 0


def _say(method, problem=None):
    global _failures
    _named.add(method)
    _failures += problem is not None
    print(f"{method}: {problem or 'ok'}", flush=True)


def step(method, call, reads):
    """`reads` is the value that the call must return, or a function that says whether it is right."""
    try:
        found = call()
    except Exception as error:
        return _say(method, f"{type(error).__name__}: {error}")
    right = reads(found) if callable(reads) else found == reads
    _say(method, None if right else f"reads {found!r}")
    return found


def refused(method, call, error_class, words):
    """The call must raise this class of error with these words in it."""
    try:
        return _say(method, f"was not refused, but reads {call()!r}")
    except error_class as error:
        _say(method, None if words in str(error) else f"is refused with {error}")
    except Exception as error:
        _say(method, f"{type(error).__name__}: {error}")


def finish(parts):
    """Fails for each method of these objects that no step has named; a pair is a prefix and an object."""
    for prefix, part in parts:
        for name, _ in inspect.getmembers(type(part), inspect.isfunction):
            if not name.startswith("_") and prefix + name not in _named:
                _say(prefix + name, "no step uses this method")
    sys.exit(1 if _failures else 0)
