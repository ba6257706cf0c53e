//! Turns any bytes into a layer's tar that is worth unpacking: headers with good checksums, names and links that meet each
//! other, attributes, sizes that lie.
//! Never random: the same bytes, the same tar, so that what a fuzzer finds stays found.
//! Source of truth: POSIX ustar and pax; GNU tar's own types.

/// Takes choices from bytes; zeros once they are used up.
pub struct Choices<'a>(pub &'a [u8]);

impl Choices<'_> {
    /// The next byte.
    pub fn byte(&mut self) -> u8 {
        match self.0.split_first() {
            Some((first, rest)) => {
                self.0 = rest;
                *first
            }
            None => 0,
        }
    }

    /// One of these.
    pub fn of<T: Clone>(&mut self, from: &[T]) -> T {
        from[usize::from(self.byte()) % from.len()].clone()
    }

    /// One of these, each as often as the number beside it says.
    pub fn weighed<T: Clone>(&mut self, from: &[(usize, T)]) -> T {
        let all: usize = from.iter().map(|(weight, _)| weight).sum();
        let mut left = usize::from(self.byte()) % all;
        let chosen = from.iter().find(|(weight, _)| {
            let is_here = left < *weight;
            left = left.saturating_sub(*weight);
            is_here
        });
        chosen.expect("what is left is less than all weights together").1.clone()
    }

    /// At most so many of the bytes that follow.
    pub fn bytes(&mut self, most: usize) -> Vec<u8> {
        let count = (usize::from(self.byte()) % (most + 1)).min(self.0.len());
        let (taken, rest) = self.0.split_at(count);
        self.0 = rest;
        taken.to_vec()
    }
}

/// Good ones often enough that whole archives come out.
const PARTS: [(usize, &[u8]); 21] = [
    (9, b"a"),
    (9, b"b"),
    (9, b"c"),
    (1, b"d"),
    (1, b"e"),
    (1, b"f"),
    (2, b"outside"),
    (2, b"victim"),
    (2, b"etc"),
    (1, b"passwd"),
    (1, b"inside"),
    (1, b"tmp"),
    (1, b"."),
    (1, b""),
    (1, b".wh.a"),
    (1, b".wh.b"),
    (1, b".wh..wh..opq"),
    (1, b".wh."),
    (1, b".."),
    (1, b"a\0b"),
    (1, b"\xff\xfe"),
];
const TYPES: [u8; 17] = *b"00055122346gLKxSD";
/// Owners: most of them are some that an instance has.
const IDS: [(usize, &[u8]); 5] =
    [(14, b"0000000"), (5, b"0001750"), (3, b"0177777"), (1, b"0200000"), (1, b"\x80\0\0\0\xff\xff\xff\xff")];
const KEYS: [&str; 12] = [
    "path",
    "linkpath",
    "size",
    "uid",
    "gid",
    "mtime",
    "SCHILY.xattr.user.x",
    "SCHILY.xattr.security.capability",
    "SCHILY.xattr.trusted.overlay.redirect",
    "SCHILY.xattr.trusted.overlay.opaque",
    "GNU.sparse.size",
    "SCHILY.xattr.user.\0",
];
const NUMBERS: [&[u8]; 10] = [b"0", b"1", b"7", b"100", b"65535", b"65536", b"1073741824", b"18446744073709551615", b"-1", b"x"];

/// The tar that these choices make.
pub fn tar_of(bytes: &[u8]) -> Vec<u8> {
    let mut choices = Choices(bytes);
    let mut tar = Vec::new();
    for _ in 0..=choices.byte() % 24 {
        match choices.byte() {
            // Anything at all, as a block.
            254.. => tar.extend(block(choices.bytes(255))),
            _ => entry(&mut choices, &mut tar),
        }
    }
    if choices.byte() % 8 != 0 {
        tar.extend([0; 1024]);
    }
    tar
}

fn path(choices: &mut Choices<'_>) -> Vec<u8> {
    let mut path = if choices.byte().is_multiple_of(8) { b"/".to_vec() } else { Vec::new() };
    for _ in 0..=choices.byte() % 4 {
        path.extend(choices.weighed(&PARTS));
        path.push(b'/');
    }
    path.pop();
    path
}

fn entry(choices: &mut Choices<'_>, tar: &mut Vec<u8>) {
    let kind = choices.of(&TYPES);
    let content = match kind {
        b'x' | b'g' => records(choices),
        b'L' | b'K' => [path(choices), vec![0]].concat(),
        _ => choices.bytes(200),
    };
    let mut header = [0u8; 512];
    let put = |header: &mut [u8; 512], at: usize, most: usize, text: &[u8]| {
        let count = text.len().min(most);
        header[at..at + count].copy_from_slice(&text[..count]);
    };
    put(&mut header, 0, 100, &path(choices));
    put(&mut header, 100, 8, choices.of(&[&b"0000755"[..], b"0004755", b"0007777", b"0000000", b"9"]));
    for at in [108, 116] {
        put(&mut header, at, 8, choices.weighed(&IDS));
    }
    let size = match choices.byte() {
        // It lies.
        0..16 => choices
            .of(&[&b"00000000000"[..], b"00000001000", b"77777777777", b"\x80\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff"])
            .to_vec(),
        _ => format!("{:011o}", content.len()).into_bytes(),
    };
    put(&mut header, 124, 12, &size);
    put(&mut header, 136, 12, choices.of(&[&b"00000000000"[..], b"14000000000", b"77777777777"]));
    header[156] = kind;
    put(&mut header, 157, 100, &path(choices));
    put(&mut header, 257, 8, choices.of(&[&b"ustar\x0000"[..], b"ustar  \0", b"\0\0\0\0\0\0\0\0"]));
    if kind == b'S' {
        put(&mut header, 386, 24, b"0000000000000000000200\0\0");
        put(&mut header, 483, 12, choices.of(&[&b"00000001000"[..], b"77777777777"]));
    }
    header[148..156].fill(b' ');
    let sum: u32 = header.iter().copied().map(u32::from).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    tar.extend(header);
    tar.extend(block(content));
}

/// Filled up to whole blocks.
fn block(mut content: Vec<u8>) -> Vec<u8> {
    content.resize(content.len().div_ceil(512) * 512, 0);
    content
}

/// Extended headers, most of them well-formed.
fn records(choices: &mut Choices<'_>) -> Vec<u8> {
    let mut records = Vec::new();
    for _ in 0..=choices.byte() % 3 {
        let value = match choices.byte() % 3 {
            0 => path(choices),
            1 => choices.of(&NUMBERS).to_vec(),
            _ => choices.bytes(60),
        };
        let rest = [b" ", choices.of(&KEYS).as_bytes(), b"=", &value, b"\n"].concat();
        let mut length = rest.len() + 1;
        while length != rest.len() + length.to_string().len() {
            length = rest.len() + length.to_string().len();
        }
        let length = if choices.byte() < 6 { length + usize::from(choices.byte()) } else { length };
        records.extend(length.to_string().into_bytes());
        records.extend(rest);
    }
    records
}
