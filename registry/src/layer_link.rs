//! Links to layers: what `GetDownloadUrlForLayer` gives out, and a plain GET without a login follows.
//!
//! A link is a signed statement (which layer of which repository, until when), so nothing is stored and a restart breaks none. It opens that one layer
//! and nothing else, and only while the repository has it. Source of truth: ECR API Reference, GetDownloadUrlForLayer; ECR's links are Amazon S3's,
//! which answer GET alone.

use std::sync::Arc;

use aws_lc_rs::hmac;
use axum::extract::Request;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::Method;
use model::account::{AccountId, Region, Scope};
use model::caller::Caller;
use model::digest::Digest;
use model::image_reference::RepositoryName;
use model::repository::RepositoryKey;
use model::secret::Secret;
use model::time::Timestamp;

use crate::door::{Registry, Visit, location};
use crate::fault::Fault;
use crate::query::Query;
use crate::reference::{Place, Target, place};
use crate::{blob, login};

/// Bytes of the signature in front of a statement.
const SIGNATURE_BYTES: usize = 32;
/// First field of every statement: another form of it would be another version, and no other statement of ours begins so.
const VERSION: &str = "layer 1";
/// The parameter that carries it.
const PARAMETER: &str = "link";

/// Signs and reads links.
pub(crate) struct LayerLinks(hmac::Key);

impl LayerLinks {
    pub(crate) fn new(key: &Secret) -> Self {
        assert!(key.expose().len() >= 32, "a signing key has at least 32 bytes");
        Self(hmac::Key::new(hmac::HMAC_SHA256, key.expose()))
    }

    /// Path and query of a link.
    pub(crate) fn path(&self, key: &RepositoryKey, digest: &Digest, expires_at: Timestamp) -> String {
        let Scope { account, region } = &key.scope;
        let statement = format!("{VERSION}\n{account}\n{region}\n{}\n{digest}\n{}", key.name, expires_at.millis());
        let mut signed = hmac::sign(&self.0, statement.as_bytes()).as_ref().to_vec();
        signed.extend_from_slice(statement.as_bytes());
        format!("{}?{PARAMETER}={}", location(key, "blobs", digest), URL_SAFE_NO_PAD.encode(signed))
    }

    /// The account and region whose repository of this name the link opens, if it is good for this layer now.
    fn scope(&self, token: &str, name: &RepositoryName, digest: &Digest, now: Timestamp) -> Option<Scope> {
        let signed = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (signature, statement) = signed.split_at_checked(SIGNATURE_BYTES)?;
        // `verify` takes the same time wherever the first difference is.
        hmac::verify(&self.0, statement, signature).ok()?;
        let fields: Vec<&str> = std::str::from_utf8(statement).ok()?.split('\n').collect();
        let [VERSION, account, region, of, layer, expires_ms] = fields.as_slice() else { return None };
        let is_meant = *of == name.as_str() && *layer == digest.as_str();
        let is_good = now < Timestamp::from_millis(expires_ms.parse().ok()?);
        if !is_meant || !is_good {
            return None;
        }
        Some(Scope { account: AccountId::parse(account).ok()?, region: Region::parse(region).ok()? })
    }
}

/// The link that a request brings. Only a GET follows one.
pub(crate) fn token(request: &Request) -> Option<String> {
    let query = request.uri().query().filter(|_| request.method() == Method::GET)?;
    Query::parse(query).get(PARAMETER).map(str::to_owned)
}

/// Sends the layer that a link opens.
pub(crate) async fn follow(registry: &Arc<Registry>, token: &str, request: Request) -> Result<Response, Fault> {
    let (parts, _) = request.into_parts();
    let Place::Repository { name, target: Target::Blob(digest) } = place(parts.uri.path())? else {
        return Err(Fault::NoSuchEndpoint);
    };
    let Some(scope) = registry.links.scope(token, &name, &digest, registry.parts.clock.now()) else {
        let message = "This link has expired, or it is not whole. Ask GetDownloadUrlForLayer for another one.".to_owned();
        return Err(Fault::Denied { message });
    };
    let request_id = login::request_id(&*registry.parts.dice);
    tracing::Span::current().record("request_id", &request_id);
    let caller = Caller::platform(scope.clone(), request_id.clone());
    let key = RepositoryKey { scope, name };
    let visit = Visit { caller, key, headers: parts.headers, query: Query::default() };
    let sent = async {
        registry.known(&visit.key).await?;
        blob::get(Arc::clone(registry), visit, digest).await
    };
    sent.await.map_err(|fault: Fault| fault.of_call(&request_id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limit;

    const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

    fn key(name: &str) -> RepositoryKey {
        RepositoryKey { scope: model::testbed::scope(), name: RepositoryName::parse(name).unwrap() }
    }

    fn digest(byte: &str) -> Digest {
        Digest::parse(&format!("sha256:{}", byte.repeat(32))).unwrap()
    }

    #[test]
    fn a_link_opens_its_layer_for_its_time_and_nothing_else() {
        let links = LayerLinks::new(&Secret::new(vec![1; 32]));
        let path = links.path(&key("hello"), &digest("ab"), NOW.plus(limit::LAYER_LINK));
        let (place, token) = path.split_once("?link=").unwrap();
        assert_eq!(place, format!("/v2/hello/blobs/{}", digest("ab")));
        let last = NOW.plus(limit::LAYER_LINK - std::time::Duration::from_millis(1));
        for now in [NOW, last] {
            assert_eq!(links.scope(token, &key("hello").name, &digest("ab"), now), Some(key("hello").scope));
        }
        assert_eq!(links.scope(token, &key("hello").name, &digest("ab"), NOW.plus(limit::LAYER_LINK)), None, "its time is over");
        assert_eq!(links.scope(token, &key("other").name, &digest("ab"), NOW), None, "another repository");
        assert_eq!(links.scope(token, &key("hello").name, &digest("cd"), NOW), None, "another layer");
        let others = LayerLinks::new(&Secret::new(vec![2; 32]));
        assert_eq!(others.scope(token, &key("hello").name, &digest("ab"), NOW), None, "another key");
        for at in 0..token.len() {
            let mut changed = token.to_owned().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert_eq!(links.scope(&changed, &key("hello").name, &digest("ab"), NOW), None, "changed at {at}");
        }
        for bad in ["", "AAAA", "=", &token[..token.len() - 1], &format!("{token}AAAA")] {
            assert_eq!(links.scope(bad, &key("hello").name, &digest("ab"), NOW), None, "{bad}");
        }
    }
}
