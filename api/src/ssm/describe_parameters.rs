//! DescribeParameters: a page of those that the filters find, without values.
//! Source of truth: the Systems Manager API reference.

use super::{filter, parameter};
use crate::{call::Call, fault::Wrong, limit, sealed_page, shape::ssm as shape};
use model::{parameter::Parameter, refusal::Refusal};

/// Answers DescribeParameters.
pub async fn answer(call: &Call<'_>) -> Result<shape::DescribeParametersResult, Wrong> {
    let shape::DescribeParametersRequest { filters, parameter_filters, max_results, next_token, shared } = call.input()?;
    call.authorize("*").await?;
    if filters.is_some() && parameter_filters.is_some() {
        return Err(Refusal::invalid("You can use either Filters or ParameterFilters in a single request.").into());
    }
    let mut read = filter::parse_older(filters.unwrap_or_default());
    read.extend(filter::parse(parameter_filters.unwrap_or_default(), filter::Of::Descriptions)?);
    let asked = (next_token.as_deref(), max_results.unwrap_or(limit::PARAMETERS_DEFAULT));
    // Nobody shares parameters here.
    let wanted = |found: &Parameter| shared != Some(true) && filter::holds(found, &read);
    let (page, next_token) = sealed_page::read(call, &*call.ports.parameters, "", asked, wanted).await?;
    Ok(shape::DescribeParametersResult { parameters: Some(page.iter().map(entry).collect()), next_token })
}

fn entry(found: &Parameter) -> shape::ParameterMetadata {
    let (number, newest) = found.newest();
    shape::ParameterMetadata {
        arn: Some(found.arn()),
        allowed_pattern: newest.allowed_pattern.clone(),
        data_type: Some("text".to_owned()),
        description: newest.description.clone(),
        key_id: parameter::key_of(newest.kind),
        last_modified_date: Some(newest.at.seconds()),
        last_modified_user: Some(newest.by.clone()),
        name: Some(found.name.clone()),
        policies: Some(Vec::new()),
        tier: Some(newest.tier.as_str().to_owned()),
        r#type: Some(newest.kind.as_str().to_owned()),
        version: Some(parameter::number_of(number)),
    }
}
