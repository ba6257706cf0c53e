//! Listing a repository's tags, page by page.
//!
//! Source of truth: OCI distribution specification, "Listing Tags".

use std::sync::Arc;

use axum::body::Body;
use axum::response::Response;
use http::StatusCode;
use http::header::{CONTENT_TYPE, LINK};
use model::port::ImageTags;
use model::repository::TaggedImage;
use model::wish::{Page, PageRequest};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;

use crate::door::{Registry, Visit};
use crate::fault::Fault;
use crate::limit;
use crate::reply::reply;

/// `GET /v2/<name>/tags/list?n=&last=`.
pub(crate) async fn list(registry: Arc<Registry>, visit: Visit) -> Result<Response, Fault> {
    let items_max = match visit.query.get("n").map(str::parse::<u32>) {
        None => limit::TAGS_PAGE,
        Some(Ok(number)) => number.min(limit::TAGS_PAGE),
        Some(Err(_)) => return Err(Fault::Refused { message: "n is the number of tags in an answer.".to_owned() }),
    };
    let request = PageRequest { after: visit.query.get("last").map(str::to_owned), items_max: Some(items_max) };
    let page = page(&*registry.parts.tags, &visit, request).await?;
    let tags: Vec<&str> = page.items.iter().map(|image| image.tag.as_str()).collect();
    let mut headers = vec![(CONTENT_TYPE, "application/json".to_owned())];
    if let (Some(_), Some(last)) = (page.next, tags.last()) {
        let last = utf8_percent_encode(last, NON_ALPHANUMERIC);
        headers.push((LINK, format!("</v2/{}/tags/list?n={items_max}&last={last}>; rel=\"next\"", visit.name())));
    }
    let body = json!({ "name": visit.name().as_str(), "tags": tags });
    Ok(reply(StatusCode::OK, headers, Body::from(body.to_string())))
}

/// The specification wants an empty list for `n=0`, and no link.
async fn page(tags: &dyn ImageTags, visit: &Visit, request: PageRequest) -> Result<Page<TaggedImage>, Fault> {
    if request.items_max == Some(0) {
        return Ok(Page { items: Vec::new(), next: None });
    }
    Ok(tags.list(&visit.key, &request).await?)
}
