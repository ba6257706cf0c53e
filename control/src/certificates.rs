//! Orders certificates: a local authority for our own domain, made once, and a leaf that the edge presents.
//!
//! The authority may sign for its suffix only (name constraints) and its key never leaves the platform (invariant 2).

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use model::account::Region;
use model::certificate::{Authority, Certificate, CertificateTable};
use model::port::{Board, Certificates, Clock};
use model::secret::Secret;
use model::time::Timestamp;
use model::trouble::Trouble;
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DistinguishedName, DnType, ExtendedKeyUsagePurpose, GeneralSubtree, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, NameConstraints, PKCS_ECDSA_P256_SHA256,
};

use crate::limit;

/// Keeps the certificates of the local authority good, and the edge supplied with them.
pub struct LocalCertificates {
    pub certificates: Arc<dyn Certificates>,
    pub board: Arc<dyn Board>,
    pub clock: Arc<dyn Clock>,
    /// The DNS suffix under which everything of ours answers.
    pub domain: String,
    /// The regions whose services need a wildcard.
    pub regions: Vec<Region>,
    /// The generation of the last table; begins above those of earlier platforms.
    pub generation: AtomicU64,
}

impl LocalCertificates {
    /// The authority of our domain, made now if there is none.
    pub async fn authority(&self) -> Result<Authority, Trouble> {
        if let Some(authority) = self.certificates.authority(&self.domain).await? {
            return Ok(authority);
        }
        let made = make_authority(&self.domain, self.clock.now()).map_err(|e| Trouble::lasting("making the local authority", e))?;
        self.certificates.keep_authority(&made).await
    }

    /// Makes what is missing or will be old soon, and publishes what is kept.
    pub async fn supply(&self) -> Result<(), Trouble> {
        let authority = self.authority().await?;
        let wanted = self.names();
        let now = self.clock.now();
        let kept = self.certificates.list().await?;
        let good = kept.iter().any(|kept| kept.names == wanted && kept.not_after.since(now) >= limit::LEAF_RENEWED);
        if !good {
            let leaf = make_leaf(&authority, &wanted, now).map_err(|e| Trouble::lasting("making a certificate", e))?;
            self.certificates.keep(&leaf).await?;
        }
        let generation = self.generation.fetch_add(1, Ordering::SeqCst) + 1;
        let table = CertificateTable { generation, certificates: self.certificates.list().await? };
        self.board.publish_certificates(&table).await
    }

    fn names(&self) -> Vec<String> {
        let domain = &self.domain;
        let services = self.regions.iter().map(|region| format!("*.{region}.{domain}"));
        [domain.clone(), format!("*.{domain}")].into_iter().chain(services).collect()
    }
}

fn instant(at: Timestamp) -> time::OffsetDateTime {
    time::OffsetDateTime::from_unix_timestamp(at.millis() / 1000).unwrap_or(time::OffsetDateTime::UNIX_EPOCH)
}

fn dated(mut params: CertificateParams, now: Timestamp, life: std::time::Duration) -> (CertificateParams, Timestamp) {
    let not_after = now.plus(life);
    let begin = now.millis().saturating_sub(i64::try_from(limit::BACKDATED.as_millis()).unwrap_or(0));
    params.not_before = instant(Timestamp::from_millis(begin));
    params.not_after = instant(not_after);
    (params, not_after)
}

fn make_authority(domain: &str, now: Timestamp) -> Result<Authority, rcgen::Error> {
    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
    let (mut params, _) = dated(CertificateParams::default(), now, limit::AUTHORITY_LIFE);
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, format!("Outrunner local authority for {domain}"));
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let permitted_subtrees = vec![GeneralSubtree::DnsName(domain.to_owned())];
    // A permitted DNS name says nothing about addresses: those are excluded by themselves (RFC 5280, 4.2.1.10).
    let excluded_subtrees = vec![
        GeneralSubtree::IpAddress(CidrSubnet::V4([0; 4], [0; 4])),
        GeneralSubtree::IpAddress(CidrSubnet::V6([0; 16], [0; 16])),
    ];
    params.name_constraints = Some(NameConstraints { permitted_subtrees, excluded_subtrees });
    let certificate = params.self_signed(&key)?;
    Ok(Authority { suffix: domain.to_owned(), certificate_pem: certificate.pem(), key_pem: Secret::new(key.serialize_pem()) })
}

fn make_leaf(authority: &Authority, names: &[String], now: Timestamp) -> Result<Certificate, rcgen::Error> {
    let authority_key = KeyPair::from_pem(authority.key_pem.expose_text().unwrap_or_default())?;
    let issuer = Issuer::from_ca_cert_pem(&authority.certificate_pem, authority_key)?;
    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
    let (mut params, not_after) = dated(CertificateParams::new(names.to_vec())?, now, limit::LEAF_LIFE);
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, names.first().cloned().unwrap_or_default());
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    let leaf = params.signed_by(&key, &issuer)?;
    // The authority itself is in the client's trust store: sending it again would only cost bytes.
    Ok(Certificate { names: names.to_vec(), chain: vec![leaf.der().to_vec()], key: Secret::new(key.serialize_der()), not_after })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use model::testbed::{MemoryEdge, MemoryVault, TurnedClock, block_on, scope};

    use super::*;

    #[test]
    fn a_certificate_is_made_once_and_again_before_it_is_old() {
        let clock = Arc::new(TurnedClock::at_millis(1_800_000_000_000));
        let (vault, edge) = (Arc::new(MemoryVault::default()), Arc::new(MemoryEdge::default()));
        let local = LocalCertificates {
            certificates: vault.clone(),
            board: edge.clone(),
            clock: clock.clone(),
            domain: "outrunner.localhost".to_owned(),
            regions: vec![scope().region],
            generation: AtomicU64::new(0),
        };
        block_on(local.supply()).unwrap();
        let first = edge.certificates();
        assert_eq!(
            first.certificates[0].names,
            ["outrunner.localhost", "*.outrunner.localhost", "*.us-east-1.outrunner.localhost"]
        );
        block_on(local.supply()).unwrap();
        assert_eq!(edge.certificates().certificates, first.certificates, "a good one stays");
        clock.turn(Duration::from_secs(61 * 24 * 3600));
        block_on(local.supply()).unwrap();
        let renewed = edge.certificates();
        assert_eq!(renewed.certificates.len(), 1);
        assert_ne!(renewed.certificates, first.certificates, "with a third of its life left it is replaced");
        assert_eq!(block_on(local.authority()).unwrap(), block_on(local.authority()).unwrap(), "the authority stays");
    }
}
