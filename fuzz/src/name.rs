//! What must hold of every text that is read as a name: it is refused with a sentence, or it is a noun that is written as it was read, is read again as
//! itself, is no longer than it may be, and breaks no line, path or host that it is put into. Reading never panics, and neither does what a noun says
//! of itself.
//! Shared by the fuzz targets and by `model/tests/names.rs`, which tries the same without nightly. Never part of the platform.

use std::fmt::{Debug, Display};

use model::arn::ServiceArn;
use model::connection::Connection;
use model::digest::{Algorithm, Digest};
use model::foreign_image::{ForeignImage, ForeignRepository, RegistryHost};
use model::identity_provider::IssuerUrl;
use model::image_reference::{ImageReference, ImageTag, OwnImage, Pick, RepositoryName, scope_of};
use model::managed_policy::{PolicyArn, PolicyName};
use model::observability_configuration::ObservabilityConfiguration;
use model::record::RecordArn;
use model::refusal::{Refusal, RefusalKind};
use model::role::{RoleArn, RoleName};
use model::scaling_configuration::ScalingArn;
use model::service_name::ServiceName;
use model::user::{UserArn, UserName};
use model::vpc_connector::VpcConnector;
use model::vpc_ingress::VpcIngressArn;

/// Longest ARN of an App Runner resource that has a name of its own. Source: App Runner service model, `AppRunnerResourceArn`, 1 to 1011.
const ARN_BYTES: usize = 1011;
/// Longest name of a host, RFC 1035, with a port behind it.
const HOST_BYTES: usize = 253 + ":65535".len();

/// The noun, if the text is one.
fn read<T: Debug + Display + PartialEq>(text: &str, bytes_max: usize, parse: impl Fn(&str) -> Result<T, Refusal>) -> Option<T> {
    let noun = refused_with_a_sentence(parse(text))?;
    let written = noun.to_string();
    assert_eq!(written, text, "it is written as it was read");
    assert_eq!(parse(&written).as_ref(), Ok(&noun), "and read again as itself");
    assert!(text.len() <= bytes_max, "{text:?} is longer than {bytes_max} bytes");
    assert!(!text.is_empty() && text.bytes().all(|b| (0x21..=0x7f).contains(&b)), "{text:?} would break a line");
    Some(noun)
}

fn refused_with_a_sentence<T>(read: Result<T, Refusal>) -> Option<T> {
    match read {
        Ok(noun) => Some(noun),
        Err(refusal) => {
            assert_eq!(refusal.kind, RefusalKind::Invalid, "{refusal:?}");
            assert!(refusal.message.len() > 20, "{refusal:?}");
            None
        }
    }
}

/// Any text as an ARN, or as the name in one.
pub fn arns(text: &str) {
    if let Some(arn) = read(text, 18 + 32 + 1 + 12 + 1 + 8 + 40 + 1 + 32, ServiceArn::parse) {
        assert_eq!(ServiceName::parse(arn.name.as_str()), Ok(arn.name));
    }
    read(text, ARN_BYTES, ScalingArn::parse);
    read(text, ARN_BYTES, RecordArn::<ObservabilityConfiguration>::parse);
    read(text, ARN_BYTES, RecordArn::<VpcConnector>::parse);
    read(text, ARN_BYTES, RecordArn::<Connection>::parse);
    // Its name has no bound of its own: the model of the operation has one for the whole ARN.
    read(text, text.len(), VpcIngressArn::parse);
    if let Some(arn) = read(text, 1024, RoleArn::parse) {
        assert!(text.starts_with(&format!("arn:aws:iam::{}:role/", arn.account())), "{text}");
        assert!(arn.name().as_str().len() <= 64 && !arn.name().as_str().contains('/'), "{text}");
    }
    if let Some(arn) = read(text, 13 + 12 + 6 + 512 + 1 + 64, UserArn::parse) {
        assert!(text.starts_with(&format!("arn:aws:iam::{}:user/", arn.account())), "{text}");
        assert_eq!(UserName::parse(arn.name().as_str()), Ok(arn.name()));
    }
    if let Some(arn) = read(text, 13 + 12 + 8 + 512 + 1 + 128, PolicyArn::parse) {
        assert!(text.starts_with(&format!("arn:aws:iam::{}:policy/", arn.account())), "{text}");
        assert_eq!(PolicyName::parse(arn.name().as_str()), Ok(arn.name()));
    }
    read(text, 64, RoleName::parse);
    read(text, 64, UserName::parse);
    read(text, 128, PolicyName::parse);
    read(text, 40, ServiceName::parse);
    if let Some(issuer) = refused_with_a_sentence(IssuerUrl::parse(text)) {
        assert_eq!(issuer.as_str(), text);
        assert_eq!(IssuerUrl::of_url(&format!("https://{text}")), Ok(issuer));
    }
}

/// Any text as an image's name, or as a part of one.
pub fn images(text: &str) {
    let tag = read(text, 128, ImageTag::parse);
    let digest = read(text, "sha512:".len() + 128, Digest::parse);
    assert!(tag.is_none() || digest.is_none(), "{text}: no tag has a colon");
    if let Some(digest) = digest {
        let length = match digest.algorithm() {
            Algorithm::Sha256 => 64,
            Algorithm::Sha512 => 128,
        };
        assert!(digest.hex().len() == length && !digest.hex().contains(['/', '.', ':']), "{text} names a file");
    }
    if let Some(name) = read(text, 256, RepositoryName::parse) {
        assert!(!name.is_of_copies() && is_path(text), "{text}");
        assert_eq!(
            ForeignRepository::parse(text).map(|name| name.to_string()).as_deref(),
            Ok(text),
            "ours are narrower than others'"
        );
    }
    if let Some(name) = refused_with_a_sentence(RepositoryName::stored(text)) {
        // A host is written in lower case.
        let again = RepositoryName::stored(name.as_str());
        assert_eq!(again.as_ref(), Ok(&name), "what is stored is read");
        assert_eq!(name.is_of_copies(), RepositoryName::parse(name.as_str()).is_err(), "only the platform writes {name}");
    }
    if let Some(name) = read(text, 256, ForeignRepository::parse) {
        assert!(is_path(name.as_str()), "{text}");
    }
    if let Some(host) = refused_with_a_sentence(RegistryHost::parse(text)) {
        let lower = text.to_ascii_lowercase();
        let is_with_zeros = |port: u16| {
            let (before, written) = lower.rsplit_once(':').expect("a port has a colon before it");
            host.as_str() == format!("{before}:{port}") && written.trim_start_matches('0') == port.to_string()
        };
        assert!(host.as_str() == lower || host.port().is_some_and(is_with_zeros), "{host} is not {text}");
        assert_eq!(RegistryHost::parse(host.as_str()).as_ref(), Ok(&host));
        assert!(
            host.as_str().len() <= HOST_BYTES && !host.host().is_empty() && !host.host().contains(['[', ']', '/', '@']),
            "{text}"
        );
        assert!(host.port().is_none_or(|port| port > 0), "{text}");
    }
    if let Some(scope) = scope_of(text) {
        assert_eq!(format!("{}.dkr.ecr.{}.amazonaws.com", scope.account, scope.region), text);
        RegistryHost::parse(text).expect("a registry's name is a host");
    }
    own_image(text);
    if let Some(image) = refused_with_a_sentence(ForeignImage::parse(text)) {
        let written = image.to_string();
        assert_eq!(ForeignImage::parse(&written).as_ref(), Ok(&image), "{written}");
        assert!(scope_of(image.registry.as_str()).is_none(), "{text} is a private registry's");
        assert!(written.len() <= HOST_BYTES + 1 + 256 + 1 + "sha512:".len() + 128, "{written}");
    }
}

fn own_image(text: &str) {
    if let Some((repository, pick)) = refused_with_a_sentence(OwnImage::split_path(text)) {
        assert_eq!(OwnImage::split_path(&format!("{repository}{pick}")), Ok((repository, pick)), "{text}");
    }
    let Some(image) = refused_with_a_sentence(OwnImage::parse(text)) else {
        assert!(ImageReference::parse(text).is_err(), "{text}");
        return;
    };
    let written = image.to_string();
    let latest = image.pick == Pick::Tag(ImageTag::parse("latest").expect("a tag"));
    assert!(written == text || (latest && written == format!("{text}:latest")), "{text} became {written}");
    assert_eq!(OwnImage::parse(&written).as_ref(), Ok(&image), "{written}");
    assert_eq!(image.at_ecr().to_string(), written, "the real ECR knows it by the same name");
    assert_eq!(ImageReference::parse(text).as_ref().map(ImageReference::own), Ok(Some(&image)));
}

/// Nothing in it leads out of a folder.
fn is_path(text: &str) -> bool {
    text.split('/').all(|part| !part.is_empty() && !part.starts_with('.') && !part.ends_with('.') && !part.contains(".."))
}
