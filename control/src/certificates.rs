//! Orders certificates: a local authority for our own domain and one for the account's registries, made once, and the leaves that the edge presents.
//!
//! An authority may sign for its names only (name constraints) and its key never leaves the platform (invariant 2).

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use model::account::{AccountId, Region};
use model::certificate::{Authority, Certificate, CertificateTable};
use model::port::{Board, Certificates, Clock};
use model::registry_name::{aws_registry_names, other_registry_names};
use model::secret::Secret;
use model::time::Timestamp;
use model::trouble::Trouble;
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DistinguishedName, DnType, ExtendedKeyUsagePurpose, GeneralSubtree, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, NameConstraints, PKCS_ECDSA_P256_SHA256,
};

use crate::limit;

/// How the name of each authority of ours, on whichever machine, begins.
pub const AUTHORITY_NAME: &str = "Outrunner local authority for";

/// Keeps the certificates of the local authorities good, and the edge supplied with them.
pub struct LocalCertificates {
    pub certificates: Arc<dyn Certificates>,
    pub board: Arc<dyn Board>,
    pub clock: Arc<dyn Clock>,
    /// The DNS suffix under which everything of ours answers.
    pub domain: String,
    /// The accounts whose registries answer here.
    pub accounts: Vec<AccountId>,
    /// The regions whose services need a wildcard.
    pub regions: Vec<Region>,
    /// How long a leaf is good; with less than a third of it left it is replaced.
    pub leaf_life: Duration,
    /// The generation of the last table; begins above those of earlier platforms.
    pub generation: AtomicU64,
}

/// One authority, and the names of the leaf that it signs.
struct Charge {
    /// What it is kept by.
    suffix: String,
    /// Whom it speaks for, in its own name.
    subject: String,
    /// All that it may ever sign for.
    permitted: Vec<String>,
    names: Vec<String>,
}

impl LocalCertificates {
    /// The authority of our domain, made now if there is none.
    pub async fn authority(&self) -> Result<Authority, Trouble> {
        self.authority_of(&self.domain_charge()).await
    }

    /// The authorities of the accounts' registries: of each account one for the regions that AWS has, and one for each other region in use.
    pub async fn registry_authorities(&self) -> Result<Vec<Authority>, Trouble> {
        let mut authorities = Vec::new();
        for charge in self.registry_charges() {
            authorities.push(self.authority_of(&charge).await?);
        }
        Ok(authorities)
    }

    async fn authority_of(&self, charge: &Charge) -> Result<Authority, Trouble> {
        if let Some(authority) = self.certificates.authority(&charge.suffix).await? {
            return Ok(authority);
        }
        let made = make_authority(charge, self.clock.now()).map_err(|e| Trouble::lasting("making a local authority", e))?;
        self.certificates.keep_authority(&made).await
    }

    /// Makes what is missing or will be old soon, and publishes what is kept. A leaf that cannot be kept (the disk is full) is presented all the same, and
    /// made again at the next look: clients can trust it, and one that is too old they cannot.
    pub async fn supply(&self) -> Result<(), Trouble> {
        let now = self.clock.now();
        let mut unkept = Vec::new();
        for charge in std::iter::once(self.domain_charge()).chain(self.registry_charges()) {
            let authority = self.authority_of(&charge).await?;
            let kept = self.certificates.list().await?;
            let good = kept.iter().any(|kept| kept.names == charge.names && kept.not_after.since(now) >= self.leaf_life / 3);
            if !good {
                let leaf = make_leaf(&authority, &charge.names, now, self.leaf_life)
                    .map_err(|e| Trouble::lasting("making a certificate", e))?;
                if let Err(trouble) = self.certificates.keep(&leaf).await {
                    tracing::warn!(names = ?leaf.names.first(), cause = %trouble.chain(), "a certificate could not be kept; it is presented until the next one is made");
                    unkept.push(leaf);
                }
            }
        }
        let generation = self.generation.fetch_add(1, Ordering::SeqCst) + 1;
        let mut certificates = self.certificates.list().await?;
        certificates.retain(|kept| unkept.iter().all(|leaf| leaf.names != kept.names));
        certificates.extend(unkept);
        let table = CertificateTable { generation, certificates };
        self.board.publish_certificates(&table).await
    }

    fn domain_charge(&self) -> Charge {
        let domain = &self.domain;
        let services = self.regions.iter().map(|region| format!("*.{region}.{domain}"));
        let names = [domain.clone(), format!("*.{domain}")].into_iter().chain(services).collect();
        Charge { suffix: domain.clone(), subject: domain.clone(), permitted: vec![domain.clone()], names }
    }

    /// A wildcard stands for the first label only, so every registry is named. One leaf for all of AWS's: it is 2 kB, and a region that nobody has used
    /// yet answers at once.
    fn registry_charges(&self) -> Vec<Charge> {
        self.accounts.iter().flat_map(|account| self.charges_of(account)).collect()
    }

    fn charges_of(&self, account: &AccountId) -> Vec<Charge> {
        let listed = Charge {
            suffix: format!("{account}.dkr.ecr.amazonaws.com"),
            subject: format!("the registries of {account}"),
            permitted: aws_registry_names(account),
            names: aws_registry_names(account),
        };
        let other =
            |name: String| Charge { suffix: name.clone(), subject: name.clone(), permitted: vec![name.clone()], names: vec![name] };
        std::iter::once(listed).chain(other_registry_names(account, &self.regions).into_iter().map(other)).collect()
    }
}

fn instant(at: Timestamp) -> time::OffsetDateTime {
    time::OffsetDateTime::from_unix_timestamp(at.millis() / 1000).unwrap_or(time::OffsetDateTime::UNIX_EPOCH)
}

fn dated(mut params: CertificateParams, now: Timestamp, life: Duration) -> (CertificateParams, Timestamp) {
    let not_after = now.plus(life);
    let begin = now.millis().saturating_sub(i64::try_from(limit::BACKDATED.as_millis()).unwrap_or(0));
    params.not_before = instant(Timestamp::from_millis(begin));
    params.not_after = instant(not_after);
    (params, not_after)
}

fn make_authority(charge: &Charge, now: Timestamp) -> Result<Authority, rcgen::Error> {
    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
    let (mut params, _) = dated(CertificateParams::default(), now, limit::AUTHORITY_LIFE);
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, format!("{AUTHORITY_NAME} {}", charge.subject));
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let permitted_subtrees = charge.permitted.iter().cloned().map(GeneralSubtree::DnsName).collect();
    // A permitted DNS name says nothing about addresses: those are excluded by themselves (RFC 5280, 4.2.1.10).
    let excluded_subtrees = vec![
        GeneralSubtree::IpAddress(CidrSubnet::V4([0; 4], [0; 4])),
        GeneralSubtree::IpAddress(CidrSubnet::V6([0; 16], [0; 16])),
    ];
    params.name_constraints = Some(NameConstraints { permitted_subtrees, excluded_subtrees });
    let certificate = params.self_signed(&key)?;
    Ok(Authority { suffix: charge.suffix.clone(), certificate_pem: certificate.pem(), key_pem: Secret::new(key.serialize_pem()) })
}

fn make_leaf(authority: &Authority, names: &[String], now: Timestamp, life: Duration) -> Result<Certificate, rcgen::Error> {
    let authority_key = KeyPair::from_pem(authority.key_pem.expose_text().unwrap_or_default())?;
    let issuer = Issuer::from_ca_cert_pem(&authority.certificate_pem, authority_key)?;
    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
    let (mut params, not_after) = dated(CertificateParams::new(names.to_vec())?, now, life);
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
    use model::port::Answer;
    use model::testbed::{MemoryEdge, MemoryVault, TurnedClock, block_on, scope};

    use super::*;

    fn local(clock: &Arc<TurnedClock>, edge: &Arc<MemoryEdge>, regions: &[&str]) -> LocalCertificates {
        LocalCertificates {
            certificates: Arc::new(MemoryVault::default()),
            board: edge.clone(),
            clock: clock.clone(),
            domain: "outrunner.localhost".to_owned(),
            accounts: vec![scope().account],
            regions: regions.iter().map(|region| Region::parse(region).unwrap()).collect(),
            leaf_life: limit::LEAF_LIFE,
            generation: AtomicU64::new(0),
        }
    }

    #[test]
    fn a_certificate_is_made_once_and_again_before_it_is_old() {
        let (clock, edge) = (Arc::new(TurnedClock::at_millis(1_800_000_000_000)), Arc::new(MemoryEdge::default()));
        let local = local(&clock, &edge, &["us-east-1"]);
        block_on(local.supply()).unwrap();
        let first = edge.certificates();
        let ours = first.certificates.iter().find(|kept| kept.names[0] == "outrunner.localhost").unwrap();
        assert_eq!(ours.names, ["outrunner.localhost", "*.outrunner.localhost", "*.us-east-1.outrunner.localhost"]);
        block_on(local.supply()).unwrap();
        assert_eq!(edge.certificates().certificates, first.certificates, "a good one stays");
        clock.turn(Duration::from_secs(61 * 24 * 3600));
        block_on(local.supply()).unwrap();
        let renewed = edge.certificates();
        assert_eq!(renewed.certificates.len(), first.certificates.len());
        let is_new = |(new, old): (&Certificate, &Certificate)| new.names == old.names && new.chain != old.chain;
        let all_new = renewed.certificates.iter().zip(&first.certificates).all(is_new);
        assert!(all_new, "with a third of its life left each is replaced");
        assert_eq!(block_on(local.authority()).unwrap(), block_on(local.authority()).unwrap(), "the authority stays");
    }

    /// A vault on a disk that is full.
    struct Full(MemoryVault);

    impl Certificates for Full {
        fn authority<'a>(&'a self, suffix: &'a str) -> Answer<'a, Option<Authority>> {
            self.0.authority(suffix)
        }

        fn keep_authority<'a>(&'a self, authority: &'a Authority) -> Answer<'a, Authority> {
            self.0.keep_authority(authority)
        }

        fn list(&self) -> Answer<'_, Vec<Certificate>> {
            self.0.list()
        }

        fn keep<'a>(&'a self, _: &'a Certificate) -> Answer<'a, ()> {
            Box::pin(async {
                Err(Trouble::lasting("keeping a certificate", std::io::Error::from(std::io::ErrorKind::StorageFull)))
            })
        }
    }

    #[test]
    fn a_certificate_that_finds_no_room_is_presented_all_the_same() {
        let (clock, edge) = (Arc::new(TurnedClock::at_millis(1_800_000_000_000)), Arc::new(MemoryEdge::default()));
        let mut local = local(&clock, &edge, &["us-east-1"]);
        let vault = MemoryVault::default();
        let old = Certificate {
            names: local.domain_charge().names,
            chain: vec![vec![1]],
            key: Secret::new(vec![1]),
            not_after: clock.now(),
        };
        block_on(vault.keep(&old)).unwrap();
        local.certificates = Arc::new(Full(vault));
        block_on(local.supply()).unwrap();
        let shown = edge.certificates().certificates;
        let ours: Vec<_> = shown.iter().filter(|certificate| certificate.names == old.names).collect();
        assert_eq!(ours.len(), 1, "in place of the one that is kept");
        assert!(ours[0].not_after > clock.now());
    }

    #[test]
    fn the_registry_has_a_certificate_in_every_region_and_in_one_of_its_own_under_another_authority() {
        let (clock, edge) = (Arc::new(TurnedClock::at_millis(1_800_000_000_000)), Arc::new(MemoryEdge::default()));
        let local = local(&clock, &edge, &["mars-north-1"]);
        block_on(local.supply()).unwrap();
        let account = scope().account;
        for region in ["us-east-1", "sa-east-1", "mars-north-1"] {
            let name = format!("{account}.dkr.ecr.{region}.amazonaws.com");
            assert!(edge.certificates().certificates.iter().any(|kept| kept.names.contains(&name)), "{name}");
        }
        let authorities = block_on(local.registry_authorities()).unwrap();
        assert_eq!(authorities.len(), 2);
        assert!(
            !authorities.contains(&block_on(local.authority()).unwrap()),
            "the domain's authority does not speak for registries"
        );
        assert_eq!(block_on(local.registry_authorities()).unwrap(), authorities, "they stay");
    }
}
