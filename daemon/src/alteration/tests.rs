//! Files are changed and come back, byte for byte.

use std::collections::BTreeMap;

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
    assert_eq!(house.undo(), Vec::<String>::new());
    assert_eq!(house.picture(), before);
}
