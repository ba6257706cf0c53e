//! Cutting a list into pages. A page begins after a key, so no page repeats or loses a row that stays.
//!
//! Keys are text to everyone else. One that we did not make (a caller changed its token) begins behind the end: an empty page.

use model::wish::{Page, PageRequest};

use crate::limit::SHORT_PAGE_ROWS;

/// How many rows to ask SQLite for: one more than wanted tells whether there is a next page.
pub(crate) fn rows_max(page: &PageRequest) -> i64 {
    page.items_max.map_or(-1, |items| i64::from(items.max(1)) + 1)
}

/// Whether a page has few enough rows to be read where it is asked for (`Database::find`).
pub(crate) fn is_short(page: &PageRequest) -> bool {
    page.items_max.is_some_and(|items| items <= SHORT_PAGE_ROWS)
}

/// Makes a page of rows that were asked for with `rows_max`, each with its key.
pub(crate) fn cut<T>(mut rows: Vec<(String, T)>, page: &PageRequest) -> Page<T> {
    let items_max = page.items_max.map_or(usize::MAX, |items| usize::try_from(items.max(1)).unwrap_or(usize::MAX));
    let more = rows.len() > items_max;
    rows.truncate(items_max);
    let next = if more { rows.last().map(|(key, _)| key.clone()) } else { None };
    Page { items: rows.into_iter().map(|(_, item)| item).collect(), next }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_says_where_the_next_begins_only_if_there_is_one() {
        let rows = |count: usize| (1..=count).map(|n| (n.to_string(), n)).collect::<Vec<_>>();
        let ask = |items_max| PageRequest { after: None, items_max };
        for (request, rows_found, items, next) in [
            (ask(None), 5, 5, None),
            (ask(Some(2)), 3, 2, Some("2")),
            (ask(Some(2)), 2, 2, None),
            (ask(Some(2)), 0, 0, None),
            (ask(Some(0)), 2, 1, Some("1")),
        ] {
            let page = cut(rows(rows_found), &request);
            assert_eq!((page.items.len(), page.next.as_deref()), (items, next), "{request:?}");
        }
        assert_eq!((rows_max(&ask(None)), rows_max(&ask(Some(2))), rows_max(&ask(Some(0)))), (-1, 3, 2));
    }
}
