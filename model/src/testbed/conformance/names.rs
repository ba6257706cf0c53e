//! Resolvers: what is there is answered, what must not be reached is denied, what is not there is said to be missing.

use std::net::IpAddr;

use crate::port::Resolver;
use crate::refusal::RefusalKind;

/// All promises of the port. The resolver knows `public.test` (93.184.215.14 among others), `private.test` (10.0.0.1 and no address outside) and
/// `mixed.test` (93.184.215.14, and others that are inside); `nobody.test` does not exist.
pub async fn names(resolver: &dyn Resolver) {
    let outside: IpAddr = [93, 184, 215, 14].into();
    for name in ["public.test", "PUBLIC.test", "public.test."] {
        let found = resolver.resolve(name).await.unwrap().unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
        assert!(found.contains(&outside), "{name}: {found:?}");
    }
    assert_eq!(resolver.resolve("mixed.test").await.unwrap().unwrap(), [outside], "only what may be reached is answered");
    assert_eq!(resolver.resolve("93.184.215.14").await.unwrap().unwrap(), [outside], "an address needs nobody's answer");
    for name in ["private.test", "127.0.0.1", "10.1.2.3", "169.254.169.254", "::1"] {
        let refusal = resolver.resolve(name).await.unwrap().expect_err(name);
        assert_eq!(refusal.kind, RefusalKind::Denied, "{name}: {refusal}");
        assert!(refusal.message.contains(name), "the sentence names the host: {refusal}");
    }
    let refusal = resolver.resolve("nobody.test").await.unwrap().unwrap_err();
    assert_eq!(refusal.kind, RefusalKind::NotFound);
}
