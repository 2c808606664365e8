//! Exports as the installation makes them, good and tampered with.

use platform::{Ctx, audit as log, ledger::Sequencer};
use testkit::Installation;
use types::{Environment, audit::ExportFormat, console::AuditFilter};

use super::{Folder, Trust, Value, bad, export, sound};

const FORMATS: [(ExportFormat, &str); 3] = [
    (ExportFormat::Csv, "log.csv"),
    (ExportFormat::JsonLines, "log.jsonl"),
    (ExportFormat::Ocsf, "log.ocsf.jsonl"),
];

/// An installation with some events in their places, and its key.
async fn lived() -> (Installation, Ctx, Trust) {
    let home = Installation::in_memory().await;
    let (ada, _) = home.first_person().await;
    for name in ["=One", "Two, \"quoted\"", "Dreißig", "Vier"] {
        home.clock.advance(1);
        platform::api_keys::create(&ada, Environment::Test, &types::keys::KeyTerms::usual(name))
            .await
            .unwrap();
    }
    let system = home.platform.system();
    let mut sequencer = Sequencer::new(&system);
    while matches!(
        sequencer.step(&system).await.unwrap(),
        platform::ledger::Step::Grown { .. }
    ) {}
    sequencer.end(&system).await.unwrap();
    while log::index(&system).await.unwrap() {}
    let keys = platform::ledger::verifier_keys(&home.anonymous()).await.unwrap();
    let trust = Trust {
        logs: vec![keys.lines().next().unwrap().parse().unwrap()],
        ..Trust::default()
    };
    (home, ada, trust)
}

async fn file(home: &Installation, ctx: &Ctx, format: ExportFormat) -> String {
    let id = log::ask_export(ctx, false, &AuditFilter::default(), format)
        .await
        .unwrap();
    assert!(log::make_due(&home.platform.system()).await.unwrap());
    let mut download = log::open_export(ctx, false, id).await.unwrap();
    download.begin(0, download.length() - 1).await.unwrap();
    let mut all = Vec::new();
    while let Some(piece) = download.next().await.unwrap() {
        all.extend(piece);
    }
    String::from_utf8(all).unwrap()
}

/// The rows of a file, in a form in which each can be changed and the file written again.
enum Rows {
    Csv(csv::StringRecord, Vec<Vec<String>>),
    /// Lines, and where in each the bundle is.
    Json(Vec<Value>, &'static str),
}

impl Rows {
    fn read(format: ExportFormat, text: &str) -> Self {
        if format == ExportFormat::Csv {
            let mut reader = csv::Reader::from_reader(text.as_bytes());
            let head = reader.headers().unwrap().clone();
            let rows = reader
                .records()
                .map(|row| row.unwrap().iter().map(ToOwned::to_owned).collect());
            return Self::Csv(head, rows.collect());
        }
        let lines = text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        let place = if format == ExportFormat::Ocsf {
            "/unmapped/loomwire"
        } else {
            ""
        };
        Self::Json(lines, place)
    }

    fn len(&self) -> usize {
        match self {
            Self::Csv(_, rows) => rows.len(),
            Self::Json(lines, _) => lines.len(),
        }
    }

    fn get(&self, row: usize, name: &str) -> String {
        match self {
            Self::Csv(head, rows) => {
                let column = head.iter().position(|known| known == name).unwrap();
                rows[row][column].clone()
            }
            Self::Json(lines, place) => match &lines[row].pointer(place).unwrap()[name] {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            },
        }
    }

    fn set(&mut self, row: usize, name: &str, value: &str) {
        match self {
            Self::Csv(head, rows) => {
                let column = head.iter().position(|known| known == name).unwrap();
                value.clone_into(&mut rows[row][column]);
            }
            Self::Json(lines, place) => {
                lines[row].pointer_mut(place).unwrap()[name] = value.into();
            }
        }
    }

    fn remove(&mut self, row: usize) {
        match self {
            Self::Csv(_, rows) => drop(rows.remove(row)),
            Self::Json(lines, _) => drop(lines.remove(row)),
        }
    }

    fn write(&self) -> String {
        match self {
            Self::Csv(head, rows) => {
                let mut table = csv::Writer::from_writer(Vec::new());
                table.write_record(head).unwrap();
                for row in rows {
                    table.write_record(row).unwrap();
                }
                String::from_utf8(table.into_inner().unwrap()).unwrap()
            }
            Self::Json(lines, _) => lines
                .iter()
                .flat_map(|line| [line.to_string(), "\n".to_owned()])
                .collect(),
        }
    }
}

#[tokio::test]
async fn exports_of_all_three_formats_are_sound_until_a_row_is_touched() {
    let (home, ada, trust) = lived().await;
    let folder = Folder::new();
    for (format, name) in FORMATS {
        let text = file(&home, &ada, format).await;
        let check = |text: &str| export::check(&folder.file(name, text), &trust);
        let words = sound(check(&text));
        let rows = || Rows::read(format, &text);
        let all = rows().len();
        assert!(all > 4, "{format}: {all}");
        assert!(words.contains(&format!("{all} entries")), "{format}: {words}");
        assert_eq!(
            sound(check(&rows().write())),
            words,
            "{format}: the rows are what is checked"
        );

        // Changed.
        let mut changed = rows();
        let place = changed.get(2, "leafIndex");
        let canonical = changed.get(2, "canonical");
        changed.set(2, "canonical", &canonical.replacen("\"time\":1", "\"time\":2", 1));
        let words = bad(check(&changed.write()));
        assert!(
            words.contains(&format!("First bad row: {place}\n")),
            "{format}: {words}"
        );

        // A value laid open that is not the one that was written.
        let mut opened = rows();
        let text = opened.write().replace("192.0.2.7", "192.0.2.8");
        let first = (0..all)
            .find(|row| opened.get(*row, "opened").contains("192.0.2.7"))
            .unwrap();
        let place = opened.get(first, "leafIndex");
        let words = bad(check(&text));
        assert!(
            words.contains(&format!("First bad row: {place}\n")),
            "{format}: {words}"
        );
        assert!(words.contains("commitment"), "{format}: {words}");

        // Two events swapped, each in the other's place.
        let (one, two) = (opened.get(1, "canonical"), opened.get(3, "canonical"));
        opened.set(1, "canonical", &two);
        opened.set(3, "canonical", &one);
        let place = opened.get(1, "leafIndex");
        let words = bad(check(&opened.write()));
        assert!(
            words.contains(&format!("First bad row: {place}\n")),
            "{format}: {words}"
        );

        // Removed. An export has what was asked for, so a row that is not there contradicts no
        // proof; the number of entries and the digest tell, and this says so.
        let mut fewer = rows();
        fewer.remove(2);
        let words = sound(check(&fewer.write()));
        assert!(
            words.contains(&format!("{} entries", all - 1)),
            "{format}: {words}"
        );
        assert!(
            words.contains("whether rows are missing, the database tells"),
            "{format}: {words}"
        );
    }
}

#[tokio::test]
async fn an_export_that_was_cut_off_within_a_row_is_not_sound() {
    let (home, ada, trust) = lived().await;
    let folder = Folder::new();
    for (format, name) in FORMATS {
        let text = file(&home, &ada, format).await;
        let cut = text.trim_end();
        let cut = &cut[..cut.len() - 40];
        let words = bad(export::check(&folder.file(name, cut), &trust));
        assert!(words.starts_with("The export is not sound."), "{format}: {words}");
    }
}
