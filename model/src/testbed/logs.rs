//! Log lines in memory.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

use crate::account::Scope;
use crate::instance::InstanceName;
use crate::log_line::{LogCursor, LogLine, LogStream, PlacedLine};
use crate::port::{Answer, LogLines};
use crate::testbed::ledger::ready;
use crate::wish::LogPosition;

/// Lines that are forgotten when it is dropped.
#[derive(Debug, Default)]
pub struct MemoryLogs(Mutex<Tables>);

#[derive(Debug, Default)]
struct Tables {
    lines: Vec<(LogStream, PlacedLine)>,
    cursors: BTreeMap<InstanceName, LogCursor>,
}

impl MemoryLogs {
    fn tables(&self) -> MutexGuard<'_, Tables> {
        self.0.lock().expect("no test panics while it holds the lines")
    }

    fn of_group(&self, scope: &Scope, group: &str) -> Vec<PlacedLine> {
        let tables = self.tables();
        let of_group = |(stream, _): &&(LogStream, PlacedLine)| stream.scope == *scope && stream.group == group;
        tables.lines.iter().filter(of_group).map(|(_, line)| line.clone()).collect()
    }
}

impl LogLines for MemoryLogs {
    fn append<'a>(
        &'a self,
        stream: &'a LogStream,
        lines: &'a [LogLine],
        from: &'a InstanceName,
        read: LogCursor,
        next: LogCursor,
    ) -> Answer<'a, ()> {
        let mut tables = self.tables();
        if tables.cursors.get(from).copied().unwrap_or_default() != read {
            return ready(());
        }
        tables.cursors.insert(from.clone(), next);
        for line in lines {
            let position = LogPosition(tables.lines.len() as u64 + 1);
            let placed = PlacedLine { position, stream: stream.stream.clone(), line: line.clone() };
            tables.lines.push((stream.clone(), placed));
        }
        ready(())
    }

    fn cursor<'a>(&'a self, from: &'a InstanceName) -> Answer<'a, LogCursor> {
        ready(self.tables().cursors.get(from).copied().unwrap_or_default())
    }

    fn read<'a>(&'a self, scope: &'a Scope, group: &'a str, after: LogPosition, lines_max: u32) -> Answer<'a, Vec<PlacedLine>> {
        let lines = self.of_group(scope, group).into_iter().filter(|line| line.position > after);
        ready(lines.take(lines_max as usize).collect())
    }

    fn tail<'a>(&'a self, scope: &'a Scope, group: &'a str, lines: u32) -> Answer<'a, LogPosition> {
        let placed = self.of_group(scope, group);
        let before = placed.len().checked_sub(lines as usize + 1);
        ready(before.map_or(LogPosition(0), |at| placed[at].position))
    }
}
