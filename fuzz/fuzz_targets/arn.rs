//! Any text as an ARN or a name → refused with a sentence, or a noun that says the same again; and no ARN is that of two nouns.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| fuzz::name::arns(text));
use model::account::{AccountId, Region, Scope};
use model::arn::ServiceArn;
use model::connection::Connection;
use model::identity_provider::IssuerUrl;
use model::managed_policy::PolicyArn;
use model::managed_secret::SecretId;
use model::observability_configuration::ObservabilityConfiguration;
use model::parameter::{ParameterPick, arn_of};
use model::record::RecordArn;
use model::role::{RoleArn, RoleName};
use model::scaling_configuration::ScalingArn;
use model::secret_reference::SecretReference;
use model::service_name::ServiceName;
use model::user::{UserArn, UserName};
use model::vpc_connector::VpcConnector;
use model::vpc_ingress::VpcIngressArn;

/// Whether it is one; then it says the same again.
fn same<T: ToString, E>(parsed: Result<T, E>, text: &str) -> bool {
    let Ok(noun) = parsed else { return false };
    assert_eq!(noun.to_string(), text);
    true
}

libfuzzer_sys::fuzz_target!(|text: &str| {
    let nouns = [
        same(ServiceArn::parse(text), text),
        same(ScalingArn::parse(text), text),
        same(RecordArn::<ObservabilityConfiguration>::parse(text), text),
        same(RecordArn::<VpcConnector>::parse(text), text),
        same(RecordArn::<Connection>::parse(text), text),
        same(VpcIngressArn::parse(text), text),
        same(RoleArn::parse(text), text),
        same(UserArn::parse(text), text),
        same(PolicyArn::parse(text), text),
    ];
    let is_arn = nouns.into_iter().filter(|is| *is).count();
    assert!(is_arn <= 1, "{nouns:?}");
    // What an ARN's first six parts are does not depend on the noun.
    assert!(is_arn == 0 || (text.starts_with("arn:aws:") && text.split(':').count() >= 6));
    same(RoleName::parse(text), text);
    same(UserName::parse(text), text);
    same(ServiceName::parse(text), text);
    if let Ok(url) = IssuerUrl::of_url(text) {
        assert_eq!(format!("https://{}", url.as_str()), text);
    }
    references(text);
});

/// Of secrets and parameters: by name, by ARN, and in the four forms that an environment takes.
fn references(text: &str) {
    let account = AccountId::parse("000000000000").expect("an account");
    let scope = Scope { account, region: Region::parse("us-east-1").expect("a region") };
    if let Ok(secret) = SecretId::parse(text, &scope) {
        assert!(!secret.names().is_empty());
        assert!(!text.starts_with("arn:") || secret.to_string() == text);
    }
    if let Ok(ParameterPick { names, selector, scope }) = ParameterPick::parse(text, &scope) {
        let name = names.last().expect("it has a name");
        let behind = selector.map(|selector| format!(":{selector}")).unwrap_or_default();
        assert!(!text.starts_with("arn:") || format!("{}{behind}", arn_of(&scope, name)) == text);
    }
    if let Ok(reference) = SecretReference::parse(text) {
        assert_eq!(reference.as_str(), text);
        // What was accepted means something in every scope.
        let _ = reference.source(&scope);
    }
}
