//! From a target to an answer: authenticate, then the one function that the operation is.
//! Never writes a response. Source of truth: the App Runner API reference for the order.

use crate::{
    apprunner, audit,
    authenticate::{Signed, authenticate, check_region},
    call::Call,
    cloudtrail,
    codec::{Protocol, json, query},
    door::Door,
    ecr,
    fault::{Common, Details, Fault, Wrong},
    iam, logs, outrunner, secretsmanager, service_quotas,
    shape::sts::StsOperation,
    ssm, sts,
    target::{Offered, Target},
    web_identity::{self, Vouched},
};
use axum::body::Body;
use bytes::Bytes;
use http::request::Parts;
use model::{caller::Caller, trouble::Retry};
use serde::Serialize;
use std::sync::{Mutex, OnceLock};
use tokio::sync::SemaphorePermit;

/// The body of an answer.
pub enum Output {
    /// All of it.
    Whole(Bytes),
    /// Events, as they come.
    Events(Body),
}

impl From<Bytes> for Output {
    fn from(body: Bytes) -> Self {
        Self::Whole(body)
    }
}
/// The only call that nobody signs: a token in its input says who calls.
const UNSIGNED: Offered = Offered::Sts(StsOperation::AssumeRoleWithWebIdentity);

/// What came of a call.
pub struct Answered {
    /// Who called, where that is proven.
    pub caller: Option<Caller>,
    /// The body of the answer, or the fault.
    pub outcome: Result<Output, Fault>,
    /// What the fault says beside its words, in members of its model.
    pub details: Details,
}

impl Answered {
    /// A fault for nobody in particular.
    pub fn fault(fault: Fault) -> Self {
        Self { caller: None, outcome: Err(fault), details: Details::new() }
    }
}

/// Answers one request.
pub async fn answer(door: &Door, target: &Target, parts: &Parts, body: &Bytes, request_id: &str) -> Answered {
    let protocol = target.voice.protocol;
    // Before authentication, as on AWS: without an operation nobody knows which service must have been signed for.
    let Some(offered) = target.offered else {
        let words = if target.name.is_empty() {
            "The request names no operation.".to_owned()
        } else {
            format!("The operation {} is not available in this version of Outrunner.", target.name)
        };
        return Answered::fault(Common::UnknownOperation(words).fault(protocol));
    };
    let Admitted { caller, vouched, _permit } = match admit(door, offered, (parts, body), request_id).await {
        Ok(admitted) => admitted,
        Err(wrong) => return Answered::fault(told(&wrong, offered, request_id)),
    };
    let ports = &door.ports;
    let Door { settings, page_key, sessions, .. } = door;
    let call = Call {
        ports,
        settings,
        page_key,
        sessions,
        caller: &caller,
        vouched: vouched.as_ref(),
        offered,
        head: parts,
        body,
        said: OnceLock::new(),
        told: OnceLock::new(),
        asked: OnceLock::new(),
        resource: OnceLock::new(),
        parts: Mutex::default(),
    };
    let outcome = match check_region(&caller, offered.api(), &door.settings.regions) {
        Ok(()) => perform(&call, door).await,
        Err(refusal) => Err(refusal.into()),
    };
    let details = outcome.as_ref().err().map(Wrong::details).unwrap_or_default();
    let outcome = outcome.map_err(|wrong| told(&wrong, offered, request_id));
    audit::record(&door.ration, &call, outcome.as_ref().err()).await;
    Answered { caller: Some(caller), outcome, details }
}

/// Whoever called, and his turn.
struct Admitted<'a> {
    caller: Caller,
    vouched: Option<Vouched>,
    _permit: SemaphorePermit<'a>,
}

/// A token is verified before the call takes a permit that it could keep from others while an issuer is silent.
async fn admit<'a>(door: &'a Door, offered: Offered, request: (&Parts, &Bytes), request_id: &str) -> Result<Admitted<'a>, Wrong> {
    let (ports, (parts, body)) = (&door.ports, request);
    let permit = || door.calls.try_acquire().map_err(|_| Common::throttled());
    if offered == UNSIGNED {
        let waits = door.unverified.try_acquire().map_err(|_| Common::throttled())?;
        let region = door.settings.regions.first().expect("a platform serves its own region");
        let (caller, vouched) = web_identity::authenticate(ports, region, door.settings.quotas, request, request_id).await?;
        drop(waits);
        return Ok(Admitted { caller, vouched: Some(vouched), _permit: permit()? });
    }
    let permit = permit()?;
    let signed = (parts, Signed::Body(body));
    let caller = authenticate(ports, &door.sessions, &door.key_uses, offered.api().signing_name(), signed, request_id).await?;
    Ok(Admitted { caller, vouched: None, _permit: permit })
}

/// The fault of a call; what is ours is written to the log, chain and all.
fn told(wrong: &Wrong, offered: Offered, request_id: &str) -> Fault {
    if let Wrong::Trouble(trouble) = wrong {
        let (call, cause) = (offered.operation().name, trouble.chain());
        match trouble.retry() {
            Retry::Worthwhile => {
                tracing::warn!(request_id, call, cause, "a call failed on our side, and may succeed later")
            }
            Retry::Pointless => tracing::error!(request_id, call, cause, "a call failed on our side"),
        }
    }
    wrong.fault(offered)
}

async fn perform(call: &Call<'_>, door: &Door) -> Result<Output, Wrong> {
    let whole = match call.offered {
        Offered::AppRunner(operation) => apprunner::perform(call, operation).await,
        Offered::CloudTrail(operation) => cloudtrail::perform(call, operation).await,
        Offered::Ecr(operation) => ecr::perform(call, operation).await,
        Offered::Logs(operation) => return logs::perform(call, &door.logs, operation).await,
        Offered::Iam(operation) => iam::perform(call, operation).await,
        Offered::ServiceQuotas(operation) => service_quotas::perform(call, operation).await,
        Offered::Sts(operation) => sts::perform(call, operation).await,
        Offered::SecretsManager(operation) => secretsmanager::perform(call, operation).await,
        Offered::Ssm(operation) => ssm::perform(call, operation).await,
        Offered::Outrunner(operation) => outrunner::perform(call, &door.followers, operation).await,
    };
    whole.map(Output::Whole)
}

/// The body of an answer, in the protocol of its service.
pub fn encode(call: &Call<'_>, output: &impl Serialize) -> Bytes {
    let voice = call.offered.api().voice();
    let body = match voice.protocol {
        Protocol::Json10 | Protocol::Json11 => json::encode(output),
        Protocol::Query => query::encode(call.offered.operation().name, voice.namespace, output, &call.caller.request_id),
    };
    Bytes::from(body)
}
