"""Speaks to the program that started Blender: one JSON object a line on file descriptor 3; stdout is Blender's own log."""

import json
import os
import sys

# A program that Blender starts has no business on it.
os.set_inheritable(3, False)
_channel = os.fdopen(3, "w", encoding="ascii", newline="\n")


def request():
    """What we were asked to do: the JSON file named after `--` on the command line."""
    with open(sys.argv[sys.argv.index("--") + 1], encoding="utf-8") as file:
        return json.load(file)


def tell(event, **fields):
    _channel.write(json.dumps(dict(fields, type=event)) + "\n")
    _channel.flush()


def warn(code, message):
    """Something will look different from the artist's own picture; the codes are those of domain/warning.ts."""
    tell("warning", code=code, message=message)


def fail(reason, message):
    """Ends Blender. The reason is one of domain/failure.ts, or None where the caller has to judge by the message."""
    tell("failed", reason=reason, message=message)
    raise SystemExit(1)


def mark_loaded(marker):
    """Draws a line under what Blender printed while it loaded the file, which is where it complains about it."""
    sys.stdout.flush()
    sys.stderr.flush()
    for descriptor in (1, 2):
        os.write(descriptor, ("\n" + marker + "\n").encode("ascii"))
