//! The shim with the real runtime: an instance's whole life, its log, its end, and what outlives what.
//! Needs root, runc and a C compiler, and says so.

#[path = "life/case.rs"]
mod case;

use std::fs;
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use shim::limit::{CLIENTS, LAYERS};
use shim::record::{End, Order, Phase, State, Stream, segment_name};

use case::{Case, DEADLINE, until};

const CAP: u64 = 64 << 20;

fn out(line: &str) -> (Stream, String) {
    (Stream::Out, line.to_owned())
}

#[test]
fn an_instance_speaks_and_returns_its_code() {
    let case = Case::new("speaks", 0, CAP, &["say=hello", "complain=oh", "mutter=unended", "exit=7"]);
    case.spawn();
    assert_eq!(case.state().phase, Phase::Paired);
    let _ = case.ask("go");
    let exit = case.exit();
    assert_eq!((exit.end, exit.out_of_memory, exit.lines_dropped), (End::Code(7), false, 0));
    let mut lines = case.lines();
    lines.sort_by_key(|(stream, _)| *stream == Stream::Err);
    assert_eq!(lines, [out("hello"), out("unended"), (Stream::Err, "oh".to_owned())]);
    assert!(case.cgroups().is_empty(), "{:?}", case.cgroups());
}

#[test]
fn an_app_with_its_own_user_opens_its_output_and_sees_the_image_as_roots() {
    let case = Case::new("user", 1000, CAP, &["who", "stdout", "owner=/resident", "write=/etc/x"]);
    case.spawn();
    let _ = case.ask("go");
    assert_eq!(case.exit().end, End::Code(0));
    let expected = ["uid 1000 gid 1000 pid 1", "stdout opens", "owner 0", "write refused"].map(out);
    assert_eq!(case.lines(), expected);
}

#[test]
fn what_an_instance_writes_stays_out_of_the_layer() {
    let case = Case::new("writes", 0, CAP, &["write=/etc/x"]);
    case.spawn();
    let _ = case.ask("go");
    assert_eq!(case.exit().end, End::Code(0));
    assert_eq!(case.lines(), [out("write works")]);
    assert!(case.data.join("scratch/upper/etc/x").exists());
    assert!(!case.data.join("layer/etc/x").exists());
}

#[test]
fn a_crash_is_a_signal_and_a_term_is_heard() {
    let crash = Case::new("crash", 0, CAP, &["crash"]);
    crash.spawn();
    let _ = crash.ask("go");
    // abort() cannot end the first process of a pid namespace by SIGABRT, so it ends itself by a fault.
    assert_eq!(crash.exit().end, End::Signal(11));

    let polite = Case::new("polite", 0, CAP, &["say=here", "stay"]);
    polite.spawn();
    polite.go();
    until("it has spoken", || !polite.lines().is_empty());
    polite.ask("signal 15").unwrap();
    assert_eq!(polite.exit().end, End::Code(0));
    assert_eq!(polite.lines(), [out("here"), out("bye")]);
}

#[test]
fn an_app_that_will_not_listen_is_killed_when_its_grace_is_over() {
    let case = Case::new("deaf", 0, CAP, &["say=here", "deaf"]);
    case.spawn();
    case.go();
    until("it has spoken", || !case.lines().is_empty());
    case.ask("stop 3600000").unwrap();
    let since = Instant::now();
    case.ask("stop 300").unwrap();
    case.ask("stop 3600000").unwrap();
    assert_eq!(case.exit().end, End::Signal(9), "of several graces the shortest holds");
    assert!(since.elapsed() >= Duration::from_millis(300));
}

#[test]
fn an_app_that_is_asked_to_end_three_times_hears_one_term() {
    let case = Case::new("asked", 0, CAP, &["say=here", "count-terms"]);
    case.spawn();
    case.go();
    until("it has spoken", || !case.lines().is_empty());
    case.ask("stop 3600000").unwrap();
    until("it has heard it", || case.lines().len() > 1);
    case.ask("stop 3600000").unwrap();
    case.ask("stop 500").unwrap();
    assert_eq!(case.exit().end, End::Signal(9));
    assert_eq!(case.lines(), [out("here"), out("term")]);
}

#[test]
fn what_is_created_has_run_nothing_until_go_and_is_the_same_process_then() {
    let case = Case::new("ahead", 0, CAP, &["say=hello", "exit=7"]);
    case.spawn();
    case.ask("create").unwrap();
    let Phase::Created { init_pid, init_started } = case.state().phase else { panic!("{:?}", case.state()) };
    case.ask("create").unwrap();
    assert_eq!(case.state().phase, Phase::Created { init_pid, init_started }, "creating twice is creating once");
    assert_eq!(case.ask("signal 15").unwrap_err(), "not started");
    assert_eq!(State::decode(&fs::read_to_string(case.folder.join("state")).unwrap()).unwrap(), case.state());
    assert!(case.lines().is_empty());
    let began = State::decode(&case.ask("go").unwrap()).unwrap().phase;
    assert!(matches!(began, Phase::Running { init_pid: pid, init_started: at, .. } if (pid, at) == (init_pid, init_started)));
    assert_eq!(case.exit().end, End::Code(7));
    assert_eq!(case.lines(), [out("hello")]);
    assert!(case.cgroups().is_empty(), "{:?}", case.cgroups());
}

#[test]
fn what_is_created_and_not_wanted_leaves_nothing() {
    let case = Case::new("ahead-unwanted", 0, CAP, &["say=hello", "stay"]);
    case.spawn();
    case.ask("create").unwrap();
    let Phase::Created { init_pid, .. } = case.state().phase else { panic!("{:?}", case.state()) };
    case.ask("leave").unwrap();
    assert_eq!(case.exit().end, End::NeverStarted("not wanted any more".to_owned()));
    assert!(!Path::new(&format!("/proc/{init_pid}")).exists());
    assert!(case.lines().is_empty() && case.cgroups().is_empty(), "{:?}", case.cgroups());
    assert!(!case.data.join("runc").join(&case.name).exists(), "the runtime has forgotten it");
}

#[test]
fn what_is_created_and_killed_before_it_began_never_started() {
    let case = Case::new("killed", 0, CAP, &["say=hello", "stay"]);
    case.spawn();
    case.ask("create").unwrap();
    let Phase::Created { init_pid, .. } = case.state().phase else { panic!("{:?}", case.state()) };
    assert!(Command::new("kill").args(["-9", &init_pid.to_string()]).status().unwrap().success());
    assert!(matches!(case.exit().end, End::NeverStarted(why) if why.contains("before it was begun")));
    assert!(case.cgroups().is_empty(), "{:?}", case.cgroups());
}

/// crun, and what it was told.
const CRUN: &str = "#!/bin/sh\necho \"$*\" >> \"$0.log\"\nexec crun \"$@\"\n";

#[test]
fn a_runtime_that_is_not_runc_begins_by_its_own_command() {
    if Command::new("crun").arg("--version").output().is_err() {
        let _ = writeln!(
            std::io::stderr(),
            "NOT CHECKED: no crun on this machine, so no other runtime than runc has made an instance ahead"
        );
        return;
    }
    let case = Case::new("other", 0, CAP, &["say=hello", "exit=7"]);
    let other = case.data.join("other");
    fs::write(&other, CRUN).unwrap();
    assert!(Command::new("chmod").arg("755").arg(&other).status().unwrap().success());
    let order = fs::read_to_string(case.folder.join("order")).unwrap();
    // It refuses a hybrid layout of control groups unless it sees version 1 alone.
    let order = Order { runtime: other.display().to_string(), hide_cgroup_2: true, ..Order::decode(&order).unwrap() };
    fs::write(case.folder.join("order"), order.encode()).unwrap();
    case.spawn();
    case.ask("create").unwrap();
    assert!(matches!(case.state().phase, Phase::Created { .. }));
    assert!(case.lines().is_empty());
    let _ = case.ask("go");
    assert_eq!(case.exit().end, End::Code(7));
    assert_eq!(case.lines(), [out("hello")]);
    let said = fs::read_to_string(case.data.join("other.log")).unwrap();
    assert!(said.lines().any(|line| line.contains(" start ")), "{said}");
    assert!(case.cgroups().is_empty(), "{:?}", case.cgroups());
}

#[test]
fn of_all_that_the_runtime_starts_only_the_instance_stays_a_child_and_none_a_zombie() {
    for commands in [&["go"][..], &["create"], &["create", "go"]] {
        let case = Case::new(&format!("children-{}", commands.concat()), 0, CAP, &["say=here", "stay"]);
        case.spawn();
        for command in commands {
            case.ask(command).unwrap();
        }
        let state = case.state();
        let (Phase::Created { init_pid, .. } | Phase::Running { init_pid, .. }) = state.phase else { panic!("{state:?}") };
        let children = || fs::read_to_string(format!("/proc/{0}/task/{0}/children", state.shim_pid)).unwrap();
        until("the others are reaped", || children().trim() == init_pid.to_string());
    }
}

#[test]
fn a_command_that_is_not_in_the_image_is_told_when_it_is_created() {
    let case = Case::new("ahead-nothing", 0, CAP, &["stay"]);
    let config = fs::read_to_string(case.folder.join("config.json")).unwrap();
    fs::write(case.folder.join("config.json"), config.replace("/resident", "/nowhere")).unwrap();
    case.spawn();
    let why = case.ask("create").unwrap_err();
    assert!(why.contains("/nowhere"), "{why}");
    assert!(matches!(case.exit().end, End::NeverStarted(told) if told.contains("/nowhere")));
}

#[test]
fn an_instance_holds_no_key_of_whoever_started_its_shim() {
    let case = Case::new("keys", 0, CAP, &["key=shimtest"]);
    let resident = case.data.join("layer/resident");
    let holder = || {
        let mut command = Command::new(&resident);
        command.arg("with-key=shimtest");
        command
    };
    let itself = holder().arg(&resident).arg("key=shimtest").output().unwrap();
    assert_eq!(String::from_utf8_lossy(&itself.stdout), "key is there\n", "whoever holds it has it");
    case.spawn_by(holder().arg(env!("CARGO_BIN_EXE_outrunner-shim")));
    let _ = case.ask("go");
    case.exit();
    assert_eq!(case.lines(), [(Stream::Out, "key is not there".to_owned())]);
}

#[test]
fn what_cannot_be_written_down_is_ended_or_stays_made_and_begins_when_it_can() {
    let unwritable = |case: &Case| {
        let _ = fs::remove_file(case.folder.join("state"));
        fs::create_dir(case.folder.join("state")).unwrap();
    };
    for command in ["go", "create"] {
        let case = Case::new(&format!("unwritten-{command}"), 0, CAP, &["stay"]);
        case.spawn();
        unwritable(&case);
        assert!(case.ask(command).unwrap_err().contains("the state cannot be written"));
        assert!(matches!(case.exit().end, End::NeverStarted(why) if why.contains("the state cannot be written")));
        assert!(case.cgroups().is_empty(), "{:?}", case.cgroups());
    }
    let case = Case::new("unwritten-begun", 0, CAP, &["say=hello", "exit=7"]);
    case.spawn();
    case.ask("create").unwrap();
    unwritable(&case);
    assert!(case.ask("go").unwrap_err().contains("the state cannot be written"));
    assert!(matches!(case.state().phase, Phase::Created { .. }), "it has not begun");
    fs::remove_dir(case.folder.join("state")).unwrap();
    case.ask("go").unwrap();
    assert_eq!(case.exit().end, End::Code(7));
    assert_eq!(case.lines(), [out("hello")]);
}

#[test]
fn a_shim_that_cannot_stand_says_so_before_anybody_counts_on_it() {
    let case = Case::new("falls", 0, CAP, &["stay"]);
    fs::create_dir(case.folder.join("state")).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_outrunner-shim")).arg(&case.folder).output().unwrap();
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!((output.status.code(), words.lines().count()), (Some(1), 1), "{words}");
    until("it has gone", || case.gone());
}

#[test]
fn the_limit_of_core_files_is_the_one_that_keeps_a_crash_from_files_and_from_programs_of_the_hosts() {
    let case = Case::new("cores", 0, CAP, &["stay"]);
    case.spawn();
    let limits = fs::read_to_string(format!("/proc/{}/limits", case.go())).unwrap();
    let cores = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    // Not 0: to a host whose core_pattern is a pipe that says nothing.
    assert_eq!(cores.split_whitespace().skip(4).take(2).collect::<Vec<_>>(), ["1", "1"], "{cores}");
}

#[test]
fn a_runtime_ends_with_its_shim() {
    let case = Case::new("deserted", 0, CAP, &["stay"]);
    let slow = case.data.join("slow");
    fs::write(&slow, "#!/bin/sh\necho $$ > \"$0.pid\"\nexec sleep 1000\n").unwrap();
    assert!(Command::new("chmod").arg("755").arg(&slow).status().unwrap().success());
    let order = fs::read_to_string(case.folder.join("order")).unwrap();
    let order = Order { runtime: slow.display().to_string(), ..Order::decode(&order).unwrap() };
    fs::write(case.folder.join("order"), order.encode()).unwrap();
    case.spawn();
    let shim = case.state().shim_pid;
    let mut stream = UnixStream::connect(case.folder.join("sock")).unwrap();
    stream.write_all(b"go\n").unwrap();
    let runtime = || fs::read_to_string(case.data.join("slow.pid")).ok().filter(|pid| pid.ends_with('\n'));
    until("the runtime runs", || runtime().is_some());
    let runtime = PathBuf::from(format!("/proc/{}", runtime().unwrap().trim()));
    assert!(Command::new("kill").args(["-9", &shim.to_string()]).status().unwrap().success());
    // One that nobody has reaped yet has no program any more.
    until("it has ended", || fs::read_link(runtime.join("exe")).is_err());
}

#[test]
fn go_twice_is_go_once() {
    let case = Case::new("twice", 0, CAP, &["stay"]);
    case.spawn();
    assert_eq!(case.go(), case.go());
}

#[test]
fn a_command_that_is_not_in_the_image_is_told_in_the_runtimes_words() {
    let case = Case::new("nothing", 0, CAP, &["stay"]);
    let config = fs::read_to_string(case.folder.join("config.json")).unwrap();
    fs::write(case.folder.join("config.json"), config.replace("\"/resident\"", "\"/nowhere\"")).unwrap();
    case.spawn();
    assert!(case.ask("go").unwrap_err().contains("/nowhere"));
    match case.exit().end {
        End::NeverStarted(why) => assert!(why.contains("no such file"), "{why}"),
        End::Code(_) | End::Signal(_) => panic!("it cannot have run"),
    }
}

#[test]
fn over_the_cap_lines_are_dropped_counted_and_the_app_never_waits() {
    let case = Case::new("flood", 0, 2 << 20, &["flood=200000", "exit=0"]);
    case.spawn();
    let _ = case.ask("go");
    let exit = case.exit();
    assert_eq!(exit.end, End::Code(0));
    let kept = case.lines().len() as u64;
    assert_eq!(kept + exit.lines_dropped, 200_000);
    assert!(exit.lines_dropped > 0);
    assert!(case.log_bytes() <= 2 << 20, "{}", case.log_bytes());
}

#[test]
fn a_full_log_says_how_much_it_dropped_once_there_is_room() {
    let case = Case::new("room", 0, 2 << 20, &["flood=60000", "tick"]);
    case.spawn();
    case.go();
    let said = || case.lines().iter().any(|(_, line)| line.starts_with("outrunner: "));
    until("the log is full", || case.log_bytes() > (2 << 20) - 200);
    assert!(!said());
    fs::remove_file(case.logs().join(segment_name(0))).unwrap();
    until("it says what it dropped", said);
    case.ask("signal 9").unwrap();
    assert!(case.exit().lines_dropped > 0);
}

#[test]
fn a_second_shim_is_refused_in_the_same_folder() {
    let case = Case::new("second", 0, CAP, &["stay"]);
    case.spawn();
    let output = Command::new(env!("CARGO_BIN_EXE_outrunner-shim")).arg(&case.folder).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("another shim"));
}

#[test]
fn a_shim_that_is_not_wanted_leaves_and_takes_its_pair_along() {
    let case = Case::new("unwanted", 0, CAP, &["stay"]);
    case.spawn();
    case.ask("leave").unwrap();
    assert!(matches!(case.exit().end, End::NeverStarted(_)));
    let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap();
    assert!(!mounts.contains(&case.name), "nothing of it may show in the host's mount table");
}

#[test]
fn a_bad_order_is_one_line_and_leaves_nothing() {
    let case = Case::new("bad", 0, CAP, &["stay"]);
    fs::write(case.folder.join("order"), "outrunner-order 9\n").unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_outrunner-shim")).arg(&case.folder).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(words.contains("version 9") && words.lines().count() == 1, "{words}");
    assert!(case.gone());
}

#[test]
fn strange_words_on_the_socket_are_answered_and_long_ones_end_the_conversation() {
    let case = Case::new("strange", 0, CAP, &["stay"]);
    case.spawn();
    assert_eq!(case.ask("dance"), Err("an unknown command".to_owned()));
    assert!(case.ask(&"x".repeat(100_000)).is_err());
    assert_eq!(case.state().phase, Phase::Paired);
}

#[test]
fn who_follows_is_told_of_new_lines_and_of_the_end() {
    let case = Case::new("follow", 0, CAP, &["say=hello", "stay"]);
    case.spawn();
    let mut company = UnixStream::connect(case.folder.join("sock")).unwrap();
    company.set_read_timeout(Some(DEADLINE)).unwrap();
    company.write_all(b"follow\n").unwrap();
    case.go();
    let mut told = Vec::new();
    while told != b"ok\n\n." {
        let mut byte = [0];
        company.read_exact(&mut byte).unwrap();
        told.extend(byte);
    }
    assert_eq!(case.lines(), [out("hello")]);
    case.ask("signal 15").unwrap();
    let mut rest = Vec::new();
    company.read_to_end(&mut rest).unwrap();
    assert_eq!(rest, b".", "the last words, then the end");
}

#[test]
fn more_clients_than_may_talk_at_once_wait_their_turn() {
    let case = Case::new("crowd", 0, CAP, &["stay"]);
    case.spawn();
    let mut crowd: Vec<UnixStream> = (0..CLIENTS).map(|_| UnixStream::connect(case.folder.join("sock")).unwrap()).collect();
    crowd.iter_mut().for_each(asks_for_the_state);
    let mut late = UnixStream::connect(case.folder.join("sock")).unwrap();
    late.write_all(b"state\n").unwrap();
    late.set_nonblocking(true).unwrap();
    asks_for_the_state(&mut crowd[0]);
    assert_eq!(late.read(&mut [0; 2]).unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
    crowd.pop();
    late.set_nonblocking(false).unwrap();
    late.set_read_timeout(Some(DEADLINE)).unwrap();
    late.read_exact(&mut [0; 2]).unwrap();
}

fn asks_for_the_state(stream: &mut UnixStream) {
    stream.set_read_timeout(Some(DEADLINE)).unwrap();
    stream.write_all(b"state\n").unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"\n\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        answer.extend(byte);
    }
    assert!(answer.starts_with(b"ok\n"));
}

#[test]
fn an_order_out_of_range_is_refused() {
    let too_many: Vec<String> = (0..=LAYERS).map(|n| format!("layer /l{n}")).collect();
    let cases = [
        ("uid 0", "uid 65536".to_owned(), "ids are out of range"),
        ("id_base 536870912", "id_base 4294967295".to_owned(), "ids are out of range"),
        ("scratch", format!("{}\nscratch", too_many.join("\n")), "more than 128"),
        ("scratch", format!("{}\nscratch", "x".repeat(300_000)), "too long"),
    ];
    for (from, to, expected) in cases {
        let case = Case::new("range", 0, CAP, &["stay"]);
        let order = fs::read_to_string(case.folder.join("order")).unwrap();
        fs::write(case.folder.join("order"), order.replacen(from, &to, 1)).unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_outrunner-shim")).arg(&case.folder).output().unwrap();
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(1) && words.contains(expected), "{expected}: {words}");
    }
}
