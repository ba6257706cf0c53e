//! Custom domains: they wait for their records, lead to one service, and are gone when they are taken away.

use crate::house::{House, Reply, faults};
use model::{limit::CUSTOM_DOMAIN_SETTLES, service::Standing};
use serde_json::{Value, json};

async fn associate(house: &House, arn: &str, name: &str) -> Reply {
    house.call("AssociateCustomDomain", json!({ "ServiceArn": arn, "DomainName": name })).await
}

async fn disassociate(house: &House, arn: &str, name: &str) -> Reply {
    house.call("DisassociateCustomDomain", json!({ "ServiceArn": arn, "DomainName": name })).await
}

async fn describe(house: &House, arn: &str) -> Value {
    let reply = house.call("DescribeCustomDomains", json!({ "ServiceArn": arn })).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.json()
}

#[tokio::test]
async fn a_domain_is_created_waits_for_its_records_is_deleted_in_the_answer_and_is_gone() {
    let house = House::new();
    let arn = house.running("webs").await;
    let reply = associate(&house, &arn, "Example.com").await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    let made = reply.json();
    assert_eq!((&made["ServiceArn"], &made["VpcDNSTargets"]), (&json!(arn), &json!([])));
    let url = house.call("DescribeService", json!({ "ServiceArn": arn })).await.json()["Service"]["ServiceUrl"].clone();
    assert_eq!(made["DNSTarget"], url);
    let domain = &made["CustomDomain"];
    assert_eq!((&domain["DomainName"], &domain["EnableWWWSubdomain"]), (&json!("Example.com"), &json!(true)));
    assert_eq!(domain["Status"], "creating");
    let records = domain["CertificateValidationRecords"].as_array().expect("a list");
    assert_eq!(records.len(), 3, "Copilot counts them");
    for record in records {
        assert_eq!((&record["Type"], &record["Status"]), (&json!("CNAME"), &json!("PENDING_VALIDATION")));
        assert!(record["Name"].as_str().is_some_and(|name| name.starts_with('_') && name.ends_with(".Example.com.")), "{record}");
        assert!(record["Value"].as_str().is_some_and(|value| value.ends_with(".acm-validations.aws.")), "{record}");
    }
    assert_eq!(describe(&house, &arn).await["CustomDomains"], json!([domain]));
    house.clock.turn(CUSTOM_DOMAIN_SETTLES);
    let seen = describe(&house, &arn).await;
    assert_eq!(seen["CustomDomains"][0]["Status"], "pending_certificate_dns_validation");
    assert_eq!(seen["CustomDomains"][0]["CertificateValidationRecords"], domain["CertificateValidationRecords"], "they stay");
    house.clock.turn(std::time::Duration::from_secs(240));
    assert_eq!(describe(&house, &arn).await, seen, "never active without a certificate");
    let gone = disassociate(&house, &arn, "example.com").await;
    assert_eq!(gone.status, 200, "{}", gone.text);
    assert_eq!(gone.json()["CustomDomain"]["Status"], "deleting");
    assert_eq!(describe(&house, &arn).await["CustomDomains"], json!([]), "Terraform takes 'pending' after this for a failure");
}

#[tokio::test]
async fn the_texts_that_clients_look_for_are_there() {
    let house = House::new();
    let first = house.running("first").await;
    let second = house.running("second").await;
    assert_eq!(associate(&house, &first, "example.com").await.status, 200);
    for (arn, name) in [(&first, "example.com"), (&second, "example.com"), (&second, "www.example.com")] {
        faults(&associate(&house, arn, name).await, "InvalidRequestException", &format!("{name} is already associated with"));
    }
    let words = "No custom domain example.com found for the provided service";
    faults(&disassociate(&house, &second, "example.com").await, "ResourceNotFoundException", words);
    let nowhere = first.replace("/first/", "/third/");
    faults(&disassociate(&house, &nowhere, "example.com").await, "ResourceNotFoundException", "does not exist");
    faults(&associate(&house, &nowhere, "other.com").await, "InvalidRequestException", "does not exist");
    let reply = house.call("DescribeCustomDomains", json!({ "ServiceArn": nowhere })).await;
    faults(&reply, "ResourceNotFoundException", "does not exist");
}

#[tokio::test]
async fn names_www_and_wildcards_are_held_to_the_rules() {
    let house = House::new();
    let arn = house.running("webs").await;
    for (name, words) in [
        ("com", "it is not a domain name"),
        ("example.com.", "it is not a domain name"),
        ("login*.example.com", "a wildcard is the whole left-most label"),
        ("*.login.example.com", "directly under the root domain"),
        ("api.outrunner.localhost", "this platform's own"),
        ("outrunner.localhost", "this platform's own"),
    ] {
        faults(&associate(&house, &arn, name).await, "InvalidRequestException", words);
    }
    let asked = |name: &str, www: bool| json!({ "ServiceArn": arn, "DomainName": name, "EnableWWWSubdomain": www });
    let reply = house.call("AssociateCustomDomain", asked("*.example.com", true)).await;
    faults(&reply, "InvalidRequestException", "a wildcard domain such as '*.example.com' has no www");
    for (name, input) in [
        ("*.example.com", json!({ "ServiceArn": arn, "DomainName": "*.example.com" })),
        ("plain.example.com", asked("plain.example.com", false)),
    ] {
        let domain = house.call("AssociateCustomDomain", input).await.json()["CustomDomain"].clone();
        assert_eq!((&domain["DomainName"], &domain["EnableWWWSubdomain"]), (&json!(name), &json!(false)));
        assert_eq!(domain["CertificateValidationRecords"].as_array().map(Vec::len), Some(2), "{domain}");
    }
}

#[tokio::test]
async fn domains_change_only_while_their_service_runs_and_are_described_always() {
    let house = House::new();
    let arn = house.running("webs").await;
    assert_eq!(associate(&house, &arn, "example.com").await.status, 200);
    for standing in [Standing::Paused { revision: 1 }, Standing::CreateFailed, Standing::DeleteFailed] {
        house.rest(&arn, standing).await;
        faults(&associate(&house, &arn, "other.com").await, "InvalidStateException", "RUNNING");
        faults(&disassociate(&house, &arn, "example.com").await, "InvalidStateException", "RUNNING");
        assert_eq!(describe(&house, &arn).await["CustomDomains"].as_array().map(Vec::len), Some(1));
    }
    house.rest(&arn, Standing::Running { revision: 1 }).await;
    assert_eq!(house.call("StartDeployment", json!({ "ServiceArn": arn })).await.status, 200);
    faults(&associate(&house, &arn, "other.com").await, "InvalidStateException", "RUNNING");
    house.rest(&arn, Standing::Deleted { at: model::time::Timestamp::from_millis(1) }).await;
    assert_eq!(describe(&house, &arn).await["CustomDomains"], json!([]));
    let next = house.running("webs").await;
    assert_eq!(associate(&house, &next, "example.com").await.status, 200, "a deleted service holds no name");
}

#[tokio::test]
async fn a_page_has_five_at_most() {
    let house = House::new();
    let arn = house.running("webs").await;
    let names: Vec<String> = (0..7).map(|n| format!("d{n}.example.com")).collect();
    for name in &names {
        assert_eq!(associate(&house, &arn, name).await.status, 200, "there is room for more than App Runner's five");
    }
    let list = |input: Value| house.call("DescribeCustomDomains", input);
    faults(&list(json!({ "ServiceArn": arn, "MaxResults": 6 })).await, "InvalidRequestException", "less than or equal to 5");
    let mut seen = Vec::new();
    let mut token = Value::Null;
    loop {
        let page = list(json!({ "ServiceArn": arn, "MaxResults": 3, "NextToken": token })).await.json();
        seen.extend(page["CustomDomains"].as_array().expect("a list").iter().map(|one| one["DomainName"].clone()));
        token = page["NextToken"].clone();
        if token.is_null() {
            break;
        }
    }
    assert_eq!(seen, names.iter().map(|name| json!(name)).collect::<Vec<_>>());
    assert_eq!(describe(&house, &arn).await["CustomDomains"].as_array().map(Vec::len), Some(7), "without a number all come");
}

#[tokio::test]
async fn whoever_deletes_a_service_with_domains_may_take_them_away() {
    let house = House::new();
    let (with, without) = (house.running("with").await, house.running("without").await);
    assert_eq!(associate(&house, &with, "example.com").await.status, 200);
    let house = house.denying("apprunner:DisassociateCustomDomain");
    let delete = |arn: String| house.call("DeleteService", json!({ "ServiceArn": arn }));
    faults(&delete(with.clone()).await, "AccessDeniedException", "apprunner:DisassociateCustomDomain");
    assert_eq!(delete(without).await.status, 200);
}
