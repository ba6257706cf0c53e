//! Upstreams in memory: every service that has one is an echo.

use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;

use crate::aws_upstream::{AwsAnswer, AwsCall, Header, Payload};
use crate::port::{Answer, AwsUpstreams, Granted};
use crate::refusal::{Refusal, RefusalKind};
use crate::testbed::images::{VecBody, collect};

/// A call as it arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrived {
    pub service: String,
    pub region: String,
    /// `PUT /bucket/key?x`
    pub line: String,
    pub headers: Vec<Header>,
    pub payload: Payload,
    pub body: Bytes,
}

/// Answers 200 with `x-echo: <method> <path>` and the body that came.
#[derive(Debug, Default)]
pub struct MemoryAwsUpstreams {
    services: Vec<String>,
    arrived: Mutex<Vec<Arrived>>,
    /// The words with which every call is refused.
    refused: Mutex<Option<String>>,
}

impl MemoryAwsUpstreams {
    /// With a place for each of these services.
    pub fn of(services: &[&str]) -> Self {
        let mut services: Vec<String> = services.iter().map(|service| (*service).to_owned()).collect();
        services.sort();
        Self { services, ..Self::default() }
    }

    /// What arrived since the last time.
    pub fn take(&self) -> Vec<Arrived> {
        std::mem::take(&mut self.arrived())
    }

    /// From now on nobody answers there.
    pub fn refuse(&self, words: &str) {
        *self.refused.lock().unwrap_or_else(PoisonError::into_inner) = Some(words.to_owned());
    }

    fn arrived(&self) -> MutexGuard<'_, Vec<Arrived>> {
        self.arrived.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl AwsUpstreams for MemoryAwsUpstreams {
    fn services(&self) -> Vec<String> {
        self.services.clone()
    }

    fn send(&self, call: AwsCall) -> Answer<'_, Granted<AwsAnswer>> {
        Box::pin(async move {
            let AwsCall { service, region, method, path, headers, payload, body, body_bytes: _ } = call;
            if !self.services.contains(&service) {
                return Ok(Err(Refusal::not_found(format!("{service} has no upstream."))));
            }
            if let Some(words) = self.refused.lock().unwrap_or_else(PoisonError::into_inner).clone() {
                return Ok(Err(Refusal::new(RefusalKind::WrongState, words)));
            }
            let Ok(body) = collect(body).await else {
                return Ok(Err(Refusal::wrong_state("The body of the call broke off.")));
            };
            let body = Bytes::from(body);
            let line = format!("{method} {path}");
            let echo = ("x-echo".to_owned(), Bytes::from(line.clone()));
            self.arrived().push(Arrived { service, region: region.to_string(), line, headers, payload, body: body.clone() });
            let pieces = if body.is_empty() { Vec::new() } else { vec![Ok(body)] };
            Ok(Ok(AwsAnswer { status: 200, headers: vec![echo], body: Box::new(VecBody(pieces)) }))
        })
    }
}
