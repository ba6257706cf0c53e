//! UpdateRole: parse, change. What is left out keeps its value.
//! Source of truth: the IAM API reference.

use super::{role, service_linked_role};
use crate::{call::Call, fault::Wrong, shape::iam as shape};
use model::role::Role;
use serde::Serialize;

/// An answer that has a result without members: the generator makes no such structures.
#[derive(Serialize)]
pub struct UpdateRoleResponse {}

/// Answers UpdateRole.
pub async fn answer(call: &Call<'_>) -> Result<UpdateRoleResponse, Wrong> {
    let shape::UpdateRoleRequest { description, max_session_duration, role_name } = call.input()?;
    role::describe(call, role_name, |role| {
        if max_session_duration.is_some() && service_linked_role::is_linked(role) {
            return Err(Wrong::Declared(shape::UNMODIFIABLE_ENTITY_EXCEPTION, service_linked_role::protected(&role.name)));
        }
        let seconds = max_session_duration.map(|seconds| u32::try_from(seconds).expect("the model's range is positive"));
        Ok(Role {
            description: description.clone().or_else(|| role.description.clone()),
            session_max_seconds: seconds.unwrap_or(role.session_max_seconds),
            ..role.clone()
        })
    })
    .await?;
    Ok(UpdateRoleResponse {})
}
