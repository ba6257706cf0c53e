//! Keys of identity tokens: kept once, in order, until they are removed.

use crate::port::TokenKeys;
use crate::secret::Secret;
use crate::time::Timestamp;
use crate::token_key::TokenKey;

/// All promises of the port.
pub async fn token_keys(keys: &dyn TokenKeys) {
    assert_eq!(keys.list().await.unwrap(), []);
    let key =
        |id: &str, from: i64| TokenKey { id: id.to_owned(), pair: Secret::new([7; 40]), signs_from: Timestamp::from_millis(from) };
    let (late, soon) = (key("a-late", 2_000), key("z-soon", 1_000));
    for kept in [&late, &soon] {
        keys.keep(kept).await.unwrap();
    }
    assert_eq!(keys.list().await.unwrap(), [soon.clone(), late.clone()], "in the order in which they begin");
    keys.keep(&TokenKey { pair: Secret::new([8; 40]), ..late.clone() }).await.unwrap();
    assert_eq!(keys.list().await.unwrap(), [soon.clone(), late.clone()], "the first of an id stays");
    for _ in 0..2 {
        keys.remove("z-soon").await.unwrap();
    }
    assert_eq!(keys.list().await.unwrap(), [late]);
}
