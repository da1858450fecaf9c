//! One thread writes. Whatever waits while a commit is on its way shares the next one: a commit costs the same fsync for
//! one request as for a hundred.

use std::{
    sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    thread::JoinHandle,
};

use rusqlite::{Connection, Savepoint};
use tianye_sync::Refusal;
use tokio::sync::oneshot;

use crate::refuse::{Refused, internal};

const GROUP: usize = 256;
const WAITING: usize = 1024;

/// Runs its work in a savepoint and returns what tells the asker once the group is committed (`true`) or lost.
type Job = Box<dyn FnOnce(&mut Savepoint<'_>) -> (bool, Tell) + Send>;
type Tell = Box<dyn FnOnce(bool) + Send>;

/// The way to the writing thread. When the last one is dropped, the thread ends.
#[derive(Clone, Debug)]
pub(crate) struct Writer {
    jobs: SyncSender<Job>,
}

impl Writer {
    /// Starts the thread.
    pub(crate) fn start(connection: Connection) -> std::io::Result<(Self, JoinHandle<()>)> {
        let (jobs, queue) = sync_channel(WAITING);
        let thread =
            std::thread::Builder::new().name("hub-writer".to_owned()).spawn(move || run(connection, &queue))?;
        Ok((Self { jobs }, thread))
    }

    /// Does `work` in a transaction and waits until it is on the disk. If `work` fails, nothing of it remains.
    pub(crate) async fn write<T, W>(&self, what: &'static str, work: W) -> Result<T, Refused>
    where
        T: Send + 'static,
        W: FnOnce(&Connection) -> Result<T, WriteError> + Send + 'static,
    {
        let (tell, told) = oneshot::channel();
        let job: Job = Box::new(move |savepoint| {
            let result = work(savepoint);
            let keep = result.is_ok();
            let tell: Tell = Box::new(move |committed| {
                let result = if keep && !committed { Err(WriteError::Refused(Refusal::HubError)) } else { result };
                let _ = tell.send(result);
            });
            (keep, tell)
        });
        match self.jobs.try_send(job) {
            Ok(()) => {}
            Err(TrySendError::Full(_)) => return Err(Refused(Refusal::HubBusy)),
            Err(TrySendError::Disconnected(_)) => return Err(Refused(Refusal::HubError)),
        }
        match told.await {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(WriteError::Refused(refusal))) => Err(Refused(refusal)),
            Ok(Err(WriteError::Database(error))) => Err(internal(what)(error)),
            Err(_) => Err(Refused(Refusal::HubError)),
        }
    }
}

/// Why a piece of work was given up.
#[derive(Debug)]
pub(crate) enum WriteError {
    /// A rule says no.
    Refused(Refusal),
    /// The database says no.
    Database(rusqlite::Error),
}

impl From<Refusal> for WriteError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<rusqlite::Error> for WriteError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error)
    }
}

fn run(mut connection: Connection, queue: &Receiver<Job>) {
    while let Ok(first) = queue.recv() {
        let group = std::iter::once(first).chain(queue.try_iter()).take(GROUP);
        let mut tells = Vec::new();
        let committed = write_group(&mut connection, group, &mut tells);
        if let Err(error) = &committed {
            tracing::error!(%error, "a group of writes was not committed");
        }
        for tell in tells {
            tell(committed.is_ok());
        }
    }
    let _ = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
}

fn write_group(
    connection: &mut Connection,
    group: impl Iterator<Item = Job>,
    tells: &mut Vec<Tell>,
) -> rusqlite::Result<()> {
    let mut transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    for job in group {
        let mut savepoint = transaction.savepoint()?;
        let (keep, tell) = job(&mut savepoint);
        tells.push(tell);
        if keep {
            savepoint.commit()?;
        } else {
            savepoint.finish()?;
        }
    }
    transaction.commit()
}
