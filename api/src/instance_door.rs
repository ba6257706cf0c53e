//! What an instance finds at its own door: its role's credentials at one path, and our API, as everybody has it, at every other.
//! Never decides who comes: `daemon` says it of each connection. Never logs a token or a secret.
//! Source of truth: AWS SDKs and Tools Reference Guide, "Container credential provider"; botocore's `ContainerMetadataFetcher`.

use crate::iam::iso;
use aws_lc_rs::constant_time::verify_slices_are_equal;
use axum::{Extension, Router, body::Body, extract::State, response::Response, routing::any};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use model::{
    instance::InstanceName,
    instance_door::{CREDENTIALS_PATH, InstanceRole},
    port::InstanceSessions,
    refusal::{Refusal, RefusalKind},
    role_credentials::RoleCredentials,
    secret::Secret,
};
use serde::Serialize;
use std::sync::Arc;

/// Who is at a door, and what he has to show for credentials.
#[derive(Clone, Debug)]
pub struct Visitor {
    pub instance: InstanceName,
    pub role: InstanceRole,
    pub token: Secret,
}

/// Whoever gives credentials.
type Sessions = Arc<dyn InstanceSessions>;

/// The router of instances' doors, over `api`, the router of everybody's. Each request needs its `Visitor` as an extension.
pub fn instance_router(api: Router, sessions: Sessions) -> Router {
    Router::new().route(CREDENTIALS_PATH, any(give)).with_state(sessions).merge(api)
}

/// As the SDKs read it: `Token`, not `SessionToken`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Given<'a> {
    role_arn: &'a str,
    access_key_id: &'a str,
    secret_access_key: &'a str,
    token: &'a str,
    expiration: String,
    account_id: String,
}

/// What SDKs show of anything else.
#[derive(Serialize)]
struct Withheld<'a> {
    code: &'a str,
    message: &'a str,
}

async fn give(
    State(sessions): State<Sessions>,
    Extension(visitor): Extension<Visitor>,
    method: Method,
    headers: HeaderMap,
) -> Response {
    if method != Method::GET {
        return withheld(StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed", "Credentials are asked for with GET.");
    }
    let shown = headers.get(header::AUTHORIZATION).map(HeaderValue::as_bytes).unwrap_or_default();
    if verify_slices_are_equal(shown, visitor.token.expose()).is_err() {
        let words = "Show the value of AWS_CONTAINER_AUTHORIZATION_TOKEN as the header Authorization.";
        return withheld(StatusCode::UNAUTHORIZED, "AccessDenied", words);
    }
    match sessions.credentials(&visitor.instance, &visitor.role).await {
        Ok(Ok(credentials)) => given(&credentials),
        // It may pass: SDKs ask again.
        Ok(Err(Refusal { kind: RefusalKind::WrongState, message })) => {
            withheld(StatusCode::SERVICE_UNAVAILABLE, "ServiceUnavailable", &message)
        }
        Ok(Err(Refusal { message, .. })) => withheld(StatusCode::FORBIDDEN, "AccessDenied", &message),
        Err(trouble) => {
            tracing::warn!(instance = %visitor.instance, cause = trouble.chain(), "an instance could not be given credentials");
            withheld(StatusCode::INTERNAL_SERVER_ERROR, "InternalFailure", "The platform could not make credentials. Ask again.")
        }
    }
}

fn given(credentials: &RoleCredentials) -> Response {
    let text = |secret: &Secret| secret.expose_text().expect("keys and tokens are base64").to_owned();
    let body = Given {
        role_arn: credentials.role.as_str(),
        access_key_id: &credentials.access_key_id,
        secret_access_key: &text(&credentials.secret_access_key),
        token: &text(&credentials.session_token),
        expiration: iso(credentials.expires_at),
        account_id: credentials.role.account().to_string(),
    };
    answer(StatusCode::OK, &body)
}

fn withheld(status: StatusCode, code: &str, message: &str) -> Response {
    answer(status, &Withheld { code, message })
}

fn answer(status: StatusCode, body: &impl Serialize) -> Response {
    let body = serde_json::to_vec(body).expect("texts are JSON");
    let builder = Response::builder().status(status).header(header::CONTENT_TYPE, "application/json");
    let builder = builder.header(header::CACHE_CONTROL, "no-store");
    builder.body(Body::from(body)).expect("a status and two valid headers are a response")
}
