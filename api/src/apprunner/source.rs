//! What has to be asked about a new service's source, which is left with full ARNs: may the caller hand its role over, may its image be pulled, is its connection there?
//! Source of truth: the App Runner API reference.

use super::{access_role, named_resource};
use crate::{call::Call, fault::Wrong};
use model::configuration::Source;

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
