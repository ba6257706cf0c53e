//! OpenID Connect providers, the account's summary and its alias through the door.

use crate::{
    house::House,
    iam::{granted, iam, refused},
};

const GITHUB: &str = "arn:aws:iam::000000000000:oidc-provider/token.actions.githubusercontent.com";
const PRINT: &str = "6938fd4d98bab03faadb97b34396831e3780aea1";

#[tokio::test]
async fn a_provider_is_a_record_with_audiences_thumbprints_and_tags() {
    let house = House::new();
    let members = [
        ("Url", "https://token.actions.githubusercontent.com"),
        ("ClientIDList.member.1", "sts.amazonaws.com"),
        ("ThumbprintList.member.1", PRINT),
        ("Tags.member.1.Key", "team"),
        ("Tags.member.1.Value", "web"),
    ];
    let made = granted(&house, "CreateOpenIDConnectProvider", &members).await;
    assert!(made.contains(&format!("<OpenIDConnectProviderArn>{GITHUB}</OpenIDConnectProviderArn>")), "{made}");
    let again = iam(&house, "CreateOpenIDConnectProvider", &members).await;
    refused(&again, 409, "EntityAlreadyExists", "Provider with url https://token.actions.githubusercontent.com already exists.");
    let plain = iam(&house, "CreateOpenIDConnectProvider", &[("Url", "http://issuer.example")]).await;
    refused(&plain, 400, "InvalidInput", "Invalid Open ID Connect Provider URL");
    let arn = ("OpenIDConnectProviderArn", GITHUB);
    let got = granted(&house, "GetOpenIDConnectProvider", &[arn]).await;
    for words in [
        "<ClientIDList><member>sts.amazonaws.com</member></ClientIDList><CreateDate>2027-01-15T08:00:00Z</CreateDate>",
        "<Url>token.actions.githubusercontent.com</Url>",
        PRINT,
    ] {
        assert!(got.contains(words), "{got} has no {words}");
    }
    granted(&house, "AddClientIDToOpenIDConnectProvider", &[arn, ("ClientID", "mine")]).await;
    granted(&house, "RemoveClientIDFromOpenIDConnectProvider", &[arn, ("ClientID", "sts.amazonaws.com")]).await;
    granted(&house, "UpdateOpenIDConnectProviderThumbprint", &[arn, ("ThumbprintList.member.1", &"a".repeat(40))]).await;
    let bad = [arn, ("ThumbprintList.member.1", &*"g".repeat(40))];
    refused(&iam(&house, "UpdateOpenIDConnectProviderThumbprint", &bad).await, 400, "InvalidInput", "hexadecimal");
    granted(&house, "UntagOpenIDConnectProvider", &[arn, ("TagKeys.member.1", "team")]).await;
    granted(&house, "TagOpenIDConnectProvider", &[arn, ("Tags.member.1.Key", "a"), ("Tags.member.1.Value", "b")]).await;
    let got = granted(&house, "GetOpenIDConnectProvider", &[arn]).await;
    assert!(got.contains("<ClientIDList><member>mine</member></ClientIDList>") && got.contains(&"a".repeat(40)), "{got}");
    let tags = granted(&house, "ListOpenIDConnectProviderTags", &[arn]).await;
    assert!(tags.contains("<Tags><member><Key>a</Key><Value>b</Value></member></Tags>"), "{tags}");
    assert!(granted(&house, "ListOpenIDConnectProviders", &[]).await.contains(GITHUB));
    for _ in 0..2 {
        granted(&house, "DeleteOpenIDConnectProvider", &[arn]).await;
    }
    refused(&iam(&house, "GetOpenIDConnectProvider", &[arn]).await, 404, "NoSuchEntity", GITHUB);
}

#[tokio::test]
async fn an_account_has_an_alias_and_a_summary() {
    let house = House::new();
    granted(&house, "CreateAccountAlias", &[("AccountAlias", "my-team")]).await;
    assert!(granted(&house, "ListAccountAliases", &[]).await.contains("<AccountAliases><member>my-team</member></AccountAliases>"));
    for bad in ["a", "-ab", "ab-", "a--b", "A-b"] {
        let reply = iam(&house, "CreateAccountAlias", &[("AccountAlias", bad)]).await;
        refused(&reply, 400, "ValidationError", "at &apos;accountAlias&apos; failed to satisfy constraint");
    }
    let other = iam(&house, "DeleteAccountAlias", &[("AccountAlias", "another")]).await;
    refused(&other, 404, "NoSuchEntity", "The account alias another cannot be found.");
    granted(&house, "DeleteAccountAlias", &[("AccountAlias", "my-team")]).await;
    assert!(!granted(&house, "ListAccountAliases", &[]).await.contains("my-team"));
    granted(&house, "CreateUser", &[("UserName", "ann")]).await;
    let summary = granted(&house, "GetAccountSummary", &[]).await;
    for entry in [("Users", 1), ("Roles", 1), ("Policies", 0), ("AccountMFAEnabled", 0), ("VersionsPerPolicyQuota", 5)] {
        let words = format!("<entry><key>{}</key><value>{}</value></entry>", entry.0, entry.1);
        assert!(summary.contains(&words), "{summary} has no {words}");
    }
}

#[tokio::test]
async fn groups_are_not_offered() {
    let house = House::new();
    refused(&iam(&house, "CreateGroup", &[("GroupName", "x")]).await, 400, "InvalidAction", "CreateGroup");
}
