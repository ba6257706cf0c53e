//! Pages of secrets and parameters: the keeper is asked for a step at a time, and a page begins after a name, so what goes in between loses and repeats
//! nothing. Never reads a whole scope into memory. Source of truth: the port `SealedNouns`.

use crate::{call::Call, fault::Wrong, limit};
use model::{
    port::SealedNouns,
    sealed_noun::SealedNoun,
    wish::{Page, PageRequest},
};

/// A page of what is kept in the caller's scope under names that begin so and of which `wanted` holds, by name; and the token of the next. Asked for with
/// the caller's token and how many fit.
///
/// # Errors
/// The token is another list's; trouble of ours.
pub async fn read<N: SealedNoun>(
    call: &Call<'_>,
    kept: &dyn SealedNouns<N>,
    prefix: &str,
    (token, items_max): (Option<&str>, i32),
    wanted: impl Fn(&N) -> bool + Send + Sync,
) -> Result<(Vec<N>, Option<String>), Wrong> {
    let list = call.list("");
    let mut after = token.map(|token| list.after(token)).transpose().map_err(Wrong::Token)?;
    let items_max = usize::try_from(items_max).expect("the model's range is positive");
    // One more than fits tells whether there is a next page. Where few are wanted, longer steps find them sooner.
    let mut step = u32::try_from(items_max + 1).expect("the model's range is short");
    let mut found: Vec<N> = Vec::new();
    loop {
        let request = PageRequest { after, items_max: Some(step) };
        let Page { items, next } = kept.list(&call.caller.scope, prefix, &request).await?;
        for item in items.into_iter().filter(&wanted) {
            if found.len() == items_max {
                let next = found.last().map(|last| list.token(last.name()));
                return Ok((found, next));
            }
            found.push(item);
        }
        if next.is_none() {
            return Ok((found, None));
        }
        (after, step) = (next, limit::SEALED_STEP);
    }
}

/// Cuts a page out of items that are all there, in the order of their keys; the largest first where they go down. A key that is gone still has its place.
///
/// # Errors
/// The token is another list's.
pub fn cut<T>(
    call: &Call<'_>,
    found: Vec<T>,
    (token, items_max): (Option<&str>, i32),
    order: Order,
    key: impl Fn(&T) -> String,
) -> Result<(Vec<T>, Option<String>), Wrong> {
    let list = call.list("");
    let after = token.map(|token| list.after(token)).transpose().map_err(Wrong::Token)?;
    let items_max = usize::try_from(items_max).expect("the model's range is positive");
    let is_behind = |own: &String| match (&after, order) {
        (None, _) => true,
        (Some(after), Order::Up) => own > after,
        (Some(after), Order::Down) => own < after,
    };
    let mut page: Vec<(String, T)> = found.into_iter().map(|item| (key(&item), item)).filter(|(own, _)| is_behind(own)).collect();
    page.sort_by(|(one, _), (other, _)| match order {
        Order::Up => one.cmp(other),
        Order::Down => other.cmp(one),
    });
    let more = page.len() > items_max;
    page.truncate(items_max);
    let next = page.last().filter(|_| more).map(|(key, _)| list.token(key));
    Ok((page.into_iter().map(|(_, item)| item).collect(), next))
}

/// Which way a list goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The least first.
    Up,
    /// The largest first.
    Down,
}
