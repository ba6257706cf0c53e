//! `outrunner trust`: this machine's clients trust the platform's certificates and find its names. Says what it changed; `--undo` takes every byte back.

use clap::Args;
use model::account::{AccountId, Region};

use super::{DataDir, print_line, text};
use crate::alteration::{Alterations, Manner};
use crate::anchors::Anchors;
use crate::calling_user::CallingUser;
use crate::client::Client;
use crate::failure::{Failure, while_doing};
use crate::host::{AUTHORITY_FILE, Place, REGISTRY_AUTHORITY_FILE};
use crate::programs;
use crate::run_file::RunFile;
use crate::trust::{Grounds, is_localhost, pem_blocks, resolver_knows};

pub const COMMAND: &str = "trust";

#[derive(Args, Debug)]
pub struct TrustArgs {
    #[command(flatten)]
    data_dir: DataDir,
    /// Only say what would be changed
    #[arg(long)]
    dry_run: bool,
    /// Take back everything that trust has changed on this machine
    #[arg(long, conflicts_with = "account")]
    undo: bool,
    /// The account whose registry names lead here [default: the platform's]
    #[arg(long, value_name = "ACCOUNT")]
    account: Option<String>,
}

pub async fn run(args: &TrustArgs) -> Result<(), Failure> {
    let place = args.data_dir.place()?;
    let manner = if args.dry_run { Manner::Say } else { Manner::Do };
    if manner == Manner::Do && !rustix::process::geteuid().is_root() {
        return Err(Failure::other("trust needs root: it changes files of this machine. Run it with sudo, or see --dry-run."));
    }
    if args.undo {
        return tell(&undo(&place, manner)?, manner, "nothing of this platform is on the machine");
    }
    let root = ourselves();
    let mut alterations = Alterations::open(&place, COMMAND, &root, manner)?;
    let anchors = Anchors::find();
    let run = RunFile::read(&place)?;
    refuse_other_account(args.account.as_deref(), &run)?;
    let grounds = grounds(&place, &run).await?;
    let hosts_file = std::fs::read("/etc/hosts").unwrap_or_default();
    if let Some((name, address)) = grounds.led_elsewhere(&String::from_utf8_lossy(&hosts_file)) {
        return Err(Failure::other(format!(
            "/etc/hosts leads {name} to {address} already. Take that line away if it is not needed, then try again"
        )));
    }
    // Before files in its folder are changed.
    let known = anchors.as_ref().map(Anchors::known);
    alterations.apply(&grounds.wanted(anchors.as_ref()), |_| true)?;
    let mut said = alterations.said;
    match anchors.as_ref().zip(known) {
        Some((anchors, known)) => {
            let certificates = pem_blocks(&grounds.authority).into_iter().chain(match grounds.printed_names().is_empty() {
                true => Vec::new(),
                false => pem_blocks(&grounds.registry_authorities),
            });
            let folder = anchors.folder.display().to_string();
            if said.iter().any(|line| line.contains(&folder)) || !anchors.has(&certificates.collect::<Vec<_>>()) {
                said.push(format!("run     {}", anchors.program));
                if manner == Manner::Do {
                    anchors.apply(&place, &known)?;
                }
            }
        }
        None => said.push(format!(
            "        this machine's own list of authorities is of no kind that is known here: add {} to it by hand",
            place.data_dir.join(AUTHORITY_FILE).display()
        )),
    }
    tell(&said, manner, "everything is so already")?;
    advise(&place, &run, &grounds)
}

/// Takes everything back; says what, a line each.
pub fn undo(place: &Place, manner: Manner) -> Result<Vec<String>, Failure> {
    let root = ourselves();
    let mut alterations = Alterations::open(place, COMMAND, &root, manner)?;
    alterations.undo(|_| true)?;
    let mut said = alterations.said;
    if let Some(anchors) = Anchors::find().filter(|anchors| anchors.is_applied(place)) {
        said.push(format!("run     {}", anchors.program));
        if manner == Manner::Do {
            anchors.undo(place)?;
        }
    }
    Ok(said)
}

fn ourselves() -> CallingUser {
    CallingUser { uid: rustix::process::geteuid().as_raw(), gid: rustix::process::getegid().as_raw(), home: "/".into() }
}

fn tell(said: &[String], manner: Manner, nothing: &str) -> Result<(), Failure> {
    if said.is_empty() {
        return print_line(nothing).map(drop);
    }
    if manner == Manner::Say {
        let _ = print_line("This would be done (nothing is changed):")?;
    }
    said.iter().try_for_each(|line| print_line(line).map(drop))
}

/// A registry that is not ours stays what it is: whoever pulled from it would get other images without noticing.
fn refuse_other_account(wanted: Option<&str>, run: &RunFile) -> Result<(), Failure> {
    let Some(wanted) = wanted else { return Ok(()) };
    let account = AccountId::parse(wanted).map_err(|refusal| Failure::Usage(format!("--account: {refusal}")))?;
    if account.as_str() == run.account {
        return Ok(());
    }
    Err(Failure::other(format!(
        "the platform does not keep account {account}: its registry would be shadowed on this machine. The platform's account is {}; \
         another one is chosen when it starts: outrunner serve --account {account}",
        run.account
    )))
}

async fn grounds(place: &Place, run: &RunFile) -> Result<Grounds, Failure> {
    let read = |name: &str| {
        let path = place.data_dir.join(name);
        std::fs::read_to_string(&path).map_err(while_doing(format!("reading {}", path.display())))
    };
    let parsed = |what: &str| Failure::other(format!("run.json names no {what}"));
    let resolver_knows = resolver_knows(&std::fs::read_to_string("/etc/nsswitch.conf").unwrap_or_default());
    let mut service_hosts = Vec::new();
    if is_localhost(&run.domain) && !resolver_knows {
        for service in Client::of(place)?.services().await? {
            // One that is not publicly accessible has no host.
            let Some(url) = service["ServiceUrl"].as_str() else { continue };
            service_hosts.push(url.split(':').next().unwrap_or(url).to_owned());
            service_hosts.extend(super::short_host(text(&service, "ServiceName"), &run.domain));
        }
    }
    Ok(Grounds {
        tag: place.tag.clone(),
        domain: run.domain.clone(),
        account: AccountId::parse(&run.account).map_err(|_| parsed("account"))?,
        region: Region::parse(&run.region).map_err(|_| parsed("region"))?,
        https: run.https,
        authority: read(AUTHORITY_FILE)?,
        registry_authorities: read(REGISTRY_AUTHORITY_FILE)?,
        service_hosts,
        resolver_knows,
    })
}

/// What is left for the reader to know or to do.
fn advise(place: &Place, run: &RunFile, grounds: &Grounds) -> Result<(), Failure> {
    let say = |line: String| print_line(&line).map(drop);
    say(String::new())?;
    let printed = format!("{}.dkr.ecr.{}.amazonaws.com", run.account, run.region);
    if grounds.printed_names().is_empty() {
        say(format!(
            "HTTPS is at port {} here and not at 443, so the registry's printed name ({printed}) cannot work.\n\
             Use localhost:{}/REPOSITORY in its place: docker push localhost:{}/REPOSITORY:TAG (plain HTTP, on this machine),\n\
             or {}/REPOSITORY.",
            run.https.port(),
            run.api.port(),
            run.api.port(),
            grounds.own_registry()
        ))?;
    } else {
        say(format!("On this machine {printed} is this platform's registry, in every region."))?;
    }
    if is_localhost(&run.domain) && !grounds.resolver_knows {
        say("The machine's resolver does not know names under .localhost (curl and browsers do). The hosts file has those of services that are there now:\n\
             run trust again after you made another, or install the resolver's module once and for all: apt-get install libnss-myhostname"
            .to_owned())?;
    }
    let ca = place.data_dir.join(AUTHORITY_FILE);
    let certutil = if programs::find("certutil").is_some() { "" } else { " (certutil: apt-get install libnss3-tools)" };
    say(format!(
        "Chromium and Firefox have lists of their own; for Chromium, as yourself{certutil}:\n  \
         certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n outrunner-{} -i {}",
        place.tag,
        ca.display()
    ))
}
