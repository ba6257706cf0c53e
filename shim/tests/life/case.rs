//! One shim with its folders, for tests: made, asked, and ended when the test is over.
//! Never looks into the shim: what it holds is in its folder. Source of truth: `shim::record`.

use std::fs::{self, DirBuilder, File};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::DirBuilderExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use shim::record::{Exit, Order, Phase, SEGMENT_HEADER, State, Stream, take_frame};

pub const DEADLINE: Duration = Duration::from_secs(20);

/// One shim and its folders. Ends what is left of it when dropped.
pub struct Case {
    pub folder: PathBuf,
    pub data: PathBuf,
    pub name: String,
}

impl Case {
    /// Prepares an instance that does what `words` say, as `uid`.
    pub fn new(name: &str, uid: u32, cap: u64, words: &[&str]) -> Self {
        let status = fs::read_to_string("/proc/self/status").unwrap();
        assert!(
            status.contains(
                "
Uid:	0	0	"
            ),
            "these tests need root"
        );
        let name = format!("shimtest-{name}-{}", std::process::id());
        let case = Self { folder: PathBuf::from(format!("/run/{name}")), data: std::env::temp_dir().join(&name), name };
        let layer = case.data.join("layer");
        for folder in ["dev", "proc", "sys", "etc", "tmp"] {
            fs::create_dir_all(layer.join(folder)).unwrap();
        }
        DirBuilder::new().mode(0o700).create(&case.folder).unwrap();
        compile(&layer.join("resident"));
        case.write_order(uid, cap, &layer);
        case.write_config(uid, words);
        case
    }

    fn write_order(&self, uid: u32, cap: u64, layer: &Path) {
        let order = Order {
            container: self.name.clone(),
            id_base: 0x2000_0000,
            uid,
            gid: uid,
            runtime: "/usr/sbin/runc".into(),
            runtime_root: self.data.join("runc").display().to_string(),
            layers: vec![layer.display().to_string()],
            scratch: self.data.join("scratch").display().to_string(),
            scratch_image: None,
            logs: self.logs().display().to_string(),
            logs_cap_bytes: cap,
            cgroup: format!("/{}", self.name),
            hide_cgroup_2: false,
            own_kernel: false,
        };
        fs::write(self.folder.join("order"), order.encode()).unwrap();
    }

    fn write_config(&self, uid: u32, words: &[&str]) {
        let quoted: Vec<String> = words.iter().map(|word| format!("{word:?}")).collect();
        let folder = self.folder.display();
        let map = r#"[{"containerID":0,"hostID":536870912,"size":65536}]"#;
        let config = format!(
            r#"{{"ociVersion":"1.0.2","root":{{"path":"{folder}/rootfs"}},"hostname":"test",
            "process":{{"user":{{"uid":{uid},"gid":{uid}}},"cwd":"/","args":["/resident",{args}],"noNewPrivileges":true}},
            "mounts":[{{"destination":"/proc","type":"proc","source":"proc"}},
                      {{"destination":"/dev","type":"tmpfs","source":"tmpfs","options":["nosuid","mode=755"]}}],
            "linux":{{"uidMappings":{map},"gidMappings":{map},"cgroupsPath":"/{name}",
            "namespaces":[{{"type":"pid"}},{{"type":"mount"}},{{"type":"ipc"}},{{"type":"uts"}},{{"type":"cgroup"}},
            {{"type":"user","path":"{folder}/user"}},{{"type":"network","path":"{folder}/net"}}]}}}}"#,
            args = quoted.join(","),
            name = self.name,
        );
        fs::write(self.folder.join("config.json"), config).unwrap();
    }

    pub fn logs(&self) -> PathBuf {
        self.data.join("logs")
    }

    /// Runs the program until it stands in the background.
    pub fn spawn(&self) {
        self.spawn_by(&mut Command::new(env!("CARGO_BIN_EXE_outrunner-shim")));
    }

    pub fn spawn_by(&self, command: &mut Command) {
        let output = command.arg(&self.folder).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    pub fn ask(&self, command: &str) -> Result<String, String> {
        let mut stream = UnixStream::connect(self.folder.join("sock")).map_err(|error| error.to_string())?;
        stream.set_read_timeout(Some(DEADLINE)).unwrap();
        // It may have ended the conversation before it has heard all.
        stream.write_all(format!("{command}\n").as_bytes()).map_err(|error| error.to_string())?;
        let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
        let first = lines.next().ok_or("no answer")?;
        let document: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
        match first.as_str() {
            "ok" => Ok(document.join("\n")),
            other => Err(other.strip_prefix("error ").unwrap_or(other).to_owned()),
        }
    }

    pub fn state(&self) -> State {
        State::decode(&self.ask("state").unwrap()).unwrap()
    }

    /// Starts it and answers with the first process's id.
    pub fn go(&self) -> u32 {
        self.ask("go").unwrap();
        match self.state().phase {
            Phase::Running { init_pid, .. } => init_pid,
            Phase::Paired | Phase::Created { .. } => panic!("it was said to run"),
        }
    }

    pub fn gone(&self) -> bool {
        File::open(self.folder.join("lock")).is_ok_and(|lock| lock.try_lock().is_ok())
    }

    /// Waits for the shim's end.
    pub fn exit(&self) -> Exit {
        until("the shim has gone", || self.gone());
        Exit::decode(&fs::read_to_string(self.folder.join("exit")).unwrap()).unwrap()
    }

    pub fn lines(&self) -> Vec<(Stream, String)> {
        let mut names: Vec<_> = fs::read_dir(self.logs()).unwrap().map(|entry| entry.unwrap().path()).collect();
        names.sort();
        let mut lines = Vec::new();
        for name in names {
            let bytes = fs::read(name).unwrap();
            let Some(mut rest) = bytes.strip_prefix(&SEGMENT_HEADER) else {
                // Its file is there a moment before.
                assert!(SEGMENT_HEADER.starts_with(&bytes), "a segment begins with its header");
                continue;
            };
            while let Some((frame, used)) = take_frame(rest) {
                lines.push((frame.stream, String::from_utf8_lossy(frame.text).into_owned()));
                rest = &rest[used..];
            }
        }
        lines
    }

    pub fn log_bytes(&self) -> u64 {
        let entries = fs::read_dir(self.logs()).unwrap();
        entries.map(|entry| entry.unwrap().metadata().unwrap().len()).sum()
    }

    pub fn cgroups(&self) -> Vec<PathBuf> {
        let hierarchies = fs::read_dir("/sys/fs/cgroup").unwrap().map(|entry| entry.unwrap().path());
        hierarchies.map(|path| path.join(&self.name)).filter(|path| path.exists()).collect()
    }
}

impl Drop for Case {
    fn drop(&mut self) {
        let _ = self.ask("leave");
        let _ = self.ask("signal 9");
        let since = Instant::now();
        while self.folder.exists() && !self.gone() && since.elapsed() < DEADLINE {
            std::thread::yield_now();
        }
        let _ = fs::remove_dir_all(&self.folder);
        let _ = fs::remove_dir_all(&self.data);
    }
}

pub fn until(what: &str, mut is: impl FnMut() -> bool) {
    let since = Instant::now();
    while !is() {
        assert!(since.elapsed() < DEADLINE, "{what}: not within {DEADLINE:?}");
        std::thread::yield_now();
    }
}

fn compile(target: &Path) {
    let source = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/resident.c");
    let status = Command::new("cc").args(["-static", "-O1", "-o"]).arg(target).arg(source).status();
    assert!(status.expect("a C compiler").success());
}
