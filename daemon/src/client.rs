//! Our own command line as a client of the API: signs its calls like anyone, and never reads the ledger.
//!
//! Connects to the loopback address in `run.json` and nowhere else.

use std::time::{Duration, SystemTime};

use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpStream;

use crate::failure::{Failure, while_doing};
use crate::first_run::read_credentials;
use crate::host::Place;
use crate::limit::{CLIENT_BODY_BYTES, CLIENT_TIMEOUT};
use crate::run_file::RunFile;

/// A signed connection's other end: the platform on a data dir.
pub struct Client {
    run: RunFile,
    key_id: String,
    secret: model::secret::Secret,
}

/// A service of the API.
#[derive(Clone, Copy, Debug)]
pub enum Service {
    AppRunner,
    Outrunner,
    SecretsManager,
}

impl Service {
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::AppRunner => ("AppRunner", "apprunner"),
            Self::Outrunner => ("Outrunner", "outrunner"),
            Self::SecretsManager => ("secretsmanager", "secretsmanager"),
        }
    }
}

impl Client {
    /// A client of the platform that runs on a data dir.
    pub fn of(place: &Place) -> Result<Self, Failure> {
        let run = RunFile::read(place)?;
        let (key_id, secret) = read_credentials(place)?;
        Ok(Self { run, key_id, secret })
    }

    /// Where the platform answers, and whose it is.
    pub const fn run(&self) -> &RunFile {
        &self.run
    }

    /// Calls an operation. A fault becomes a failure in the platform's own words.
    pub async fn call(&self, service: Service, operation: &str, input: &Value) -> Result<Value, Failure> {
        let (prefix, signing_name) = service.names();
        let target = format!("{prefix}.{operation}");
        let headers = [("content-type", "application/x-amz-json-1.0"), ("x-amz-target", target.as_str())];
        let (status, body) = self.send(signing_name, operation, &headers, input.to_string()).await?;
        let value: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
        if status.is_success() {
            return Ok(value);
        }
        let message = value.get("Message").or(value.get("message")).and_then(Value::as_str).unwrap_or("no reason was given");
        let code = value.get("__type").and_then(Value::as_str).unwrap_or_default();
        Err(refused(status, code, format!("{operation}: {message}")))
    }

    /// Signs and sends a body; answers what came back, a fault too.
    pub async fn send(
        &self,
        signing_name: &str,
        operation: &str,
        headers: &[(&str, &str)],
        body: String,
    ) -> Result<(http::StatusCode, Bytes), Failure> {
        let call = self.exchange(signing_name, operation, headers, body);
        tokio::time::timeout(CLIENT_TIMEOUT, call).await.map_err(|_| {
            Failure::Unreachable(format!("{operation}: no answer from {} within {} s", self.run.api, CLIENT_TIMEOUT.as_secs()))
        })?
    }

    async fn exchange(
        &self,
        signing_name: &str,
        operation: &str,
        headers: &[(&str, &str)],
        body: String,
    ) -> Result<(http::StatusCode, Bytes), Failure> {
        let request = self.signed(signing_name, operation, headers, body)?;
        let connected = TcpStream::connect(self.run.api).await;
        let stream = connected.map_err(|error| {
            Failure::Unreachable(format!("no platform answers at {}: {error}. Start one: sudo outrunner serve", self.run.api))
        })?;
        // Whether the platform did it, nobody knows then; asking again tells.
        let gone = |error: &dyn std::fmt::Display| {
            Failure::Unreachable(format!("the platform at {} went away during {operation}: {error}", self.run.api))
        };
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(|error| gone(&error))?;
        let driving = tokio::spawn(connection);
        let response = sender.send_request(request).await.map_err(|error| gone(&error))?;
        let status = response.status();
        let body = Limited::new(response.into_body(), CLIENT_BODY_BYTES).collect().await.map_err(|error| gone(&error))?.to_bytes();
        driving.abort();
        Ok((status, body))
    }

    fn signed(
        &self,
        signing_name: &str,
        operation: &str,
        headers: &[(&str, &str)],
        body: String,
    ) -> Result<http::Request<Full<Bytes>>, Failure> {
        let doing = format!("signing {operation}");
        let secret = self.secret.expose_text().ok_or_else(|| Failure::other("the secret key is not text"))?;
        let identity = aws_sigv4_identity(&self.key_id, secret);
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region(&self.run.region)
            .name(signing_name)
            .time(SystemTime::now())
            .settings(SigningSettings::default())
            .build()
            .map_err(while_doing(&doing))?;
        let host = self.run.api.to_string();
        let headers: Vec<(&str, &str)> = [("host", host.as_str())].into_iter().chain(headers.iter().copied()).collect();
        let url = format!("http://{host}/");
        let signable = SignableRequest::new("POST", &url, headers.iter().copied(), SignableBody::Bytes(body.as_bytes()))
            .map_err(while_doing(&doing))?;
        let (instructions, _) = sign(signable, &params.into()).map_err(while_doing(&doing))?.into_parts();
        let mut builder = http::Request::post("/");
        for (name, value) in headers {
            builder = builder.header(name, value);
        }
        let mut request = builder.body(Full::new(Bytes::from(body.clone()))).map_err(while_doing(&doing))?;
        instructions.apply_to_request_http1x(&mut request);
        // The signer wants an absolute target; the wire wants the origin form.
        *request.uri_mut() = http::Uri::from_static("/");
        Ok(request)
    }

    /// Every service of the default region, page by page.
    pub async fn services(&self) -> Result<Vec<Value>, Failure> {
        let mut services = Vec::new();
        let mut input = json!({});
        loop {
            let page = self.call(Service::AppRunner, "ListServices", &input).await?;
            services.extend(page["ServiceSummaryList"].as_array().cloned().unwrap_or_default());
            match page.get("NextToken").and_then(Value::as_str) {
                Some(token) => input = json!({ "NextToken": token }),
                None => return Ok(services),
            }
        }
    }

    /// The ARN of a service by its name, or the ARN itself.
    pub async fn arn_of(&self, name: &str) -> Result<String, Failure> {
        if name.starts_with("arn:") {
            return Ok(name.to_owned());
        }
        let services = self.services().await?;
        let named = services.iter().find(|service| service["ServiceName"] == name);
        match named.and_then(|service| service["ServiceArn"].as_str()) {
            Some(arn) => Ok(arn.to_owned()),
            None => {
                let names: Vec<&str> = services.iter().filter_map(|service| service["ServiceName"].as_str()).collect();
                let known =
                    if names.is_empty() { "there is none yet".to_owned() } else { format!("there are: {}", names.join(", ")) };
                Err(Failure::NotFound(format!("no service is called '{name}'; {known}. A deleted one is found by its ARN")))
            }
        }
    }
}

/// What a fault is to a script.
fn refused(status: http::StatusCode, code: &str, text: String) -> Failure {
    match (code, status.is_server_error()) {
        ("ResourceNotFoundException", _) => Failure::NotFound(text),
        (_, true) => Failure::Other(text),
        (_, false) => Failure::Refused(text),
    }
}

fn aws_sigv4_identity(key_id: &str, secret: &str) -> aws_smithy_runtime_api::client::identity::Identity {
    aws_credential_types::Credentials::new(key_id, secret, None, None, "outrunner").into()
}

/// How long one FollowLogs call waits, in seconds: less than our own time-out.
pub const FOLLOW_WAIT: Duration = Duration::from_secs(15);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_tells_a_script_whose_it_is() {
        for (status, code, exit) in [
            (400, "ResourceNotFoundException", 3),
            (400, "InvalidStateException", 5),
            (400, "ThrottlingException", 5),
            (500, "InternalServiceErrorException", 1),
        ] {
            let status = http::StatusCode::from_u16(status).expect("a status");
            assert_eq!(refused(status, code, String::new()).exit_code(), exit, "{code}");
        }
    }
}
