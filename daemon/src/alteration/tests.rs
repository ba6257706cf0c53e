//! Files are changed and come back, byte for byte.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use super::*;

struct House {
    folder: tempfile::TempDir,
    place: Place,
    user: CallingUser,
}

impl House {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::make(&folder.path().join("data")).unwrap();
        fs::create_dir(folder.path().join("etc")).unwrap();
        let user = CallingUser {
            uid: rustix::process::geteuid().as_raw(),
            gid: rustix::process::getegid().as_raw(),
            home: folder.path().to_owned(),
        };
        Self { folder, place, user }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("etc").join(name)
    }

    /// Every file, folder and link below `etc`, with modes and bytes.
    fn picture(&self) -> BTreeMap<PathBuf, (u32, Vec<u8>)> {
        let mut found = BTreeMap::new();
        let mut folders = vec![self.folder.path().join("etc")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap().flatten() {
                let metadata = fs::symlink_metadata(entry.path()).unwrap();
                if metadata.is_dir() {
                    folders.push(entry.path());
                }
                let bytes = match metadata.file_type() {
                    kind if kind.is_symlink() => fs::read_link(entry.path()).unwrap().into_os_string().into_encoded_bytes(),
                    kind if kind.is_file() => fs::read(entry.path()).unwrap(),
                    _ => Vec::new(),
                };
                found.insert(entry.path(), (metadata.mode(), bytes));
            }
        }
        found
    }

    fn wanted(&self, hosts: &str) -> Vec<Wanted> {
        let block = |name: &str, mode, mode_max| Wanted::Block { path: self.path(name), lines: hosts.to_owned(), mode, mode_max };
        vec![
            Wanted::File { path: self.path("certs.d/a.example/ca.crt"), text: "A\n".to_owned(), mode: 0o644 },
            Wanted::File { path: self.path("there.crt"), text: "ours\n".to_owned(), mode: 0o644 },
            block("hosts", 0o644, 0o777),
            block("aws/credentials", 0o600, 0o600),
            block("secret", 0o600, 0o600),
        ]
    }

    fn open(&self, manner: Manner) -> Alterations<'_> {
        Alterations::open(&self.place, "trust", &self.user, manner).unwrap()
    }

    fn apply(&self, wanted: &[Wanted]) -> Vec<String> {
        let mut alterations = self.open(Manner::Do);
        alterations.apply(wanted, |_| true).unwrap();
        alterations.said
    }

    fn undo(&self) -> Vec<String> {
        let mut alterations = self.open(Manner::Do);
        alterations.undo(|_| true).unwrap();
        alterations.said
    }
}

fn furnished(hosts: &[u8]) -> House {
    let house = House::new();
    fs::write(house.path("real-hosts"), hosts).unwrap();
    std::os::unix::fs::symlink("real-hosts", house.path("hosts")).unwrap();
    fs::write(house.path("there.crt"), b"\xff somebody's \x00").unwrap();
    fs::set_permissions(house.path("there.crt"), fs::Permissions::from_mode(0o640)).unwrap();
    fs::write(house.path("secret"), "[default]\nx = y").unwrap();
    fs::set_permissions(house.path("secret"), fs::Permissions::from_mode(0o644)).unwrap();
    house
}

#[test]
fn what_was_done_and_undone_is_what_it_was() {
    for hosts in [&b""[..], b"127.0.0.1 localhost", b"127.0.0.1 localhost\n", b"\r\n\xfe\n\n"] {
        let house = furnished(hosts);
        let before = house.picture();
        let wanted = house.wanted("127.0.0.1 a.example\n");
        assert_eq!(house.apply(&wanted).len(), 5);
        let after = house.picture();
        assert_eq!(after[&house.path("secret")].0 & 0o777, 0o600, "what holds a key now is its owner's alone");
        assert_eq!(house.apply(&wanted), Vec::<String>::new(), "a second time there is nothing to do");
        assert_eq!(house.picture(), after);
        house.apply(&house.wanted("127.0.0.1 a.example\n127.0.0.1 b.example\n"));
        assert_ne!(house.picture(), after);
        assert_eq!(house.undo().len(), 5);
        assert_eq!(house.picture(), before);
        assert_eq!(house.undo(), Vec::<String>::new());
        assert!(!house.place.data_dir.join("trust.journal.json").exists(), "nothing is left of it");
    }
}

#[test]
fn only_said_is_not_done() {
    let house = furnished(b"x\n");
    let before = house.picture();
    let mut alterations = house.open(Manner::Say);
    alterations.apply(&house.wanted("a\n"), |_| true).unwrap();
    assert_eq!(alterations.said.len(), 5);
    assert_eq!(house.picture(), before);
    drop(alterations);
    house.apply(&house.wanted("a\n"));
    let after = house.picture();
    let mut alterations = house.open(Manner::Say);
    alterations.undo(|_| true).unwrap();
    assert_eq!((alterations.said.len(), house.picture()), (5, after));
}

#[test]
fn what_is_wanted_no_more_is_taken_back_and_what_others_did_meanwhile_stays() {
    let house = furnished(b"x\n");
    let before = house.picture();
    let wanted = house.wanted("a\n");
    house.apply(&wanted);
    house.apply(&wanted[1..]);
    assert!(!house.path("certs.d/a.example/ca.crt").exists());
    fs::write(house.path("real-hosts"), [&fs::read(house.path("real-hosts")).unwrap()[..], b"10.0.0.1 later\n"].concat()).unwrap();
    house.undo();
    let mut expected = before;
    expected.get_mut(&house.path("real-hosts")).unwrap().1 = b"x\n10.0.0.1 later\n".to_vec();
    assert_eq!(house.picture(), expected);
}

#[test]
fn a_run_that_was_cut_off_between_journal_and_file_is_taken_back_too() {
    let house = furnished(b"x\n");
    let before = house.picture();
    let mut alterations = house.open(Manner::Do);
    let path = house.path("hosts");
    alterations.record(Entry { path: house.path("certs.d"), done: Done::Folder }).unwrap();
    alterations.record(Entry { path: house.path("certs.d/ca.crt"), done: Done::File { before: None } }).unwrap();
    alterations.record(Entry { path: path.clone(), done: Done::Block { mode_before: Some(0o644) } }).unwrap();
    drop(alterations);
    assert_eq!(house.undo(), Vec::<String>::new());
    assert_eq!(house.picture(), before);
}

#[test]
fn two_runs_at_once_do_not_write_one_journal() {
    let house = furnished(b"x\n");
    let first = house.open(Manner::Do);
    let second = Alterations::open(&house.place, "trust", &house.user, Manner::Do);
    assert!(second.err().unwrap().to_string().contains("another outrunner trust is under way"));
    drop(first);
    house.open(Manner::Do);
}

#[test]
fn a_file_of_an_earlier_platform_on_the_same_data_dir_does_not_come_back() {
    let house = furnished(b"x\n");
    let path = house.path(&format!("outrunner-{}-domain.crt", house.place.tag));
    let before = house.picture();
    fs::write(&path, "the authority of a data dir that is gone").unwrap();
    house.apply(&[Wanted::File { path: path.clone(), text: "ours\n".to_owned(), mode: 0o644 }]);
    house.undo();
    assert_eq!(house.picture(), before);
}

#[test]
fn what_a_platform_did_whose_data_dir_is_gone_is_taken_back_by_the_next_one_there() {
    let house = furnished(b"x\n");
    let before = house.picture();
    let name = format!("outrunner-{}-domain.crt", house.place.tag);
    let wanted = [
        Wanted::File { path: house.path(&name), text: "ours\n".to_owned(), mode: 0o644 },
        Wanted::Block { path: house.path("hosts"), lines: "127.0.0.1 a.example\n".to_owned(), mode: 0o644, mode_max: 0o777 },
    ];
    house.apply(&wanted);
    fs::remove_file(journal_path(&house.place, "trust")).unwrap();
    assert_eq!(house.apply(&wanted), Vec::<String>::new(), "it is so already");
    house.undo();
    assert_eq!(house.picture(), before);
}

#[test]
fn a_link_is_neither_followed_nor_replaced_where_a_file_of_ours_should_be() {
    let house = furnished(b"x\n");
    for (name, target, wanted) in [
        ("ours.crt", "secret", Wanted::File { path: house.path("ours.crt"), text: "ours\n".to_owned(), mode: 0o644 }),
        ("ca.crt", "nowhere", Wanted::File { path: house.path("ca.crt"), text: "ours\n".to_owned(), mode: 0o644 }),
        ("conf", "nowhere", Wanted::Block { path: house.path("conf"), lines: "a\n".to_owned(), mode: 0o644, mode_max: 0o777 }),
    ] {
        std::os::unix::fs::symlink(target, house.path(name)).unwrap();
        let before = house.picture();
        let refused = house.open(Manner::Do).apply(&[wanted], |_| true).unwrap_err().to_string();
        assert!(refused.contains("is a link"), "{refused}");
        assert_eq!(house.picture(), before, "{name}");
    }
}

/// A test of these, once more, where it may mount: in namespaces of its own.
fn again_where_it_may_mount(test: &str) -> bool {
    const INSIDE: &str = "OUTRUNNER_TEST_MAY_MOUNT";
    if std::env::var_os(INSIDE).is_some() {
        return true;
    }
    let mut unshare = Command::new("unshare");
    unshare.args(["--user", "--map-root-user", "--mount"]).arg(std::env::current_exe().unwrap());
    let name = format!("alteration::tests::{test}");
    let done = unshare.args(["--exact", "--nocapture", &name]).env(INSIDE, "1").output().unwrap();
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success() && said.contains("1 passed"), "{said}{}", String::from_utf8_lossy(&done.stderr));
    false
}

fn mount(words: &[&str], at: &Path) {
    assert!(Command::new("mount").args(words).arg(at).status().unwrap().success(), "{words:?}");
}

/// A file on a disk on which nothing else finds room; answers the file.
fn on_a_full_disk(house: &House) -> PathBuf {
    mount(&["-t", "tmpfs", "-o", "size=8k", "none"], &house.path(""));
    let path = house.path("credentials");
    fs::write(&path, "[default]\naws_secret_access_key = the only copy\n").unwrap();
    fs::write(house.path("filler"), [7; 4096]).unwrap();
    path
}

fn wanted_large(path: &Path) -> [Wanted; 1] {
    [Wanted::Block { path: path.to_owned(), lines: "x = y\n".repeat(1_000), mode: 0o600, mode_max: 0o7777 }]
}

#[test]
fn a_file_on_a_full_disk_keeps_its_bytes() {
    if !again_where_it_may_mount("a_file_on_a_full_disk_keeps_its_bytes") {
        return;
    }
    let house = House::new();
    let path = on_a_full_disk(&house);
    let before = house.picture();
    let failure = house.open(Manner::Do).apply(&wanted_large(&path), |_| true).unwrap_err().to_string();
    assert!(failure.contains("No space left"), "{failure}");
    assert_eq!(house.picture(), before);
}

#[test]
fn a_file_that_is_mounted_by_itself_is_written_in_place_and_comes_back_when_that_fails() {
    if !again_where_it_may_mount("a_file_that_is_mounted_by_itself_is_written_in_place_and_comes_back_when_that_fails") {
        return;
    }
    let house = House::new();
    let path = on_a_full_disk(&house);
    mount(&["--bind", path.to_str().unwrap()], &path);
    let before = house.picture();
    let failure = house.open(Manner::Do).apply(&wanted_large(&path), |_| true).unwrap_err().to_string();
    assert!(failure.contains("No space left"), "{failure}");
    assert_eq!(house.picture(), before, "its old bytes were kept");
    // Now with room.
    fs::remove_file(house.path("filler")).unwrap();
    let before = house.picture();
    house.undo();
    house.apply(&[Wanted::Block { path: path.clone(), lines: "x = y\n".to_owned(), mode: 0o600, mode_max: 0o7777 }]);
    assert!(fs::read_to_string(&path).unwrap().contains("x = y"));
    house.undo();
    assert_eq!(house.picture(), before);
    assert!(!house.place.data_dir.join("trust.spare.json").exists());
}

#[test]
fn a_write_in_place_that_was_cut_off_is_mended_by_the_next_run() {
    let house = furnished(b"127.0.0.1 localhost\n");
    let path = house.path("real-hosts");
    let before = house.picture();
    let kept = serde_json::json!({ "path": path, "before": { "mode": 0o644, "bytes": fs::read(&path).unwrap() }, "after": b"127.0.0.1 local, and more\n" });
    fs::write(house.place.data_dir.join("trust.spare.json"), kept.to_string()).unwrap();
    fs::write(&path, "127.").unwrap();
    house.undo();
    assert_eq!(house.picture(), before);
    assert!(!house.place.data_dir.join("trust.spare.json").exists());
}
