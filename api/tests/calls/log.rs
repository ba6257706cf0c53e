//! The lines that the door writes: one for each call, with fields, and nothing that is nobody's business.

use crate::house::{House, order, service};
use crate::signer::{Order, SECRET};
use serde_json::json;
use std::sync::{Arc, Mutex};
use tracing_subscriber::fmt::MakeWriter;

/// Where lines go.
#[derive(Clone, Default)]
pub struct Lines(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("no test panics while it writes").extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;
    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

impl Lines {
    pub fn taken(&self) -> Vec<String> {
        let bytes = std::mem::take(&mut *self.0.lock().expect("no test panics while it reads"));
        String::from_utf8(bytes).expect("UTF-8").lines().map(str::to_owned).collect()
    }

    pub fn listen(&self) -> tracing::subscriber::DefaultGuard {
        let lines = self.clone();
        tracing::subscriber::set_default(
            tracing_subscriber::fmt().json().with_max_level(tracing::Level::TRACE).with_writer(lines).finish(),
        )
    }
}

#[tokio::test]
async fn a_call_is_one_line_with_fields_and_without_its_body() {
    let (house, lines) = (House::new(), Lines::default());
    let _guard = lines.listen();
    let mut input = service("webs");
    input["SourceConfiguration"]["ImageRepository"]["ImageConfiguration"] =
        json!({ "RuntimeEnvironmentVariables": { "KEY": "hunter2" } });
    let reply = house.call("CreateService", input).await;
    let written = lines.taken();
    assert_eq!(written.len(), 1, "{written:?}");
    let line: serde_json::Value = serde_json::from_str(&written[0]).expect("JSON");
    let fields = &line["fields"];
    assert_eq!(fields["message"], "api call");
    assert_eq!(fields["target"], "\"AppRunner.CreateService\"");
    assert_eq!((&fields["status"], &fields["fault"]), (&json!(200), &json!("")));
    assert_eq!((&fields["account"], &fields["region"]), (&json!("000000000000"), &json!("us-east-1")));
    assert_eq!(fields["access_key_id"], "AKIDEXAMPLE");
    assert_eq!(fields["request_id"], reply.headers["x-amzn-requestid"].to_str().expect("ASCII"));
    assert!(!written[0].contains("hunter2") && !written[0].contains(SECRET), "{written:?}");
}

#[tokio::test]
async fn a_refused_call_is_one_line_that_names_the_fault_and_nobody() {
    let (house, lines) = (House::new(), Lines::default());
    let _guard = lines.listen();
    house.order(&Order { key: "AKIDSTRANGER", ..order("AppRunner.ListServices", "apprunner", "{}") }).await;
    let long = format!("AppRunner.{}", "x".repeat(5000));
    house.order(&order(&long, "apprunner", "{}")).await;
    let written = lines.taken();
    assert_eq!(written.len(), 2, "{written:?}");
    assert!(
        written[0].contains("\"fault\":\"UnrecognizedClientException\"") && written[0].contains("\"account\":\"\""),
        "{written:?}"
    );
    assert!(written[1].contains("UnknownOperationException") && written[1].len() < 1_200, "{written:?}");
}

#[tokio::test]
async fn trouble_is_written_with_its_whole_chain() {
    let (house, lines) = (House::with_desk(crate::limits::StuckDesk::new()), Lines::default());
    let _guard = lines.listen();
    let arn = "arn:aws:apprunner:us-east-1:000000000000:service/webs/0123456789abcdef0123456789abcdef";
    house.call("DescribeService", json!({ "ServiceArn": arn })).await;
    let written = lines.taken();
    assert_eq!(written.len(), 2, "{written:?}");
    assert!(written[0].contains("\"level\":\"WARN\""), "{written:?}");
    assert!(written[0].contains("trouble while reading the ledger: disk on fire"), "{written:?}");
}
