//! VPC connectors, custom domains and VPC ingress connections, of which this version keeps the record only.

use super::{Answer, REST_TURNS, TURN, There as _, rests};
use aws_sdk_apprunner::{
    Client,
    error::SdkError,
    operation::describe_vpc_ingress_connection::DescribeVpcIngressConnectionError,
    types::{
        IngressConfiguration, IngressVpcConfiguration, ListVpcIngressConnectionsFilter, NetworkConfiguration,
        VpcIngressConnectionStatus,
    },
};
use serde_json::{Value, json};

pub async fn connectors(client: &Client, name: &str) -> Answer<Value> {
    let made = client
        .create_vpc_connector()
        .vpc_connector_name(name)
        .subnets("subnet-0a1b2c3d")
        .security_groups("sg-0a1b2c3d")
        .send()
        .await?;
    let made = made.vpc_connector.there("connector")?;
    let arn = made.vpc_connector_arn.clone().there("ARN")?;
    let described = client.describe_vpc_connector().vpc_connector_arn(&arn).send().await?.vpc_connector.there("connector")?;
    let mut pages = client.list_vpc_connectors().into_paginator().page_size(1).send();
    let mut is_listed = false;
    while let Some(page) = pages.next().await {
        is_listed |= page?.vpc_connectors.contains(&made);
    }
    let gone = client.delete_vpc_connector().vpc_connector_arn(&arn).send().await?.vpc_connector.there("connector")?;
    Ok(json!({ "connector": [(described == made).to_string(), is_listed.to_string(), gone.status.there("status")?.to_string()] }))
}

pub async fn domains(client: &Client, arn: &str, name: &str) -> Answer<Value> {
    let domain = format!("{name}.example.com");
    let made = client.associate_custom_domain().service_arn(arn).domain_name(&domain).enable_www_subdomain(false).send().await?;
    let mut pages = client.describe_custom_domains().service_arn(arn).into_paginator().send();
    let mut is_listed = false;
    while let Some(page) = pages.next().await {
        let page = page?;
        is_listed |= page.dns_target == made.dns_target && page.custom_domains.iter().any(|one| one.domain_name == domain);
    }
    let gone =
        client.disassociate_custom_domain().service_arn(arn).domain_name(&domain).send().await?.custom_domain.there("domain")?;
    Ok(json!({ "domain": [(!made.dns_target.contains(':')).to_string(), is_listed.to_string(), gone.status.to_string()] }))
}

/// Makes the service private first; the connection ends FAILED_CREATION, can be changed from there, and is gone in the end.
pub async fn ingress(client: &Client, arn: &str, name: &str) -> Answer<Value> {
    let private = IngressConfiguration::builder().is_publicly_accessible(false).build();
    let private = NetworkConfiguration::builder().ingress_configuration(private).build();
    client.update_service().service_arn(arn).network_configuration(private).send().await?;
    rests(client, arn).await?;
    let to = |vpc: &str| IngressVpcConfiguration::builder().vpc_id(vpc).vpc_endpoint_id("vpce-0a1b2c3d").build();
    let made = client
        .create_vpc_ingress_connection()
        .service_arn(arn)
        .vpc_ingress_connection_name(name)
        .ingress_vpc_configuration(to("vpc-0a1b2c3d"));
    let made = made.send().await?.vpc_ingress_connection.there("connection")?;
    let which = made.vpc_ingress_connection_arn.there("ARN")?;
    let created = ingress_rests(client, &which).await?;
    let filter = ListVpcIngressConnectionsFilter::builder().service_arn(arn).build();
    let mut pages = client.list_vpc_ingress_connections().filter(filter).into_paginator().send();
    let mut listed = Vec::new();
    while let Some(page) = pages.next().await {
        listed.extend(page?.vpc_ingress_connection_summary_list.into_iter().filter_map(|one| one.vpc_ingress_connection_arn));
    }
    let update =
        client.update_vpc_ingress_connection().vpc_ingress_connection_arn(&which).ingress_vpc_configuration(to("vpc-0a1b2c3e"));
    let updated = update.send().await?.vpc_ingress_connection.there("connection")?.ingress_vpc_configuration.there("VPC")?;
    ingress_rests(client, &which).await?;
    client.delete_vpc_ingress_connection().vpc_ingress_connection_arn(&which).send().await?;
    let gone = ingress_rests(client, &which).await?;
    Ok(json!({ "ingress": [created.to_string(), (listed == [which]).to_string(), updated.vpc_id.there("VPC")?, gone.to_string()] }))
}

/// Not there any more counts as deleted, as Terraform counts it.
async fn ingress_rests(client: &Client, which: &str) -> Answer<VpcIngressConnectionStatus> {
    use VpcIngressConnectionStatus::{Deleted, PendingCreation, PendingDeletion, PendingUpdate};
    for _ in 0..REST_TURNS {
        let answer = client.describe_vpc_ingress_connection().vpc_ingress_connection_arn(which).send().await;
        let status = match answer {
            Ok(answer) => answer.vpc_ingress_connection.there("connection")?.status.there("status")?,
            Err(SdkError::ServiceError(error))
                if matches!(error.err(), DescribeVpcIngressConnectionError::ResourceNotFoundException(_)) =>
            {
                Deleted
            }
            Err(error) => return Err(error.into()),
        };
        if ![PendingCreation, PendingUpdate, PendingDeletion].contains(&status) {
            return Ok(status);
        }
        tokio::time::sleep(TURN).await;
    }
    Err(format!("{which} does not come to rest").into())
}
