//! The journal on a disk that fills up and gets room again.
//! Needs root for a small file system of its own, which goes with the test.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use shim::journal::Journal;
use shim::record::{SEGMENT_HEADER, Stream, segment_name, take_frame};

/// A file system of two pages.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn new() -> Self {
        let folder = std::env::temp_dir().join(format!("shimtest-disk-{}", std::process::id()));
        fs::create_dir(&folder).unwrap();
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=8k", "small"]).arg(&folder).status().unwrap();
        assert!(mounted.success(), "these tests need root");
        Self(folder)
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
        let _ = fs::remove_dir(&self.0);
    }
}

#[test]
fn a_full_disk_leaves_no_empty_segments_and_the_next_line_says_what_is_missing() {
    let disk = SmallDisk::new();
    let filler = disk.0.join("filler");
    let logs = disk.0.join("logs");
    let mut journal = Journal::open(&logs, 1 << 20).unwrap();
    fs::write(&filler, [0; 8192]).unwrap();
    for at_ms in 0..20 {
        journal.put(Stream::Out, at_ms, b"lost");
        journal.flush();
    }
    assert_eq!(fs::read_dir(&logs).unwrap().count(), 0);
    assert_eq!(journal.dropped, 20);

    fs::remove_file(&filler).unwrap();
    journal.put(Stream::Out, 21, b"kept");
    assert!(journal.flush());
    assert_eq!(fs::read_dir(&logs).unwrap().count(), 1);
    let bytes = fs::read(logs.join(segment_name(0))).unwrap();
    let mut rest = &bytes[SEGMENT_HEADER.len()..];
    let mut lines = Vec::new();
    while let Some((frame, used)) = take_frame(rest) {
        lines.push(String::from_utf8_lossy(frame.text).into_owned());
        rest = &rest[used..];
    }
    assert_eq!(lines, ["outrunner: 20 lines dropped here: the disk did not take them", "kept"]);
}

#[test]
fn a_folder_that_cannot_be_counted_does_not_make_the_log_look_empty() {
    let folder = std::env::temp_dir().join(format!("shimtest-count-{}", std::process::id()));
    let mut journal = Journal::open(&folder, 100).unwrap();
    let line = [b'x'; 60];
    journal.put(Stream::Out, 1, &line);
    journal.flush();
    fs::remove_dir_all(&folder).unwrap();
    fs::write(&folder, "no folder").unwrap();
    let since = std::time::Instant::now();
    // As long as it takes until the journal looks again, and once more.
    while since.elapsed() < 3 * shim::limit::ROOM_CHECK {
        journal.put(Stream::Out, 2, &line);
    }
    assert!(!journal.flush(), "no line was taken");
    fs::remove_file(&folder).unwrap();
}
