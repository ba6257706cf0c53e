"""What the lab did, as a reader sees it: every step with its time, every command with its answer. Written to target/lab.md as it goes."""
import time
from contextlib import contextmanager

from under_test import ROOT

PATH = ROOT / "target" / "lab.md"
# A listing in a report is read, not searched.
ANSWER_LINES_MAX = 14
LINE_MAX = 160


class Transcript:
    def __init__(self):
        self.steps, self.parts = [], []

    @contextmanager
    def step(self, text):
        began = time.monotonic()
        self.parts.append(f"\n### {text}\n")
        result = "FAILED"
        try:
            yield
            result = "ok"
        finally:
            self.steps.append((text, time.monotonic() - began, result))
            self.write()

    def command(self, command, answer):
        lines = [line if len(line) <= LINE_MAX else line[: LINE_MAX - 1] + "…" for line in answer.splitlines()]
        if len(lines) > ANSWER_LINES_MAX:
            lines = [*lines[: ANSWER_LINES_MAX - 1], f"… ({len(lines) - ANSWER_LINES_MAX + 1} lines more)"]
        self.parts.append("\n".join(["```", f"$ {command}", *lines, "```"]))

    def table(self):
        rows = [f"| {text} | {seconds:.1f} s | {result} |" for text, seconds, result in self.steps]
        total = sum(seconds for _, seconds, _ in self.steps)
        return "\n".join(["| step | time | |", "| --- | --- | --- |", *rows, f"| all | {total:.1f} s | |"])

    def write(self):
        PATH.parent.mkdir(exist_ok=True)
        PATH.write_text("# The lab\n\n" + self.table() + "\n" + "\n".join(self.parts) + "\n")
