//! What a service says of its network, its observability and its source code: echoed as clients compare it, and merged as the reference says.

use crate::house::{House, Reply, faults, service};
use model::service::Standing;
use serde_json::{Value, json};

const GIT: &str = "https://github.com/example/hello";

async fn connector(house: &House) -> Value {
    let input = json!({ "VpcConnectorName": "mine", "Subnets": ["subnet-1"] });
    house.call("CreateVpcConnector", input).await.json()["VpcConnector"]["VpcConnectorArn"].clone()
}

fn with(name: &str, members: &Value) -> Value {
    let mut input = service(name);
    for (member, value) in members.as_object().expect("a structure") {
        input[member] = value.clone();
    }
    input
}

async fn update(house: &House, arn: &str, mut members: Value) -> Reply {
    members["ServiceArn"] = json!(arn);
    house.call("UpdateService", members).await
}

/// The members of the service in an answer.
#[track_caller]
fn shown(reply: &Reply) -> Value {
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.json()["Service"].clone()
}

#[tokio::test]
async fn a_network_is_always_whole_and_an_empty_ingress_means_private() {
    let house = House::new();
    let connector = connector(&house).await;
    let whole = |egress: Value, public: bool, family: &str| json!({ "EgressConfiguration": egress, "IngressConfiguration": { "IsPubliclyAccessible": public }, "IpAddressType": family });
    let default = json!({ "EgressType": "DEFAULT" });
    let vpc = json!({ "EgressType": "VPC", "VpcConnectorArn": connector });
    for (at, (sent, echoed)) in [
        (json!({}), whole(default.clone(), true, "IPV4")),
        (json!({ "IngressConfiguration": {} }), whole(default.clone(), false, "IPV4")),
        (json!({ "IngressConfiguration": { "IsPubliclyAccessible": false } }), whole(default.clone(), false, "IPV4")),
        (json!({ "IngressConfiguration": { "IsPubliclyAccessible": true } }), whole(default.clone(), true, "IPV4")),
        (json!({ "EgressConfiguration": {} }), whole(default.clone(), true, "IPV4")),
        (json!({ "EgressConfiguration": vpc }), whole(vpc.clone(), true, "IPV4")),
        (json!({ "IpAddressType": "DUAL_STACK" }), whole(default.clone(), true, "DUAL_STACK")),
    ]
    .into_iter()
    .enumerate()
    {
        let reply = house.call("CreateService", with(&format!("webs{at}"), &json!({ "NetworkConfiguration": sent }))).await;
        assert_eq!(shown(&reply)["NetworkConfiguration"], echoed);
        assert_eq!(shown(&reply)["ServiceUrl"].is_null(), echoed["IngressConfiguration"]["IsPubliclyAccessible"] == false);
    }
    let listed = house.call("ListServices", json!({})).await.json();
    let private = listed["ServiceSummaryList"].as_array().expect("a list").iter().filter(|one| one["ServiceUrl"].is_null()).count();
    assert_eq!(private, 2, "a list shows no URL of theirs: {listed}");
}

#[tokio::test]
async fn a_part_of_a_network_keeps_the_rest_in_an_update() {
    let house = House::new();
    let arn = house.running("webs").await;
    let reply = update(&house, &arn, json!({ "NetworkConfiguration": { "IngressConfiguration": {} } })).await;
    assert_eq!(shown(&reply)["NetworkConfiguration"]["IngressConfiguration"], json!({ "IsPubliclyAccessible": false }));
    house.rest(&arn, Standing::Running { revision: 1 }).await;
    let reply = update(&house, &arn, json!({ "NetworkConfiguration": { "IpAddressType": "DUAL_STACK" } })).await;
    let network = &shown(&reply)["NetworkConfiguration"];
    assert_eq!(network["IngressConfiguration"], json!({ "IsPubliclyAccessible": false }));
    assert_eq!(
        (&network["IpAddressType"], &network["EgressConfiguration"]["EgressType"]),
        (&json!("DUAL_STACK"), &json!("DEFAULT"))
    );
    house.rest(&arn, Standing::Running { revision: 1 }).await;
    let public = json!({ "NetworkConfiguration": { "IngressConfiguration": { "IsPubliclyAccessible": true } } });
    assert!(shown(&update(&house, &arn, public).await)["ServiceUrl"].is_string());
}

#[tokio::test]
async fn a_connector_is_an_active_one_of_ones_own_and_goes_with_vpc_only() {
    let house = House::new();
    let mine = connector(&house).await;
    let text = mine.as_str().expect("an ARN").to_owned();
    let egress = |kind: Value, arn: Value| json!({ "EgressConfiguration": { "EgressType": kind, "VpcConnectorArn": arn } });
    for (network, words) in [
        (egress(json!("VPC"), Value::Null), "EgressType VPC needs a VpcConnectorArn"),
        (egress(json!("DEFAULT"), mine.clone()), "a VpcConnectorArn needs EgressType VPC"),
        (egress(Value::Null, mine.clone()), "a VpcConnectorArn needs EgressType VPC"),
        (egress(json!("VPC"), json!(text.replace("/mine/", "/nine/"))), "VpcConnectorArn: There is no VPC connector"),
        (egress(json!("VPC"), json!(text.replace("us-east-1", "eu-west-1"))), "VpcConnectorArn: There is no VPC connector"),
        (egress(json!("VPC"), json!(text.replace("vpcconnector", "connection"))), "VpcConnectorArn: "),
    ] {
        let reply = house.call("CreateService", with("webs", &json!({ "NetworkConfiguration": network }))).await;
        faults(&reply, "InvalidRequestException", words);
    }
    house.call("DeleteVpcConnector", json!({ "VpcConnectorArn": mine })).await;
    let reply = house.call("CreateService", with("webs", &json!({ "NetworkConfiguration": egress(json!("VPC"), mine) }))).await;
    faults(&reply, "InvalidRequestException", "has been deleted");
}

#[tokio::test]
async fn what_a_service_names_is_not_deleted_until_it_names_it_no_more() {
    let house = House::new();
    let connector = connector(&house).await;
    let vpc = json!({ "EgressConfiguration": { "EgressType": "VPC", "VpcConnectorArn": connector } });
    let made = house.call("CreateObservabilityConfiguration", json!({ "ObservabilityConfigurationName": "trace" })).await.json();
    let trace = made["ObservabilityConfiguration"]["ObservabilityConfigurationArn"].clone();
    let members = json!({
        "NetworkConfiguration": vpc,
        "ObservabilityConfiguration": { "ObservabilityEnabled": true, "ObservabilityConfigurationArn": trace },
    });
    let reply = house.call("CreateService", with("webs", &members)).await;
    let arn = shown(&reply)["ServiceArn"].as_str().expect("an ARN").to_owned();
    let (drop_connector, drop_trace) = (json!({ "VpcConnectorArn": connector }), json!({ "ObservabilityConfigurationArn": trace }));
    faults(&house.call("DeleteVpcConnector", drop_connector.clone()).await, "InvalidRequestException", "is used by a service");
    let refused = house.call("DeleteObservabilityConfiguration", drop_trace.clone()).await;
    faults(&refused, "InvalidRequestException", "is used by a service");
    house.fail(&arn).await;
    let members = json!({
        "NetworkConfiguration": { "EgressConfiguration": { "EgressType": "DEFAULT" } },
        "ObservabilityConfiguration": { "ObservabilityEnabled": false },
    });
    let service = shown(&update(&house, &arn, members).await);
    assert_eq!(service["NetworkConfiguration"]["EgressConfiguration"], json!({ "EgressType": "DEFAULT" }));
    assert_eq!(service["ObservabilityConfiguration"], json!({ "ObservabilityEnabled": false }));
    assert_eq!(house.call("DeleteVpcConnector", drop_connector).await.status, 200);
    assert_eq!(house.call("DeleteObservabilityConfiguration", drop_trace).await.status, 200);
}

#[tokio::test]
async fn observability_is_echoed_as_supplied_with_the_full_arn_of_what_was_named() {
    let house = House::new();
    let made = house.call("CreateObservabilityConfiguration", json!({ "ObservabilityConfigurationName": "trace" })).await.json();
    let full = made["ObservabilityConfiguration"]["ObservabilityConfigurationArn"].as_str().expect("an ARN").to_owned();
    let name = full.rsplitn(3, '/').nth(2).expect("a name");
    let built_in = name.replace("/trace", "/DefaultConfiguration/1/00000000000000000000000000000001");
    let said = |enabled: bool, arn: Value| json!({ "ObservabilityEnabled": enabled, "ObservabilityConfigurationArn": arn });
    for (at, (sent, echoed)) in [
        (json!({ "ObservabilityEnabled": true }), json!({ "ObservabilityEnabled": true })),
        (json!({ "ObservabilityEnabled": false }), json!({ "ObservabilityEnabled": false })),
        (said(true, json!(name)), said(true, json!(full))),
        (said(true, json!(format!("{name}/1"))), said(true, json!(full))),
        (said(true, json!(full)), said(true, json!(full))),
        (said(true, json!(built_in)), said(true, json!(built_in))),
    ]
    .into_iter()
    .enumerate()
    {
        let reply = house.call("CreateService", with(&format!("webs{at}"), &json!({ "ObservabilityConfiguration": sent }))).await;
        assert_eq!(shown(&reply)["ObservabilityConfiguration"], echoed);
    }
    for (sent, words) in [
        (said(false, json!(full)), "only when ObservabilityEnabled is true"),
        (said(true, json!(name.replace("/trace", "/nowhere"))), "ObservabilityConfigurationArn: There is no"),
        (said(true, json!(format!("{name}/2"))), "ObservabilityConfigurationArn: There is no"),
    ] {
        let reply = house.call("CreateService", with("other", &json!({ "ObservabilityConfiguration": sent }))).await;
        faults(&reply, "InvalidRequestException", words);
    }
}

fn code(configuration: Value) -> Value {
    let mut code = json!({ "RepositoryUrl": GIT, "SourceCodeVersion": { "Type": "BRANCH", "Value": "main" } });
    if !configuration.is_null() {
        code["CodeConfiguration"] = configuration;
    }
    code
}

fn code_service(name: &str, code: Value) -> Value {
    json!({ "ServiceName": name, "SourceConfiguration": { "CodeRepository": code } })
}

fn api_values() -> Value {
    json!({ "ConfigurationSource": "API", "CodeConfigurationValues": {
        "Runtime": "PYTHON_311", "BuildCommand": "pip install .", "StartCommand": "python app.py", "Port": "80",
        "RuntimeEnvironmentVariables": { "GREETING": "hi" },
    } })
}

#[tokio::test]
async fn source_code_is_echoed_as_it_was_supplied() {
    let house = House::new();
    let mut whole = code(api_values());
    whole["SourceDirectory"] = json!("/app");
    for (at, sent) in [whole, code(api_values()), code(json!({ "ConfigurationSource": "REPOSITORY" }))].into_iter().enumerate() {
        let reply = house.call("CreateService", code_service(&format!("code{at}"), sent.clone())).await;
        let source = &shown(&reply)["SourceConfiguration"];
        assert_eq!(source, &json!({ "CodeRepository": sent, "AutoDeploymentsEnabled": true }), "nothing is added");
        let described = house.call("DescribeService", json!({ "ServiceArn": shown(&reply)["ServiceArn"] })).await;
        assert_eq!(shown(&described), shown(&reply));
    }
}

#[tokio::test]
async fn source_code_is_held_to_the_rules() {
    let house = House::new();
    let mut both = service("both");
    both["SourceConfiguration"]["CodeRepository"] = code(api_values());
    let mut clash = api_values();
    clash["CodeConfigurationValues"]["RuntimeEnvironmentSecrets"] = json!({ "GREETING": "arn" });
    let mut reserved = api_values();
    reserved["CodeConfigurationValues"]["RuntimeEnvironmentVariables"] = json!({ "PORT": "1" });
    let mut port = api_values();
    port["CodeConfigurationValues"]["Port"] = json!("http");
    for (input, words) in [
        (both, "exactly one of CodeRepository and ImageRepository"),
        (code_service("code", code(Value::Null)), "CodeConfiguration is required"),
        (code_service("code", code(json!({ "ConfigurationSource": "API" }))), "needs CodeConfigurationValues"),
        (code_service("code", code(clash)), "GREETING is both in"),
        (code_service("code", code(reserved)), "PORT is reserved"),
        (code_service("code", code(port)), "Port must be"),
    ] {
        faults(&house.call("CreateService", input).await, "InvalidRequestException", words);
    }
}

#[tokio::test]
async fn a_connection_is_an_available_one_and_for_source_code_only() {
    let house = House::new();
    let made = house.call("CreateConnection", json!({ "ConnectionName": "hub1", "ProviderType": "GITHUB" })).await.json();
    let arn = made["Connection"]["ConnectionArn"].as_str().expect("an ARN").to_owned();
    let named = |mut input: Value, arn: &str| {
        input["SourceConfiguration"]["AuthenticationConfiguration"] = json!({ "ConnectionArn": arn });
        input
    };
    let code = code_service("code", code(api_values()));
    for (input, words) in [
        (named(code.clone(), &arn), "hub1 is not AVAILABLE"),
        (named(code.clone(), &arn.replace("hub1", "hub2")), "ConnectionArn: There is no connection"),
        (named(service("webs"), &arn), "leave ConnectionArn out"),
    ] {
        faults(&house.call("CreateService", input).await, "InvalidRequestException", words);
    }
    let mut empty = code;
    empty["SourceConfiguration"]["AuthenticationConfiguration"] = json!({});
    let reply = house.call("CreateService", empty).await;
    assert!(shown(&reply)["SourceConfiguration"]["AuthenticationConfiguration"].is_null(), "the CDK sends an empty one");
}

#[tokio::test]
async fn an_update_keeps_the_kind_of_source_and_says_again_what_is_built() {
    let house = House::new();
    let reply = house.call("CreateService", code_service("code", code(api_values()))).await;
    let arn = shown(&reply)["ServiceArn"].as_str().expect("an ARN").to_owned();
    house.fail(&arn).await;
    let image = service("webs")["SourceConfiguration"].clone();
    faults(&update(&house, &arn, json!({ "SourceConfiguration": image })).await, "InvalidRequestException", "cannot switch");
    let mut next = code(Value::Null);
    next["SourceCodeVersion"]["Value"] = json!("next");
    let reply = update(&house, &arn, json!({ "SourceConfiguration": { "CodeRepository": next } })).await;
    let source = &shown(&reply)["SourceConfiguration"]["CodeRepository"];
    assert_eq!((&source["SourceCodeVersion"]["Value"], &source["CodeConfiguration"]), (&json!("next"), &api_values()));
    let webs = house.running("webs").await;
    let code = json!({ "SourceConfiguration": { "CodeRepository": code(api_values()) } });
    faults(&update(&house, &webs, code).await, "InvalidRequestException", "cannot switch");
}

#[tokio::test]
async fn one_of_cpu_and_memory_keeps_the_other_and_the_pair_is_checked() {
    let house = House::new();
    let arn = house.running("webs").await;
    for (sent, echoed) in [
        (json!({ "Memory": "3 GB" }), json!({ "Cpu": "1024", "Memory": "3072" })),
        (json!({ "Cpu": "2 vCPU", "Memory": "4096" }), json!({ "Cpu": "2048", "Memory": "4096" })),
        (json!({ "Memory": "6144" }), json!({ "Cpu": "2048", "Memory": "6144" })),
    ] {
        let reply = update(&house, &arn, json!({ "InstanceConfiguration": sent })).await;
        assert_eq!(shown(&reply)["InstanceConfiguration"], echoed);
        house.rest(&arn, Standing::Running { revision: 1 }).await;
    }
    for wrong in [json!({ "Memory": "2 GB" }), json!({ "Cpu": "0.25 vCPU" }), json!({ "Cpu": "4096" })] {
        let reply = update(&house, &arn, json!({ "InstanceConfiguration": wrong })).await;
        faults(&reply, "InvalidRequestException", "do not go together");
    }
}

/// Terraform's second plan: what was sent is sent again, and what is read again is the same.
#[tokio::test]
async fn sending_the_same_again_changes_nothing_that_is_read() {
    let house = House::new();
    let connector = connector(&house).await;
    for (at, members) in [
        json!({}),
        json!({ "NetworkConfiguration": { "IngressConfiguration": {} } }),
        json!({ "NetworkConfiguration": { "EgressConfiguration": { "EgressType": "VPC", "VpcConnectorArn": connector } } }),
        json!({ "ObservabilityConfiguration": { "ObservabilityEnabled": true } }),
        json!({ "ObservabilityConfiguration": { "ObservabilityEnabled": false } }),
        json!({ "InstanceConfiguration": { "Cpu": "1 vCPU", "Memory": "3 GB" } }),
        json!({ "HealthCheckConfiguration": { "HealthyThreshold": 2, "Timeout": 10 } }),
        json!({ "SourceConfiguration": { "CodeRepository": code(api_values()) } }),
        json!({ "SourceConfiguration": { "AutoDeploymentsEnabled": false, "ImageRepository": {
            "ImageIdentifier": "public.ecr.aws/nginx/nginx:Latest", "ImageRepositoryType": "ECR_PUBLIC",
            "ImageConfiguration": { "Port": "8080", "RuntimeEnvironmentVariables": { "b": " x ", "A": "" } } } } }),
    ]
    .into_iter()
    .enumerate()
    {
        let created = house.call("CreateService", with(&format!("webs{at}"), &members)).await;
        let arn = shown(&created)["ServiceArn"].as_str().expect("an ARN").to_owned();
        house.rest(&arn, Standing::Running { revision: 1 }).await;
        let mut again = with("", &members);
        again.as_object_mut().expect("a structure").remove("ServiceName");
        let updated = update(&house, &arn, again).await;
        let plain = |reply: &Reply| {
            let mut service = shown(reply);
            for member in ["Status", "UpdatedAt"] {
                service.as_object_mut().expect("a structure").remove(member);
            }
            service
        };
        assert_eq!(plain(&updated), plain(&created), "{members}");
        house.rest(&arn, Standing::Running { revision: 1 }).await;
        assert_eq!(plain(&house.call("DescribeService", json!({ "ServiceArn": arn })).await), plain(&created), "{members}");
    }
}

/// Source: client-expectations.md, the twelve rules, as far as one door can show them.
#[tokio::test]
async fn what_every_client_relies_on_holds_in_one_answer() {
    let house = House::new();
    let created = shown(&house.call("CreateService", service("webs")).await);
    assert_eq!(created["Status"], "OPERATION_IN_PROGRESS", "before the answer leaves");
    assert_eq!(created["InstanceConfiguration"], json!({ "Cpu": "1024", "Memory": "2048" }), "plain numbers in texts");
    let health =
        json!({ "Protocol": "TCP", "Path": "/", "Interval": 5, "Timeout": 2, "HealthyThreshold": 1, "UnhealthyThreshold": 5 });
    assert_eq!(created["HealthCheckConfiguration"], health, "whole");
    let scaling = &created["AutoScalingConfigurationSummary"];
    assert_eq!(scaling["Status"], "active", "lower case");
    let arn = scaling["AutoScalingConfigurationArn"].as_str().expect("an ARN");
    assert_eq!(arn.split('/').count(), 4, "name, revision and id: {arn}");
    for absent in ["EncryptionConfiguration", "ObservabilityConfiguration", "DeletedAt"] {
        assert!(created.get(absent).is_none(), "{absent} was not supplied");
    }
    let source = &created["SourceConfiguration"];
    assert!(source.get("AuthenticationConfiguration").is_none() && source.get("CodeRepository").is_none(), "{source}");
    assert!(source["ImageRepository"].get("ImageConfiguration").is_none(), "{source}");
    let arn = created["ServiceArn"].as_str().expect("an ARN").to_owned();
    house.fail(&arn).await;
    let deleted = shown(&house.call("DeleteService", json!({ "ServiceArn": arn })).await);
    assert_eq!(deleted["Status"], "OPERATION_IN_PROGRESS", "also of one that failed");
    house.rest(&arn, Standing::Deleted { at: model::time::Timestamp::from_millis(5) }).await;
    let gone = shown(&house.call("DescribeService", json!({ "ServiceArn": arn })).await);
    assert_eq!((&gone["Status"], &gone["DeletedAt"]), (&json!("DELETED"), &json!(0.005)), "for a good while");
    let again = shown(&house.call("CreateService", service("webs")).await);
    assert_ne!((&again["ServiceId"], &again["ServiceUrl"]), (&gone["ServiceId"], &gone["ServiceUrl"]), "its name is free at once");
    assert_eq!(
        house.call("ListConnections", json!({ "ConnectionName": "none" })).await.json(),
        json!({ "ConnectionSummaryList": [] })
    );
}
