//! What is kept by name: revisions count up, what is built in stays, what a service names stays, pages are whole.

use crate::account::Region;
use crate::audit::AuditRow;
use crate::lifecycle::{Admission, FreshIds, admit_create};
use crate::operation::OperationId;
use crate::port::{Audit, Commit, Records, ServiceChange, Services, Version};
use crate::record::{BUILT_IN_NAME, Form, NewRecord, Noun, Record, RecordArn, RecordFilter, RecordView};
use crate::refusal::RefusalKind;
use crate::scaling_configuration::ScalingConfiguration;
use crate::service::{HostLabel, Phase, Standing};
use crate::tag::{TagChange, Tags};
use crate::testbed::{caller, create_service, revision, scope, service_id};
use crate::time::Timestamp;
use crate::wish::{LogPosition, PageRequest};

const ALL: PageRequest = PageRequest { after: None, items_max: None };

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

fn row(action: &str) -> AuditRow {
    AuditRow { at: at(5), caller: caller(), action: format!("apprunner:{action}"), resource: "*".to_owned() }
}

fn arn<N: Noun>(tail: &str) -> RecordArn<N> {
    RecordArn::parse(&format!("arn:aws:apprunner:us-east-1:000000000000:{}/{tail}", N::RESOURCE)).expect("an ARN")
}

/// The suite's hands: records of one noun.
struct Bench<'a, N: Noun> {
    kept: &'a dyn Records<N>,
    noun: N,
}

impl<N: Noun> Bench<'_, N> {
    /// A new one whose id is made of one digit.
    async fn create(&self, name: &str, digit: char) -> RecordView<N> {
        self.kept.create(&self.wanted(name, digit), &row("Create")).await.unwrap().unwrap()
    }

    fn wanted(&self, name: &str, digit: char) -> NewRecord<N> {
        let (name, id) = (name.to_owned(), digit.to_string().repeat(32));
        NewRecord { scope: scope(), name, id, noun: self.noun.clone(), tags: Tags::default(), at: at(5) }
    }

    async fn find(&self, arn: &RecordArn<N>) -> Option<RecordView<N>> {
        self.kept.find(arn).await.unwrap()
    }

    /// Names and revisions of a page, and where the next one begins. What is built in is left out.
    async fn list(&self, filter: &RecordFilter, page: &PageRequest) -> (Vec<String>, Option<String>) {
        let page = self.kept.list(&scope(), filter, page).await.unwrap();
        let own = page.items.iter().filter(|view| view.record.name != BUILT_IN_NAME);
        (own.map(|view| format!("{}/{}", view.record.name, view.record.revision)).collect(), page.next)
    }

    async fn delete(&self, arn: &RecordArn<N>) -> Result<RecordView<N>, RefusalKind> {
        self.kept.delete(arn, at(9), &row("Delete")).await.unwrap().map_err(|refusal| refusal.kind)
    }
}

/// All promises of the port. The three are one memory: what services name is not deleted.
pub async fn records<N: Noun>(kept: &dyn Records<N>, services: &dyn Services, audit: &dyn Audit, noun: N) {
    let bench = Bench { kept, noun };
    what_is_made_is_found(&bench).await;
    pages_are_whole_while_things_go(&bench).await;
    what_a_service_names_stays(&bench, services).await;
    tags_change(&bench).await;
    match N::FORM {
        Form::Revisions => revisions_count_up(&bench).await,
        Form::OneRevision => one_is_active(&bench, 2).await,
        Form::Unnumbered => one_is_active(&bench, 0).await,
    }
    if N::built_in().is_some() {
        what_is_built_in_stays(&bench).await;
    }
    let rows = audit.list(LogPosition(0), 100).await.unwrap();
    let first = bench.find(&RecordArn::parse(&rows[0].1.resource).expect("a row has the full ARN")).await;
    assert!(N::FORM == Form::Unnumbered || first.is_some_and(|view| view.record.name == "mine"), "of what was made first");
    let of = |action: &str| rows.iter().filter(|(_, row)| row.action == format!("apprunner:{action}")).count();
    assert_eq!(of("Refused"), 0, "no row for what was refused");
    assert_eq!(of("Create"), 9, "a row for each that was made");
}

async fn what_is_made_is_found<N: Noun>(bench: &Bench<'_, N>) {
    let made = bench.create("mine", 'a').await;
    let Record { revision, created_at, deleted_at, noun, .. } = &made.record;
    assert_eq!((*revision, *created_at, *deleted_at, noun, made.latest), (1, Some(at(5)), None, &bench.noun, true));
    assert_eq!(bench.find(&made.record.arn()).await, Some(made.clone()), "the whole of it is read back");
    let mut other_id = made.record.arn();
    other_id.id = Some("c".repeat(32));
    assert_eq!(bench.find(&other_id).await, None, "{other_id}");
    let mut elsewhere = made.record.arn();
    elsewhere.scope.region = Region::parse("eu-west-1").expect("a region");
    assert_eq!(bench.find(&elsewhere).await, None, "a region has its own");
    assert_eq!(bench.delete(&elsewhere).await, Err(RefusalKind::NotFound));
}

async fn pages_are_whole_while_things_go<N: Noun>(bench: &Bench<'_, N>) {
    let mut made = Vec::new();
    for (name, digit) in [("page-0", '1'), ("page-1", '2'), ("page-2", '3'), ("page-3", '4'), ("page-4", '5')] {
        made.push(bench.create(name, digit).await.record.arn());
    }
    let all = RecordFilter::default();
    let (mut found, mut request) = (Vec::new(), PageRequest { after: None, items_max: Some(2) });
    let (mut pages, mut went) = (0, false);
    loop {
        let (names, next) = bench.list(&all, &request).await;
        found.extend(names);
        pages += 1;
        match next {
            Some(next) => request.after = Some(next),
            None => break,
        }
        let last: Option<usize> = found.last().and_then(|last| last.strip_prefix("page-")?.strip_suffix("/1")?.parse().ok());
        if let Some(last) = last.filter(|_| !went) {
            // The one that the next page begins after, and one that is still to come.
            bench.delete(&made[last]).await.unwrap();
            bench.delete(&made[4]).await.unwrap();
            went = true;
        }
        assert!(pages < 10, "a list ends");
    }
    assert_eq!(found, ["mine/1", "page-0/1", "page-1/1", "page-2/1", "page-3/1"], "nothing that stayed is lost or repeated");
    let one = RecordFilter { name: Some("page-3".to_owned()), latest_only: false };
    assert_eq!(bench.list(&one, &ALL).await, (vec!["page-3/1".to_owned()], None));
    let none = RecordFilter { name: Some("page-4".to_owned()), latest_only: true };
    assert_eq!(bench.list(&none, &ALL).await, (Vec::new(), None), "deleted ones are not listed");
}

/// The service is configured with an auto scaling configuration of that id, which is enough: an id means one resource, whatever its kind.
async fn what_a_service_names_stays<N: Noun>(bench: &Bench<'_, N>, services: &dyn Services) {
    let named = bench.create("named", 'b').await.record;
    let ids =
        FreshIds { service: service_id(1), label: HostLabel::from_random([1; 10]), operation: OperationId::from_random([1; 16]) };
    let mut wish = create_service("user");
    wish.configuration.scaling = ScalingConfiguration { id: named.id.clone(), ..ScalingConfiguration::default() };
    let Admission::Begin(change) = admit_create(&wish, &scope(), None, ids, at(1)) else { panic!("a free name is admitted") };
    let mut service = change.service;
    let commit = async |read: u64, service| {
        let change = ServiceChange { service, operation: None, revision: None, events: Vec::new(), audit: None };
        assert_eq!(services.commit(Version(read), &change).await.unwrap(), Commit::Done(Version(read + 1)));
    };
    commit(0, service.clone()).await;
    // Under way to a configuration that names it no more, and still able to come back.
    let mut leaving = service.clone();
    let Phase::Moving { operation, step, .. } = leaving.phase.clone() else { panic!("a creation is under way") };
    leaving.phase = Phase::Moving { from: Some(Standing::Paused { revision: 1 }), operation, step };
    leaving.configuration.scaling = ScalingConfiguration::default();
    let mut revision = revision(1);
    revision.configuration = service.configuration.clone();
    let change = ServiceChange { service: leaving, operation: None, revision: Some(revision), events: Vec::new(), audit: None };
    assert_eq!(services.commit(Version(1), &change).await.unwrap(), Commit::Done(Version(2)));
    let refused = bench.kept.delete(&named.arn(), at(9), &row("Refused")).await.unwrap().unwrap_err();
    assert!(refused.message.contains("is used by a service"), "{refused}");
    commit(2, service.clone()).await;
    let refused = bench.kept.delete(&named.arn(), at(9), &row("Refused")).await.unwrap().unwrap_err();
    assert_eq!(refused.kind, RefusalKind::Invalid);
    assert!(refused.message.contains("is used by a service"), "{refused}");
    assert!(bench.find(&named.arn()).await.is_some_and(|view| view.record.is_active()));
    service.phase = Phase::Still(Standing::Deleted { at: at(8) });
    commit(3, service).await;
    bench.delete(&named.arn()).await.expect("a deleted service names nothing");
}

async fn tags_change<N: Noun>(bench: &Bench<'_, N>) {
    let mine = bench.kept.list(&scope(), &RecordFilter { name: Some("mine".to_owned()), latest_only: false }, &ALL).await.unwrap();
    let mine = mine.items[0].record.arn();
    let tags = Tags([("outrunner:colour".to_owned(), "red".to_owned())].into());
    bench.kept.change_tags(&mine, &TagChange::Set(tags.clone()), &row("Tag")).await.unwrap().unwrap();
    assert_eq!(bench.find(&mine).await.map(|view| view.record.tags), Some(tags.clone()), "the prefix is only a tag here");
    let gone = TagChange::Remove(vec!["outrunner:colour".to_owned(), "nowhere".to_owned()]);
    bench.kept.change_tags(&mine, &gone, &row("Tag")).await.unwrap().unwrap();
    assert_eq!(bench.find(&mine).await.map(|view| view.record.tags), Some(Tags::default()));
    let mut absent = mine;
    absent.name = "nobody".to_owned();
    let refused = bench.kept.change_tags(&absent, &TagChange::Set(tags), &row("Refused")).await.unwrap().unwrap_err();
    assert_eq!(refused.kind, RefusalKind::NotFound);
}

async fn revisions_count_up<N: Noun>(bench: &Bench<'_, N>) {
    let second = bench.create("mine", 'd').await;
    assert_eq!((second.record.revision, second.latest), (2, true));
    assert!(bench.find(&arn("mine/1")).await.is_some_and(|view| !view.latest), "the new one took it over");
    assert_eq!(bench.find(&arn("mine")).await, Some(second));
    let latest = RecordFilter { name: Some("mine".to_owned()), latest_only: true };
    assert_eq!(bench.list(&latest, &ALL).await.0, ["mine/2"]);
    assert_eq!(bench.list(&RecordFilter { latest_only: false, ..latest }, &ALL).await.0, ["mine/1", "mine/2"]);
    let gone = bench.delete(&arn("mine")).await.unwrap();
    assert_eq!((gone.record.revision, gone.record.deleted_at, gone.latest), (2, Some(at(9)), false));
    assert!(
        bench.find(&arn("mine")).await.is_some_and(|view| view.latest && view.record.revision == 1),
        "the next lower is latest"
    );
    assert_eq!(bench.find(&arn("mine/2")).await, Some(gone), "it stays describable");
    let refused = bench.kept.change_tags(&arn("mine/2"), &TagChange::Remove(Vec::new()), &row("Refused")).await.unwrap();
    assert_eq!(refused.unwrap_err().kind, RefusalKind::WrongState);
    assert_eq!(bench.delete(&arn("mine/2")).await, Err(RefusalKind::NotFound), "clients take that for done");
    assert_eq!(bench.create("mine", 'e').await.record.revision, 3, "a number is not given again");
}

/// `describable`: how many of two deleted ones are still found.
async fn one_is_active<N: Noun>(bench: &Bench<'_, N>, describable: usize) {
    let filter = RecordFilter { name: Some("mine".to_owned()), latest_only: false };
    let mut gone = Vec::new();
    for digit in ['d', 'e'] {
        let refused = bench.kept.create(&bench.wanted("mine", digit), &row("Refused")).await.unwrap().unwrap_err();
        assert_eq!(refused.kind, RefusalKind::AlreadyExists, "{refused}");
        let mine = bench.kept.list(&scope(), &filter, &ALL).await.unwrap().items[0].record.arn();
        gone.push(bench.delete(&mine).await.unwrap().record.arn());
        assert!(bench.list(&filter, &ALL).await.0.is_empty());
        assert_eq!(bench.delete(&mine).await, Err(RefusalKind::NotFound));
        bench.create("mine", digit).await;
    }
    assert_eq!(bench.list(&filter, &ALL).await.0, ["mine/3"], "numbers count up");
    let mut found = 0;
    for arn in &gone {
        found += usize::from(bench.find(arn).await.is_some_and(|view| view.record.deleted_at == Some(at(9))));
    }
    assert_eq!(found, describable);
}

async fn what_is_built_in_stays<N: Noun>(bench: &Bench<'_, N>) {
    let built_in = Record::<N>::built_in_of(&scope()).expect("asked before");
    let found = bench.find(&arn(BUILT_IN_NAME)).await.expect("it is there from the start");
    assert_eq!((&found.record, found.latest), (&built_in, true));
    assert_eq!(bench.delete(&built_in.arn()).await, Err(RefusalKind::Invalid));
    let refused = bench.kept.create(&bench.wanted(BUILT_IN_NAME, 'f'), &row("Refused")).await.unwrap().unwrap_err();
    assert_eq!(refused.kind, RefusalKind::Invalid);
    let tags = Tags([("team".to_owned(), "web".to_owned())].into());
    bench.kept.change_tags(&built_in.arn(), &TagChange::Set(tags.clone()), &row("Tag")).await.unwrap().unwrap();
    let all =
        bench.kept.list(&scope(), &RecordFilter { name: Some(BUILT_IN_NAME.to_owned()), latest_only: true }, &ALL).await.unwrap();
    assert_eq!(all.items.iter().map(|view| &view.record.tags).collect::<Vec<_>>(), [&tags], "a tagged one is still one");
}
