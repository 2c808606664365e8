//! The keys of `[ledger]`.

use std::{collections::BTreeMap, path::PathBuf};

use platform::ledger::{Policy, Witness};
use url::Url;

use super::{
    check::quoted,
    read::{Given, Reader},
};

/// Who may look at the ledger, and who cosigns it.
#[derive(Clone, Debug)]
pub struct Ledger {
    /// What the domain needs of it.
    pub policy: Policy,
    /// Certificates that are trusted for witnesses, instead of the public ones.
    pub ca_file: Option<PathBuf>,
}

pub(super) fn check(reader: &mut Reader) -> Option<Ledger> {
    let public = reader.one("ledger.public", "true", |text| match text {
        "true" => Ok((true, text.to_owned())),
        "false" => Ok((false, text.to_owned())),
        _ => Err("give true or false".to_owned()),
    });
    let ca_file = reader.one("ledger.ca_file", "", |path| {
        let file = (!path.is_empty()).then(|| PathBuf::from(path));
        Ok((file, quoted(path)))
    });
    let witnesses = reader.any("ledger.witness", "", witnesses);
    Some(Ledger {
        policy: Policy {
            public: public?,
            witnesses: witnesses?,
        },
        ca_file: ca_file?,
    })
}

/// `[[ledger.witness]]` tables with `url` and `key`, or texts `URL KEY` behind each other.
fn witnesses(given: Given) -> Result<(Vec<Witness>, String), String> {
    let pairs: Vec<(String, String)> = match given {
        Given::Tables(tables) => tables.into_iter().map(from_table).collect::<Result<_, _>>()?,
        Given::One(text) => from_lines(text.split(','))?,
        Given::Many(lines) => from_lines(lines.iter().map(String::as_str))?,
    };
    let mut witnesses: Vec<Witness> = Vec::new();
    for (url, key) in pairs {
        let witness = witness(&url, &key)?;
        let name = witness.key.name();
        if witnesses.iter().any(|other| other.key.name() == name) {
            return Err(format!("there are two witnesses named {name}: give each once"));
        }
        witnesses.push(witness);
    }
    let shown = witnesses
        .iter()
        .map(|witness| {
            let (url, key) = (quoted(&witness.url), quoted(&witness.key));
            format!("{{ url = {url}, key = {key} }}")
        })
        .collect::<Vec<_>>();
    Ok((witnesses, format!("[{}]", shown.join(", "))))
}

fn from_table(mut table: BTreeMap<String, String>) -> Result<(String, String), String> {
    let both = (table.remove("url"), table.remove("key"));
    match both {
        (Some(url), Some(key)) if table.is_empty() => Ok((url, key)),
        _ => Err("give each witness a url and a key, and nothing else".to_owned()),
    }
}

fn from_lines<'a>(lines: impl Iterator<Item = &'a str>) -> Result<Vec<(String, String)>, String> {
    lines
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(|line| {
            let (url, key) = line
                .split_once(' ')
                .ok_or("give address and key with a blank between")?;
            Ok((url.to_owned(), key.trim().to_owned()))
        })
        .collect()
}

fn witness(url: &str, key: &str) -> Result<Witness, String> {
    let bad = || format!("{url:?} is no address: give one such as https://witness.example.com");
    let parsed = Url::parse(url).map_err(|_| bad())?;
    // What is sent is public, and what comes back is signed: http gives nothing away.
    let sound = matches!(parsed.scheme(), "http" | "https")
        && parsed.host().is_some()
        && parsed.username().is_empty()
        && parsed.password().is_none()
        && parsed.query().is_none()
        && parsed.fragment().is_none();
    if !sound {
        return Err(bad());
    }
    let key = key
        .parse::<ledger::checkpoint::NoteKey>()
        .map_err(|error| format!("the key {key:?} cannot be used: {error}"))?;
    if !key.is_witness() {
        let name = key.name();
        return Err(format!(
            "the key of {name} is a log's: give the one that `loomwire witness keygen` printed"
        ));
    }
    Ok(Witness {
        url: parsed.as_str().trim_end_matches('/').to_owned(),
        key,
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use ledger::{checkpoint::NoteSigner, witness::CosignSigner};

    use crate::config::{Config, Environment};

    fn from_file(text: &str) -> Result<Config, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("loomwire.toml");
        fs::write(&path, text).unwrap();
        Config::load(Some(path), &Environment::new()).map_err(|problems| problems.to_string())
    }

    fn key(name: &str) -> String {
        CosignSigner::from_seed(name, &[7; 32])
            .unwrap()
            .vkey()
            .to_string()
    }

    #[test]
    fn the_ledger_is_public_unless_the_operator_says_otherwise() {
        assert!(from_file("").unwrap().ledger.policy.public);
        assert!(
            !from_file("[ledger]\npublic = false")
                .unwrap()
                .ledger
                .policy
                .public
        );
        assert!(from_file("[ledger]\npublic = \"perhaps\"").is_err());
    }

    #[test]
    fn witnesses_are_tables_in_the_file_and_a_text_in_the_environment() {
        let (a, b) = (key("a.example/w"), key("b.example/w"));
        let text = format!(
            "[[ledger.witness]]\nurl = \"https://a.example/\"\nkey = \"{a}\"\n\
             [[ledger.witness]]\nurl = \"http://b.example:8080/w\"\nkey = \"{b}\"\n"
        );
        let config = from_file(&text).unwrap();
        let urls = |config: &Config| {
            let all = &config.ledger.policy.witnesses;
            all.iter()
                .map(|w| format!("{} {}", w.url, w.key.name()))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            urls(&config),
            [
                "https://a.example a.example/w",
                "http://b.example:8080/w b.example/w"
            ]
        );
        assert!(
            config.show().contains(&format!("key = \"{a}\"")),
            "{}",
            config.show()
        );
        let pairs = [(
            "LOOMWIRE_LEDGER__WITNESS".to_owned(),
            format!("https://a.example {a}, http://b.example:8080/w {b}"),
        )];
        let same = Config::load(None, &Environment::from(pairs)).unwrap();
        assert_eq!(urls(&same), urls(&config));
    }

    #[test]
    fn what_is_no_witness_is_said() {
        let (ours, log) = (
            key("a.example/w"),
            NoteSigner::from_seed("l.example", &[7; 32]).unwrap(),
        );
        let entry = |url: &str, key: &str| format!("[[ledger.witness]]\nurl = \"{url}\"\nkey = \"{key}\"\n");
        for (text, said) in [
            (entry("ftp://a.example", &ours), "no address"),
            (entry("https://x:y@a.example", &ours), "no address"),
            (entry("https://a.example", "a.example/w+0+AA=="), "cannot be used"),
            (entry("https://a.example", &log.vkey().to_string()), "is a log's"),
            (entry("https://a.example", &ours).repeat(2), "two witnesses"),
            (
                format!("{}more = 1\n", entry("https://a.example", &ours)),
                "nothing else",
            ),
            (
                "[ledger]\nwitness = \"https://a.example\"".to_owned(),
                "a blank between",
            ),
        ] {
            let problem = from_file(&text).unwrap_err();
            assert!(
                problem.contains("ledger.witness") && problem.contains(said),
                "{problem}"
            );
        }
    }
}
