//! Making a backup.

use std::{fs::File, path::PathBuf, process::ChildStdout, time::Duration};

use db::{Db, Kind, Options};
use tokio::task::spawn_blocking;
use types::Timestamp;

use crate::{
    BackupError, Census, Manifest, Recipient, Stop,
    error::at,
    format::{FORMAT, kind_name},
    part::Part,
    postgres::{Programs, Running},
    scratch::Scratch,
    seal::{Sealed, seal},
    store,
};

/// How long one statement may take.
const LONGEST: Duration = Duration::from_hours(12);

/// What is to be made.
pub struct Order {
    /// Where the file goes; made if missing, mode 0700.
    pub folder: PathBuf,
    /// Its name, from [`file_name`](crate::file_name).
    pub file: String,
    /// Where SQLite's copy may lie for a while, unencrypted.
    pub scratch: PathBuf,
    /// Who can open it.
    pub recipients: Vec<Recipient>,
    /// The product's version.
    pub version: &'static str,
    /// When it was begun.
    pub begun: Timestamp,
    /// Tells it to stop.
    pub stop: Stop,
}

/// A finished backup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// The file's length.
    pub bytes: u64,
    /// Its SHA-256, in hex.
    pub sha256: String,
    /// What is in it.
    pub census: Census,
}

/// Backs up an open database, whose address is `url`, while others go on writing. After an
/// error there is no file.
pub async fn make(db: &Db, url: &str, order: Order) -> Result<Made, BackupError> {
    if order.recipients.is_empty() {
        return Err(BackupError::Configuration(
            "No recipient can open a backup, and none is made unencrypted. Make a key with \
             `loomwire backup keygen FILE` (or age-keygen), keep the file elsewhere, and put the \
             recipient that it prints into backup.recipients."
                .to_owned(),
        ));
    }
    // First of all, so that a run that is killed at any point leaves something to be found.
    let part = Part::create(&order.folder, &order.file)?;
    match db.kind() {
        Kind::Sqlite => sqlite(db, part, order).await,
        Kind::Postgres => postgres(db, url, part, order).await,
    }
}

async fn sqlite(db: &Db, part: Part, order: Order) -> Result<Made, BackupError> {
    let scratch = Scratch::make(&order.scratch)?;
    let copy = scratch.path("loomwire.db");
    db.snapshot_to(&copy).await?;
    order.stop.check()?;
    let opened = open_copy(&copy).await?;
    let census = store::census(&mut *opened.read().await?).await;
    opened.close().await;
    let manifest = manifest(&order, Kind::Sqlite, None, census?);
    blocking(move || {
        let mut file = File::open(&copy).map_err(at("read", &copy))?;
        let sealed = seal(
            part.file(),
            part.path(),
            &order.recipients,
            &manifest,
            &mut file,
            &order.stop,
        )?;
        drop(scratch);
        part.finish()?;
        Ok(made(sealed, manifest))
    })
    .await
}

/// Opens a database for work that nobody waits for: looking through a large one takes its time.
pub(crate) async fn connect(url: &str) -> Result<Db, BackupError> {
    let options = Options {
        connections: 2,
        hold_limit: LONGEST,
        ..Options::default()
    };
    Ok(Db::connect(url, &options).await?)
}

/// Opens a SQLite file that is ours alone.
pub(crate) async fn open_copy(path: &std::path::Path) -> Result<Db, BackupError> {
    connect(&format!("sqlite://{}", path.display())).await
}

/// The dump goes from `pg_dump` into the encrypted file; nothing of it touches the disk before.
/// What is counted is counted in the snapshot that the dump is taken from.
async fn postgres(db: &Db, url: &str, part: Part, order: Order) -> Result<Made, BackupError> {
    let mut seen = db.begin().await?;
    let snapshot = store::export_snapshot(&mut seen).await?;
    let census = store::census(&mut seen).await?;
    let programs = Programs::find(store::server_major(&mut seen).await?)?;
    let manifest = manifest(&order, Kind::Postgres, Some(programs.major), census);
    let mut dump = programs.dump(url, &snapshot)?;
    let output = dump.child.stdout.take();
    let made = blocking(move || {
        let sealed = seal_dump(dump, output, &part, &manifest, &order)?;
        part.finish()?;
        Ok(made(sealed, manifest))
    })
    .await;
    // Until here it holds the snapshot.
    drop(seen);
    made
}

fn seal_dump(
    dump: Running,
    output: Option<ChildStdout>,
    part: &Part,
    manifest: &Manifest,
    order: &Order,
) -> Result<Sealed, BackupError> {
    let Some(mut output) = output else {
        dump.kill();
        return Err(BackupError::Program("pg_dump has no output".to_owned()));
    };
    let sealed = seal(
        part.file(),
        part.path(),
        &order.recipients,
        manifest,
        &mut output,
        &order.stop,
    );
    match sealed {
        Ok(sealed) => dump.end().map(|()| sealed),
        Err(error) => {
            dump.kill();
            Err(error)
        }
    }
}

fn manifest(order: &Order, kind: Kind, dumped_with: Option<u32>, census: Census) -> Manifest {
    if census.wrong_events > 0 {
        tracing::error!(
            events = census.wrong_events,
            "audit events do not have the hash of what they say; they are backed up as they are"
        );
    }
    Manifest {
        format: FORMAT,
        product: "loomwire".to_owned(),
        version: order.version.to_owned(),
        made_at: order.begun,
        database: kind_name(kind).to_owned(),
        dumped_with,
        census,
    }
}

fn made(sealed: Sealed, manifest: Manifest) -> Made {
    Made {
        bytes: sealed.bytes,
        sha256: sealed.sha256,
        census: manifest.census,
    }
}

/// Runs what waits for disks and programs beside the runtime.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, BackupError> + Send + 'static,
) -> Result<T, BackupError> {
    match spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) if error.is_cancelled() => Err(BackupError::Stopped),
        Err(error) => Err(BackupError::Program(format!("it ended by a fault: {error}"))),
    }
}
