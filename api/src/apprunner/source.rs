//! What has to be asked about a new service's source, which is left with full ARNs: may the caller hand its role over, may its image be pulled, is its connection there?
//! Source of truth: the App Runner API reference.

use super::{access_role, auto_scaling_configuration, instance_role, named_resource};
use crate::{call::Call, fault::Wrong};
use model::{
    account::Scope,
    configuration::{Configuration, Source},
    network::Egress,
    port::Facts,
};

/// What conditions may ask about the resources that a configuration of a scope names.
pub fn facts(configuration: &Configuration, scope: &Scope) -> Facts {
    let mut facts = Facts::default().with(auto_scaling_configuration::KEY, configuration.scaling.arn(scope));
    let connector = match &configuration.network.egress {
        Egress::Default => None,
        Egress::Vpc { connector } => Some(connector),
    };
    let connection = match &configuration.source {
        Source::Image(_) => None,
        Source::Code(code) => code.connection.as_ref(),
    };
    for (key, arn) in [
        ("apprunner:ConnectionArn", connection),
        ("apprunner:ObservabilityConfigurationArn", configuration.observability_configuration.as_ref()),
        ("apprunner:VpcConnectorArn", connector),
    ] {
        if let Some(arn) = arn {
            facts = facts.with(key, arn.as_str());
        }
    }
    facts
}

/// Asked about a configuration that was in force once and is to be again: what was passed then has to be passed anew, since the caller, the role or what
/// the caller may do can be another one by now.
///
/// # Errors
/// As where it is set.
pub async fn check_again(call: &Call<'_>, configuration: &mut Configuration, service: &str) -> Result<(), Wrong> {
    check(call, &mut configuration.source, service).await?;
    instance_role::check(call, configuration.instance_role.as_ref(), service).await?;
    configuration.network.egress = named_resource::egress(call, configuration.network.egress.clone()).await?;
    Ok(())
}

/// Asked of a service that is created; `service` is its ARN as far as it is known.
///
/// # Errors
/// Denied; a refusal where a role cannot be taken or a connection cannot be used.
pub async fn check(call: &Call<'_>, source: &mut Source, service: &str) -> Result<(), Wrong> {
    match source {
        Source::Image(image) => {
            access_role::check(call, image.access_role.as_ref(), service).await?;
            access_role::check_image(call, image).await
        }
        Source::Code(code) => {
            access_role::check(call, code.access_role.as_ref(), service).await?;
            code.connection = named_resource::connection(call, code.connection.take()).await?;
            Ok(())
        }
    }
}
