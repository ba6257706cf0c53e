//! A program file's header: for which processor it is, and which loader it asks for.
//! Never trusts an offset: what lies outside the bytes at hand is not there.
//! Source of truth: elf(5).

/// What the beginning of an ELF file says.
#[derive(Debug, PartialEq, Eq)]
pub enum Elf {
    /// For this machine's processor.
    Ours {
        /// The dynamic loader, if it needs one.
        loader: Option<String>,
    },
    /// For this processor, in words.
    Foreign(String),
    /// It begins like one.
    Broken,
}

/// This machine's processor, in words.
pub const OURS: &str = if cfg!(target_arch = "x86_64") { "x86-64" } else { "64-bit ARM" };
const OUR_MACHINE: u16 = if cfg!(target_arch = "x86_64") { 62 } else { 183 };
/// 32-bit programs that this machine's kernel runs too.
const OUR_SMALL_MACHINE: u16 = if cfg!(target_arch = "x86_64") { 3 } else { 40 };
/// `PT_INTERP`
const LOADER: u32 = 3;

impl Elf {
    /// From a file's first bytes; none if it is no ELF file.
    pub fn read(head: &[u8]) -> Option<Self> {
        head.starts_with(b"\x7fELF").then(|| Self::parse(head).unwrap_or(Self::Broken))
    }

    fn parse(head: &[u8]) -> Option<Self> {
        let big = match head.get(5)? {
            1 => false,
            2 => true,
            _ => return None,
        };
        let wide = match head.get(4)? {
            1 => false,
            2 => true,
            _ => return None,
        };
        let number = |at: usize, bytes: usize| -> Option<u64> {
            let slice = head.get(at..at.checked_add(bytes)?)?;
            let add = |sum: u64, byte: &u8| sum << 8 | u64::from(*byte);
            Some(if big { slice.iter().fold(0, add) } else { slice.iter().rev().fold(0, add) })
        };
        let machine = u16::try_from(number(18, 2)?).ok()?;
        if big || (machine != OUR_MACHINE && machine != OUR_SMALL_MACHINE) {
            return Some(Self::Foreign(name(machine)));
        }
        // Where the table of segments is, how long an entry and how many; then kind, offset and size in an entry.
        let (table, entry, count) = if wide { ((32, 8), 54, 56) } else { ((28, 4), 42, 44) };
        let (offset, size) = if wide { ((8, 8), (32, 8)) } else { ((4, 4), (16, 4)) };
        let begin = usize::try_from(number(table.0, table.1)?).ok()?;
        let length = usize::try_from(number(entry, 2)?).ok()?;
        for index in 0..usize::try_from(number(count, 2)?).ok()? {
            let at = begin.checked_add(index.checked_mul(length)?)?;
            if number(at, 4)? == u64::from(LOADER) {
                let from = usize::try_from(number(at + offset.0, offset.1)?).ok()?;
                let bytes = usize::try_from(number(at + size.0, size.1)?).ok()?;
                let text = head.get(from..from.checked_add(bytes)?)?;
                let text = text.split(|byte| *byte == 0).next()?;
                return Some(Self::Ours { loader: Some(String::from_utf8_lossy(text).into_owned()) });
            }
        }
        Some(Self::Ours { loader: None })
    }
}

fn name(machine: u16) -> String {
    match machine {
        3 => "32-bit x86",
        8 => "MIPS",
        20 | 21 => "PowerPC",
        22 => "IBM Z (s390x)",
        40 => "32-bit ARM",
        62 => "x86-64",
        183 => "64-bit ARM (arm64, as on Apple's computers)",
        243 => "RISC-V",
        258 => "LoongArch",
        other => return format!("the processor number {other}"),
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_program_is_ours_and_another_machines_is_named() {
        let own = std::fs::read("/proc/self/exe").unwrap();
        let Some(Elf::Ours { loader: Some(loader) }) = Elf::read(&own[..4096]) else { panic!("{:?}", Elf::read(&own[..4096])) };
        assert!(std::path::Path::new(&loader).exists(), "{loader}");
        let mut foreign = own[..4096].to_vec();
        foreign[18..20].copy_from_slice(&22u16.to_le_bytes());
        assert_eq!(Elf::read(&foreign), Some(Elf::Foreign("IBM Z (s390x)".to_owned())));
    }

    #[test]
    fn whatever_is_cut_off_or_claims_too_much_is_broken_and_nothing_else() {
        assert_eq!(Elf::read(b"#!/bin/sh\n"), None);
        assert_eq!(Elf::read(b"\x7fELF nonsense\n"), Some(Elf::Broken));
        let own = std::fs::read("/proc/self/exe").unwrap();
        for length in 4..200 {
            let _ = Elf::read(&own[..length]);
        }
        for at in 16..64 {
            let mut bytes = own[..4096].to_vec();
            bytes[at] = 0xff;
            let _ = Elf::read(&bytes);
        }
    }
}
