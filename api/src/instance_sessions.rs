//! Sessions of instance roles for instances that ask at their doors: the platform takes the role for App Runner's tasks, and seals a session of it.
//! Keeps nothing that has to survive: after a restart an instance gets new credentials, and its old ones are as good as before.
//! Source of truth: App Runner Developer Guide, "Instance role"; Amazon ECS Developer Guide, "Task IAM role", for how long they live.

use crate::{
    gatekeeper::PolicyGate,
    instance_role::TASKS,
    limit,
    session::{Credentials, SessionSeal},
};
use model::{
    audit::AuditRow,
    caller::{Caller, RoleSession},
    instance::InstanceName,
    instance_door::InstanceRole,
    port::{Answer, Audit, Dice, EventDesk, Granted, InstanceSessions, RealRoles, draw},
    refusal::{Refusal, RefusalKind},
    role::{Role, RoleArn},
    role_credentials::RoleCredentials,
    secret::Secret,
    service::ServiceId,
    tag::Tags,
    time::Timestamp,
    trouble::Trouble,
};
use std::{
    collections::{HashMap, HashSet},
    hash::{DefaultHasher, Hash, Hasher},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// Gives instances sessions of their roles.
pub struct InstanceSessionIssuer {
    gate: Arc<PolicyGate>,
    seal: SessionSeal,
    audit: Arc<dyn Audit>,
    events: Arc<dyn EventDesk>,
    dice: Arc<dyn Dice>,
    life: Duration,
    real: Option<Arc<dyn RealRoles>>,
    state: Mutex<State>,
    /// One instance takes a real role once at a time; which of these is its own its name says.
    takers: Vec<tokio::sync::Mutex<()>>,
}

#[derive(Default)]
struct State {
    issued: HashMap<InstanceName, Issued>,
    /// Services whose role cannot be taken, and whose owners have been told.
    told: HashSet<ServiceId>,
    /// Real roles that were not given, by those of ours: when, and why.
    refused: HashMap<RoleArn, (Timestamp, Refusal)>,
}

#[derive(Clone)]
struct Issued {
    /// It tells a role that was made again from the old one, whose sessions are worth nothing.
    role_id: String,
    at: Timestamp,
    credentials: RoleCredentials,
}

impl InstanceSessionIssuer {
    /// `gate` knows the roles; `session_key` is the door's (`Settings::session_key`), at which the sessions are shown.
    pub fn new(
        gate: Arc<PolicyGate>,
        session_key: &Secret,
        audit: Arc<dyn Audit>,
        events: Arc<dyn EventDesk>,
        dice: Arc<dyn Dice>,
    ) -> Self {
        let (seal, life) = (SessionSeal::new(session_key), limit::INSTANCE_SESSION);
        let takers = (0..limit::REAL_ROLES_TAKEN).map(|_| tokio::sync::Mutex::default()).collect();
        Self { gate, seal, audit, events, dice, life, real: None, state: Mutex::default(), takers }
    }

    /// With sessions of another life than `limit::INSTANCE_SESSION`.
    #[must_use]
    pub fn lasting(self, life: Duration) -> Self {
        Self { life, ..self }
    }

    /// With real roles that stand for some of ours.
    #[must_use]
    pub fn with_real(self, real: Arc<dyn RealRoles>) -> Self {
        Self { real: Some(real), ..self }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn current(&self, instance: &InstanceName, of: &InstanceRole) -> Result<Granted<RoleCredentials>, Trouble> {
        let role = match self.gate.assumed(TASKS, &of.role, &of.service.to_string()).await? {
            Ok(role) => role,
            Err(why) => {
                let words = format!("Error in assuming instance role {}: {why}", of.role);
                self.tell_once(of, &words).await;
                return Ok(Err(Refusal::new(RefusalKind::Denied, words)));
            }
        };
        let standing = self.real.as_ref().and_then(|roles| Some((roles.clone(), roles.standing_for(&of.role)?)));
        if let Some((roles, real)) = standing {
            return self.real(instance, of, (&*roles, &real), role.id).await;
        }
        self.state().told.remove(&of.service.id);
        let now = self.gate.clock.now();
        let kept = self.state().issued.get(instance).filter(|kept| self.is_good(kept, &role, now)).cloned();
        match kept {
            Some(kept) => Ok(Ok(kept.credentials)),
            None => self.issue(instance, of, role, now).await.map(Ok),
        }
    }

    /// Whether it is still the role's, and far from its end. A clock that was set back makes nothing younger than it is.
    fn is_good(&self, kept: &Issued, role: &Role, now: Timestamp) -> bool {
        kept.role_id == role.id
            && kept.credentials.role == role.arn()
            && kept.at <= now
            && kept.credentials.expires_at.since(now) >= self.life / 2
    }

    async fn issue(
        &self,
        instance: &InstanceName,
        of: &InstanceRole,
        role: Role,
        now: Timestamp,
    ) -> Result<RoleCredentials, Trouble> {
        let expires_at = now.plus(self.life);
        let (arn, role_id, name) = (role.arn(), role.id, instance.to_string());
        let caller = Caller::platform(of.service.scope.clone(), request_id(&*self.dice));
        // As whoever takes a role by a call.
        let (action, resource) = ("sts:AssumeRole".to_owned(), format!("{arn} as {name}"));
        self.audit.append(&AuditRow { at: now, caller, action, resource }).await?;
        let session = RoleSession {
            role: arn.clone(),
            role_id: role_id.clone(),
            name,
            expires_at,
            policies: Vec::new(),
            federated: None,
            tags: Tags::default(),
            issued_at: Some(now),
        };
        let Credentials { key_id, secret, token } = self.seal.issue(&session, &*self.dice);
        tracing::info!(service = %instance.service, %instance, role = %arn, access_key_id = key_id, "an instance has got credentials of its role");
        let credentials = RoleCredentials {
            role: arn,
            access_key_id: key_id,
            secret_access_key: secret,
            session_token: Secret::new(token),
            expires_at,
        };
        self.keep(instance, Issued { role_id, at: now, credentials: credentials.clone() });
        Ok(credentials)
    }

    /// Credentials of the real role that stands for the instance's, as long as its own role is there and trusts App Runner's tasks.
    async fn real(
        &self,
        instance: &InstanceName,
        of: &InstanceRole,
        (roles, real): (&dyn RealRoles, &RoleArn),
        role_id: String,
    ) -> Result<Granted<RoleCredentials>, Trouble> {
        let now = self.gate.clock.now();
        let fresh = || self.state().issued.get(instance).filter(|kept| is_fresh(kept, real, &role_id, now)).cloned();
        if let Some(kept) = fresh() {
            return Ok(Ok(kept.credentials));
        }
        let _alone = self.taker(instance).lock().await;
        // Whoever was here before may have taken it.
        if let Some(kept) = fresh() {
            return Ok(Ok(kept.credentials));
        }
        let credentials = match self.taken(instance, of, (roles, real), now).await? {
            Ok(credentials) => credentials,
            Err(refusal) => return Ok(self.instead(instance, of, (real, &role_id), refusal, now).await),
        };
        {
            let state = &mut *self.state();
            state.told.remove(&of.service.id);
            state.refused.remove(&of.role);
        }
        let key = &credentials.access_key_id;
        tracing::info!(service = %instance.service, %instance, role = %real, access_key_id = key, "an instance has got credentials of a real role");
        self.keep(instance, Issued { role_id, at: now, credentials: credentials.clone() });
        Ok(Ok(credentials))
    }

    fn taker(&self, instance: &InstanceName) -> &tokio::sync::Mutex<()> {
        let mut hasher = DefaultHasher::new();
        instance.hash(&mut hasher);
        let at = hasher.finish() % limit::REAL_ROLES_TAKEN as u64;
        &self.takers[usize::try_from(at).expect("it is small")]
    }

    /// Asks, unless the answer is known to be no.
    async fn taken(
        &self,
        instance: &InstanceName,
        of: &InstanceRole,
        (roles, real): (&dyn RealRoles, &RoleArn),
        now: Timestamp,
    ) -> Result<Granted<RoleCredentials>, Trouble> {
        let refused = self.state().refused.get(&of.role).cloned();
        if let Some((at, refusal)) = refused
            && at <= now
            && now.since(at) < limit::REAL_REFUSAL_KEPT
        {
            return Ok(Err(refusal));
        }
        let (name, scope) = (instance.to_string(), &of.service.scope);
        let caller = Caller::platform(scope.clone(), request_id(&*self.dice));
        let (action, resource) = ("sts:AssumeRole".to_owned(), format!("{real} as {name}"));
        // Before it is asked: what is done with the operator's keys is known also if we do not live to see the answer.
        self.audit.append(&AuditRow { at: now, caller, action, resource }).await?;
        let taken = roles.take(&of.role, &name, &scope.region).await?;
        if let Err(refusal) = &taken {
            let refused = &mut self.state().refused;
            if refused.len() >= limit::INSTANCE_SESSIONS {
                refused.clear();
            }
            refused.insert(of.role.clone(), (self.gate.clock.now(), refusal.clone()));
        }
        Ok(taken)
    }

    /// What an instance has where the real role is not given: while AWS is not well, the credentials that it had, as long as they are good.
    async fn instead(
        &self,
        instance: &InstanceName,
        of: &InstanceRole,
        (real, role_id): (&RoleArn, &str),
        refusal: Refusal,
        now: Timestamp,
    ) -> Granted<RoleCredentials> {
        let is_final = matches!(refusal.kind, RefusalKind::Denied | RefusalKind::NotFound);
        let is_good = |kept: &&Issued| {
            kept.role_id == role_id && kept.credentials.role == *real && kept.at <= now && kept.credentials.expires_at > now
        };
        let kept = self.state().issued.get(instance).filter(is_good).cloned();
        if let Some(kept) = kept.filter(|_| !is_final) {
            return Ok(kept.credentials);
        }
        let words = format!("Error in assuming {real}, which stands for instance role {}: {}", of.role, refusal.message);
        self.tell_once(of, &words).await;
        Err(Refusal::new(if is_final { RefusalKind::Denied } else { RefusalKind::WrongState }, words))
    }

    fn keep(&self, instance: &InstanceName, issued: Issued) {
        let now = issued.at;
        let state = &mut *self.state();
        let kept = &mut state.issued;
        if kept.len() >= limit::INSTANCE_SESSIONS {
            kept.retain(|_, issued| issued.credentials.expires_at > now);
        }
        if kept.len() >= limit::INSTANCE_SESSIONS {
            kept.clear();
        }
        kept.insert(instance.clone(), issued);
    }

    /// Tells the service's owner, until it is well again. That he cannot be told is no reason to answer nothing.
    async fn tell_once(&self, of: &InstanceRole, words: &str) {
        {
            let state = &mut *self.state();
            let told = &mut state.told;
            if told.len() >= limit::INSTANCE_SESSIONS {
                told.clear();
            }
            if !told.insert(of.service.id.clone()) {
                return;
            }
        }
        let said = format!("Its instances get no credentials. {words}");
        if let Err(trouble) = self.events.tell(&of.service, &said).await {
            self.state().told.remove(&of.service.id);
            tracing::warn!(service = %of.service.id, cause = trouble.chain(), "a service's owner cannot be told that its role cannot be taken");
        }
    }
}

/// Whether credentials of a real role are still its, and will be when an SDK asks for others. A clock that was set back makes nothing younger than it is.
fn is_fresh(kept: &Issued, real: &RoleArn, role_id: &str, now: Timestamp) -> bool {
    let Issued { role_id: of, at, credentials } = kept;
    let renewed = limit::REAL_SESSION_RENEWED.min(credentials.expires_at.since(*at) / 2);
    of == role_id && credentials.role == *real && *at <= now && credentials.expires_at.since(now) > renewed
}

fn request_id(dice: &dyn Dice) -> String {
    uuid::Builder::from_random_bytes(draw(dice)).into_uuid().to_string()
}

impl InstanceSessions for InstanceSessionIssuer {
    fn credentials<'a>(&'a self, instance: &'a InstanceName, role: &'a InstanceRole) -> Answer<'a, Granted<RoleCredentials>> {
        Box::pin(self.current(instance, role))
    }
}
