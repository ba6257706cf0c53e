"""What a test allows in the log of its platform, and what no test may."""
import pytest

from under_test import Platform

WARNED = "2026-11-26T06:38:56.336989Z  WARN outrunner::staff: looking for services failed; it will be tried again\n"


@pytest.mark.parametrize("line", [
    "thread 'core-0' panicked at edge/src/run.rs:1:2:\n",
    "2026-11-26T06:38:56.336989Z ERROR outrunner::staff: a keeper broke down; it is hired anew\n",
    "2026-11-26T06:38:56.336989Z ERROR api::answer: a call failed on our side request_id=1 call=CreateService cause=\"a bug\"\n",
], ids=["panic", "keeper", "call"])
def test_a_bug_is_seen_whatever_a_test_allows(tmp_path, line):
    p = Platform(tmp_path)
    p.log_path.write_text(WARNED)
    p.allow(".")
    p.judge_log()
    p.log_path.write_text(WARNED + line)
    with pytest.raises(AssertionError) as seen:
        p.judge_log()
    assert line.strip() in str(seen.value) and "looking for services" not in str(seen.value)


def test_a_warning_that_nobody_allowed_fails(tmp_path):
    p = Platform(tmp_path)
    p.log_path.write_text(WARNED)
    p.allow("something else")
    with pytest.raises(AssertionError):
        p.judge_log()
