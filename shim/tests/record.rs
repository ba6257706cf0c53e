//! The documents between the shim and the engine, held against golden files: an instance may outlive the platform that
//! started it, so a byte that changes here needs a new version.
//! `UPDATE=1` rewrites the golden files.

use std::fs;
use std::path::PathBuf;

use shim::record::{End, Exit, Order, Phase, SEGMENT_HEADER, State, Stream, put_frame, segment_name, segment_sequence, take_frame};

fn check(name: &str, written: &[u8]) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, written).unwrap();
    }
    assert_eq!(fs::read(&path).unwrap(), written, "{name} is not what is in the golden file");
}

fn order() -> Order {
    Order {
        container: "r1-0".into(),
        id_base: 0x1000_0000,
        uid: 1000,
        gid: 1001,
        runtime: "/usr/sbin/runc".into(),
        runtime_root: "/run/outrunner/0a1b2c3d/runc".into(),
        layers: vec!["/data/layers/upper".into(), "/data/layers/with \\ and \n inside".into()],
        scratch: "/data/scratch/r1-0".into(),
        scratch_image: None,
        logs: "/data/logs/incoming/r1-0".into(),
        logs_cap_bytes: 64 << 20,
        cgroup: "/outrunner-0a1b2c3d/r1-0".into(),
        hide_cgroup_2: false,
        own_kernel: false,
    }
}

fn state() -> State {
    State {
        shim_pid: 4242,
        boot_id: "0f0e0d0c-0b0a-0908-0706-050403020100".into(),
        network_fd: -1,
        phase: Phase::Running {
            init_pid: 4243,
            init_started: 123_456,
            started_ms: 1_764_100_000_123,
            started_uptime_ms: Some(1_234_567),
        },
    }
}

fn exit() -> Exit {
    Exit {
        end: End::NeverStarted("exec: \"/app\": no such file".into()),
        out_of_memory: false,
        processes_refused: true,
        ended_ms: 1_764_100_000_999,
        lines_dropped: 7,
    }
}

#[test]
fn every_document_is_written_as_it_always_was_and_read_back() {
    check("order", order().encode().as_bytes());
    check("state", state().encode().as_bytes());
    let created = State { phase: Phase::Created { init_pid: 4243, init_started: 123_456 }, ..state() };
    check("state-created", created.encode().as_bytes());
    assert_eq!(State::decode(&created.encode()), Ok(created));
    check("exit", exit().encode().as_bytes());
    assert_eq!(Order::decode(&order().encode()), Ok(order()));
    let hiding = Order { hide_cgroup_2: true, ..order() };
    assert_eq!(Order::decode(&hiding.encode()), Ok(hiding), "and the golden one, which is older, says no");
    let with_image = Order { scratch_image: Some("/data/scratch/r1-0.img".into()), ..order() };
    assert_eq!(Order::decode(&with_image.encode()), Ok(with_image));
    assert_eq!(State::decode(&state().encode()), Ok(state()));
    assert_eq!(Exit::decode(&exit().encode()), Ok(exit()));
}

#[test]
fn every_phase_and_end_is_read_back() {
    let paired = State { phase: Phase::Paired, network_fd: 7, ..state() };
    assert_eq!(State::decode(&paired.encode()), Ok(paired));
    for end in [End::Code(3), End::Signal(9), End::NeverStarted(String::new())] {
        let exit = Exit { end, out_of_memory: true, ..exit() };
        assert_eq!(Exit::decode(&exit.encode()), Ok(exit));
    }
}

#[test]
fn a_state_of_a_shim_that_read_only_the_clock_is_read() {
    let older = state().encode().replace("started_uptime_ms 1234567\n", "");
    assert_ne!(older, state().encode());
    let Phase::Running { init_pid, init_started, started_ms, .. } = state().phase else { unreachable!("it runs") };
    let phase = Phase::Running { init_pid, init_started, started_ms, started_uptime_ms: None };
    assert_eq!(State::decode(&older), Ok(State { phase, ..state() }));
    assert_eq!(State { phase, ..state() }.encode(), older);
}

#[test]
fn an_exit_of_a_shim_that_did_not_count_refused_processes_is_read() {
    let older = exit().encode().replace("processes_refused yes\n", "");
    assert_eq!(Exit::decode(&older), Ok(Exit { processes_refused: false, ..exit() }));
}

#[test]
fn a_newer_a_foreign_and_a_cut_document_are_refused_with_words() {
    let newer = order().encode().replacen("order 1", "order 2", 1);
    assert!(Order::decode(&newer).unwrap_err().to_string().contains("newer"));
    assert_eq!(Order::decode(&state().encode()).unwrap_err().to_string(), "this is no order document");
    let text = exit().encode();
    let cut = &text[..text.find("ended_ms").unwrap()];
    assert_eq!(Exit::decode(cut).unwrap_err().to_string(), "the exit document has no good ended_ms");
    assert!(State::decode("").is_err());
}

#[test]
fn a_key_from_the_future_is_skipped() {
    let text = format!("{}colour green\n", exit().encode());
    assert_eq!(Exit::decode(&text), Ok(exit()));
}

#[test]
fn a_segment_is_written_as_it_always_was_and_read_back() {
    let mut segment = SEGMENT_HEADER.to_vec();
    put_frame(&mut segment, Stream::Out, 1_764_100_000_000, b"hello");
    put_frame(&mut segment, Stream::Err, 1_764_100_000_001, b"");
    check("segment", &segment);
    let rest = &segment[SEGMENT_HEADER.len()..];
    let (first, used) = take_frame(rest).unwrap();
    assert_eq!((first.stream, first.at_ms, first.text), (Stream::Out, 1_764_100_000_000, &b"hello"[..]));
    let (second, end) = take_frame(&rest[used..]).unwrap();
    assert_eq!((second.stream, second.at_ms, second.text), (Stream::Err, 1_764_100_000_001, &b""[..]));
    assert_eq!(used + end, rest.len());
    for cut in 0..used {
        assert_eq!(take_frame(&rest[..cut]), None, "half a frame is none");
    }
}

#[test]
fn segments_sort_by_name() {
    assert_eq!(segment_name(12), "0000000000000012.log");
    assert_eq!(segment_sequence("0000000000000012.log"), Some(12));
    for foreign in ["12.log", "0000000000000012", "000000000000001x.log", ".log"] {
        assert_eq!(segment_sequence(foreign), None, "{foreign}");
    }
}
