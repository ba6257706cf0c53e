//! Whole queries over a few lines: what each command, function and aggregate makes of them, and what is refused, with its place.

use super::{Evaluation, Line, Place, Query, Rows};
use std::sync::Arc;

/// 2027-01-15 08:00:00.
const NOW: i64 = 1_800_000_000_000;

/// Lines a second apart, in two streams by turns.
const LINES: [&str; 8] = [
    r#"{"status":200,"path":"/","ms":10,"user":{"name":"ann"}}"#,
    r#"{"status":500,"path":"/pay","ms":250.5,"user":{"name":"bob"},"tags":["slow","new"]}"#,
    r#"{"status":200,"path":"/","ms":30,"user":{"name":"ann"}}"#,
    "plain words: user=eve, latency=12 ms",
    r#"{"status":"404","path":"/no","ms":5,"ok":false}"#,
    "",
    "ERROR at line 7",
    r#"{"status":500,"path":"/pay","ms":50,"user":{"name":"ann"},"my-field":"x"}"#,
];

fn evaluate(query: &str, lines: &[&str]) -> (Rows, u64) {
    let query = Query::parse(query, 10_000, NOW).unwrap_or_else(|error| panic!("{query}: {error:?}"));
    let mut evaluation = Evaluation::new(Arc::new(query));
    for (number, line) in lines.iter().enumerate() {
        let at = NOW + 1_000 * i64::try_from(number).expect("a few");
        let place = Place { group: 0, position: number as u64 + 1 };
        let stream = ["instance/r1-0", "instance/r1-1"][number % 2];
        let line = Line { bytes: line.as_bytes(), at, ingested_at: at + 5, stream, log: "000000000000:g", place };
        evaluation.take(&line).expect("it holds little");
    }
    let matched = evaluation.matched();
    (evaluation.finish(&|| false).expect("it holds little"), matched)
}

/// The rows as `column=value`, with a bar between; a field that a row does not have is left out.
fn shown(query: &str) -> Vec<String> {
    let (rows, _) = evaluate(query, &LINES);
    let row = |values: &[Option<String>]| {
        let pairs = rows.columns.iter().zip(values).filter_map(|(column, value)| Some(format!("{column}={}", value.as_ref()?)));
        pairs.collect::<Vec<_>>().join(" | ")
    };
    rows.rows.iter().map(|found| row(&found.values)).collect()
}

#[track_caller]
fn check(query: &str, expected: &[&str]) {
    assert_eq!(shown(query), expected, "{query}");
}

/// The numbers of the lines that a filter lets through.
#[track_caller]
fn passes(filter: &str, expected: &[u64]) {
    let query = format!("fields @timestamp | filter {filter} | sort @timestamp");
    let (rows, matched) = evaluate(&query, &LINES);
    let found: Vec<u64> = rows.rows.iter().map(|row| row.place.expect("it is a line").position - 1).collect();
    assert_eq!(found, expected, "{filter}");
    assert_eq!(matched, expected.len() as u64);
}

#[test]
fn a_query_shows_the_newest_lines_first_with_what_cloudwatch_knows_of_each() {
    check(
        "fields @timestamp, @message, @logStream, @log, @ingestionTime, @nobody | limit 2",
        &[
            r#"@timestamp=2027-01-15 08:00:07.000 | @message={"status":500,"path":"/pay","ms":50,"user":{"name":"ann"},"my-field":"x"} | @logStream=instance/r1-1 | @log=000000000000:g | @ingestionTime=2027-01-15 08:00:07.005"#,
            "@timestamp=2027-01-15 08:00:06.000 | @message=ERROR at line 7 | @logStream=instance/r1-0 | @log=000000000000:g | @ingestionTime=2027-01-15 08:00:06.005",
        ],
    );
    check("filter @message like 'ERROR'", &["@timestamp=2027-01-15 08:00:06.000 | @message=ERROR at line 7"]);
}

#[test]
fn filters_let_lines_through_by_their_text_and_their_fields() {
    passes("@message like 'user'", &[0, 1, 2, 3, 7]);
    passes("@message like \"/\"", &[0, 1, 2, 4, 7]);
    passes("@message like /(?i)error/", &[6]);
    passes("@message =~ /user=[a-z]+/", &[3]);
    passes("@message not like /user/", &[4, 5, 6]);
    passes("not @message like 'user' and @message != ''", &[4, 6]);
    passes("status = 500", &[1, 7]);
    passes("status = '500'", &[1, 7]);
    passes("status >= 404", &[1, 4, 7]);
    passes("status < 404", &[0, 2]);
    passes("ms <= 10", &[0, 4]);
    passes("ms > 50", &[1]);
    passes("status != 200", &[1, 3, 4, 5, 6, 7]);
    passes("ispresent(status) and status != 200", &[1, 4, 7]);
    passes("status in [200, '404']", &[0, 2, 4]);
    passes("status not in [200] and ispresent(status)", &[1, 4, 7]);
    passes("user.name = 'ann' and (path = '/' or status = 500)", &[0, 2, 7]);
    passes("user.name = 'ann' and path = '/' or status = 404", &[0, 2, 4]);
    passes("tags.0 = 'slow'", &[1]);
    passes("`my-field` = 'x'", &[7]);
    passes("ok = 0 and ok = false", &[4]);
    passes("ms / 10 + 1 = 6", &[7]);
    passes("2 + 3 * 4 - -1 = 15 and ms % 20 = 10", &[0, 2, 7]);
    passes("@logStream = 'instance/r1-1'", &[1, 3, 5, 7]);
    passes("strcontains(@message, 'words')", &[3]);
    passes("isempty(@message) or isblank(nobody) and @message like 'plain'", &[3, 5]);
    passes("@message like 'user' and (@message like 'eve' or status = 500)", &[1, 3, 7]);
    passes("not (@message like 'user') and @message like 'ERROR'", &[6]);
    passes("true", &[0, 1, 2, 3, 4, 5, 6, 7]);
    passes("nobody = nobody", &[]);
}

#[test]
fn functions_compute_fields() {
    let line = |expressions: &str| format!("filter path = '/no' | fields {expressions}");
    check(&line("strlen(path) as a, toupper(path), concat(status, '-', path) as b"), &["a=3 | toupper(path)=/NO | b=404-/no"]);
    check(
        &line("abs(0 - ms) as a, ceil(ms / 2) as b, floor(ms / 2) as c, sqrt(ms + 4) as d, log(1) as e"),
        &["a=5 | b=3 | c=2 | d=3 | e=0"],
    );
    check(&line("greatest(1, ms, nobody, 3) as a, least(4, ms) as b, coalesce(nobody, path) as c"), &["a=5 | b=4 | c=/no"]);
    check(
        &line("substr(path, 1) as a, substr(path, 0, 2) as b, replace(path, '/', ':') as c, trim('  x ') as d"),
        &["a=no | b=/n | c=:no | d=x"],
    );
    check(&line("ltrim('xxa', 'x') as a, rtrim(' a ') as b, tolower('AÖ') as c"), &["a=a | b= a | c=aö"]);
    check(
        &line("datefloor(@timestamp, 1m) as a, dateceil(@timestamp, 1h) as b, bin(2s)"),
        &["a=2027-01-15 08:00:00.000 | b=2027-01-15 09:00:00.000 | bin(2s)=2027-01-15 08:00:04.000"],
    );
    check(
        &line("tomillis(@timestamp) as a, frommillis(0) as b, now() as c"),
        &["a=1800000004000 | b=1970-01-01 00:00:00.000 | c=1800000000"],
    );
    check(&line("1 / 0 as a, path + 1 as b, isPresent(path) as c, strcontains(path, 'no') as d"), &["c=1 | d=1"]);
}

#[test]
fn stats_count_add_and_group() {
    check("stats count(*) as n by path | sort n desc, path desc", &["n=3", "path=/pay | n=2", "path=/ | n=2", "path=/no | n=1"]);
    check(
        "stats count(*), count(status), count_distinct(path), sum(ms), avg(ms), min(ms), max(ms)",
        &["count(*)=8 | count(status)=5 | count_distinct(path)=3 | sum(ms)=345.5 | avg(ms)=69.1 | min(ms)=5 | max(ms)=250.5"],
    );
    check(
        "stats count(*) by bin(4s)",
        &["bin(4s)=2027-01-15 08:00:04.000 | count(*)=4", "bin(4s)=2027-01-15 08:00:00.000 | count(*)=4"],
    );
    check(
        "stats count() as n, stddev(status) as d by user.name as who | filter ispresent(who)",
        &["who=ann | n=3 | d=141.4213562373095", "who=bob | n=1 | d=0"],
    );
    check(
        "stats earliest(path) as first, latest(path) as last, sortsfirst(path) as a, sortslast(path) as z",
        &["first=/ | last=/pay | a=/ | z=/pay"],
    );
    check(
        "stats max(ms / 10) as most, min(ms / 10) as least, most - least as span, sum(ms) / count(ms) as mean",
        &["most=25.05 | least=0.5 | span=24.55 | mean=69.1"],
    );
    check("filter nobody = 1 | stats count(*) as n, sum(ms), max(@timestamp)", &["n=0"]);
    check("filter nobody = 1 | stats count(*) by path", &[]);
    check("stats count(*) by path | sort count(*) desc | limit 1", &["count(*)=3"]);
    check(
        "stats count(*) by status, bin(1m) | sort bin(1m), status desc | limit 1",
        &["status=500 | bin(1m)=2027-01-15 08:00:00.000 | count(*)=2"],
    );
    check("stats count(*) as n by path | stats max(n) as most, count(*) as kinds", &["most=3 | kinds=4"]);
    check(
        "stats max(@timestamp) as last by @logStream | sort @logStream",
        &["@logStream=instance/r1-0 | last=2027-01-15 08:00:06.000", "@logStream=instance/r1-1 | last=2027-01-15 08:00:07.000"],
    );
}

#[test]
fn percentiles_are_right_within_one_in_a_hundred() {
    let lines: Vec<String> = (1..=1_000).map(|n| format!("{{\"ms\":{n}}}")).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let (rows, _) = evaluate("stats pct(ms, 95) as a, median(ms) as b, pct(ms, 0), percentile(ms, 100), pct(nobody, 5)", &lines);
    let numbers: Vec<Option<f64>> =
        rows.rows[0].values.iter().map(|value| Some(value.as_ref()?.parse().expect("a number"))).collect();
    for (found, wanted) in numbers.iter().zip([950.0, 500.0, 1.0, 1_000.0]) {
        let found = found.expect("there are numbers");
        assert!((found - wanted).abs() <= wanted * 0.02, "{found} is not {wanted}");
    }
    assert_eq!(numbers[4], None);
}

#[test]
fn parse_finds_pieces_by_stars_and_by_groups() {
    check(
        "filter @message like 'plain' | parse @message 'user=*, latency=* ms' as user, latency | display user, latency",
        &["user=eve | latency=12"],
    );
    check(r"parse 'user=*,' as who | filter ispresent(who) | fields who", &["who=eve"]);
    check(
        r"parse @message /(?<level>[A-Z]+) at line (?<line>\d+)/ | filter line > 6 | stats count(*) as n by level",
        &["level=ERROR | n=1"],
    );
    check(
        r"filter @message like 'ERROR' | parse @message /line (?<line>\d+)/",
        &["@timestamp=2027-01-15 08:00:06.000 | @message=ERROR at line 7 | line=7"],
    );
    check("parse path '/*' as page | filter page = 'pay' | stats count(*) as n", &["n=2"]);
}

#[test]
fn rows_are_sorted_cut_and_told_apart() {
    check("fields path | sort ms desc | limit 2", &["path=/pay", "path=/pay"]);
    check("fields ms | filter ispresent(ms) | sort status asc, ms desc", &["ms=30", "ms=10", "ms=5", "ms=250.5", "ms=50"]);
    check("fields path | filter ispresent(path) | dedup path", &["path=/pay", "path=/no", "path=/"]);
    check("fields path, ms | filter ispresent(path) | sort ms | dedup path | limit 2", &["path=/no | ms=5", "path=/ | ms=10"]);
    check("fields ms | sort @timestamp | limit 3 | sort ms desc | limit 2", &["ms=250.5", "ms=30"]);
    check("fields path as p, ms | display p | filter p = '/no'", &["p=/no"]);
    check("dedup path | stats count(*) as n", &["n=6"]);
    check("fields @message | sort @timestamp asc | limit 1 | filter ms = 10 | display ms", &["ms=10"]);
    let (rows, _) = evaluate("fields @message", &LINES);
    assert!(rows.rows.iter().all(|row| row.place.is_some()), "each is a line, and can be found again");
    let (rows, _) = evaluate("stats count(*)", &LINES);
    assert!(rows.rows[0].place.is_none());
}

#[test]
fn comments_case_and_white_space_mean_nothing() {
    check("# all of it\nFIELDS path\n  | Filter path = '/no' # one\n  | LIMIT 5\n", &["path=/no"]);
}

#[track_caller]
fn refused(query: &str, start: usize, end: usize, words: &str) {
    let error = Query::parse(query, 10_000, NOW).expect_err(query);
    assert!(error.message.contains(words), "{query}: {error:?}");
    assert_eq!((error.start, error.end), (start, end), "{query}: {error:?}");
}

#[test]
fn what_is_no_query_is_refused_with_its_place() {
    refused("", 0, 0, "A command is expected");
    refused("fields", 6, 6, "is expected here");
    refused("fields @message | ", 18, 18, "A command is expected");
    refused("select * from x", 0, 6, "no command 'select'");
    refused("fields a | pattern @message", 11, 18, "not available");
    refused("fields a b", 9, 10, "'|' is expected");
    refused("filter a =", 10, 10, "is expected here");
    refused("filter (a = 1", 13, 13, "')' is expected");
    refused("filter a like b", 14, 15, "a text in quotes");
    refused("filter a like /(/", 14, 17, "cannot be used");
    refused(r"filter a like /(a)\1/", 14, 21, "cannot be used");
    refused("filter nothing(a) = 1", 7, 14, "no function 'nothing'");
    refused("filter strlen(a, b) = 1", 7, 19, "2 arguments");
    refused("filter count(*) > 1", 7, 12, "stand in 'stats' only");
    refused("stats sum(max(a))", 10, 13, "not within each other");
    refused("stats pct(a, 101)", 6, 17, "from 0 to 100");
    refused("stats pct(a)", 6, 12, "from 0 to 100");
    refused("stats sum()", 6, 11, "takes a field");
    refused("stats count(*) by bin(5y)", 22, 24, "'y' is not a period");
    refused("limit 0", 6, 7, "whole number");
    refused("limit 1.5", 6, 9, "whole number");
    refused("parse @message 'a *'", 15, 20, "1 stars, and 0 names");
    refused("parse @message /a/", 15, 18, "named within it");
    refused("parse @message a", 15, 16, "stars in quotes");
    refused("fields a as @log", 12, 16, "CloudWatch gives");
    refused("fields ä", 7, 8, "backticks");
}

#[test]
fn a_query_costs_no_more_than_its_limits() {
    let nested = format!("filter {}a{} = 1", "(".repeat(4_000), ")".repeat(4_000));
    assert!(Query::parse(&nested, 1, NOW).unwrap_err().message.contains("64"));
    let chain = format!("filter {}1 = 1", "1+".repeat(4_000));
    assert!(Query::parse(&chain, 1, NOW).unwrap_err().message.contains("64"));
    for flat in [
        format!("filter {}a", "a and ".repeat(1_500)),
        format!("filter {}a", "not ".repeat(2_000)),
        format!("filter {}1", "-".repeat(9_000)),
    ] {
        evaluate(&flat, &LINES);
    }
    let regexes = format!("filter {}a like /x/", "a like /x/ or ".repeat(32));
    assert!(Query::parse(&regexes, 1, NOW).unwrap_err().message.contains("32"));
    assert!(Query::parse(r"filter a like /(\w{900}){900}/", 1, NOW).unwrap_err().message.contains("too large"));
    let doubled = format!("fields {}@message{} as x | display strlen(x)", "concat(".repeat(40), ", @message)".repeat(40));
    let long = "x".repeat(1 << 19);
    let (rows, _) = evaluate(&doubled, &[&long]);
    assert_eq!(rows.rows[0].values, [Some((1 << 20).to_string())]);
}

#[test]
fn rows_that_take_too_much_are_left_out_from_the_end_and_groups_end_the_query() {
    let long = "y".repeat(1 << 20);
    let (rows, matched) = evaluate("fields @message", &vec![long.as_str(); 20]);
    assert!((6..=8).contains(&rows.rows.len()), "{}", rows.rows.len());
    assert_eq!((matched, rows.rows[0].place.expect("a line").position), (20, 20), "the newest are kept");

    let query = Arc::new(Query::parse("stats count(*) by @message", 10, NOW).unwrap());
    let mut evaluation = Evaluation::new(query);
    let fed = (0_u64..200_000).find_map(|number| {
        let text = format!("{number:0>900}");
        let place = Place { group: 0, position: number };
        evaluation.take(&Line { bytes: text.as_bytes(), at: 0, ingested_at: 0, stream: "s", log: "l", place }).err()
    });
    assert!(fed.expect("it is over its bytes").0.contains("bytes"));
}

fn fed(query: &str, lines: impl Iterator<Item = String>) -> Result<Rows, super::TooMuch> {
    let query = Query::parse(query, 10_000, NOW).unwrap_or_else(|error| panic!("{query}: {error:?}"));
    let mut evaluation = Evaluation::new(Arc::new(query));
    for (text, position) in lines.zip(1..) {
        let place = Place { group: 0, position };
        evaluation.take(&Line { bytes: text.as_bytes(), at: 0, ingested_at: 0, stream: "s", log: "l", place })?;
    }
    evaluation.finish(&|| false)
}

#[test]
fn what_rows_are_sorted_by_and_what_groups_come_to_takes_room_too() {
    let long = "x".repeat(2_000);
    let lines = || (0..10_000).map(|number| format!("{number} {long}"));
    let rows = fed("fields @timestamp | sort @message", lines()).expect("what is too much is left out");
    let most = crate::limit::LOG_QUERY_RESULT_BYTES / crate::limit::LOG_QUERY_SORT_BYTES;
    assert!(rows.rows.len() < most && rows.rows.len() > most / 2, "{}", rows.rows.len());
    let wide: Vec<String> = (0..170).map(|number| format!("f{number}")).collect();
    let query = format!("fields {} | stats count(*) by @message | display {}", wide.join(", "), wide.join(", "));
    let rows = fed(&query, (0..20_000).map(|number| number.to_string()));
    assert!(rows.expect_err("20,000 x 170 cells").0.contains("rows of its stats"));
    let row: Vec<String> = (0..40).map(|number| format!("concat(@message, @message) as f{number}")).collect();
    let over = fed(&format!("fields {}", row.join(", ")), std::iter::once("x".repeat(256 << 10)));
    assert!(over.expect_err("one row of 20 MiB").0.contains("one of its rows"));
    for (query, words) in [
        (format!("fields {}", (0..300).map(|n| format!("f{n}")).collect::<Vec<_>>().join(",")), "at most 200 fields"),
        (format!("filter {}", vec!["strlen(a) > 1"; 201].join(" and ")), "at most 200 calls"),
    ] {
        assert!(Query::parse(&query, 10, NOW).expect_err(words).message.contains(words));
    }
}

#[test]
fn nothing_is_computed_with_rows_of_which_some_were_dropped() {
    let lines = || (0..150_000).map(|number| number.to_string());
    assert!(fed("dedup @message | stats count(*)", lines()).expect_err("150,000 kinds").0.contains("100000 rows"));
    assert_eq!(fed("dedup @message | limit 5", lines()).expect("they are only shown").rows.len(), 5);
    let rows = fed("sort @message | limit 7 | stats count(*) as n", lines()).expect("the query says how many");
    assert_eq!(rows.rows[0].values, [Some("7".to_owned())]);
}

#[test]
fn a_text_beyond_all_numbers_is_none() {
    for function in ["sum", "avg", "median", "stddev"] {
        let lines = ["1", "1e999", "0.5", "-1e999", "2"].map(|ms| format!(r#"{{"ms":"{ms}"}}"#));
        let rows = fed(&format!("stats {function}(ms) as n, pct(ms, 90) as p"), lines.into_iter()).expect("it holds little");
        let numbers: Vec<f64> = rows.rows[0].values.iter().flatten().filter_map(|value| value.parse().ok()).collect();
        assert!(numbers.len() == 2 && numbers.iter().all(|number| number.is_finite()), "{function}: {:?}", rows.rows);
    }
}

#[test]
fn names_with_an_at_are_given_unless_they_are_clouds_own_and_columns_end_where_they_end() {
    let line = || std::iter::once("25 May user=foo, method:bar, latency := 12".to_owned());
    let parse = r#"parse @message "user=*, method:*, latency := *" as @user, @method, @latency"#;
    let rows = fed(&format!("{parse} | stats avg(@latency) as n by @method, @user"), line()).expect("it holds little");
    assert_eq!(rows.rows[0].values, ["bar", "foo", "12"].map(|value| Some(value.to_owned())));
    assert!(Query::parse("fields 1 as @message", 10, NOW).is_err());
    let kept = |filter: &str| fed(&format!("stats count(*)+1 | filter {filter}"), line()).expect("it holds little").rows.len();
    assert_eq!((kept("count(*)+1 = 2"), kept("count(*)+1 > 2")), (1, 0));
    assert!(Query::parse("stats count(*)+1 | filter count(*)+10 > 5", 10, NOW).is_err(), "no column is called so");
}

mod properties {
    use super::*;
    use proptest::prelude::*;

    /// Pieces of queries, in any order.
    fn query() -> impl Strategy<Value = String> {
        let pieces = [
            "fields ",
            "filter ",
            "stats ",
            "sort ",
            "limit ",
            "parse ",
            "display ",
            "dedup ",
            "| ",
            "| ",
            ", ",
            "(",
            ")",
            "[",
            "]",
            "@message ",
            "a.b ",
            "status ",
            "`x y` ",
            "= ",
            "!= ",
            "< ",
            ">= ",
            "like ",
            "not ",
            "and ",
            "or ",
            "in ",
            "by ",
            "as ",
            "desc ",
            "count(*) ",
            "sum(",
            "pct(",
            "bin(5m) ",
            "strlen(",
            "concat(",
            "'a * b' ",
            "/x(?<g>.)/ ",
            "5 ",
            "'1e999' ",
            "'-1e999' ",
            "1.5 ",
            "-",
            "+ ",
            "* ",
            "/ ",
            "% ",
            "# c\n",
            "\"",
            "ä",
            "ispresent(",
            "true ",
        ];
        proptest::collection::vec(proptest::sample::select(pieces.to_vec()), 0..24).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_text_is_a_query_or_is_refused_within_its_own_length(text in prop_oneof![query(), any::<String>()], line in any::<String>()) {
            match Query::parse(&text, 100, NOW) {
                Err(error) => prop_assert!(error.start <= error.end && error.end <= text.chars().count() && !error.message.is_empty()),
                Ok(_) => {
                    let (rows, matched) = evaluate(&text, &[LINES[0], LINES[1], &line, LINES[3]]);
                    prop_assert!(rows.rows.len() <= 100 && matched <= 4);
                    prop_assert!(rows.rows.iter().all(|row| row.values.len() == rows.columns.len()));
                }
            }
        }
    }
}
