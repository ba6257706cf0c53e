//! Pages of IAM's lists: a marker leads to the next one, and belongs to the account, whatever region the call is signed for.
//! Source of truth: the IAM API reference, `Marker` and `MaxItems`.

use crate::{call::Call, fault::Wrong, limit, page::List};
use model::{
    account::{Region, Scope},
    wish::{Page, PageRequest},
};

/// Where IAM is at home. Source: IAM's global endpoint is signed for this region.
const HOME: &str = "us-east-1";

/// One list that a call pages through.
pub struct Marked {
    scope: Scope,
    /// What decides what is listed: a role's name, a path.
    parameters: String,
    page: PageRequest,
}

impl Marked {
    /// Reads where the page begins and how long it is.
    ///
    /// # Errors
    /// A refusal where the marker belongs to another list.
    pub fn read(call: &Call<'_>, parameters: String, marker: Option<&str>, items_max: Option<i32>) -> Result<Self, Wrong> {
        let region = Region::parse(HOME).expect("a region");
        let scope = Scope { account: call.caller.account().clone(), region };
        let mut marked = Self { scope, parameters, page: PageRequest { after: None, items_max: None } };
        let items_max =
            items_max.map_or(limit::IAM_ITEMS_DEFAULT, |items| u32::try_from(items).expect("the model's range is positive"));
        let after = marker.map(|marker| marked.list(call).after_marker(marker)).transpose().map_err(Wrong::Token)?;
        marked.page = PageRequest { after, items_max: Some(items_max) };
        Ok(marked)
    }

    /// The page that is asked for.
    pub const fn page(&self) -> &PageRequest {
        &self.page
    }

    /// The marker of the page that begins after `next`.
    pub fn marker(&self, call: &Call<'_>, next: Option<String>) -> Option<String> {
        next.map(|after| self.list(call).marker(&after))
    }

    /// Cuts the page out of items that are all there, in the order of their keys.
    pub fn cut<T>(&self, items: impl Iterator<Item = (String, T)>) -> Page<T> {
        let after = self.page.after.as_deref();
        let mut items: Vec<(String, T)> = items.filter(|(key, _)| after.is_none_or(|after| key.as_str() > after)).collect();
        items.sort_by(|(one, _), (other, _)| one.cmp(other));
        let most = self.page.items_max.map_or(usize::MAX, |items| items as usize);
        let more = items.len() > most;
        items.truncate(most);
        let next = if more { items.last().map(|(key, _)| key.clone()) } else { None };
        Page { items: items.into_iter().map(|(_, item)| item).collect(), next }
    }

    fn list<'a>(&'a self, call: &'a Call<'_>) -> List<'a> {
        let operation = call.offered.operation().name;
        List { key: call.page_key, operation, scope: &self.scope, parameters: &self.parameters, asked: call.asked() }
    }
}
