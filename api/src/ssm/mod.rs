//! Systems Manager's Parameter Store: one file for each operation, and one for what they share.
//! Never logs or audits a value. Source of truth: the Systems Manager API reference.

pub mod add_tags_to_resource;
pub mod delete_parameter;
pub mod delete_parameters;
pub mod describe_parameters;
pub mod get_parameter;
pub mod get_parameter_history;
pub mod get_parameters;
pub mod get_parameters_by_path;
pub mod label_parameter_version;
pub mod list_tags_for_resource;
pub mod put_parameter;
pub mod remove_tags_from_resource;
pub mod unlabel_parameter_version;

mod filter;
mod parameter;

use crate::{answer::encode, call::Call, fault::Wrong, shape::ssm::SsmOperation};
use bytes::Bytes;

/// Answers an operation of Parameter Store.
///
/// # Errors
/// What the operation answers instead.
pub async fn perform(call: &Call<'_>, operation: SsmOperation) -> Result<Bytes, Wrong> {
    Ok(match operation {
        SsmOperation::AddTagsToResource => encode(call, &add_tags_to_resource::answer(call).await?),
        SsmOperation::DeleteParameter => encode(call, &delete_parameter::answer(call).await?),
        SsmOperation::DeleteParameters => encode(call, &delete_parameters::answer(call).await?),
        SsmOperation::DescribeParameters => encode(call, &describe_parameters::answer(call).await?),
        SsmOperation::GetParameter => encode(call, &get_parameter::answer(call).await?),
        SsmOperation::GetParameterHistory => encode(call, &get_parameter_history::answer(call).await?),
        SsmOperation::GetParameters => encode(call, &get_parameters::answer(call).await?),
        SsmOperation::GetParametersByPath => encode(call, &get_parameters_by_path::answer(call).await?),
        SsmOperation::LabelParameterVersion => encode(call, &label_parameter_version::answer(call).await?),
        SsmOperation::ListTagsForResource => encode(call, &list_tags_for_resource::answer(call).await?),
        SsmOperation::PutParameter => encode(call, &put_parameter::answer(call).await?),
        SsmOperation::RemoveTagsFromResource => encode(call, &remove_tags_from_resource::answer(call).await?),
        SsmOperation::UnlabelParameterVersion => encode(call, &unlabel_parameter_version::answer(call).await?),
    })
}
