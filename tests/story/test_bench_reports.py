"""How a run of the bench is set beside the last one, and how its page judges it: on made-up reports, without a platform."""
import json
import sys

import pytest

from under_test import ROOT

sys.path.insert(0, str(ROOT / "bench"))

import history  # noqa: E402
import page  # noqa: E402
from table import Table, ratio, single, spread  # noqa: E402
from target import TARGETS, judged  # noqa: E402

MACHINE = {"cores": 2, "cpu": "a kind of CPU", "memory_gib": 8, "kernel": "6.1", "load_before": 0.1}
READY, ANSWERS = "serve, not first run: start of the process → /healthz ok", "kill -9 of the platform, started anew at once → the API answers again"
PER_REQUEST = "CPU per request, HTTPS HTTP/1.1, with the platform's share for the access line, beside nginx"
SCAN, TAIL = "log scan, a core", "latency added to a request, p99 less the p99 without a proxy, at half load"


def report(machine=None, **rows):
    """A report as the bench makes it, of rows by a short name."""
    table = Table(ROOT)
    makers = {
        "ready": lambda ms: table.row(READY, spread([ms, ms, ms], "ms")),
        "answers": lambda ms: table.row(ANSWERS, spread([ms, ms, ms], "ms")),
        "per_request": lambda factor: table.row(PER_REQUEST, spread([10 * factor] * 3, "µs"), spread([10.0] * 3, "µs"), ratio([factor], [1.0]), 3),
        "scan": lambda rate: table.row(SCAN, single(rate, "MB/s")),
        "tail": lambda peer: table.row(TAIL, spread([120.0] * 3, "µs"), spread([peer] * 3, "µs")),
    }
    for name, figure in rows.items():
        makers[name](figure)
    made = {"version": "outrunner 0.1.0", "taken": "2026-01-02T03:04:05Z", "machine": MACHINE | (machine or {}), "peers": ["nginx"], "figures": table.rows}
    # As it comes back from its file.
    return json.loads(json.dumps(made))


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """A folder of kept runs with one in it."""
    monkeypatch.setattr(history, "FOLDER", tmp_path)
    assert history.compared(report()) == ["No run was kept yet: bench/run --keep keeps one."]
    history.keep(report(ready=100.0, answers=100.0, per_request=1.0, scan=1000.0))



def test_what_became_worse_and_better_is_told_and_noise_is_not(kept):
    head, _, *lines = history.compared(report(ready=140.0, answers=70.0, per_request=1.1, scan=800.0))
    assert lines == [f"- worse: {READY}: 100.00 → 140.00 ms", f"- better: {ANSWERS}: 100.00 → 70.00 ms"], "a tenth of a ratio, a fifth of a value are noise"
    assert "4 figures compared, 1 worse, 1 better" in head and "the same kind of machine" in head


def test_more_of_a_rate_is_better_and_less_of_a_ratio_is(kept):
    assert history.compared(report(per_request=1.2, scan=1400.0))[2:] == [
        f"- worse: {PER_REQUEST}: ratio 1.00 → 1.20", f"- better: {SCAN}: 1000.00 → 1400.00 MB/s"]
    assert history.compared(report(per_request=0.8, scan=700.0))[2:] == [
        f"- worse: {SCAN}: 1000.00 → 700.00 MB/s", f"- better: {PER_REQUEST}: ratio 1.00 → 0.80"]


def test_another_kind_of_machine_is_compared_by_ratios_alone(kept):
    head, _, *lines = history.compared(report({"cores": 64}, ready=1000.0, per_request=1.5))
    assert lines == [f"- worse: {PER_REQUEST}: ratio 1.00 → 1.50"] and "1 figures compared" in head and "only ratios" in head


def test_the_last_run_is_the_one_compared_with(kept):
    later = report(ready=200.0)
    later["taken"] = "2026-01-03T00:00:00Z"
    history.keep(later)
    assert history.compared(report(ready=200.0))[2:] == []


@pytest.fixture
def published(tmp_path, monkeypatch):
    """Writes the page of a report with these explanations; answers its text and what it ended with."""
    monkeypatch.setattr(page, "PAGE", tmp_path / "figures.md")
    monkeypatch.setattr(page, "EXPLAINED", tmp_path / "explained.toml")
    monkeypatch.setattr(page, "README", tmp_path / "README.md")
    page.README.write_text(f"before\n{page.BEGIN}\nold\n{page.END}\nafter\n")

    def publish(made, explained=""):
        page.EXPLAINED.write_text(explained)
        path = tmp_path / "2026-01-02.json"
        path.write_text(json.dumps(made))
        monkeypatch.setattr(sys, "argv", ["page.py", str(path)])
        try:
            page.main()
        except SystemExit as end:
            return page.PAGE.read_text(), str(end)
        return page.PAGE.read_text(), None

    return publish


def test_a_page_whose_misses_are_all_explained_ends_well_and_shows_why(published):
    text, end = published(report(ready=400.0, answers=100.0), f'"{READY}" = """\nThe disk\nis slow."""\n')
    assert end is None
    assert f"- **{READY}.** The disk is slow." in text and f"| {READY} | ≤ 300 ms | 400.0 ms (400.0–400.0) |  |  | **no** |" in text
    assert f"1 of {len(TARGETS)} targets are met" in text
    readme = page.README.read_text()
    assert readme.startswith(f"before\n{page.BEGIN}\n") and readme.endswith(f"{page.END}\nafter\n") and "old" not in readme
    assert f"| {READY} | ≤ 300 ms | 400.0 ms (400.0–400.0) |  |  | **no** |" in readme


def test_a_miss_without_an_explanation_ends_the_page_with_an_error_that_names_it(published):
    text, end = published(report(ready=400.0, answers=100.0))
    assert end == f"bench/explained.toml does not say why these are missed: {READY}"
    assert f"- **{READY}.** Not explained yet." in text, "the page is there all the same"


def test_an_explanation_of_what_is_met_or_has_no_target_is_named_as_stale(published):
    _, end = published(report(ready=100.0), f'"{READY}" = "Old words."\n"an invented figure" = "Nothing."\n')
    assert end.splitlines() == [
        f"bench/explained.toml explains what is met: take out {READY}", "bench/explained.toml explains what has no target: take out an invented figure"]
    # What the run has not measured is neither met nor missed.
    assert published(report(answers=100.0), f'"{READY}" = "Old words."\n')[1] is None


def test_the_pages_are_those_of_the_last_run_that_was_kept():
    last, name = history.last()
    explained = page.tomllib.loads(page.EXPLAINED.read_text())
    assert page.PAGE.read_text() == "\n".join(page.page(last, name, explained)) + "\n", "run bench/page.py"
    assert "\n".join([page.BEGIN, *page.promised(last), page.END]) in page.README.read_text(), "run bench/page.py"
    assert list(page.disagreements(last, explained)) == []


@pytest.mark.parametrize("peer, met, shown", [(100.0, True, "1.20 (of medians)"), (99.0, False, "1.21 (of medians)"), (0.0, None, ""), (-5.0, None, "")])
def test_a_ratio_of_medians_is_judged_where_the_peers_is_above_nothing(published, peer, met, shown):
    made = report(tail=peer)
    assert judged(made["figures"][0])[1] is met
    text, _ = published(made)
    assert next(line for line in text.splitlines() if TAIL in line).split(" | ")[4].strip() == shown


def test_what_the_bench_itself_explains_has_a_target():
    assert set(page.tomllib.loads((ROOT / "bench" / "explained.toml").read_text())) <= set(TARGETS)


@pytest.mark.parametrize("of, limit, figure, met", [("value", 300, 300.0, True), ("value", 300, 300.1, False)])
def test_a_target_is_met_at_its_limit_and_not_above(of, limit, figure, met):
    (row,) = report(ready=figure)["figures"]
    target, verdict = judged(row)
    assert (target["of"], target["at_most"], verdict) == (of, limit, met)
    rows = report(per_request=1.0, scan=999.0)["figures"]
    assert [judged(row)[1] for row in rows] == [True, False], "at least so much of a rate"
