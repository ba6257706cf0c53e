//! Waits for an operation to end: a live line for a person at a terminal, nothing for a script, and an exit code for both.
//!
//! Asks through the API like anyone. The operation goes on if this command is ended.

use std::time::{Duration, Instant};

use clap::Args;
use serde_json::{Value, json};

use super::live_line::LiveLine;
use super::{print_line, text, url_of};
use crate::client::{Client, Service};
use crate::failure::Failure;
use crate::limit::{OPERATION_LOOKED_AT, PLATFORM_AWAITED};

/// How a command that begins an operation answers.
#[derive(Args, Clone, Copy, Debug, Default)]
pub struct OperationArgs {
    /// Begin it and do not wait for its end
    #[arg(long)]
    no_wait: bool,
    /// Print JSON: the service and the operation
    #[arg(long)]
    json: bool,
}

/// What is printed for a person when it has succeeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Printed {
    /// The URL, and nothing else: `url=$(outrunner deploy …)`.
    Url,
    Nothing,
}

/// How an operation ended, or that it did not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stand {
    Open,
    RollingBack,
    Succeeded,
    Failed,
    RolledBack,
}

impl Stand {
    fn of(status: &str) -> Self {
        match status {
            "SUCCEEDED" => Self::Succeeded,
            "FAILED" => Self::Failed,
            "ROLLBACK_SUCCEEDED" | "ROLLBACK_FAILED" => Self::RolledBack,
            "ROLLBACK_IN_PROGRESS" => Self::RollingBack,
            _ => Self::Open,
        }
    }

    fn is_open(self) -> bool {
        match self {
            Self::Open | Self::RollingBack => true,
            Self::Succeeded | Self::Failed | Self::RolledBack => false,
        }
    }
}

/// Whether it is good news that an operation did not succeed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hope {
    Success,
    /// It was cancelled.
    Undone,
}

/// The same for an operation that was cancelled: that it ends as if it had failed is what was asked for.
pub async fn conclude_cancelled(client: &Client, answer: &Value, args: OperationArgs) -> Result<(), Failure> {
    await_end(client, answer, args, Printed::Nothing, Hope::Undone).await
}

/// Tells of an operation that `answer` says was begun, and waits for its end. Without one the service was already so.
pub async fn conclude(client: &Client, answer: &Value, args: OperationArgs, printed: Printed) -> Result<(), Failure> {
    await_end(client, answer, args, printed, Hope::Success).await
}

async fn await_end(client: &Client, answer: &Value, args: OperationArgs, printed: Printed, hope: Hope) -> Result<(), Failure> {
    let arn = text(&answer["Service"], "ServiceArn").to_owned();
    let Some(id) = answer.get("OperationId").and_then(Value::as_str).map(str::to_owned) else {
        return show(&answer["Service"], &Value::Null, args, printed);
    };
    if args.no_wait {
        let operation = json!({ "Id": id });
        return show(&answer["Service"], &operation, args, printed);
    }
    let mut watch = Watch {
        client,
        arn,
        id,
        name: text(&answer["Service"], "ServiceName").to_owned(),
        cursor: None,
        reason: None,
        last_event: None,
    };
    let (operation, stand) = watch.until_end(args).await?;
    let service = client.call(Service::AppRunner, "DescribeService", &json!({ "ServiceArn": watch.arn })).await?;
    match stand {
        Stand::Failed | Stand::RolledBack if hope == Hope::Undone => show(&service["Service"], &operation, args, printed),
        Stand::Succeeded => show(&service["Service"], &operation, args, printed),
        Stand::Failed | Stand::RolledBack | Stand::Open | Stand::RollingBack => {
            if args.json {
                show(&service["Service"], &operation, args, Printed::Nothing)?;
            }
            Err(Failure::other(watch.failed(&operation, stand)))
        }
    }
}

/// The answer of a command: JSON, or the URL, or nothing.
fn show(service: &Value, operation: &Value, args: OperationArgs, printed: Printed) -> Result<(), Failure> {
    if args.json {
        return print_line(&format!("{:#}", json!({ "Service": service, "Operation": operation }))).map(drop);
    }
    match printed {
        Printed::Url => print_line(&url_of(service)).map(drop),
        Printed::Nothing => Ok(()),
    }
}

/// One operation as it goes on.
struct Watch<'a> {
    client: &'a Client,
    arn: String,
    id: String,
    name: String,
    cursor: Option<String>,
    /// The last event since the operation began.
    last_event: Option<String>,
    /// The last one that said why something failed: the service's status is told behind it.
    reason: Option<String>,
}

impl Watch<'_> {
    /// Looks until it has ended; answers its last summary.
    async fn until_end(&mut self, args: OperationArgs) -> Result<(Value, Stand), Failure> {
        let mut line = if args.json { LiveLine::off() } else { LiveLine::on_terminal() };
        let began = Instant::now();
        let mut heard = began;
        loop {
            let (operation, stand) = match self.look().await {
                Ok(seen) => seen,
                // It may be started again, and then goes on with what it had begun.
                Err(Failure::Unreachable(_)) if heard.elapsed() < PLATFORM_AWAITED => {
                    line.draw(&format!("{}: the platform does not answer, {} s", self.name, heard.elapsed().as_secs()));
                    tokio::time::sleep(OPERATION_LOOKED_AT).await;
                    continue;
                }
                Err(failure) => return Err(failure),
            };
            heard = Instant::now();
            if !stand.is_open() {
                line.end(&ended(&self.name, &operation, stand, began.elapsed()));
                return Ok((operation, stand));
            }
            line.draw(&under_way(&self.name, &operation, began.elapsed(), self.last_event.as_deref()));
            tokio::time::sleep(OPERATION_LOOKED_AT).await;
        }
    }

    async fn look(&mut self) -> Result<(Value, Stand), Failure> {
        let operation = self.operation().await?;
        // Asked after the operation: when it has ended, its last event is there.
        self.read_events(operation["StartedAt"].as_f64().unwrap_or_default()).await?;
        let stand = Stand::of(text(&operation, "Status"));
        Ok((operation, stand))
    }

    /// Operations are listed newest first, and nobody begins twenty while one is under way.
    async fn operation(&self) -> Result<Value, Failure> {
        let answer =
            self.client.call(Service::AppRunner, "ListOperations", &json!({ "ServiceArn": self.arn, "MaxResults": 20 })).await?;
        let listed = answer["OperationSummaryList"].as_array().map(Vec::as_slice).unwrap_or_default();
        let found = listed.iter().find(|operation| operation["Id"] == self.id.as_str()).cloned();
        found.ok_or_else(|| Failure::other(format!("the operation {} is not listed any more", self.id)))
    }

    async fn read_events(&mut self, since: f64) -> Result<(), Failure> {
        loop {
            let mut input = json!({ "ServiceArn": self.arn });
            if let Some(cursor) = &self.cursor {
                input["Cursor"] = json!(cursor);
            }
            let answer = self.client.call(Service::Outrunner, "ListEvents", &input).await?;
            let events = answer["Events"].as_array().map(Vec::as_slice).unwrap_or_default();
            for event in events.iter().filter(|event| event["Timestamp"].as_f64().is_some_and(|at| at >= since)) {
                let message = text(event, "Message");
                self.last_event = Some(message.to_owned());
                self.reason = reason(message).map(str::to_owned).or(self.reason.take());
            }
            self.cursor = answer.get("Cursor").and_then(Value::as_str).map(str::to_owned);
            if events.is_empty() || self.cursor.is_none() {
                return Ok(());
            }
        }
    }

    fn failed(&self, operation: &Value, stand: Stand) -> String {
        let what = noun(text(operation, "Type"));
        let reason = self.reason.as_deref().unwrap_or("its events say why: outrunner events");
        match stand {
            Stand::RolledBack => format!("{what} of {} failed and was rolled back; what ran before runs on: {reason}", self.name),
            Stand::Failed | Stand::Succeeded | Stand::Open | Stand::RollingBack => {
                format!("{what} of {} failed: {reason}", self.name)
            }
        }
    }
}

/// The reason in an event that tells of a failure.
fn reason(event: &str) -> Option<&str> {
    event.split_once("Failure reason : ").map(|(_, reason)| reason)
}

/// An operation's kind in words.
fn noun(kind: &str) -> &str {
    match kind {
        "CREATE_SERVICE" => "creation",
        "UPDATE_SERVICE" => "update",
        "START_DEPLOYMENT" => "deployment",
        "PAUSE_SERVICE" => "pause",
        "RESUME_SERVICE" => "resume",
        "DELETE_SERVICE" => "deletion",
        other => other,
    }
}

/// `webs: creation, 12 s: Performing health check on …`
fn under_way(name: &str, operation: &Value, elapsed: Duration, last_event: Option<&str>) -> String {
    let step = match Stand::of(text(operation, "Status")) {
        Stand::RollingBack => ", rolling back",
        Stand::Open | Stand::Succeeded | Stand::Failed | Stand::RolledBack => "",
    };
    let event = last_event.map(|event| event.strip_prefix("[AppRunner] ").unwrap_or(event));
    let what = noun(text(operation, "Type"));
    format!("{name}: {what}{step}, {} s{}", elapsed.as_secs(), event.map(|event| format!(": {event}")).unwrap_or_default())
}

/// `webs: creation succeeded in 3.2 s`
fn ended(name: &str, operation: &Value, stand: Stand, elapsed: Duration) -> String {
    let how = match stand {
        Stand::Succeeded => "succeeded in",
        Stand::RolledBack => "was rolled back after",
        Stand::Failed | Stand::Open | Stand::RollingBack => "failed after",
    };
    format!("{name}: {} {how} {:.1} s", noun(text(operation, "Type")), elapsed.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_the_step_the_time_and_the_last_event() {
        let at = Duration::from_millis(12_900);
        let operation = |status: &str| json!({ "Type": "UPDATE_SERVICE", "Status": status });
        assert_eq!(under_way("webs", &operation("IN_PROGRESS"), at, None), "webs: update, 12 s");
        let event = Some("[AppRunner] Performing health check.");
        assert_eq!(under_way("webs", &operation("IN_PROGRESS"), at, event), "webs: update, 12 s: Performing health check.");
        let line = under_way("webs", &operation("ROLLBACK_IN_PROGRESS"), at, event);
        assert_eq!(line, "webs: update, rolling back, 12 s: Performing health check.");
        assert_eq!(ended("webs", &operation("SUCCEEDED"), Stand::Succeeded, at), "webs: update succeeded in 12.9 s");
        assert_eq!(ended("webs", &operation(""), Stand::RolledBack, at), "webs: update was rolled back after 12.9 s");
    }

    #[test]
    fn an_operation_is_open_until_its_status_says_otherwise() {
        for (status, open) in [
            ("PENDING", true),
            ("IN_PROGRESS", true),
            ("ROLLBACK_IN_PROGRESS", true),
            ("SUCCEEDED", false),
            ("FAILED", false),
            ("ROLLBACK_SUCCEEDED", false),
            ("ROLLBACK_FAILED", false),
        ] {
            assert_eq!(Stand::of(status).is_open(), open, "{status}");
        }
    }

    #[test]
    fn the_reason_of_a_failure_is_what_stands_behind_its_words() {
        let failed = "[AppRunner] Service creation failed. Failure reason : It exited: exit code: 3.";
        assert_eq!(reason(failed), Some("It exited: exit code: 3."));
        assert_eq!(reason("[AppRunner] Service status is set to CREATE_FAILED."), None);
    }
}
