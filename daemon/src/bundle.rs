//! `outrunner doctor --bundle FILE`: what somebody needs who looks for a mistake of ours, as one archive, without secrets.
//!
//! What goes in is chosen member by member; nothing is copied whole but log lines, and every text passes `redaction` besides. Values of environment
//! variables, start commands, tags of users, keys, tokens and what apps print stay out. Works beside a living platform and without one: what cannot be
//! read is named in the bundle. Never sends anything anywhere.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;
use std::time::SystemTime;

use flate2::Compression;
use flate2::write::GzEncoder;
use http_body_util::{BodyExt, Empty, Limited};
use hyper_util::rt::TokioIo;
use serde_json::{Map, Value, json};
use tokio::net::TcpStream;

use crate::client::{Client, Service};
use crate::failure::{Failure, while_doing};
use crate::first_run::read_credentials;
use crate::host::Place;
use crate::limit::{BUNDLE_EVENTS, BUNDLE_LOG_BYTES, BUNDLE_SERVICES, CLIENT_BODY_BYTES, CLIENT_TIMEOUT};
use crate::redaction::Redaction;
use crate::run_file::RunFile;

/// Members of a service's configuration that are shown; of the rest only that they are there.
const SHOWN: [&str; 9] = [
    "ServiceName",
    "ServiceId",
    "ServiceArn",
    "ServiceUrl",
    "Status",
    "CreatedAt",
    "UpdatedAt",
    "HealthCheckConfiguration",
    "AutoScalingConfigurationSummary",
];

/// Logs of ours in the data dir, the older ones first.
const LOGS: [&str; 4] = ["platform.log.old", "platform.log", "edge.log.old", "edge.log"];

/// A bundle that is being gathered.
pub struct Bundle {
    redaction: Redaction,
    parts: Vec<(String, String)>,
    missing: Vec<String>,
}

/// One part, as it is told to whoever made the bundle.
pub struct Part {
    pub name: String,
    pub bytes: usize,
}

impl Bundle {
    /// Gathers what there is. `checks` is what the doctor saw, `settings` what this command was told.
    pub async fn gather(data_dir: &Path, checks: Value, settings: Value) -> Self {
        let mut bundle = Self { redaction: Redaction::default(), parts: Vec::new(), missing: Vec::new() };
        let place = Place::find(data_dir);
        if let Ok(place) = &place {
            bundle.know_secrets(place);
        }
        bundle.add_json("about.json", &about(data_dir));
        bundle.add_json("doctor.json", &checks);
        bundle.add_json("host.json", &host());
        bundle.add_json("settings.json", &settings);
        match place {
            Ok(place) => bundle.gather_place(&place).await,
            Err(failure) => bundle.missing.push(format!("the data dir: {failure}")),
        }
        let missing = bundle.missing.join("\n");
        bundle.add("missing.txt", &missing);
        bundle
    }

    async fn gather_place(&mut self, place: &Place) {
        match RunFile::read(place) {
            Ok(run) if !is_held(place, run.pid) => {
                self.missing.push(format!("a living platform: the one with pid {} has ended without saying so", run.pid));
            }
            Ok(run) => {
                self.add_json("run.json", &json!({ "run": run, "flags": flags(run.pid), "variables": variables(run.pid) }));
                match metrics(&run).await {
                    Ok(text) => self.add("metrics.txt", &text),
                    Err(failure) => self.missing.push(format!("figures: {failure}")),
                }
                if let Err(failure) = self.gather_services(place).await {
                    self.missing.push(format!("services: {failure}"));
                }
            }
            Err(failure) => self.missing.push(format!("a living platform: {failure}")),
        }
        self.add("files.txt", &files(&place.data_dir));
        for name in LOGS {
            match tail(&place.data_dir.join(name)) {
                Ok(text) => self.add(name, &text),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => self.missing.push(format!("{name}: {error}")),
            }
        }
    }

    /// Services with their operations and events.
    async fn gather_services(&mut self, place: &Place) -> Result<(), Failure> {
        let client = Client::of(place)?;
        let services = client.services().await?;
        for (n, service) in services.iter().enumerate() {
            // One that is deleted meanwhile, say, is no reason to leave out the others.
            if let Err(failure) = self.gather_service(&client, service, n < BUNDLE_SERVICES).await {
                self.missing.push(format!("service {}: {failure}", service["ServiceId"].as_str().unwrap_or("unknown")));
            }
        }
        if services.len() > BUNDLE_SERVICES {
            self.missing.push(format!("{} services more than {BUNDLE_SERVICES}", services.len() - BUNDLE_SERVICES));
        }
        Ok(())
    }

    /// One service; of those that are not shown, the values that must not be seen anywhere.
    async fn gather_service(&mut self, client: &Client, service: &Value, is_shown: bool) -> Result<(), Failure> {
        let arn = &service["ServiceArn"];
        let described = client.call(Service::AppRunner, "DescribeService", &json!({ "ServiceArn": arn })).await?;
        let described = &described["Service"];
        self.know_variables(described);
        if is_shown {
            let operations = client.call(Service::AppRunner, "ListOperations", &json!({ "ServiceArn": arn })).await?;
            let events = events(client, arn).await?;
            let id = described["ServiceId"].as_str().unwrap_or("unknown");
            let operations = &operations["OperationSummaryList"];
            self.add_json(&format!("services/{id}.json"), &json!({ "service": shown(described), "operations": operations }));
            self.add(&format!("services/{id}.events.txt"), &events);
        }
        Ok(())
    }

    /// The data dir's own secrets, so that they are found wherever they might have got to.
    fn know_secrets(&mut self, place: &Place) {
        if let Ok((_, secret)) = read_credentials(place) {
            self.redaction.know(secret.expose_text().unwrap_or_default());
        }
        if let Ok(key) = fs::read(place.data_dir.join("master.key")) {
            use base64::Engine as _;
            let hex: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
            for text in [hex.clone(), hex.to_uppercase(), base64::engine::general_purpose::STANDARD.encode(&key)] {
                self.redaction.know(&text);
            }
            self.redaction.know(&String::from_utf8_lossy(&key));
        }
    }

    fn know_variables(&mut self, service: &Value) {
        let image = &service["SourceConfiguration"]["ImageRepository"]["ImageConfiguration"];
        for members in ["RuntimeEnvironmentVariables", "RuntimeEnvironmentSecrets"] {
            for value in image[members].as_object().into_iter().flat_map(Map::values) {
                self.redaction.know(value.as_str().unwrap_or_default());
            }
        }
        self.redaction.know(image["StartCommand"].as_str().unwrap_or_default());
    }

    fn add_json(&mut self, name: &str, value: &Value) {
        self.add(name, &format!("{value:#}"));
    }

    fn add(&mut self, name: &str, text: &str) {
        self.parts.push((name.to_owned(), text.to_owned()));
    }

    /// Writes a new file that only its owner may read; answers what is in it. One that is there already stays.
    pub fn write(self, path: &Path) -> Result<Vec<Part>, Failure> {
        let doing = format!("writing {}", path.display());
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
        let file = file.map_err(|error| match error.kind() {
            std::io::ErrorKind::AlreadyExists => {
                Failure::Usage(format!("--bundle: {} is there already; name another file", path.display()))
            }
            _ => while_doing(&doing)(error),
        })?;
        self.pack(file).map_err(|error| {
            // Half of one is of use to nobody, and in the way of the next.
            let _ = fs::remove_file(path);
            while_doing(&doing)(error)
        })
    }

    /// Everything is known by now that must not be seen.
    fn pack(&self, file: File) -> std::io::Result<Vec<Part>> {
        let mut parts = Vec::new();
        let mut archive = tar::Builder::new(GzEncoder::new(file, Compression::default()));
        for (name, text) in &self.parts {
            let clean = self.redaction.apply(text);
            let mut header = tar::Header::new_gnu();
            header.set_size(clean.len() as u64);
            header.set_mode(0o600);
            header.set_mtime(SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs()));
            let name = format!("outrunner-bundle/{name}");
            archive.append_data(&mut header, &name, clean.as_bytes())?;
            parts.push(Part { name, bytes: clean.len() });
        }
        archive.into_inner()?.finish()?.sync_all()?;
        Ok(parts)
    }
}

/// What of a service may be seen: names, and of what its owner wrote only that it is there.
fn shown(service: &Value) -> Value {
    let mut members: Map<String, Value> = SHOWN.iter().map(|name| ((*name).to_owned(), service[*name].clone())).collect();
    let source = &service["SourceConfiguration"];
    let image = &source["ImageRepository"];
    let configuration = &image["ImageConfiguration"];
    let names = |members: &Value| members.as_object().map_or_else(Vec::new, |map| map.keys().cloned().collect::<Vec<_>>());
    members.insert("InstanceConfiguration".to_owned(), {
        let instance = &service["InstanceConfiguration"];
        json!({ "Cpu": instance["Cpu"], "Memory": instance["Memory"], "has_role": !instance["InstanceRoleArn"].is_null() })
    });
    members.insert("Image".to_owned(), {
        json!({
            "ImageIdentifier": image["ImageIdentifier"],
            "ImageRepositoryType": image["ImageRepositoryType"],
            "Port": configuration["Port"],
            "has_start_command": !configuration["StartCommand"].is_null(),
            "variables": names(&configuration["RuntimeEnvironmentVariables"]),
            "secrets": names(&configuration["RuntimeEnvironmentSecrets"]),
            "AutoDeploymentsEnabled": source["AutoDeploymentsEnabled"],
        })
    });
    Value::Object(members)
}

/// The last events, a line each.
async fn events(client: &Client, arn: &Value) -> Result<String, Failure> {
    let mut lines = std::collections::VecDeque::new();
    let mut input = json!({ "ServiceArn": arn });
    loop {
        let answer = client.call(Service::Outrunner, "ListEvents", &input).await?;
        let events = answer["Events"].as_array().cloned().unwrap_or_default();
        for event in &events {
            if lines.len() == BUNDLE_EVENTS {
                lines.pop_front();
            }
            lines.push_back(event.to_string());
        }
        match answer.get("Cursor").filter(|_| !events.is_empty()) {
            Some(cursor) => input["Cursor"] = cursor.clone(),
            None => return Ok(Vec::from(lines).join("\n")),
        }
    }
}

/// The platform's own page of figures.
async fn metrics(run: &RunFile) -> Result<String, Failure> {
    let fetch = async {
        let stream = TcpStream::connect(run.api).await.map_err(while_doing("connecting to the API"))?;
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(while_doing("asking for figures"))?;
        let driving = tokio::spawn(connection);
        let request = http::Request::get("/metrics").header("host", run.api.to_string()).body(Empty::<bytes::Bytes>::new());
        let request = request.expect("a path and a host are a request");
        let answer = sender.send_request(request).await.map_err(while_doing("asking for figures"))?;
        let body = Limited::new(answer.into_body(), CLIENT_BODY_BYTES).collect().await;
        driving.abort();
        let body = body.map_err(|error| Failure::other(format!("reading figures: {error}")))?.to_bytes();
        Ok(String::from_utf8_lossy(&body).into_owned())
    };
    let late = |_| Failure::other("no answer in time");
    tokio::time::timeout(CLIENT_TIMEOUT, fetch).await.map_err(late)?
}

/// Whether this process holds the data dir's lock. Asks the kernel, so that a platform which starts just now is not in its way. Source: proc_locks(5).
fn is_held(place: &Place, pid: u32) -> bool {
    let Ok(lock) = fs::metadata(place.data_dir.join("platform.lock")) else { return false };
    let (pid, inode) = (pid.to_string(), format!(":{}", lock.ino()));
    let locks = fs::read_to_string("/proc/locks").unwrap_or_default();
    locks.lines().any(|line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        fields.get(1) == Some(&"FLOCK") && fields.get(4) == Some(&&*pid) && fields.get(5).is_some_and(|file| file.ends_with(&inode))
    })
}

/// Names of the flags that a platform was started with: what stands behind them may be anything.
fn flags(pid: u32) -> Vec<String> {
    let line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let words = line.split(|byte| *byte == 0).map(String::from_utf8_lossy);
    words.filter(|word| word.starts_with("--")).map(|word| word.split('=').next().unwrap_or_default().to_owned()).collect()
}

/// Names of our variables in its environment.
fn variables(pid: u32) -> Vec<String> {
    let environment = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
    let words = environment.split(|byte| *byte == 0).map(String::from_utf8_lossy);
    let names = words.filter_map(|word| word.split_once('=').map(|(name, _)| name.to_owned()));
    names.filter(|name| name.starts_with("OUTRUNNER_") || name.starts_with("OTEL_")).collect()
}

fn about(data_dir: &Path) -> Value {
    json!({
        "outrunner": env!("CARGO_PKG_VERSION"),
        "build": if cfg!(debug_assertions) { "debug" } else { "release" },
        "data_dir": data_dir,
        "made_at": jiff::Timestamp::now().to_string(),
        "left_out": "values of environment variables, start commands, tags, keys, tokens, passwords, and what apps print",
    })
}

/// What kind of machine it is.
fn host() -> Value {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let line = |text: &str, name: &str| {
        text.lines()
            .find_map(|line| Some(line.strip_prefix(name)?.trim_start_matches([' ', '\t', ':', '=']).trim_matches('"').to_owned()))
    };
    let (memory, release, processor) = (read("/proc/meminfo"), read("/etc/os-release"), read("/proc/cpuinfo"));
    json!({
        "kernel": read("/proc/sys/kernel/osrelease").trim(),
        "distribution": line(&release, "PRETTY_NAME"),
        "processor": line(&processor, "model name"),
        "processors": std::thread::available_parallelism().map_or(0, std::num::NonZero::get),
        "memory": line(&memory, "MemTotal"),
        "memory_available": line(&memory, "MemAvailable"),
        "swap": line(&memory, "SwapTotal"),
        "load": read("/proc/loadavg").trim(),
        "uptime_seconds": read("/proc/uptime").split_whitespace().next(),
        "cgroup_2": Path::new("/sys/fs/cgroup/cgroup.controllers").exists(),
        "pressure": { "cpu": read("/proc/pressure/cpu"), "io": read("/proc/pressure/io"), "memory": read("/proc/pressure/memory") },
    })
}

/// What lies in the data dir, by name, size and mode: never what is in it.
fn files(data_dir: &Path) -> String {
    let mut lines = Vec::new();
    for entry in fs::read_dir(data_dir).into_iter().flatten().flatten() {
        let Ok(metadata) = entry.metadata() else { continue };
        let kind = if metadata.is_dir() { "folder" } else { "file" };
        lines.push(format!("{kind} {:o} {} bytes {}", metadata.mode() & 0o777, metadata.len(), entry.file_name().display()));
    }
    lines.sort();
    lines.join("\n")
}

/// The end of a log, from the beginning of a line on.
fn tail(path: &Path) -> std::io::Result<String> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    let begin = length.saturating_sub(BUNDLE_LOG_BYTES);
    file.seek(SeekFrom::Start(begin))?;
    let mut bytes = Vec::new();
    file.take(BUNDLE_LOG_BYTES).read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Ok(if begin == 0 { text } else { text.split_once('\n').map_or(String::new(), |(_, rest)| rest.to_owned()) })
}

/// Says what a bundle holds, to whoever will send it.
pub fn say(path: &Path, parts: &[Part], out: &mut impl Write) -> std::io::Result<()> {
    writeln!(out, "{} holds, for its owner's eyes alone:", path.display())?;
    for part in parts {
        writeln!(out, "{:>9} bytes  {}", part.bytes, part.name)?;
    }
    writeln!(
        out,
        "Values of environment variables, start commands, tags, keys, tokens, passwords and what apps print are left out. Names of services,"
    )?;
    writeln!(out, "hosts, images and variables are in it. Look through it before you send it: tar xzf {}", path.display())
}
