//! DescribeRepositories: parse, ask, render. Either named ones, or a page of all.
//! Source of truth: the ECR API reference.

use super::repository::{render, scope};
use crate::{
    call::{Call, page},
    fault::Wrong,
    limit,
    shape::ecr as shape,
};
use model::{account::Scope, image_reference::RepositoryName, refusal::Refusal, repository::RepositoryKey, wish::Page};

/// Answers DescribeRepositories.
pub async fn answer(call: &Call<'_>) -> Result<shape::DescribeRepositoriesResponse, Wrong> {
    let shape::DescribeRepositoriesRequest { registry_id, repository_names, next_token, max_results } = call.input()?;
    let scope = scope(registry_id.as_deref(), call.caller)?;
    match repository_names {
        Some(_) if next_token.is_some() || max_results.is_some() => {
            Err(Refusal::invalid("nextToken and maxResults cannot be used with repositoryNames.").into())
        }
        Some(names) => named(call, &scope, &names).await,
        None => all(call, &scope, next_token.as_deref(), max_results).await,
    }
}

async fn named(call: &Call<'_>, scope: &Scope, names: &[String]) -> Result<shape::DescribeRepositoriesResponse, Wrong> {
    let names: Vec<RepositoryName> = names.iter().map(|name| RepositoryName::parse(name)).collect::<Result<_, _>>()?;
    for name in &names {
        call.authorize(RepositoryKey { scope: scope.clone(), name: name.clone() }.arn()).await?;
    }
    let found = call.ports.repositories.named(scope, &names).await??;
    Ok(shape::DescribeRepositoriesResponse { repositories: Some(found.iter().map(render).collect()), next_token: None })
}

async fn all(
    call: &Call<'_>,
    scope: &Scope,
    next_token: Option<&str>,
    max_results: Option<i32>,
) -> Result<shape::DescribeRepositoriesResponse, Wrong> {
    let Scope { account, region } = scope;
    call.authorize(format!("arn:aws:ecr:{region}:{account}:repository/*")).await?;
    let list = call.list(account.as_str());
    let mut page = page(&list, next_token, max_results)?;
    page.items_max = page.items_max.or(Some(limit::REPOSITORIES_DEFAULT));
    let Page { items, next } = call.ports.repositories.list(scope, &page).await?;
    Ok(shape::DescribeRepositoriesResponse {
        repositories: Some(items.iter().map(render).collect()),
        next_token: next.map(|after| list.token(&after)),
    })
}
