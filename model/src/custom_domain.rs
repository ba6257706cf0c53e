//! A domain of a customer's own that leads to a service, and the DNS records that would prove that it is his.
//!
//! Nobody looks for the records in this version: a domain waits for them, and is never active without a certificate that is served. Its status is
//! computed from when it was associated. Pure rules, which every keeper of the port `CustomDomains` uses inside its transaction.
//! Source of truth: App Runner API Reference and Developer Guide, custom domains; the forms of the records are what its users saw.

use serde::{Deserialize, Serialize};

use crate::account::Region;
use crate::arn::ServiceArn;
use crate::limit;
use crate::refusal::Refusal;
use crate::service::{Phase, Service, ServiceId, Standing};
use crate::time::Timestamp;

/// A domain name as a customer may associate it. Compared in lower case, echoed as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DomainName(String);

/// What a wildcard begins with.
const WILDCARD: &str = "*.";
/// What the second name of a domain begins with.
const WWW: &str = "www.";
/// Longest label and longest name. Source: RFC 1035, 2.3.4; a name without its root is two bytes shorter than 255.
const LABEL_CHARS: usize = 63;
const NAME_CHARS: usize = 253;
/// A label at most this long behind another one is taken for a part of a public suffix such as `co.uk`: where a root domain begins cannot be told
/// without a list of all suffixes (unconfirmed how App Runner tells it).
const SUFFIX_LABEL_CHARS: usize = 3;

impl DomainName {
    /// Parses a name such as `example.com`, `app.example.com` or `*.example.com`.
    ///
    /// # Errors
    /// A refusal that says which rule of DNS or of App Runner it breaks.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let wrong = |why: &str| Refusal::invalid(format!("DomainName: '{text}' cannot be associated: {why}"));
        let bare = text.strip_prefix(WILDCARD).unwrap_or(text);
        if bare.contains('*') {
            return Err(wrong("a wildcard is the whole left-most label, as in *.example.com."));
        }
        let labels: Vec<&str> = bare.split('.').collect();
        let is_label = |label: &&str| {
            !label.is_empty()
                && label.len() <= LABEL_CHARS
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        if labels.len() < 2 || text.len() > NAME_CHARS || !labels.iter().all(is_label) {
            return Err(wrong("it is not a domain name such as example.com or app.example.com, without a dot at its end."));
        }
        if labels.iter().all(|label| label.bytes().all(|b| b.is_ascii_digit())) {
            return Err(wrong("it is an address."));
        }
        let is_root = labels.len() == 2 || (labels.len() == 3 && labels[1].len() <= SUFFIX_LABEL_CHARS);
        if bare.len() < text.len() && !is_root {
            return Err(wrong("a wildcard stands directly under the root domain, as in *.example.com."));
        }
        Ok(Self(text.to_owned()))
    }

    /// As it was sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As it is compared.
    pub fn folded(&self) -> String {
        self.0.to_ascii_lowercase()
    }

    pub fn is_wildcard(&self) -> bool {
        self.0.starts_with(WILDCARD)
    }

    /// Whether it is this domain or a name under it.
    pub fn is_under(&self, domain: &str) -> bool {
        let folded = self.folded();
        folded == domain || folded.ends_with(&format!(".{domain}"))
    }
}

/// Whether the name with `www.` in front leads to the service, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Www {
    Included,
    Left,
}

/// A CNAME that the customer sets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValidationRecord {
    /// With a dot at its end.
    pub name: String,
    /// With a dot at its end.
    pub value: String,
}

/// An association as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomDomain {
    pub service: ServiceId,
    /// As it was sent.
    pub name: String,
    pub www: Www,
    /// Drawn once: they are the same in every answer.
    pub records: Vec<ValidationRecord>,
    pub created_at: Timestamp,
}

/// Where it stands. The others of App Runner's statuses do not occur in this version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DomainStatus {
    Creating,
    PendingCertificateDnsValidation,
    /// Only in the answer that takes it away.
    Deleting,
}

/// What is drawn for one record.
#[derive(Clone, Copy, Debug)]
pub struct RecordSeed {
    pub name: [u8; 16],
    pub value: [u8; 16],
    pub zone: [u8; 10],
}

/// Records that a domain has at most.
pub const RECORDS_MAX: usize = 3;

impl CustomDomain {
    /// A new association: one record for each name of its certificate, and one for the platform's own.
    pub fn new(arn: &ServiceArn, name: &DomainName, www: Www, seeds: [RecordSeed; RECORDS_MAX], now: Timestamp) -> Self {
        // A wildcard is proven by the name that it stands under.
        let bare = name.as_str().strip_prefix(WILDCARD).unwrap_or(name.as_str());
        let with_www = match www {
            Www::Included => Some(format!("{WWW}{bare}")),
            Www::Left => None,
        };
        let shard = format!("{}.{bare}", shard_label(&arn.scope.region));
        let names = std::iter::once(bare.to_owned()).chain(with_www).chain([shard]);
        let records = names.zip(seeds).map(|(name, seed)| record(&name, seed)).collect();
        Self { service: arn.id.clone(), name: name.as_str().to_owned(), www, records, created_at: now }
    }

    /// As it is compared.
    pub fn folded(&self) -> String {
        self.name.to_ascii_lowercase()
    }

    /// Every name that leads to the service, as they are compared.
    pub fn names(&self) -> Vec<String> {
        let folded = self.folded();
        let www = match self.www {
            Www::Included => Some(format!("{WWW}{folded}")),
            Www::Left => None,
        };
        std::iter::once(folded).chain(www).collect()
    }

    /// Where it stands at a moment. It stays at the last of these: nothing is served for it, so it is never active.
    pub fn status(&self, now: Timestamp) -> DomainStatus {
        if now.since(self.created_at) < limit::CUSTOM_DOMAIN_SETTLES {
            DomainStatus::Creating
        } else {
            DomainStatus::PendingCertificateDnsValidation
        }
    }
}

fn record(name: &str, seed: RecordSeed) -> ValidationRecord {
    let hex = |bytes: [u8; 16]| bytes.iter().map(|b| format!("{b:02x}")).collect::<String>();
    let zone: String = seed.zone.iter().map(|b| char::from(b'a' + b % 26)).collect();
    ValidationRecord {
        name: format!("_{}.{name}.", hex(seed.name)),
        value: format!("_{}.{zone}.acm-validations.aws.", hex(seed.value)),
    }
}

/// 31 letters and digits that all domains of a region share. Source: what App Runner's users saw, its beginning included.
fn shard_label(region: &Region) -> String {
    const ALPHABET: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";
    // FNV-1a, stirred once for each letter: the same for a region in every version, and no secret.
    let mut hash =
        region.as_str().bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, b| (hash ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
    let mut label = "2a57j77".to_owned();
    while label.len() < 31 {
        hash = (hash ^ (hash >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let at = usize::try_from(hash >> 40).expect("24 bits fit") % ALPHABET.len();
        label.push(char::from(ALPHABET[at]));
    }
    label
}

/// Whether `www` may be included: a wildcard has no such name.
///
/// # Errors
/// A refusal where it is asked for and cannot be.
pub fn www_of(name: &DomainName, wanted: Option<bool>) -> Result<Www, Refusal> {
    match (name.is_wildcard(), wanted) {
        (true, Some(true)) => Err(Refusal::invalid(format!(
            "EnableWWWSubdomain: a wildcard domain such as '{}' has no www subdomain. Set it to false.",
            name.as_str()
        ))),
        (true, Some(false) | None) | (false, Some(false)) => Ok(Www::Left),
        // The default. Source: App Runner service model.
        (false, Some(true) | None) => Ok(Www::Included),
    }
}

/// The state that both changes need.
///
/// # Errors
/// A refusal where the service is not there (`NotFound`) or does not run (`WrongState`).
pub fn require_running<'a>(arn: &ServiceArn, service: Option<&'a Service>) -> Result<&'a Service, Refusal> {
    let service = service.ok_or_else(|| Refusal::not_found(format!("Service with the provided ARN does not exist: {arn}.")))?;
    match &service.phase {
        Phase::Still(Standing::Running { .. }) => Ok(service),
        Phase::Still(Standing::Paused { .. } | Standing::CreateFailed | Standing::DeleteFailed | Standing::Deleted { .. })
        | Phase::Moving { .. } => Err(Refusal::wrong_state(
            "Custom domains of a service can only be changed in RUNNING state. Wait until the service runs, or resume it.",
        )),
    }
}

/// Whether this one may be made. `holders` are the associations that have one of its names, with the ARNs of their services; `count` is how many
/// the service has.
///
/// # Errors
/// A refusal (`Invalid`: the operation declares nothing better) where a name is taken, in the words that clients look for, or there are too many.
pub fn admit(arn: &ServiceArn, new: &CustomDomain, holders: &[(ServiceArn, CustomDomain)], count: usize) -> Result<(), Refusal> {
    if let Some((holder, held)) = holders.first() {
        let names = new.names();
        let name = held.names().into_iter().find(|name| names.contains(name)).unwrap_or_else(|| new.folded());
        let name = if name == new.folded() { &new.name } else { &name };
        // Nobody is told what another account has.
        let whose = match holder {
            holder if holder == arn => "this service".to_owned(),
            holder if holder.scope == arn.scope => holder.to_string(),
            _ => "another service".to_owned(),
        };
        return Err(Refusal::invalid(format!("{name} is already associated with {whose}.")));
    }
    if count >= limit::CUSTOM_DOMAINS {
        return Err(Refusal::invalid(format!(
            "The service has {count} custom domains, which is the most. Disassociate one first."
        )));
    }
    Ok(())
}

/// The refusal of a domain that the service does not have, in the words that clients look for.
pub fn unknown(name: &str) -> Refusal {
    Refusal::not_found(format!("No custom domain {name} found for the provided service."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifecycle::bench::service;

    fn arn(byte: u8) -> ServiceArn {
        let standing = Standing::Running { revision: 1 };
        ServiceArn { id: ServiceId::from_random([byte; 16]), ..service(Phase::Still(standing)).arn() }
    }

    fn made(byte: u8, name: &str, www: Www) -> CustomDomain {
        let seed = RecordSeed { name: [1; 16], value: [2; 16], zone: [3; 10] };
        CustomDomain::new(&arn(byte), &DomainName::parse(name).unwrap(), www, [seed; 3], Timestamp::from_millis(1_000))
    }

    #[test]
    fn names_and_wildcards_are_held_to_the_rules() {
        for good in ["example.com", "App.Example.com", "*.example.com", "*.example.co.uk", "a-b.example.com", "1.example.com"] {
            assert!(DomainName::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "com",
            "example.com.",
            ".example.com",
            "a..b",
            "-a.example.com",
            "a-.example.com",
            "login*.example.com",
            "*.login.example.com",
            "a.*.example.com",
            "*.*.com",
            "*.com",
            "10.0.0.1",
            "exa_mple.com",
            "*",
        ] {
            assert!(DomainName::parse(bad).is_err(), "{bad}");
        }
        assert!(DomainName::parse(&format!("{}.com", "a".repeat(64))).is_err());
        assert!(DomainName::parse(&format!("{}com", "a.".repeat(126))).is_err());
        let name = DomainName::parse("API.Outrunner.localhost").unwrap();
        assert!(name.is_under("outrunner.localhost") && !name.is_under("runner.localhost"));
    }

    #[test]
    fn there_are_three_records_with_www_and_two_without() {
        let with = made(1, "example.com", Www::Included);
        let names: Vec<&str> = with.records.iter().map(|record| record.name.split_once('.').unwrap().1).collect();
        let shard = shard_label(&arn(1).scope.region);
        assert_eq!(names, ["example.com.", "www.example.com.", &format!("{shard}.example.com.")]);
        assert_eq!((shard.len(), &shard[..7]), (31, "2a57j77"));
        assert_ne!(shard, shard_label(&Region::parse("eu-west-1").unwrap()));
        assert!(with.records.iter().all(|record| record.value == format!("_{}.dddddddddd.acm-validations.aws.", "02".repeat(16))));
        assert_eq!(made(1, "example.com", Www::Left).records.len(), 2);
        assert!(made(1, "*.example.com", Www::Left).records[0].name.ends_with(".example.com."));
        assert!(!made(1, "*.example.com", Www::Left).records[0].name.contains('*'));
    }

    #[test]
    fn it_waits_for_its_records_and_is_never_active() {
        let made = made(1, "example.com", Www::Left);
        let at = |millis| made.status(Timestamp::from_millis(millis));
        let settled = 1_000 + i64::try_from(limit::CUSTOM_DOMAIN_SETTLES.as_millis()).unwrap();
        assert_eq!((at(1_000), at(settled - 1)), (DomainStatus::Creating, DomainStatus::Creating));
        assert_eq!(at(settled), DomainStatus::PendingCertificateDnsValidation);
        assert_eq!(at(i64::MAX), DomainStatus::PendingCertificateDnsValidation);
    }

    #[test]
    fn a_name_leads_to_one_service() {
        let new = made(1, "Example.com", Www::Included);
        let held = |byte, name: &str, www| vec![(arn(byte), made(byte, name, www))];
        let refused = |holders: &[(ServiceArn, CustomDomain)]| admit(&arn(1), &new, holders, 0).unwrap_err().message;
        assert_eq!(admit(&arn(1), &new, &[], 0), Ok(()));
        assert_eq!(refused(&held(1, "example.com", Www::Left)), "Example.com is already associated with this service.");
        assert_eq!(refused(&held(2, "example.com", Www::Left)), format!("Example.com is already associated with {}.", arn(2)));
        let www = refused(&held(2, "www.example.com", Www::Left));
        assert!(www.starts_with("www.example.com is already associated with"), "{www}");
        let mut others = held(2, "example.com", Www::Left);
        others[0].0.scope.account = crate::account::AccountId::parse("111111111111").unwrap();
        assert_eq!(refused(&others), "Example.com is already associated with another service.");
        assert!(admit(&arn(1), &new, &[], limit::CUSTOM_DOMAINS).is_err());
    }

    #[test]
    fn www_is_included_unless_it_is_refused_or_cannot_be() {
        let (plain, wild) = (DomainName::parse("example.com").unwrap(), DomainName::parse("*.example.com").unwrap());
        assert_eq!(
            [None, Some(true), Some(false)].map(|www| www_of(&plain, www).unwrap()),
            [Www::Included, Www::Included, Www::Left]
        );
        assert_eq!([None, Some(false)].map(|www| www_of(&wild, www).unwrap()), [Www::Left, Www::Left]);
        assert!(www_of(&wild, Some(true)).is_err());
    }
}
