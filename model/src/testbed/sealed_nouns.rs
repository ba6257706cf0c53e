//! Records with values in memory, values of revisions, and instance roles that read what a test says.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

use crate::account::Scope;
use crate::audit::AuditRow;
use crate::port::{Answer, Granted, InstanceRoles, ReadOrder, ResolvedSecrets, RevisionSecrets, SealedNouns};
use crate::refusal::{Refusal, RefusalKind};
use crate::revision::RevisionNumber;
use crate::role::RoleArn;
use crate::sealed_noun::{NewValue, SealedNoun};
use crate::secret::Secret;
use crate::service::ServiceId;
use crate::testbed::ledger::{page_by_key, ready};
use crate::wish::{Page, PageRequest};

/// A record with its values by version.
type Kept<N> = (N, BTreeMap<String, Secret>);

/// Records that are forgotten when it is dropped.
#[derive(Debug)]
pub struct MemorySealed<N>(Mutex<BTreeMap<(String, String, String), Kept<N>>>);

impl<N> Default for MemorySealed<N> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<N: SealedNoun> MemorySealed<N> {
    fn kept(&self) -> MutexGuard<'_, BTreeMap<(String, String, String), Kept<N>>> {
        self.0.lock().expect("no test panics while it holds the records")
    }
}

fn key(scope: &Scope, name: &str) -> (String, String, String) {
    (scope.account.to_string(), scope.region.to_string(), name.to_owned())
}

impl<N: SealedNoun> SealedNouns<N> for MemorySealed<N> {
    fn create<'a>(&'a self, noun: &'a N, value: Option<&'a NewValue>, _: &'a AuditRow) -> Answer<'a, Granted<()>> {
        let mut kept = self.kept();
        let key = key(noun.scope(), noun.name());
        if kept.contains_key(&key) {
            return ready(Err(noun.taken()));
        }
        if kept.keys().filter(|(account, region, _)| (account, region) == (&key.0, &key.1)).count() >= N::MAX {
            return ready(Err(N::too_many()));
        }
        let values = value.iter().map(|new| (new.version.clone(), new.value.clone())).collect();
        kept.insert(key, (noun.clone(), values));
        ready(Ok(()))
    }

    fn get<'a>(&'a self, scope: &'a Scope, name: &'a str) -> Answer<'a, Option<N>> {
        ready(self.kept().get(&key(scope, name)).map(|(noun, _)| noun.clone()))
    }

    fn list<'a>(&'a self, scope: &'a Scope, prefix: &'a str, page: &'a PageRequest) -> Answer<'a, Page<N>> {
        let kept = self.kept();
        let listed = kept.values().map(|(noun, _)| noun).filter(|noun| noun.scope() == scope && noun.name().starts_with(prefix));
        ready(page_by_key(listed.cloned().collect(), page, |noun: &N| noun.name().to_owned()))
    }

    fn value<'a>(&'a self, noun: &'a N, version: &'a str) -> Answer<'a, Option<Secret>> {
        let kept = self.kept();
        ready(kept.get(&key(noun.scope(), noun.name())).and_then(|(_, values)| values.get(version)).cloned())
    }

    fn change<'a>(&'a self, before: &'a N, after: &'a N, value: Option<&'a NewValue>, _: &'a AuditRow) -> Answer<'a, bool> {
        let mut kept = self.kept();
        let Some((noun, values)) = kept.get_mut(&key(before.scope(), before.name())).filter(|(noun, _)| noun == before) else {
            return ready(false);
        };
        noun.clone_from(after);
        values.extend(value.iter().map(|new| (new.version.clone(), new.value.clone())));
        let versions = after.version_keys();
        values.retain(|version, _| versions.contains(version));
        ready(true)
    }

    fn remove<'a>(&'a self, noun: &'a N, _: &'a AuditRow) -> Answer<'a, bool> {
        let mut kept = self.kept();
        let key = key(noun.scope(), noun.name());
        let same = kept.get(&key).is_some_and(|(kept, _)| kept == noun);
        if same {
            kept.remove(&key);
        }
        ready(same)
    }
}

/// Values of revisions that are forgotten when it is dropped.
#[derive(Debug, Default)]
pub struct MemoryRevisionSecrets(Mutex<BTreeMap<(ServiceId, RevisionNumber), ResolvedSecrets>>);

impl RevisionSecrets for MemoryRevisionSecrets {
    fn keep<'a>(&'a self, service: &'a ServiceId, revision: RevisionNumber, secrets: &'a ResolvedSecrets) -> Answer<'a, ()> {
        let mut kept = self.0.lock().expect("no test panics while it holds the values");
        kept.insert((service.clone(), revision), secrets.clone());
        ready(())
    }

    fn get<'a>(&'a self, service: &'a ServiceId, revision: RevisionNumber) -> Answer<'a, Option<ResolvedSecrets>> {
        ready(self.0.lock().expect("no test panics while it holds the values").get(&(service.clone(), revision)).cloned())
    }
}

/// An evaluation of instance roles that answers what a test says: nothing secret until then.
#[derive(Debug, Default)]
pub struct ScriptedRoles(Mutex<Option<Granted<ResolvedSecrets>>>);

impl ScriptedRoles {
    /// From now on every deployment reads this.
    pub fn answers(&self, answer: Result<ResolvedSecrets, &str>) {
        let answer = answer.map_err(|words| Refusal::new(RefusalKind::Denied, words));
        *self.0.lock().expect("no test panics while it holds the answer") = Some(answer);
    }
}

impl InstanceRoles for ScriptedRoles {
    fn may_take<'a>(&'a self, _: &'a RoleArn, _: &'a str) -> Answer<'a, Granted<()>> {
        ready(Ok(()))
    }

    fn resolve<'a>(&'a self, _: &'a ReadOrder<'a>) -> Answer<'a, Granted<ResolvedSecrets>> {
        ready(self.0.lock().expect("no test panics while it holds the answer").clone().unwrap_or(Ok(ResolvedSecrets::default())))
    }
}
