//! Commands in the instances of the engine in memory: a few words that every test knows.
//!
//! `say WORD…`, `exit CODE`, `copy` (its input, until that ends), `size` (its terminal's, now and whenever it changes, until it reads something) and
//! `stay`. Every other program is not in the image.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Poll, Waker};

use bytes::Bytes;

use crate::execution::{ExecutionEnd, ExecutionNews, ExecutionOrder, ExecutionStream, TerminalSize};
use crate::instance::{InstanceName, InstancePhase, Rest};
use crate::port::{Answer, Execution, Executions, Granted};
use crate::refusal::{Refusal, RefusalKind};
use crate::testbed::MemoryEngine;
use crate::testbed::ledger::ready;

/// Commands at once in one instance.
const PLACES: usize = 8;

impl Executions for MemoryEngine {
    fn execute<'a>(&'a self, name: &'a InstanceName, order: &'a ExecutionOrder) -> Answer<'a, Granted<Box<dyn Execution>>> {
        let refuse = |kind, words: String| ready(Err(Refusal::new(kind, words)));
        match self.phase(name) {
            Some(
                InstancePhase::Starting { .. }
                | InstancePhase::Ready
                | InstancePhase::Unwell { .. }
                | InstancePhase::Stopping
                | InstancePhase::Dormant(Rest::Throttled),
            ) => {}
            Some(InstancePhase::Dormant(Rest::Frozen | Rest::PagedOut)) => {
                let words = format!("The instance {name} is at rest: send it a request first, so that it wakes.");
                return refuse(RefusalKind::WrongState, words);
            }
            Some(InstancePhase::Created | InstancePhase::Exited(_)) | None => {
                return refuse(RefusalKind::WrongState, format!("The instance {name} does not run."));
            }
        }
        let place = self.execution_places(name);
        if Arc::strong_count(&place) > PLACES + 1 {
            return refuse(RefusalKind::Quota, format!("There are {PLACES} commands under way in {name}."));
        }
        match Command::parse(order) {
            Some(command) => {
                ready(Ok(Box::new(MemoryExecution { command: Mutex::new(command), _place: place }) as Box<dyn Execution>))
            }
            None => refuse(RefusalKind::Invalid, format!("The image has no command {}.", order.command()[0])),
        }
    }
}

/// One command; it counts for as long as it is there.
struct MemoryExecution {
    command: Mutex<Command>,
    _place: Arc<()>,
}

struct Command {
    copies: bool,
    sizes: bool,
    news: VecDeque<ExecutionNews>,
    told: bool,
    waiting: Option<Waker>,
}

impl Command {
    fn parse(order: &ExecutionOrder) -> Option<Self> {
        let words = order.command();
        let mut command = Self { copies: false, sizes: false, news: VecDeque::new(), told: false, waiting: None };
        match words[0].as_str() {
            "say" => {
                command.print(format!("{}\n", words[1..].join(" ")).into());
                command.end(0);
            }
            "exit" => command.end(words.get(1)?.parse().ok()?),
            "copy" => command.copies = true,
            "size" => {
                command.sizes = true;
                command.size(order.terminal?);
            }
            "stay" => {}
            _ => return None,
        }
        Some(command)
    }

    fn push(&mut self, news: ExecutionNews) {
        self.news.push_back(news);
        if let Some(waiting) = self.waiting.take() {
            waiting.wake();
        }
    }

    fn print(&mut self, bytes: Bytes) {
        if !bytes.is_empty() {
            self.push(ExecutionNews::Printed { stream: ExecutionStream::Out, bytes });
        }
    }

    fn size(&mut self, size: TerminalSize) {
        self.print(format!("{}x{}\r\n", size.columns, size.rows).into());
    }

    fn end(&mut self, code: i32) {
        (self.copies, self.sizes) = (false, false);
        self.push(ExecutionNews::Ended(ExecutionEnd::Code(code)));
    }
}

impl MemoryExecution {
    fn command(&self) -> MutexGuard<'_, Command> {
        self.command.lock().expect("no test panics while it holds a command")
    }
}

impl Execution for MemoryExecution {
    fn news(&self) -> Answer<'_, Option<ExecutionNews>> {
        Box::pin(poll_fn(|context| {
            let mut command = self.command();
            match command.news.pop_front() {
                Some(news) => {
                    command.told |= matches!(news, ExecutionNews::Ended(_));
                    Poll::Ready(Ok(Some(news)))
                }
                None if command.told => Poll::Ready(Ok(None)),
                None => {
                    command.waiting = Some(context.waker().clone());
                    Poll::Pending
                }
            }
        }))
    }

    fn input(&self, bytes: Bytes) -> Answer<'_, ()> {
        let mut command = self.command();
        if command.copies {
            command.print(bytes);
        } else if command.sizes && !bytes.is_empty() {
            command.end(0);
        }
        ready(())
    }

    fn end_input(&self) -> Answer<'_, ()> {
        let mut command = self.command();
        if command.copies {
            command.end(0);
        }
        ready(())
    }

    fn resize(&self, size: TerminalSize) -> Answer<'_, ()> {
        let mut command = self.command();
        if command.sizes {
            command.size(size);
        }
        ready(())
    }
}
