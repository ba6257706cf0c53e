//! Ends all instances at the same time, each with its own grace, and reports those that did not end as they should.

use control::closing::Closing;
use tokio::task::JoinSet;

/// Ends every instance. What fails is reported and does not keep the others.
pub async fn close_all(closing: &Closing) {
    let names = match closing.instances().await {
        Ok(names) => names,
        Err(trouble) => {
            tracing::error!(cause = %trouble.chain(), "the instances could not be listed");
            return;
        }
    };
    let mut tasks = JoinSet::new();
    for name in names {
        let closing = closing.clone();
        tasks.spawn(async move {
            if let Err(trouble) = closing.close(&name).await {
                tracing::error!(instance = %name, cause = %trouble.chain(), "an instance did not end as it should");
            }
        });
    }
    while tasks.join_next().await.is_some() {}
}
