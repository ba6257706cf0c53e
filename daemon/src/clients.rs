//! What `outrunner doctor` looks at beside the engine: the clients on this machine, and whether they find and trust a platform.
//!
//! Never changes anything, and never fails a machine: a platform works without any of them.

use engine::local::doctor::Check;

use crate::anchors::Anchors;
use crate::aws_service::ignores_endpoints;
use crate::host::{AUTHORITY_FILE, Place};
use crate::programs;
use crate::run_file::RunFile;
use crate::trust::{is_localhost, pem_blocks, resolver_knows};

/// All of them; `running` is the platform that runs on the data dir.
pub fn examine(domain: &str, running: Option<(&Place, &RunFile)>) -> Vec<Check> {
    let mut checks = Vec::new();
    checks.extend(aws_cli(&said("aws", &["--version"])));
    checks.extend(docker(&said("docker", &["info", "--format", "{{.OperatingSystem}}"]), &said("docker", &["buildx", "inspect"])));
    let nsswitch = std::fs::read_to_string("/etc/nsswitch.conf").unwrap_or_default();
    checks.extend(resolver(domain, &nsswitch));
    if let Some((place, run)) = running {
        let authority = std::fs::read_to_string(place.data_dir.join(AUTHORITY_FILE)).unwrap_or_default();
        let trusted = Anchors::find().is_none_or(|anchors| anchors.has(&pem_blocks(&authority)));
        checks.push(trust(trusted));
        checks.push(registry_name(run, &std::fs::read_to_string("/etc/hosts").unwrap_or_default()));
    }
    checks
}

fn said(program: &str, arguments: &[&str]) -> String {
    String::from_utf8_lossy(&programs::ask_client(program, arguments).unwrap_or_default()).trim().to_owned()
}

fn aws_cli(version: &str) -> Option<Check> {
    const NAME: &str = "aws cli";
    let known = version.split_whitespace().next().filter(|word| word.starts_with("aws-cli/"))?;
    Some(match ignores_endpoints(version) {
        Some(warning) => Check::warn(NAME, known.to_owned(), warning),
        None => Check::ok(NAME, format!("{known} reads endpoint settings")),
    })
}

/// Source: `docker info`, `docker buildx inspect` ("Driver: docker-container" is a builder that runs in a container of its own).
fn docker(system: &str, builder: &str) -> Option<Check> {
    const NAME: &str = "docker";
    let driver = builder.lines().find_map(|line| line.trim().strip_prefix("Driver:")).map(str::trim);
    if system.contains("Docker Desktop") {
        return Some(Check::warn(
            NAME,
            "Docker Desktop: its engine runs in a virtual machine",
            "It has a hosts file and authorities of its own, so the registry's printed name does not lead here from it. \
             Save the image (docker save) and copy it with skopeo, or use an engine on this machine.",
        ));
    }
    match driver {
        Some(driver) if driver != "docker" => Some(Check::warn(
            NAME,
            format!("the chosen builder (driver {driver}) is not the engine's own"),
            "It pushes from a container with a hosts file and authorities of its own. Build with --load and push with docker push, or choose the \
             engine's builder: docker buildx use default",
        )),
        Some(_) | None => (!system.is_empty()).then(|| Check::ok(NAME, format!("an engine on this machine ({system})"))),
    }
}

fn resolver(domain: &str, nsswitch: &str) -> Option<Check> {
    const NAME: &str = "names";
    let local = is_localhost(domain);
    Some(match (local, resolver_knows(nsswitch)) {
        (false, _) => return None,
        (true, true) => Check::ok(NAME, format!("the machine's resolver knows names under {domain}")),
        (true, false) => Check::warn(
            NAME,
            format!("the machine's resolver does not know names under {domain}; curl and browsers do, Python and Node do not"),
            "Install its module (apt-get install libnss-myhostname), or let outrunner trust write names into the hosts file.",
        ),
    })
}

fn trust(trusted: bool) -> Check {
    const NAME: &str = "trust";
    if trusted {
        Check::ok(NAME, "the platform's authority is in the machine's list")
    } else {
        Check::warn(
            NAME,
            "the platform's authority is not in the machine's list",
            "Run sudo outrunner trust (--dry-run shows what it does), or use the bundle that outrunner env names.",
        )
    }
}

fn registry_name(run: &RunFile, hosts_file: &str) -> Check {
    const NAME: &str = "registry name";
    let printed = format!("{}.dkr.ecr.{}.amazonaws.com", run.account, run.region);
    let line = hosts_file.lines().map(|line| line.split('#').next().unwrap_or_default()).find(|line| {
        let mut words = line.split_whitespace();
        words.next().is_some() && words.any(|word| word.eq_ignore_ascii_case(&printed))
    });
    let local = format!("localhost:{}/REPOSITORY", run.api.port());
    match (run.https.port(), line) {
        (443, Some(line)) => Check::ok(NAME, format!("{printed} leads to {}", line.split_whitespace().next().unwrap_or_default())),
        (443, None) => {
            Check::warn(NAME, format!("{printed} does not lead here"), format!("Run sudo outrunner trust, or push to {local}."))
        }
        (port, Some(_)) => Check::warn(
            NAME,
            format!("{printed} leads to this machine, but HTTPS is at port {port}"),
            format!("The printed name means port 443. Push to {local}, or end what has 443 and serve with --https :443."),
        ),
        (port, None) => Check::ok(NAME, format!("HTTPS is at port {port}, so images go by {local}")),
    }
}

#[cfg(test)]
mod tests {
    use engine::local::doctor::Verdict;

    use super::*;

    fn run_file(https: &str) -> RunFile {
        RunFile {
            version: RunFile::version(),
            pid: 1,
            api: "127.0.0.1:4566".parse().unwrap(),
            http: "0.0.0.0:80".parse().unwrap(),
            https: https.parse().unwrap(),
            edge_pid: None,
            started: 0,
            domain: "outrunner.localhost".to_owned(),
            region: "us-east-1".to_owned(),
            account: "000000000000".to_owned(),
            runtime: "runc".to_owned(),
            upstreams: Vec::new(),
        }
    }

    #[test]
    fn clients_that_cannot_reach_the_platform_are_named() {
        assert_eq!(aws_cli("aws-cli/2.9.19 Python/3").unwrap().verdict, Verdict::Warn);
        assert_eq!(aws_cli("aws-cli/2.38.5 Python/3").unwrap().verdict, Verdict::Ok);
        assert!(aws_cli("").is_none(), "what is not there is no trouble");
        assert!(docker("Docker Desktop", "").unwrap().seen.contains("Desktop"));
        let builder = "Name:          mine\nDriver:        docker-container\nLast Activity: 1\n";
        assert!(docker("Debian GNU/Linux 12 (bookworm)", builder).unwrap().seen.contains("docker-container"));
        assert_eq!(docker("Debian GNU/Linux 12 (bookworm)", "Name: default\nDriver: docker\n").unwrap().verdict, Verdict::Ok);
        assert!(docker("", "").is_none());
    }

    #[test]
    fn missing_names_and_trust_are_said_with_what_to_do() {
        assert_eq!(resolver("outrunner.localhost", "hosts: files dns").unwrap().verdict, Verdict::Warn);
        assert_eq!(resolver("outrunner.localhost", "hosts: files myhostname").unwrap().verdict, Verdict::Ok);
        assert!(resolver("apps.example.com", "hosts: files dns").is_none());
        assert_eq!(trust(false).verdict, Verdict::Warn);
        let hosts = "127.0.0.1 localhost\n127.0.0.1 000000000000.dkr.ecr.us-east-1.amazonaws.com\n";
        for (https, hosts, verdict) in [
            ("0.0.0.0:443", hosts, Verdict::Ok),
            ("0.0.0.0:443", "", Verdict::Warn),
            ("0.0.0.0:8943", hosts, Verdict::Warn),
            ("0.0.0.0:8943", "", Verdict::Ok),
        ] {
            assert_eq!(registry_name(&run_file(https), hosts).verdict, verdict, "{https} {hosts:?}");
        }
    }
}
