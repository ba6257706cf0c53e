//! Notes of requests: what is not kept yet is told again, what is kept never.

use crate::log_line::LogCursor;
use crate::port::AccessRecords;

/// All promises of the port. `carried` requests have ended and were not fetched yet; no more come.
pub async fn access_records(records: &dyn AccessRecords, carried: usize) {
    let mut have = LogCursor::default();
    let mut seen = Vec::new();
    // Notes may reach their journals a moment after their clients have their answers.
    while seen.len() < carried {
        let batch = records.fetch(have).await.unwrap();
        let again = records.fetch(have).await.unwrap();
        let ids = |batch: &crate::access_log::AccessBatch| batch.records.iter().map(|r| r.path.clone()).collect::<Vec<_>>();
        assert!(ids(&again).starts_with(&ids(&batch)), "asked the same again, it answers the same again");
        seen.extend(ids(&again));
        have = again.next;
    }
    assert_eq!(seen.len(), carried);
    for _ in 0..2 {
        let none = records.fetch(have).await.unwrap();
        assert!(none.records.is_empty() && none.lost.is_empty() && !none.is_full, "what is kept is never told again");
        assert_eq!(none.next, have);
    }
}
