//! The page's form, its list in docs/metrics.md, and whom it answers. That values move when things happen, tests/story/test_seeing.py shows on a platform.

use axum::http::HeaderValue;

use super::family::Kind;
use super::*;

const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/metrics.md");

fn document() -> String {
    let mut text = String::from(
        "# Figures of the platform\n\n<!-- Written from daemon/src/metrics/family.rs: UPDATE=1 cargo test -p daemon metrics -->\n\n\
         `GET /metrics` on the API's address (`--api`, 127.0.0.1:4566) answers in OpenMetrics text, which Prometheus reads. It answers on this machine \
         only, and never at the front door. Whoever may connect to loopback may read it: it has ids of services and hosts in it, and no value of theirs.\n\n\
         ```\nscrape_configs:\n  - job_name: outrunner\n    static_configs: [{ targets: ['127.0.0.1:4566'] }]\n```\n\n",
    );
    text += &format!(
        "A family has at most {} series; what comes after them is counted as `other`. Figures count from the platform's start, those of `outrunner_edge_…` and\n\
         `outrunner_service_…` from the front door's. A histogram has `_bucket`, `_sum` and `_count`.\n\n| name | kind | labels | what |\n| --- | --- | --- | --- |\n",
        crate::limit::SERIES_PER_FAMILY
    );
    for family in f::ALL {
        let (ending, kind) = match family.kind {
            Kind::Counter => ("_total", "counter"),
            Kind::Gauge => ("", "gauge"),
            Kind::Histogram => ("", "histogram"),
        };
        let labels = family.labels.iter().map(|label| format!("`{label}`")).collect::<Vec<_>>().join(" ");
        text += &format!("| `{}{ending}` | {kind} | {labels} | {} |\n", family.name, family.help);
    }
    text
}

#[test]
fn every_family_stands_in_the_document() {
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(DOCUMENT, document()).expect("docs can be written");
    }
    let written = std::fs::read_to_string(DOCUMENT).expect("docs/metrics.md is there");
    assert_eq!(written, document(), "the list has changed: UPDATE=1 writes it anew");
}

#[test]
fn the_page_is_openmetrics_text_with_quoted_labels_and_an_end() {
    let mut page = Page::default();
    page.whole(&f::API_CALLS, &["apprunner:CreateService", "a \"fault\"\n"], 3);
    page.add(&f::KEEPER_STEP_SECONDS, &[], Sample::Times { bounds: vec![0.5], counts: vec![2, 1], sum_seconds: 4.0 });
    let text = page.text();
    for line in [
        "# TYPE outrunner_api_calls counter",
        "outrunner_api_calls_total{call=\"apprunner:CreateService\",fault=\"a \\\"fault\\\"\\n\"} 3.0",
        "outrunner_keeper_step_seconds_bucket{le=\"0.5\"} 2",
        "outrunner_keeper_step_seconds_bucket{le=\"+Inf\"} 3",
        "outrunner_keeper_step_seconds_count 3",
        "# EOF",
    ] {
        assert!(text.lines().any(|written| written == line), "{line} is not in\n{text}");
    }
}

#[test]
fn a_family_shows_so_many_series_and_no_more() {
    let mut page = Page::default();
    for n in 0..2 * SERIES_PER_FAMILY {
        page.whole(&f::SERVICE_REQUESTS, &[&format!("{n}")], 1);
    }
    assert_eq!(
        page.text().lines().filter(|line| line.starts_with("outrunner_service_requests_total")).count(),
        SERIES_PER_FAMILY + 1
    );
}

#[test]
fn only_this_machines_own_names_are_answered() {
    for (host, answered) in [
        ("127.0.0.1:4566", true),
        ("localhost:4566", true),
        ("LOCALHOST", true),
        ("[::1]:4566", true),
        ("metrics.attacker.example:4566", false),
        ("127.0.0.1.attacker.example", false),
        ("10.0.0.1:4566", false),
        ("", false),
    ] {
        let headers = HeaderMap::from_iter([(header::HOST, HeaderValue::from_static(host))]);
        assert_eq!(is_asked_for_this_machine(&headers), answered, "{host}");
    }
    assert!(!is_asked_for_this_machine(&HeaderMap::new()));
}
