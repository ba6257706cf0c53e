//! LookupEvents: who did what in the caller's account and region, newest first.
//! Never shows another account's, nor what a call brought: parameters are not kept. Source of truth: the CloudTrail API reference, LookupEvents; the
//! CloudTrail User Guide, "record contents".

use crate::{call::Call, fault::Wrong, iam::iso, limit, shape::Declared, shape::cloudtrail as shape};
use aws_lc_rs::digest::{SHA256, digest};
use model::{
    audit::{AuditEntry, AuditQuery, AuditRow, AuditedEvent, Sought, is_read_only, resource_kind},
    caller::Principal,
    time::Timestamp,
    web_identity::WebIdentity,
    wish::LogPosition,
};
use serde_json::{Value, json};

/// The version of the record's form. Source: CloudTrail User Guide, "record contents".
const EVENT_VERSION: &str = "1.11";

/// Answers LookupEvents.
pub async fn answer(call: &Call<'_>) -> Result<shape::LookupEventsResponse, Wrong> {
    let request: shape::LookupEventsRequest = call.input().map_err(named)?;
    let parameters = parameters(&request);
    let shape::LookupEventsRequest { end_time, event_category, lookup_attributes, max_results, next_token, start_time } = request;
    let sought = sought(lookup_attributes.unwrap_or_default())?;
    let now = call.ports.clock.now();
    let kept_since = now.millis() - i64::try_from(limit::EVENTS_LOOKED_UP.as_millis()).expect("ninety days");
    let from = start_time.map_or(kept_since, millis).max(kept_since);
    let until = end_time.map_or(now.millis(), millis);
    if start_time.zip(end_time).is_some_and(|(start, end)| start > end) {
        return Err(declared(shape::INVALID_TIME_RANGE_EXCEPTION, "The start time is after the end time."));
    }
    call.authorize("*").await?;
    let list = call.list(&parameters);
    let before = next_token.map(|token| list.after(&token)).transpose();
    let before = before.map_err(|refusal| declared(shape::INVALID_NEXT_TOKEN_EXCEPTION, refusal.message))?;
    let before = before.map(|after| LogPosition(after.parse().expect("a token of this list was made from a number")));
    // Nobody makes insights here: there are none, which is an answer.
    if event_category.is_some() {
        return Ok(shape::LookupEventsResponse { events: Some(Vec::new()), next_token: None });
    }
    let events_max = max_results.map_or(limit::EVENTS_LOOKED_UP_AT_ONCE, |number| u32::try_from(number).expect("1 to 50"));
    let query = AuditQuery {
        scope: call.caller.scope.clone(),
        from: Timestamp::from_millis(from),
        until: Timestamp::from_millis(until),
        sought,
        before,
        events_max,
    };
    let found = call.ports.audit.look_up(&query).await?;
    Ok(shape::LookupEventsResponse {
        events: Some(found.events.iter().map(render).collect()),
        next_token: found.next.map(|position| list.token(&position.0.to_string())),
    })
}

fn declared(fault: Declared, words: impl Into<String>) -> Wrong {
    Wrong::Declared(fault, words.into())
}

/// CloudTrail has a fault for each kind of violation, and none for all.
fn named(wrong: Wrong) -> Wrong {
    match wrong {
        Wrong::Invalid(text) => {
            let folded = text.to_lowercase();
            let fault = if folded.contains("maxresults") {
                shape::INVALID_MAX_RESULTS_EXCEPTION
            } else if folded.contains("eventcategory") {
                shape::INVALID_EVENT_CATEGORY_EXCEPTION
            } else {
                shape::INVALID_LOOKUP_ATTRIBUTES_EXCEPTION
            };
            Wrong::Declared(fault, text)
        }
        other @ (Wrong::Refused(_)
        | Wrong::Declared(..)
        | Wrong::Detailed(..)
        | Wrong::Common(_)
        | Wrong::Token(_)
        | Wrong::Trouble(_)) => other,
    }
}

/// Seconds since the epoch, as callers send them.
fn millis(seconds: f64) -> i64 {
    // Out of range is as early or as late as it gets.
    (seconds * 1_000.0) as i64
}

/// What decides the list, short enough for a token.
fn parameters(request: &shape::LookupEventsRequest) -> String {
    let decides = shape::LookupEventsRequest { max_results: None, next_token: None, ..request.clone() };
    let text = serde_json::to_vec(&decides).expect("texts and finite numbers are JSON");
    digest(&SHA256, &text).as_ref()[..16].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Source: CloudTrail API Reference, LookupEvents: the list may have one attribute only.
fn sought(attributes: Vec<shape::LookupAttribute>) -> Result<Option<Sought>, Wrong> {
    let invalid = |words: &str| declared(shape::INVALID_LOOKUP_ATTRIBUTES_EXCEPTION, words);
    let mut attributes = attributes.into_iter();
    let Some(shape::LookupAttribute { attribute_key, attribute_value }) = attributes.next() else { return Ok(None) };
    if attributes.next().is_some() {
        return Err(invalid("Only one lookup attribute can be given."));
    }
    let key = attribute_key.expect("validation refuses an attribute without a key");
    let value = attribute_value.expect("validation refuses an attribute without a value");
    Ok(Some(match key.as_str() {
        "EventId" => Sought::Id(value),
        "EventName" => Sought::Name(value),
        "ReadOnly" => match value.as_str() {
            "true" => Sought::ReadOnly(true),
            "false" => Sought::ReadOnly(false),
            _ => return Err(invalid("ReadOnly is 'true' or 'false'.")),
        },
        "Username" => Sought::User(value),
        "ResourceType" => Sought::ResourceKind(value),
        "ResourceName" => Sought::Resource(value),
        "EventSource" => Sought::Source(value),
        "AccessKeyId" => Sought::AccessKey(value),
        _ => return Err(invalid("The attribute is none of those that can be looked up.")),
    }))
}

fn render(event: &AuditedEvent) -> shape::Event {
    let row = &event.entry.row;
    let resource = row
        .resource_arn()
        .map(|arn| shape::Resource { resource_name: Some(arn.to_owned()), resource_type: resource_kind(arn).map(str::to_owned) });
    shape::Event {
        // The platform itself signs nothing.
        access_key_id: Some(row.caller.access_key_id.clone()).filter(|id| !id.is_empty()),
        cloud_trail_event: Some(record(event).to_string()),
        event_id: Some(event.id.clone()),
        event_name: Some(row.event_name().to_owned()),
        event_source: Some(row.event_source()),
        event_time: Some(row.at.seconds()),
        read_only: Some(is_read_only(&row.action).to_string()),
        resources: Some(resource.into_iter().collect()),
        username: Some(row.user_name()),
    }
}

/// The whole record. What a call brought and got is not kept, so both are null.
fn record(event: &AuditedEvent) -> Value {
    let AuditEntry { row, fault, omitted } = &event.entry;
    let AuditRow { at, caller, action, resource: _ } = row;
    let origin = caller.origin.clone().unwrap_or_default();
    let mut record = json!({
        "eventVersion": EVENT_VERSION,
        "userIdentity": identity(row),
        "eventTime": iso(*at),
        "eventSource": row.event_source(),
        "eventName": row.event_name(),
        "awsRegion": caller.region().as_str(),
        "sourceIPAddress": origin.address.as_deref().unwrap_or("AWS Internal"),
        "userAgent": origin.agent,
        "requestParameters": null,
        "responseElements": null,
        "requestID": caller.request_id,
        "eventID": event.id,
        "readOnly": is_read_only(action),
        "eventType": "AwsApiCall",
        "managementEvent": true,
        "recipientAccountId": caller.account().as_str(),
        "eventCategory": "Management",
    });
    if let Some(fault) = fault {
        record["errorCode"] = json!(fault);
    }
    if let Some(arn) = row.resource_arn() {
        record["resources"] = json!([{ "ARN": arn, "accountId": caller.account().as_str(), "type": resource_kind(arn) }]);
    }
    if *omitted > 0 {
        record["additionalEventData"] = json!({ "FailedCallsLeftOutBefore": omitted });
    }
    record
}

/// Who, by the ARN. Source: CloudTrail User Guide, "userIdentity element".
fn identity(row: &AuditRow) -> Value {
    let caller = &row.caller;
    if let Principal::WebIdentity(WebIdentity { provider, subject, .. }) = &caller.principal {
        return json!({
            "type": "WebIdentityUser",
            "principalId": caller.user_id(),
            "userName": subject,
            "identityProvider": provider,
        });
    }
    let arn = caller.arn();
    let kind = if arn.ends_with(":root") {
        "Root"
    } else if arn.contains(":user/") {
        "IAMUser"
    } else if caller.access_key_id.is_empty() {
        "AWSService"
    } else {
        "AssumedRole"
    };
    json!({
        "type": kind,
        "principalId": caller.user_id(),
        "arn": arn,
        "accountId": caller.account().as_str(),
        "accessKeyId": caller.access_key_id,
    })
}
