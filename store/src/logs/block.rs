//! A block of lines as bytes: what stands in segments.
//!
//! Little-endian: `ORB1`, then as u32 the length of the lines before compression, the length after it, the number of lines, and the CRC-32 of all
//! that stands before it and of the compressed lines, which follow (zstd). A line is its time (i64, milliseconds), its length (u32), its bytes.
//! A golden file in `tests/golden` is read for good; another form gets another magic.

use bytes::Bytes;
use model::log_line::LogLine;
use model::time::Timestamp;

use crate::fault::Fault;
use crate::limit::{LOG_BLOCK_BYTES, LOG_LINE_BYTES};

const MAGIC: &[u8; 4] = b"ORB1";
const HEADER_BYTES: usize = 20;
const LINE_HEADER_BYTES: usize = 12;
/// No block of ours is larger before compression: lines are added while it is below `LOG_BLOCK_BYTES`, and each has its limit.
const RAW_BYTES_MAX: usize = LOG_BLOCK_BYTES + LOG_LINE_BYTES + 1024;
/// The fastest level: measured 566 MB/s, and a sixth of the size.
const LEVEL: i32 = 1;

/// An encoded block and what the catalogue says of it.
#[derive(Debug)]
pub(crate) struct Block {
    pub bytes: Vec<u8>,
    pub lines: u32,
    pub earliest: Timestamp,
    pub latest: Timestamp,
}

/// Encodes lines as blocks, in order.
pub(crate) fn encode(lines: &[LogLine]) -> Result<Vec<Block>, Fault> {
    let mut blocks = Vec::new();
    let mut rest = lines;
    // One for all blocks: to make one costs as much as a tenth of a block.
    let mut compressor = zstd::bulk::Compressor::new(LEVEL)?;
    let mut raw = Vec::new();
    while !rest.is_empty() {
        raw.clear();
        let mut count = 0;
        while raw.len() < LOG_BLOCK_BYTES && count < rest.len() {
            push_line(&mut raw, &rest[count]);
            count += 1;
        }
        let (these, others) = rest.split_at(count);
        blocks.push(seal(&compressor.compress(&raw)?, raw.len(), these));
        rest = others;
    }
    Ok(blocks)
}

/// The lines of a block, verified.
pub(crate) fn decode(bytes: &[u8]) -> Result<Vec<LogLine>, Fault> {
    let opened = Opener::new()?.open(bytes)?;
    let raw = Bytes::from(opened.raw);
    let lines = lines_in(&raw).map(|line| LogLine { at: line.at, bytes: raw.slice_ref(line.bytes) });
    Ok(lines.collect())
}

/// A block's lines, verified, where they were decompressed: whoever looks for few of them copies few.
pub(crate) struct Opened {
    raw: Vec<u8>,
}

/// A line as it stands in its block.
#[derive(Clone, Copy)]
pub(crate) struct LineIn<'a> {
    pub at: Timestamp,
    pub bytes: &'a [u8],
}

impl Opened {
    pub(crate) fn lines(&self) -> impl Iterator<Item = LineIn<'_>> {
        lines_in(&self.raw)
    }
}

fn lines_in(mut raw: &[u8]) -> impl Iterator<Item = LineIn<'_>> {
    std::iter::from_fn(move || {
        let (line, others) = split_line(raw)?;
        raw = others;
        Some(line)
    })
}

/// Opens blocks; what decompresses them is made once.
pub(crate) struct Opener(zstd::bulk::Decompressor<'static>);

impl Opener {
    pub(crate) fn new() -> Result<Self, Fault> {
        Ok(Self(zstd::bulk::Decompressor::new()?))
    }

    /// A block, verified.
    pub(crate) fn open(&mut self, bytes: &[u8]) -> Result<Opened, Fault> {
        let damaged = |what: &str| Fault::Damaged(format!("a block of log lines is damaged: {what}"));
        let (header, packed) = bytes.split_at_checked(HEADER_BYTES).ok_or_else(|| damaged("it is too short"))?;
        let word = |at: usize| u32::from_le_bytes(header[at..at + 4].try_into().expect("four bytes"));
        if &header[..4] != MAGIC {
            return Err(damaged("it does not begin like one"));
        }
        let (raw_length, packed_length, count) = (word(4) as usize, word(8) as usize, word(12));
        if packed.len() != packed_length || checksum(&header[..16], packed) != word(16) {
            return Err(damaged("its checksum is wrong"));
        }
        if raw_length > RAW_BYTES_MAX {
            return Err(damaged("it is larger than any of ours"));
        }
        let raw = self.0.decompress(packed, raw_length).map_err(|_| damaged("it cannot be decompressed"))?;
        let mut rest = raw.as_slice();
        let mut lines = 0;
        while !rest.is_empty() {
            (_, rest) = split_line(rest).ok_or_else(|| damaged("a line of it is too short"))?;
            lines += 1;
        }
        if raw.len() == raw_length && lines == count { Ok(Opened { raw }) } else { Err(damaged("lines are missing")) }
    }
}

fn push_line(raw: &mut Vec<u8>, line: &LogLine) {
    let cut = (line.bytes.len() > LOG_LINE_BYTES).then(|| format!(" … (cut: the line had {} bytes)", line.bytes.len()));
    let kept = &line.bytes[..line.bytes.len().min(LOG_LINE_BYTES)];
    let said = cut.as_deref().unwrap_or_default().as_bytes();
    raw.extend_from_slice(&line.at.millis().to_le_bytes());
    raw.extend_from_slice(&length(kept.len() + said.len()));
    raw.extend_from_slice(kept);
    raw.extend_from_slice(said);
}

fn split_line(raw: &[u8]) -> Option<(LineIn<'_>, &[u8])> {
    let (header, rest) = raw.split_at_checked(LINE_HEADER_BYTES)?;
    let at = i64::from_le_bytes(header[..8].try_into().ok()?);
    let length = u32::from_le_bytes(header[8..].try_into().ok()?);
    let (bytes, rest) = rest.split_at_checked(length as usize)?;
    Some((LineIn { at: Timestamp::from_millis(at), bytes }, rest))
}

fn seal(packed: &[u8], raw_length: usize, lines: &[LogLine]) -> Block {
    let mut bytes = Vec::with_capacity(HEADER_BYTES + packed.len());
    bytes.extend_from_slice(MAGIC);
    for number in [raw_length, packed.len(), lines.len()] {
        bytes.extend_from_slice(&length(number));
    }
    let sum = checksum(&bytes, packed);
    bytes.extend_from_slice(&sum.to_le_bytes());
    bytes.extend_from_slice(packed);
    let times = || lines.iter().map(|line| line.at);
    let epoch = Timestamp::from_millis(0);
    Block {
        bytes,
        lines: u32::try_from(lines.len()).expect("a block is far smaller than 4 GiB"),
        earliest: times().min().unwrap_or(epoch),
        latest: times().max().unwrap_or(epoch),
    }
}

fn length(number: usize) -> [u8; 4] {
    u32::try_from(number).expect("a block is far smaller than 4 GiB").to_le_bytes()
}

fn checksum(header: &[u8], packed: &[u8]) -> u32 {
    let mut sum = crc32fast::Hasher::new();
    sum.update(header);
    sum.update(packed);
    sum.finalize()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(at: i64, bytes: impl Into<Bytes>) -> LogLine {
        LogLine { at: Timestamp::from_millis(at), bytes: bytes.into() }
    }

    fn round_trip(lines: &[LogLine]) -> Vec<LogLine> {
        encode(lines).unwrap().iter().flat_map(|block| decode(&block.bytes).unwrap()).collect()
    }

    #[test]
    fn any_bytes_are_a_line_and_come_back_as_they_were() {
        let lines =
            vec![line(3, "first"), line(1, ""), line(i64::MIN, (0..=255).collect::<Vec<u8>>()), line(i64::MAX, "äöü\r\n\0")];
        assert_eq!(round_trip(&lines), lines);
        let block = &encode(&lines).unwrap()[0];
        assert_eq!((block.earliest.millis(), block.latest.millis()), (i64::MIN, i64::MAX));
        assert!(encode(&[]).unwrap().is_empty());
    }

    #[test]
    fn a_large_batch_becomes_several_blocks_in_order() {
        let lines: Vec<_> = (0..2_000).map(|n| line(n, format!("{n:0>1000}"))).collect();
        let blocks = encode(&lines).unwrap();
        assert!(blocks.len() > 5, "{}", blocks.len());
        assert_eq!(round_trip(&lines), lines);
    }

    #[test]
    fn a_line_over_the_limit_is_cut_and_says_so() {
        let kept = round_trip(&[line(1, vec![b'x'; LOG_LINE_BYTES]), line(2, vec![b'y'; LOG_LINE_BYTES + 1])]);
        assert_eq!(kept[0].bytes.len(), LOG_LINE_BYTES);
        let said = format!(" … (cut: the line had {} bytes)", LOG_LINE_BYTES + 1);
        assert_eq!(kept[1].bytes[LOG_LINE_BYTES..], *said.as_bytes());
    }

    #[test]
    fn every_changed_bit_and_every_missing_byte_of_a_block_is_noticed() {
        let block = encode(&[line(1, "hello"), line(2, "world")]).unwrap().remove(0).bytes;
        for bit in 0..block.len() * 8 {
            let mut changed = block.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(decode(&changed).is_err(), "bit {bit}");
        }
        for length in 0..block.len() {
            assert!(decode(&block[..length]).is_err(), "{length} bytes");
        }
    }

    #[test]
    fn a_block_of_the_first_version_is_read_for_good() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/log_block.bin");
        let lines = vec![line(1_000, "GET / 200"), line(1_001, vec![0xff, 0x00, 0xfe]), line(1_002, "")];
        #[expect(clippy::disallowed_methods, reason = "the switch of golden files, in tests only")]
        let update = std::env::var("UPDATE").is_ok_and(|update| update == "1");
        if update {
            std::fs::write(path, &encode(&lines).unwrap()[0].bytes).unwrap();
        }
        assert_eq!(decode(&std::fs::read(path).unwrap()).unwrap(), lines);
    }
}
