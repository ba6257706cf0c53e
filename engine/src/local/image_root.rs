//! An image's files as its stacked layers show them, read without mounting anything.
//! Never leaves a layer: links are followed by hand, with the image's own root as theirs. Never writes.
//! Source of truth: the kernel's overlayfs page (whiteouts, opaque folders); path_resolution(7).

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File, Metadata};
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Component, Path, PathBuf};

use crate::limit::IMAGE_LINKS;

/// The stacked layers.
#[derive(Debug, Clone, Copy)]
pub struct ImageRoot<'a> {
    layers: &'a [PathBuf],
}

/// Something in an image.
#[derive(Debug)]
pub struct Found {
    /// Where it lies in its image, with every link followed.
    pub path: PathBuf,
    /// Where it lies on this machine.
    place: PathBuf,
    /// What it is; never a link.
    pub metadata: Metadata,
}

impl Found {
    /// Opens it, if it is a file: what waits for somebody else when it is opened is never opened.
    pub fn open(&self) -> Option<File> {
        self.metadata.is_file().then(|| File::open(&self.place).ok()).flatten()
    }
}

impl<'a> ImageRoot<'a> {
    /// The uppermost layer first, as an overlay takes them.
    pub fn of(layers: &'a [PathBuf]) -> Self {
        Self { layers }
    }

    /// What a process in the image finds at an absolute path.
    pub fn find(&self, path: &Path) -> Option<Found> {
        let mut links = 0;
        let mut left: Vec<OsString> = parts(path);
        left.reverse();
        let mut at = PathBuf::new();
        while let Some(part) = left.pop() {
            if part == ".." {
                at.pop();
                continue;
            }
            let next = at.join(&part);
            let (place, metadata) = self.look(&next)?;
            if !metadata.is_symlink() {
                at = next;
                continue;
            }
            links += 1;
            if links > IMAGE_LINKS {
                return None;
            }
            let target = fs::read_link(place).ok()?;
            if target.is_absolute() {
                at = PathBuf::new();
            }
            left.extend(parts(&target).into_iter().rev());
        }
        let (place, metadata) = self.look(&at)?;
        Some(Found { path: Path::new("/").join(&at), place, metadata })
    }

    /// Names in a folder of the image, in order, until so many entries are read. Takes those that were from `left`.
    pub fn names(&self, folder: &Path, left: &mut usize) -> BTreeSet<OsString> {
        let mut names = BTreeSet::new();
        let Some(found) = self.find(folder) else { return names };
        let inside = found.path.strip_prefix("/").expect("a found path is absolute");
        for layer in self.layers {
            for entry in fs::read_dir(layer.join(inside)).into_iter().flatten().flatten() {
                // What is hidden or there already costs as much to look at.
                let Some(less) = left.checked_sub(1) else { return names };
                *left = less;
                if self.look(&inside.join(entry.file_name())).is_some() {
                    names.insert(entry.file_name());
                }
            }
        }
        names
    }

    /// What lies at a path below the root that has no link in it but perhaps its last part.
    fn look(&self, inside: &Path) -> Option<(PathBuf, Metadata)> {
        for layer in self.layers {
            match look_in(layer, inside) {
                InLayer::Here(place, metadata) => return Some((place, metadata)),
                InLayer::Hidden => return None,
                InLayer::Below => {}
            }
        }
        None
    }
}

/// What one layer says about a path.
enum InLayer {
    Here(PathBuf, Metadata),
    /// Nothing of this name is seen, whatever lies in the layers below.
    Hidden,
    /// Nothing; the next layer is asked.
    Below,
}

fn look_in(layer: &Path, inside: &Path) -> InLayer {
    let mut place = layer.to_owned();
    let mut opaque = false;
    let Ok(mut metadata) = fs::symlink_metadata(&place) else { return InLayer::Below };
    for part in inside.components() {
        if !metadata.is_dir() {
            // A file or a link hides the folder of the same name below it.
            return InLayer::Hidden;
        }
        opaque |= is_opaque(&place);
        place.push(part);
        metadata = match fs::symlink_metadata(&place) {
            Ok(metadata) => metadata,
            Err(_) if opaque => return InLayer::Hidden,
            Err(_) => return InLayer::Below,
        };
    }
    let whiteout = metadata.file_type().is_char_device() && metadata.rdev() == 0;
    if whiteout { InLayer::Hidden } else { InLayer::Here(place, metadata) }
}

fn is_opaque(folder: &Path) -> bool {
    let mut value = [0; 1];
    matches!(rustix::fs::lgetxattr(folder, "trusted.overlay.opaque", &mut value[..]), Ok(1)) && value == *b"y"
}

fn parts(path: &Path) -> Vec<OsString> {
    let part = |part: Component<'_>| match part {
        Component::Normal(name) => Some(name.to_owned()),
        Component::ParentDir => Some(OsStr::new("..").to_owned()),
        Component::RootDir | Component::CurDir | Component::Prefix(_) => None,
    };
    path.components().filter_map(part).collect()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_file_is_found_as_the_overlay_shows_it() {
        let folder = tempfile::tempdir().unwrap();
        let layers = [folder.path().join("upper"), folder.path().join("lower")];
        for path in ["lower/usr/bin", "lower/opt/app", "upper/opt", "upper/srv"] {
            fs::create_dir_all(folder.path().join(path)).unwrap();
        }
        for file in ["lower/usr/bin/sh", "lower/opt/app/old", "upper/srv/new", "lower/file"] {
            fs::write(folder.path().join(file), "x").unwrap();
        }
        symlink("usr/bin", layers[1].join("bin")).unwrap();
        symlink("/bin/sh", layers[0].join("shell")).unwrap();
        symlink("round", layers[0].join("round")).unwrap();
        symlink("../../../../bin/sh", layers[0].join("srv/up")).unwrap();
        let root = ImageRoot::of(&layers);
        let found = |path: &str| root.find(Path::new(path)).map(|found| found.path.display().to_string());
        assert_eq!(found("/bin/sh").as_deref(), Some("/usr/bin/sh"), "a link to a folder of another layer");
        assert_eq!(found("/shell").as_deref(), Some("/usr/bin/sh"), "an absolute link begins at the image's root");
        assert_eq!(found("/srv/up").as_deref(), Some("/usr/bin/sh"), "above the root is the root");
        assert_eq!(found("/opt/app/../app/old").as_deref(), Some("/opt/app/old"));
        for nothing in ["/round", "/nowhere", "/file/below", "/etc/hostname", "/usr/bin/nothing"] {
            assert_eq!(found(nothing), None, "{nothing}");
        }
        let mut left = 100;
        assert_eq!(root.names(Path::new("/bin"), &mut left), BTreeSet::from(["sh".into()]));
        assert_eq!(left, 99);
        assert!(root.names(Path::new("/bin"), &mut 0).is_empty());
        assert!(root.find(Path::new("/srv")).unwrap().open().is_none(), "a folder is not opened");
        assert!(root.find(Path::new("/shell")).unwrap().open().is_some());

        let hidden = rustix::fs::mknodat(
            rustix::fs::CWD,
            layers[0].join("file"),
            rustix::fs::FileType::CharacterDevice,
            rustix::fs::Mode::empty(),
            0,
        );
        assert!(hidden.is_ok(), "these tests run as root");
        assert_eq!(found("/file"), None, "removed by the upper layer");
        let opaque = rustix::fs::lsetxattr(layers[0].join("opt"), "trusted.overlay.opaque", b"y", rustix::fs::XattrFlags::empty());
        assert!(opaque.is_ok(), "these tests run as root");
        assert_eq!(found("/opt/app/old"), None, "an opaque folder hides what lies below it");
    }
}
