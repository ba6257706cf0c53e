//! What real clients sent, answered at the time they sent it.

use crate::{house::House, recorded};
use axum::body::Body;
use http::Request;
use jiff::{civil::DateTime, tz::TimeZone};

#[tokio::test]
async fn every_recorded_call_is_let_in_and_answered_or_unknown() {
    let mut answered = 0;
    for (name, parts, body) in recorded::all() {
        let date = parts.headers["x-amz-date"].to_str().expect("ASCII");
        let time = DateTime::strptime("%Y%m%dT%H%M%SZ", date).and_then(|date| date.to_zoned(TimeZone::UTC)).expect("a date");
        let house = House::at_millis(time.timestamp().as_millisecond());
        let text = String::from_utf8_lossy(&body).into_owned();
        let target = parts.headers.get("x-amz-target").map_or(text.as_str(), |target| target.to_str().expect("ASCII")).to_owned();
        let path = parts.uri.path().to_owned();
        let reply = house.send(Request::from_parts(parts, Body::from(body))).await;
        let wanted = match target.as_str() {
            "AppRunner.ListServices" => "ServiceSummaryList",
            // Public images, with a tag of ours that this version does not know.
            "AppRunner.CreateService" if text.contains("outrunner:scale-to-zero") => "outrunner:scale-to-zero",
            "AppRunner.CreateService" => "\"ImageRepositoryType\":\"ECR_PUBLIC\"",
            "AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken" => "proxyEndpoint",
            "AmazonEC2ContainerRegistry_V20150921.DescribeRepositories" => "repositor",
            target if target.ends_with("CloudTrail_20131101.LookupEvents") => r#""Events":["#,
            "Logs_20140328.DescribeLogGroups" => r#"{"logGroups":["#,
            // None of the recorded ones made the group that it speaks of.
            "Logs_20140328.DescribeLogStreams"
            | "Logs_20140328.FilterLogEvents"
            | "Logs_20140328.GetLogEvents"
            | "Logs_20140328.PutLogEvents"
            | "Logs_20140328.PutRetentionPolicy" => "The specified log group does not exist.",
            // Nor the secret and the parameter that it asks for.
            "secretsmanager.GetSecretValue" => "can't find the specified secret",
            "AmazonSSM.GetParameter" => "ParameterNotFound",
            form if form.contains("Action=GetCallerIdentity&Version=2011-06-15") => "arn:aws:iam::000000000000:root",
            form if form.contains("Action=ListRoles&Version=2010-05-08") => "<RoleName>AppRunnerECRAccessRole</RoleName>",
            _ if path != "/" => continue,
            form if form.starts_with("Action=") => "InvalidAction",
            _ => "UnknownOperationException",
        };
        assert!(reply.text.contains(wanted), "{name} {target}: {} {}", reply.status, reply.text);
        answered += usize::from(!["UnknownOperationException", "InvalidAction"].contains(&wanted));
    }
    assert!(answered >= 30, "{answered} of the recorded calls are offered");
}
