//! App Runner's quotas through Service Quotas, and what reaches one.

use crate::house::{House, faults, service};
use serde_json::{Value, json};

const SERVICES: &str = "L-63B30055";

fn of(code: &str) -> Value {
    json!({ "ServiceCode": "apprunner", "QuotaCode": code })
}

async fn value(house: &House, operation: &str, code: &str) -> f64 {
    let reply = house.quotas(operation, of(code)).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.json()["Quota"]["Value"].as_f64().expect("a number")
}

#[tokio::test]
async fn quotas_are_listed_with_what_holds_and_with_app_runners_own() {
    for (house, services) in [(House::new(), 100_000.0), (House::strict(), 30.0)] {
        let listed = house.quotas("ListServiceQuotas", json!({ "ServiceCode": "apprunner" })).await.json();
        let quotas = listed["Quotas"].as_array().expect("a list");
        assert_eq!(quotas.len(), 9);
        let first = &quotas[0];
        assert_eq!((&first["QuotaName"], &first["QuotaCode"]), (&json!("Services"), &json!(SERVICES)));
        assert_eq!(first["QuotaArn"], format!("arn:aws:servicequotas:us-east-1:000000000000:apprunner/{SERVICES}"));
        assert_eq!((&first["Value"], &first["Adjustable"]), (&json!(services), &json!(true)));
        assert_eq!(value(&house, "GetServiceQuota", SERVICES).await, services);
        assert_eq!(value(&house, "GetAWSDefaultServiceQuota", SERVICES).await, 30.0);
        let own = house.quotas("ListAWSDefaultServiceQuotas", json!({ "ServiceCode": "apprunner" })).await.json();
        let values: Vec<f64> =
            own["Quotas"].as_array().expect("a list").iter().map(|quota| quota["Value"].as_f64().unwrap()).collect();
        assert_eq!(values, [30.0, 10.0, 10.0, 5.0, 10.0, 10.0, 10.0, 1.0, 5.0]);
    }
    let services = House::new().quotas("ListServices", json!({})).await.json();
    assert_eq!(services["Services"], json!([{ "ServiceCode": "apprunner", "ServiceName": "AWS App Runner" }]));
}

#[tokio::test]
async fn quotas_come_in_pages_whose_tokens_the_model_takes() {
    let house = House::new();
    let mut input = json!({ "ServiceCode": "apprunner", "MaxResults": 4 });
    let mut found = Vec::new();
    loop {
        let page = house.quotas("ListServiceQuotas", input.clone()).await;
        assert_eq!(page.status, 200, "{}", page.text);
        let page = page.json();
        found.extend(page["Quotas"].as_array().expect("a list").iter().map(|quota| quota["QuotaCode"].to_string()));
        match page["NextToken"].as_str() {
            Some(token) => input["NextToken"] = json!(token),
            None => break,
        }
    }
    assert_eq!(found.iter().collect::<std::collections::BTreeSet<_>>().len(), 9, "{found:?}");
    assert_eq!(found.len(), 9);
    let reply = house.quotas("ListServiceQuotas", json!({ "ServiceCode": "apprunner", "NextToken": "AAAA" })).await;
    faults(&reply, "InvalidPaginationTokenException", "next token");
}

#[tokio::test]
async fn app_runners_own_number_of_services_holds_when_asked_for_and_is_raised_on_request() {
    let house = House::strict();
    for n in 0..30 {
        house.service(&format!("webs-{n}")).await;
    }
    let reply = house.call("CreateService", service("webs-30")).await;
    faults(&reply, "ServiceQuotaExceededException", "The quota 'Services' is reached: 30.");
    let asked = |value: f64| {
        let mut input = of(SERVICES);
        input["DesiredValue"] = json!(value);
        input
    };
    faults(&house.quotas("RequestServiceQuotaIncrease", asked(30.0)).await, "IllegalArgumentException", "greater than the current");
    faults(&house.quotas("RequestServiceQuotaIncrease", asked(1e9)).await, "IllegalArgumentException", "at most");
    let granted = house.quotas("RequestServiceQuotaIncrease", asked(31.0)).await;
    assert_eq!(granted.status, 200, "{}", granted.text);
    let granted = granted.json()["RequestedQuota"].clone();
    assert_eq!((&granted["Status"], &granted["DesiredValue"]), (&json!("APPROVED"), &json!(31.0)));
    assert!(granted["Requester"].as_str().is_some_and(|text| text.contains("arn:aws:iam::000000000000:root")), "{granted}");
    house.service("webs-30").await;
    let reply = house.call("CreateService", service("webs-31")).await;
    faults(&reply, "ServiceQuotaExceededException", "is reached: 31.");
    assert_eq!(value(&house, "GetServiceQuota", SERVICES).await, 31.0);
    assert_eq!(value(&house, "GetAWSDefaultServiceQuota", SERVICES).await, 30.0);

    let history = house.quotas("ListRequestedServiceQuotaChangeHistory", json!({ "ServiceCode": "apprunner" })).await.json();
    assert_eq!(history["RequestedQuotas"], json!([granted]));
    for (code, found) in [(SERVICES, json!([granted])), ("L-00000001", json!(null))] {
        let history = house.quotas("ListRequestedServiceQuotaChangeHistoryByQuota", of(code)).await;
        assert_eq!(history.json()["RequestedQuotas"], found, "{}", history.text);
    }
    let none = house.quotas("ListRequestedServiceQuotaChangeHistory", json!({ "Status": "DENIED" })).await.json();
    assert_eq!(none["RequestedQuotas"], json!([]));
    let found = house.quotas("GetRequestedServiceQuotaChange", json!({ "RequestId": granted["Id"] })).await.json();
    assert_eq!(found["RequestedQuota"], granted);
    let absent = house.quotas("GetRequestedServiceQuotaChange", json!({ "RequestId": "0".repeat(32) })).await;
    faults(&absent, "NoSuchResourceException", "no request");
}

#[tokio::test]
async fn what_is_no_quota_here_is_not_found_and_what_breaks_the_model_is_an_illegal_argument() {
    let house = House::new();
    for input in [json!({ "ServiceCode": "ec2", "QuotaCode": SERVICES }), of("L-00000000")] {
        for operation in ["GetServiceQuota", "GetAWSDefaultServiceQuota"] {
            assert_eq!(house.quotas(operation, input.clone()).await.fault().0, "NoSuchResourceException");
        }
    }
    faults(&house.quotas("GetServiceQuota", json!({})).await, "IllegalArgumentException", "2 validation errors detected");
    let mut input = of(SERVICES);
    input["DesiredValue"] = json!(-1);
    let reply = house.quotas("RequestServiceQuotaIncrease", input).await;
    faults(
        &reply,
        "IllegalArgumentException",
        "'desiredValue' failed to satisfy constraint: Member must have value greater than or equal to 0",
    );
    faults(&house.denying("servicequotas:ListServices").quotas("ListServices", json!({})).await, "AccessDeniedException", "denied");
}

#[tokio::test]
async fn auto_scaling_configurations_have_app_runners_own_limits_when_asked_for() {
    let create = |name: &str| json!({ "AutoScalingConfigurationName": name });
    let house = House::strict();
    for _ in 0..5 {
        assert_eq!(house.call("CreateAutoScalingConfiguration", create("mine")).await.status, 200);
    }
    let reply = house.call("CreateAutoScalingConfiguration", create("mine")).await;
    faults(&reply, "ServiceQuotaExceededException", "Revisions per auto scaling configuration name' is reached: 5.");
    for n in 0..9 {
        assert_eq!(house.call("CreateAutoScalingConfiguration", create(&format!("other-{n}"))).await.status, 200);
    }
    let reply = house.call("CreateAutoScalingConfiguration", create("one-more")).await;
    faults(&reply, "ServiceQuotaExceededException", "'Auto scaling configuration names' is reached: 10.");
    assert_eq!(house.call("CreateAutoScalingConfiguration", create("other-0")).await.status, 200, "a name that is there");

    let sizes = json!({ "AutoScalingConfigurationName": "large", "MaxConcurrency": 201, "MinSize": 26, "MaxSize": 27 });
    let words = "3 validation errors detected: Value '201' at 'maxConcurrency' failed to satisfy constraint: Member must have value less \
                 than or equal to 200";
    faults(&House::strict().call("CreateAutoScalingConfiguration", sizes.clone()).await, "InvalidRequestException", words);
    assert_eq!(House::new().call("CreateAutoScalingConfiguration", sizes).await.status, 200, "lifted");
    let mut foreign = service("webs");
    foreign["SourceConfiguration"]["ImageRepository"] =
        json!({ "ImageIdentifier": "docker.io/library/nginx", "ImageRepositoryType": "ECR_PUBLIC" });
    faults(&House::strict().call("CreateService", foreign).await, "InvalidRequestException", "imageIdentifier");
}

#[tokio::test]
async fn every_quota_of_what_is_kept_by_name_holds_when_asked_for() {
    let named = |operation: &str, name: &str| match operation {
        "CreateConnection" => json!({ "ConnectionName": name, "ProviderType": "GITHUB" }),
        "CreateVpcConnector" => json!({ "VpcConnectorName": name, "Subnets": ["subnet-1"] }),
        _ => json!({ "ObservabilityConfigurationName": name }),
    };
    for (operation, words) in [
        ("CreateConnection", "'Connections' is reached: 10."),
        ("CreateVpcConnector", "'VPC connectors' is reached: 10."),
        ("CreateObservabilityConfiguration", "'Observability configuration names' is reached: 10."),
    ] {
        let (lifted, house) = (House::new(), House::strict());
        for n in 0..10 {
            let input = named(operation, &format!("mine-{n}"));
            assert_eq!(house.call(operation, input.clone()).await.status, 200, "{operation} {n}");
            assert_eq!(lifted.call(operation, input).await.status, 200, "{operation} {n}");
        }
        faults(&house.call(operation, named(operation, "one-more")).await, "ServiceQuotaExceededException", words);
        assert_eq!(lifted.call(operation, named(operation, "one-more")).await.status, 200, "lifted");
        let again = house.call(operation, named(operation, "mine-0")).await;
        assert!(!again.text.contains("is reached"), "a name that is there takes no more room: {}", again.text);
    }
    let house = House::strict();
    for _ in 0..10 {
        assert_eq!(house.call("CreateObservabilityConfiguration", named("", "mine")).await.status, 200);
    }
    let words = "'Revisions per observability configuration name' is reached: 10.";
    faults(&house.call("CreateObservabilityConfiguration", named("", "mine")).await, "ServiceQuotaExceededException", words);
}

#[tokio::test]
async fn a_service_has_app_runners_own_number_of_custom_domains_when_asked_for() {
    let (lifted, house) = (House::new(), House::strict());
    for (house, last) in [(&lifted, "lifted"), (&house, "")] {
        let arn = house.running("webs").await;
        let domain = |n: u32| json!({ "ServiceArn": arn, "DomainName": format!("shop-{n}.example.com") });
        for n in 0..5 {
            assert_eq!(house.call("AssociateCustomDomain", domain(n)).await.status, 200, "{n}");
        }
        let reply = house.call("AssociateCustomDomain", domain(5)).await;
        if last.is_empty() {
            // The operation declares no fault for quotas.
            faults(&reply, "InvalidRequestException", "'Custom domains per service' is reached: 5.");
        } else {
            assert_eq!(reply.status, 200, "{last}: {}", reply.text);
        }
    }
}
