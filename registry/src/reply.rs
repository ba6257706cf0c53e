//! The one way in which a handler builds its answer.

use axum::body::Body;
use axum::response::Response;
use http::{HeaderName, HeaderValue, StatusCode};

/// The digest of what an answer is about.
pub(crate) const CONTENT_DIGEST: HeaderName = HeaderName::from_static("docker-content-digest");
/// The upload an answer is about, as Docker's clients log it.
pub(crate) const UPLOAD_UUID: HeaderName = HeaderName::from_static("docker-upload-uuid");

/// An answer of a status, headers and a body.
pub(crate) fn reply(status: StatusCode, headers: impl IntoIterator<Item = (HeaderName, String)>, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    for (name, value) in headers {
        let value = HeaderValue::try_from(value).expect("header values are made of parsed nouns, numbers and checked text");
        response.headers_mut().append(name, value);
    }
    response
}
