//! An instance's unread log: the segments that its shim writes, read by cursor, deleted when they are stored elsewhere.
//! Never writes a line and never waits for one.
//! Source of truth: `record` for the layout of a segment.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use bytes::{Buf, Bytes};
use model::log_line::{LogBatch, LogCursor, LogLine};
use model::time::Timestamp;

use crate::limit::{FEW_LINES, LAST_LINE_BYTES, LAST_LINES, LINES, LINES_BYTES, READ_BYTES, READ_FEW_BYTES};
use crate::local::record::{SEGMENT_HEADER, segment_name, segment_sequence, take_frame};

/// The folder of one run's segments.
pub fn folder(instance: &Path, run: u64) -> PathBuf {
    instance.join(run.to_string())
}

/// Lines after a cursor, at most so many, and at most one segment more than `LINES_BYTES`. One of another run begins at this run's first line.
pub fn read(instance: &Path, run: u64, after: LogCursor, lines_max: u32) -> io::Result<LogBatch> {
    let begin = LogCursor { run, segment: 0, offset: 0 };
    let mut batch = LogBatch { lines: Vec::new(), next: if after.run == run { after } else { begin } };
    let lines_max = lines_max.min(LINES) as usize;
    let folder = folder(instance, run);
    for sequence in segments(&folder)? {
        if sequence < batch.next.segment {
            continue;
        }
        if sequence > batch.next.segment {
            batch.next = LogCursor { run, segment: sequence, offset: 0 };
        }
        read_segment(&folder, &mut batch, lines_max)?;
        let bytes: usize = batch.lines.iter().map(|line| line.bytes.len()).sum();
        if batch.lines.len() == lines_max || bytes >= LINES_BYTES {
            break;
        }
    }
    Ok(batch)
}

fn read_segment(folder: &Path, batch: &mut LogBatch, lines_max: usize) -> io::Result<()> {
    let mut file = match File::open(folder.join(segment_name(batch.next.segment))) {
        // Taken away since it was listed: somebody else has stored its lines, or the instance is gone with all of them stored.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        other => other?,
    };
    if batch.next.offset == 0 {
        let mut header = [0; SEGMENT_HEADER.len()];
        match file.read_exact(&mut header) {
            // The shim has just made the file.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(()),
            other => other?,
        }
        if header != SEGMENT_HEADER {
            return Err(io::Error::other("a log segment of an unknown version"));
        }
        batch.next.offset = header.len() as u64;
    }
    file.seek(SeekFrom::Start(batch.next.offset))?;
    // Piece by piece: a batch is a small part of a segment that is full, and the rest of it is read when its turn comes.
    let piece_bytes = if lines_max <= FEW_LINES { READ_FEW_BYTES } else { READ_BYTES };
    let mut unread_bytes = usize::try_from(file.metadata()?.len().saturating_sub(batch.next.offset)).unwrap_or(usize::MAX);
    let mut bytes = Vec::new();
    while batch.lines.len() < lines_max {
        bytes.reserve_exact(piece_bytes.min(unread_bytes));
        let read = Read::by_ref(&mut file).take(piece_bytes as u64).read_to_end(&mut bytes)?;
        unread_bytes = unread_bytes.saturating_sub(read);
        // The lines stay where they were read: a copy of each would cost the allocator more than the whole piece.
        let mut piece = Bytes::from(bytes);
        let mut used_bytes = 0;
        while batch.lines.len() < lines_max
            && let Some((frame, used)) = take_frame(&piece[used_bytes..])
        {
            batch.lines.push(LogLine { at: timestamp(frame.at_ms), bytes: piece.slice_ref(frame.text) });
            batch.next.offset += used as u64;
            used_bytes += used;
        }
        if batch.lines.len() == lines_max {
            break;
        }
        // What is left is the beginning of a frame.
        piece.advance(used_bytes);
        bytes = piece.into();
        if read == 0 {
            break;
        }
    }
    Ok(())
}

fn timestamp(ms: u64) -> Timestamp {
    Timestamp::from_millis(i64::try_from(ms).unwrap_or(i64::MAX))
}

/// Everything before the cursor is stored elsewhere. The segment before its own stays: an exit still shows the last lines.
pub fn forget(instance: &Path, run: u64, before: LogCursor) -> io::Result<()> {
    if before.run != run {
        return Ok(());
    }
    let folder = folder(instance, run);
    let absorbed = segments(&folder)?.into_iter().filter(|sequence| sequence + 1 < before.segment);
    absorbed.into_iter().try_for_each(|sequence| match fs::remove_file(folder.join(segment_name(sequence))) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    })
}

/// The last lines, for people: cut, and with foreign bytes replaced.
pub fn last_lines(instance: &Path, run: u64) -> io::Result<Vec<String>> {
    let folder = folder(instance, run);
    let segments = segments(&folder)?;
    let first = segments.len().saturating_sub(2);
    let mut lines = Vec::new();
    for segment in &segments[first..] {
        let next = LogCursor { run, segment: *segment, offset: 0 };
        let mut batch = LogBatch { lines: Vec::new(), next };
        read_segment(&folder, &mut batch, usize::MAX)?;
        lines.extend(batch.lines);
    }
    let last = lines.len().saturating_sub(LAST_LINES);
    let shown = |line: &LogLine| String::from_utf8_lossy(&line.bytes[..line.bytes.len().min(LAST_LINE_BYTES)]).into_owned();
    Ok(lines[last..].iter().map(shown).collect())
}

/// Sequence numbers, in order. A folder that is not there has none.
fn segments(folder: &Path) -> io::Result<Vec<u64>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other?,
    };
    let mut found = Vec::new();
    for entry in entries {
        found.extend(entry?.file_name().to_str().and_then(segment_sequence));
    }
    found.sort_unstable();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::local::record::{Stream, put_frame};

    const RUN: u64 = 7;

    fn write(folder: &Path, sequence: u64, lines: &[&str]) {
        let mut bytes = SEGMENT_HEADER.to_vec();
        lines.iter().for_each(|line| put_frame(&mut bytes, Stream::Out, 1, line.as_bytes()));
        fs::create_dir_all(super::folder(folder, RUN)).unwrap();
        fs::write(super::folder(folder, RUN).join(segment_name(sequence)), bytes).unwrap();
    }

    fn texts(batch: &LogBatch) -> Vec<&str> {
        batch.lines.iter().map(|line| std::str::from_utf8(&line.bytes).unwrap()).collect()
    }

    #[test]
    fn every_line_is_read_once_over_segments_and_batches() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), 0, &["a", "b"]);
        write(folder.path(), 1, &["c"]);
        let mut cursor = LogCursor::default();
        let mut seen = Vec::new();
        for _ in 0..4 {
            let batch = read(folder.path(), RUN, cursor, 1).unwrap();
            seen.extend(texts(&batch).into_iter().map(str::to_owned));
            cursor = batch.next;
        }
        assert_eq!(seen, ["a", "b", "c"]);
        write(folder.path(), 2, &["d"]);
        assert_eq!(texts(&read(folder.path(), RUN, cursor, 9).unwrap()), ["d"]);
    }

    #[test]
    fn long_lines_that_nobody_has_read_are_not_answered_all_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let long = "x".repeat(LINES_BYTES / 8);
        for sequence in 0..6 {
            write(folder.path(), sequence, &[long.as_str(); 4]);
        }
        let mut cursor = LogCursor::default();
        let mut seen = Vec::new();
        for _ in 0..3 {
            let batch = read(folder.path(), RUN, cursor, 1_000).unwrap();
            seen.push(batch.lines.len());
            cursor = batch.next;
        }
        assert_eq!(seen, [8, 8, 8]);
        assert!(read(folder.path(), RUN, cursor, 1_000).unwrap().lines.is_empty());
    }

    #[test]
    fn a_cursor_of_an_earlier_run_begins_at_the_first_line() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), 0, &["a"]);
        let earlier = LogCursor { run: RUN - 1, segment: 9, offset: 99 };
        assert_eq!(texts(&read(folder.path(), RUN, earlier, 9).unwrap()), ["a"]);
    }

    #[test]
    fn half_a_frame_and_half_a_header_are_not_there_yet() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), 0, &["a", "bb"]);
        let file = super::folder(folder.path(), RUN).join(segment_name(0));
        let whole = fs::read(&file).unwrap();
        fs::write(&file, &whole[..whole.len() - 1]).unwrap();
        let batch = read(folder.path(), RUN, LogCursor::default(), 9).unwrap();
        assert_eq!(texts(&batch), ["a"]);
        fs::write(&file, &whole).unwrap();
        assert_eq!(texts(&read(folder.path(), RUN, batch.next, 9).unwrap()), ["bb"]);
        fs::write(&file, &whole[..3]).unwrap();
        assert!(read(folder.path(), RUN, LogCursor::default(), 9).unwrap().lines.is_empty());
    }

    #[test]
    fn lines_that_lie_in_more_than_one_piece_are_read_whole() {
        let folder = tempfile::tempdir().unwrap();
        let many = u32::try_from(FEW_LINES).unwrap() + 1;
        for (piece, at_once) in [(READ_FEW_BYTES, [1, 2, 9]), (READ_BYTES, [1, many, many])] {
            let long = ["x".repeat(piece / 2 + 1), "y".repeat(2 * piece), "z".repeat(piece - 7), "end".to_owned()];
            write(folder.path(), 0, &long.each_ref().map(String::as_str));
            let (mut cursor, mut seen) = (LogCursor::default(), Vec::new());
            for lines_max in at_once {
                let batch = read(folder.path(), RUN, cursor, lines_max).unwrap();
                cursor = batch.next;
                seen.extend(texts(&batch).into_iter().map(str::to_owned));
            }
            assert!(seen == long, "lengths {:?}", seen.iter().map(String::len).collect::<Vec<_>>());
            assert!(read(folder.path(), RUN, cursor, 9).unwrap().lines.is_empty());
        }
    }

    #[test]
    fn a_segment_that_is_taken_away_while_it_is_read_is_no_trouble() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), 1, &["here"]);
        // Listed, and not there when it is opened.
        std::os::unix::fs::symlink("nowhere", folder(dir.path(), RUN).join(segment_name(0))).unwrap();
        let batch = read(dir.path(), RUN, LogCursor::default(), 10).unwrap();
        assert_eq!(texts(&batch), ["here"]);
        assert_eq!(last_lines(dir.path(), RUN).unwrap(), ["here"]);
    }

    #[test]
    fn absorbed_segments_go_and_the_last_lines_stay() {
        let folder = tempfile::tempdir().unwrap();
        for sequence in 0..4 {
            write(folder.path(), sequence, &["x", "y", "z"]);
        }
        forget(folder.path(), RUN, LogCursor { run: RUN, segment: 3, offset: 8 }).unwrap();
        assert_eq!(segments(&super::folder(folder.path(), RUN)).unwrap(), [2, 3]);
        assert_eq!(last_lines(folder.path(), RUN).unwrap().len(), 6);
        write(folder.path(), 4, &["s"; LAST_LINES + 1]);
        write(folder.path(), 5, &[&"l".repeat(LAST_LINE_BYTES + 1)]);
        let last = last_lines(folder.path(), RUN).unwrap();
        assert_eq!((last.len(), last[LAST_LINES - 1].len()), (LAST_LINES, LAST_LINE_BYTES));
        forget(folder.path(), RUN - 1, LogCursor { run: RUN, segment: 9, offset: 0 }).unwrap();
        assert_eq!(segments(&super::folder(folder.path(), RUN)).unwrap().len(), 4, "another run's cursor says nothing of this one");
        assert!(read(folder.path(), 99, LogCursor::default(), 9).unwrap().lines.is_empty());
    }
}
