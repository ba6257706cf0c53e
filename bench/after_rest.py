"""How many times as long a look at memory takes after half a second of rest as at once: of the machine, not of ours.

A platform at rest wakes, looks, and rests again. On one virtual machine this was 3 times while other work kept its cores awake, and 50 times while nothing did, whatever its
host and its kernel do meanwhile with memory that nobody touches. CPU time at rest is counted in the same seconds, and carries it.
"""
import random
import time
from statistics import median

OBJECTS = 200_000
LOOKS = 500
REST_SECONDS = 0.5
ROUNDS = 9


def after_rest():
    """The ratio of two medians. Takes five seconds."""
    kept = [bytes(200) for _ in range(OBJECTS)]
    at_once = median(look(kept) for _ in range(20 * ROUNDS))
    rested = []
    for _ in range(ROUNDS):
        time.sleep(REST_SECONDS)
        rested.append(look(kept))
    return median(rested) / at_once


def look(kept):
    began = time.thread_time_ns()
    sum(len(kept[random.randrange(OBJECTS)]) for _ in range(LOOKS))
    return time.thread_time_ns() - began
