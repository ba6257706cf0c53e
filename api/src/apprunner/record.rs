//! What is kept by name and of which nothing runs: how a record is named, asked for permission, found, made and deleted. The same for each noun.
//! Never renders: each noun has its own structures. Source of truth: the App Runner API reference, and the service authorization reference for the
//! keys that conditions may ask for.

use super::tags;
use crate::{
    call::{Call, Ports, page},
    fault::Wrong,
    shape::apprunner as shape,
};
use model::{
    account::Scope,
    connection::Connection,
    observability_configuration::ObservabilityConfiguration,
    port::{Action, Facts, Records, draw},
    quota::Quota,
    record::{NewRecord, Noun, RecordArn, RecordFilter, RecordView},
    refusal::Refusal,
    tag::{TagChange, Tags},
    vpc_connector::VpcConnector,
    wish::{Page, PageRequest},
};
use std::fmt::Write as _;

/// A noun, and who keeps it.
pub trait Kept: Noun {
    /// How many names there may be.
    const NAMES: Quota;
    /// How many revisions of one name, where a name has several.
    const REVISIONS: Option<Quota>;

    /// Where its records are.
    fn port(ports: &Ports) -> &dyn Records<Self>;
}

impl Kept for ObservabilityConfiguration {
    const NAMES: Quota = Quota::ObservabilityNames;
    const REVISIONS: Option<Quota> = Some(Quota::ObservabilityRevisions);

    fn port(ports: &Ports) -> &dyn Records<Self> {
        &*ports.observability_configurations
    }
}

impl Kept for VpcConnector {
    const NAMES: Quota = Quota::VpcConnectors;
    const REVISIONS: Option<Quota> = None;

    fn port(ports: &Ports) -> &dyn Records<Self> {
        &*ports.vpc_connectors
    }
}

impl Kept for Connection {
    const NAMES: Quota = Quota::Connections;
    const REVISIONS: Option<Quota> = None;

    fn port(ports: &Ports) -> &dyn Records<Self> {
        &*ports.connections
    }
}

/// Makes the next revision of a name. There is no client token, so a retry makes one more, or finds the name taken, as on AWS.
///
/// # Errors
/// Denied; a refusal where the tags are wrong, by the rules of the noun, or where a quota is reached.
pub async fn create<N: Kept>(
    call: &Call<'_>,
    name: String,
    noun: N,
    sent: Option<Vec<shape::Tag>>,
) -> Result<RecordView<N>, Wrong> {
    let Scope { account, region } = &call.caller.scope;
    // As far as it is known: what follows the name comes later.
    let resource = format!("arn:aws:apprunner:{region}:{account}:{}/{name}/*", N::RESOURCE);
    let tags = authorize_creation(call, &resource, sent).await?;
    check_quotas::<N>(call, &name).await?;
    let id = id(draw(&*call.ports.dice));
    let new = NewRecord { scope: call.caller.scope.clone(), name, id, noun, tags, at: call.ports.clock.now() };
    Ok(N::port(call.ports).create(&new, &call.audit("*")).await??)
}

/// App Runner's own quotas, if they hold: names, and revisions of one name. What every account is given counts as neither, and a name that is there
/// takes no more room.
async fn check_quotas<N: Kept>(call: &Call<'_>, name: &str) -> Result<(), Wrong> {
    let count = async |name: Option<&str>| {
        let filter = RecordFilter { name: name.map(str::to_owned), latest_only: name.is_none() };
        let all = PageRequest { after: None, items_max: None };
        let found = N::port(call.ports).list(&call.caller.scope, &filter, &all).await?.items;
        // Only what is built in is as old as the account.
        Ok::<_, Wrong>(found.iter().filter(|view| view.record.created_at.is_some()).count())
    };
    if let Some(revisions) = N::REVISIONS {
        call.quota(revisions, count(Some(name))).await?;
    }
    let names = async {
        let is_new = count(Some(name)).await? == 0;
        if is_new { count(None).await } else { Ok(0) }
    };
    call.quota(N::NAMES, names).await
}

/// Asks for the permission to make something with tags, which is one to tag too. Answers with the tags.
///
/// # Errors
/// Denied; a refusal where the tags are wrong, which only those hear who may do this.
pub async fn authorize_creation(call: &Call<'_>, resource: &str, sent: Option<Vec<shape::Tag>>) -> Result<Tags, Wrong> {
    let brings_tags = sent.is_some();
    let tags = tags::parse(sent);
    let facts = tags.as_ref().map_or_else(|_| Facts::default(), |tags| Facts::default().request_tags(tags));
    call.authorize_with(Action { facts: facts.clone(), ..call.action(resource) }).await?;
    if brings_tags {
        call.authorize_with(Action { facts, ..Action::new("apprunner:TagResource", resource) }).await?;
    }
    Ok(tags?)
}

/// The ARN that a caller sent, and what it means in the caller's account and region. Asks for the permission on what was found, so that a policy
/// about one revision or its tags holds whichever way it is named.
///
/// # Errors
/// A refusal where it is no such ARN; denied.
async fn find<N: Kept>(call: &Call<'_>, text: &str, facts: Facts) -> Result<(RecordArn<N>, Option<RecordView<N>>), Wrong> {
    let arn: RecordArn<N> = RecordArn::parse(text)?;
    // Another account's, or another region's, is not there.
    let found = if arn.scope == call.caller.scope { N::port(call.ports).find(&arn).await? } else { None };
    let (resource, facts) = match &found {
        Some(RecordView { record, .. }) => (record.arn().to_string(), facts.resource_tags(&record.tags)),
        None => (text.to_owned(), facts),
    };
    call.authorize_with(Action { facts, ..call.action(resource) }).await?;
    Ok((arn, found))
}

/// The same for an operation that needs it to be there.
///
/// # Errors
/// As [`find`]; not found.
pub async fn require<N: Kept>(call: &Call<'_>, text: &str, facts: Facts) -> Result<RecordView<N>, Wrong> {
    let (arn, found) = find(call, text, facts).await?;
    Ok(found.ok_or_else(|| arn.not_found())?)
}

/// Deletes what an ARN means, and answers with what went.
///
/// # Errors
/// As [`require`]; a refusal by the rules of the noun.
pub async fn delete<N: Kept>(call: &Call<'_>, text: &str) -> Result<RecordView<N>, Wrong> {
    // The one that the permission was asked for, also if the name means another one by now.
    let arn = require::<N>(call, text, Facts::default()).await?.record.arn();
    Ok(N::port(call.ports).delete(&arn, call.ports.clock.now(), &call.audit("*")).await??)
}

/// A page of a list, and the token of the next one.
///
/// # Errors
/// Denied; a refusal where the token belongs to another list.
pub async fn list<N: Kept>(
    call: &Call<'_>,
    filter: &RecordFilter,
    next_token: Option<&str>,
    items_max: Option<i32>,
) -> Result<(Vec<RecordView<N>>, Option<String>), Wrong> {
    // A list has no resource. Source: the service authorization reference.
    call.authorize("*").await?;
    let parameters = format!("{}/{}", filter.name.as_deref().unwrap_or_default(), filter.latest_only);
    let list = call.list(&parameters);
    let page = page(&list, next_token, items_max)?;
    let Page { items, next } = N::port(call.ports).list(&call.caller.scope, filter, &page).await?;
    Ok((items, next.map(|after| list.token(&after))))
}

/// Changes the tags of what an ARN means.
///
/// # Errors
/// As [`require`]; a refusal by the rules of the noun, or the one that stands for the change.
pub async fn change_tags<N: Kept>(
    call: &Call<'_>,
    text: &str,
    facts: Facts,
    change: Result<TagChange, Refusal>,
) -> Result<(), Wrong> {
    let arn = require::<N>(call, text, facts).await?.record.arn();
    Ok(N::port(call.ports).change_tags(&arn, &change?, &call.audit("*")).await??)
}

/// `ACTIVE` or `INACTIVE`: in capitals, unlike those of auto scaling configurations.
pub fn status<N: Noun>(view: &RecordView<N>) -> String {
    if view.record.is_active() { "ACTIVE" } else { "INACTIVE" }.to_owned()
}

/// A revision's number on the wire.
pub fn number(revision: u32) -> i32 {
    i32::try_from(revision).expect("revisions are counted one by one")
}

/// 32 hexadecimal digits.
pub fn id(bytes: [u8; 16]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
