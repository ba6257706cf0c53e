//! Why instances do not start: each way has its words, and what is not the owner's is not said to be.
//! Table of bad input: image configurations, start commands, runtimes and control groups that cannot work.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use model::instance::{ExitCause, LimitReached};
use model::port::Engine;
use serde_json::{Value, json};

use crate::bench::{Bench, base_layer, exited, file, folder, name, resident, spec, tar};
use crate::conformance::say;

const LOADER: &str = if cfg!(target_arch = "x86_64") { "lib64/ld-linux-x86-64.so.2" } else { "lib/ld-linux-aarch64.so.1" };

/// Programs and files that cannot be run, each for a reason of its own.
fn strange_layer() -> Vec<u8> {
    let mut foreign = resident().to_vec();
    foreign[18..20].copy_from_slice(&22u16.to_le_bytes());
    let dynamic = fs::read("/bin/true").unwrap();
    tar(|builder| {
        folder(builder, "opt/", 0o755);
        file(builder, "nonsense", 0o755, 0, b"\x7fELF nonsense\n");
        file(builder, "foreign", 0o755, 0, &foreign);
        file(builder, "plain", 0o644, 0, b"hello\n");
        file(builder, "text", 0o755, 0, b"hello\n");
        file(builder, "empty", 0o755, 0, b"");
        file(builder, "roots", 0o700, 0, resident());
        file(builder, "snake", 0o755, 0, b"#!/usr/bin/python3 -u\nprint()\n");
        file(builder, "windows", 0o755, 0, b"#!/bin/sh\r\necho\r\n");
        file(builder, "dynamic", 0o755, 0, &dynamic);
        file(builder, "opt/server", 0o755, 0, resident());
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn what_can_never_start_is_said_in_the_owners_words() {
    let bench = Bench::new();
    let engine = bench.open().await;
    let cmd = |word: &str| json!({ "Cmd": [word] });
    let cases: [(Value, Option<&str>, &str); 24] = [
        (cmd("/nowhere"), None, "has no file /nowhere."),
        (cmd("/no/where"), None, "has no file /no/where, nor a folder /no."),
        (cmd("/opt/sever"), None, "has no file /opt/sever. It has server."),
        (cmd("nowhere"), None, "has no command nowhere in its PATH (/usr/local/sbin:"),
        (
            json!({ "Cmd": ["residnet"], "Env": ["PATH=/opt:/"] }),
            None,
            "no command residnet in its PATH (/opt:/). It has resident.",
        ),
        (json!({ "Cmd": ["server"], "WorkingDir": "/opt" }), None, "but a file /opt/server. Name it so."),
        (cmd("/resident"), Some("cd /app && ./run"), "no command cd: it is a word of the shell"),
        (cmd("/plain"), None, "/plain may not be executed: its mode is 644"),
        (json!({ "Cmd": ["/roots"], "User": "app" }), None, "/roots may not be executed by the user 1000: its mode is 700"),
        (cmd("/etc"), None, "/etc in the image is a folder, not a program"),
        (cmd("/nonsense"), None, "/nonsense: it is a program, but damaged"),
        (cmd("/foreign"), None, "/foreign: it is built for IBM Z (s390x), and this machine is"),
        (cmd("/text"), None, "/text: it is no program, or it is a script without a first line"),
        (cmd("/empty"), None, "/empty is empty"),
        (cmd("/snake"), None, "/snake begins with #!/usr/bin/python3, and the image has no file /usr/bin/python3."),
        (cmd("/windows"), None, "/windows has Windows line ends"),
        (cmd("/dynamic"), None, &format!("/dynamic is there, but not the loader that it needs, /{LOADER}.")),
        (json!({}), None, "no entry point and no command"),
        (json!({ "Cmd": [] }), None, "no entry point and no command"),
        (cmd("/resident"), Some("a 'b"), "without its partner"),
        (json!({ "Cmd": ["/resident"], "User": "nobody" }), None, "'nobody' is not in its /etc/passwd"),
        (json!({ "Cmd": ["/resident"], "User": "70000" }), None, "70000"),
        (json!({ "Cmd": ["/resident"], "User": "app:nogroup" }), None, "'nogroup' is not in its /etc/group"),
        (json!({ "Cmd": ["/resident"], "WorkingDir": "/plain" }), None, "working directory /plain cannot be entered"),
    ];
    let layers = [base_layer(), strange_layer()];
    for (slot, (config, command, expected)) in (0..).zip(cases) {
        let image = bench.image(&format!("case{slot}"), &layers, config).await;
        let mut spec = spec(slot, &image);
        spec.start_command = command.map(str::to_owned);
        engine.start(&spec).await.unwrap();
        match exited(&engine, &name(slot)).await.how {
            ExitCause::NeverStarted(words) => assert!(words.contains(expected), "{expected}: {words}"),
            other => panic!("{expected}: {other:?}"),
        }
        engine.discard(&name(slot)).await.unwrap();
    }
    drop(engine);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_library_that_the_image_lacks_is_named_beside_the_code() {
    let bench = Bench::new();
    let engine = bench.open().await;
    let loader = PathBuf::from("/").join(LOADER);
    let layer = tar(|builder| {
        folder(builder, loader.parent().unwrap().strip_prefix("/").unwrap().to_str().unwrap(), 0o755);
        file(builder, LOADER, 0o755, 0, &fs::read(&loader).unwrap());
        file(builder, "dynamic", 0o755, 0, &fs::read("/bin/true").unwrap());
    });
    let image = bench.image("library", &[layer], json!({ "Cmd": ["/dynamic"] })).await;
    engine.start(&spec(0, &image)).await.unwrap();
    let exit = exited(&engine, &name(0)).await;
    assert_eq!(exit.how, ExitCause::Code(127), "{exit:?}");
    assert!(exit.sentence().contains("needs the library libc.so.6, which its image does not have"), "{}", exit.sentence());
    drop(engine);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_that_an_instance_ran_into_is_told_with_its_end() {
    let mut bench = Bench::new();
    bench.settings.scratch.each_bytes = 24 << 20;
    let engine = bench.open().await;
    let cases: [(&[&str], LimitReached, &str); 3] = [
        (&["fork", "exit=3"], LimitReached::Processes { max: engine::limit::PIDS.unsigned_abs() }, "as many processes and threads"),
        (&["child", "exit=3"], LimitReached::Memory, "One of its processes was ended"),
        (&["fill=/x", "exit=3"], LimitReached::Disk, "It had filled the 3 GB of disk"),
    ];
    for (slot, (words, limit, sentence)) in (0..).zip(cases) {
        let image = bench.resident(&format!("limit{slot}"), words).await;
        engine.start(&spec(slot, &image)).await.unwrap();
        let exit = exited(&engine, &name(slot)).await;
        assert_eq!((&exit.how, exit.limits_reached.as_slice()), (&ExitCause::Code(3), [limit].as_slice()));
        assert!(exit.sentence().contains(sentence), "{}", exit.sentence());
    }
    drop(engine);
    bench.remove().await;
}

/// A runtime that is a script in the bench's own folder.
fn runtime(bench: &mut Bench, script: &str) {
    let path = bench.data().join("runtime");
    fs::write(&path, script).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    bench.settings.runtime = path;
}

async fn trouble(bench: &Bench) -> String {
    let engine = bench.open().await;
    let image = bench.resident("well", &["serve"]).await;
    engine.start(&spec(0, &image)).await.unwrap();
    let exit = exited(&engine, &name(0)).await;
    let sentence = exit.sentence();
    assert!(sentence.contains("not the application's fault") && sentence.contains("outrunner doctor"), "{sentence}");
    match exit.how {
        ExitCause::EngineTrouble(words) => words,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_runtime_that_is_missing_or_fails_is_not_the_owners_fault() {
    let mut bench = Bench::new();
    bench.settings.runtime = "/nowhere/runc".into();
    let words = trouble(&bench).await;
    assert!(words.contains("/nowhere/runc does not start"), "{words}");
    bench.remove().await;

    let mut bench = Bench::new();
    bench.settings.runtime = "/bin/false".into();
    let words = trouble(&bench).await;
    assert!(words.contains("failed and did not say why"), "{words}");
    bench.remove().await;

    let mut bench = Bench::new();
    // Where it is told to, and only if it is: it is asked for its version too.
    let says = "echo '{\"level\":\"error\",\"msg\":\"out of cheese\"}' > \"$4\"";
    runtime(&mut bench, &format!("#!/bin/sh\n[ \"$3\" = --log ] && {says}\nexit 1\n"));
    let words = trouble(&bench).await;
    assert_eq!(words, "out of cheese");
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_control_group_that_the_kernel_lacks_is_not_the_owners_fault() {
    if !PathBuf::from("/sys/fs/cgroup/pids").is_dir() {
        say("NOT CHECKED: on cgroup v2 no single controller can be hidden from a runtime");
        return;
    }
    let mut bench = Bench::new();
    // In a mount namespace of its own this runtime sees no controller of processes.
    let hide = "umount /sys/fs/cgroup/pids && exec /usr/sbin/runc \"$@\"";
    runtime(&mut bench, &format!("#!/bin/sh\nexec unshare --mount sh -c '{hide}' sh \"$@\"\n"));
    let words = trouble(&bench).await;
    assert!(words.contains("a limit cannot be set") && words.contains("pids"), "{words}");
    bench.remove().await;
}
