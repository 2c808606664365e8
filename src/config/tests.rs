use std::{fs, path::PathBuf, time::Duration};

use tempfile::TempDir;

use super::{Config, Environment, LogFormat, MasterKey, Problems};

fn environment(pairs: &[(&str, &str)]) -> Environment {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

fn load(text: &str, pairs: &[(&str, &str)]) -> Result<Config, Problems> {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("loomwire.toml");
    fs::write(&file, text).unwrap();
    Config::load(Some(file), &environment(pairs))
}

fn problems(text: &str, pairs: &[(&str, &str)]) -> Vec<String> {
    load(text, pairs).unwrap_err().0
}

#[test]
fn nothing_given_is_a_whole_configuration_for_this_machine() {
    let config = load("", &[]).unwrap();
    assert_eq!(config.listen.to_string(), "127.0.0.1:3000");
    assert_eq!(config.public_url.as_str(), "http://localhost:3000/");
    assert_eq!(config.database_url.expose(), "sqlite://data/loomwire.db");
    assert_eq!(
        config.master_key,
        MasterKey::File(PathBuf::from("data/master.key"))
    );
    assert_eq!(config.limits.body_bytes, 65_536);
    assert_eq!(config.limits.request, Duration::from_secs(30));
    assert_eq!((config.token_ttl, config.verification_ttl), (86_400, 86_400));
    let session = (config.session.customers, config.session.staff);
    assert_eq!((session.0.idle, session.0.absolute), (3600, 86_400));
    assert_eq!((session.1.idle, session.1.absolute), (900, 43_200));
    assert!(config.trusted_proxies.is_empty() && config.region.is_none());
    assert!(!config.is_https());
}

#[test]
fn the_environment_wins_over_the_file_and_the_prefix_over_the_well_known_name() {
    let file =
        "public_url = \"https://file.example\"\n[limits]\nbody_bytes = 10000\n[log]\nformat = \"json\"\n";
    let config = load(file, &[]).unwrap();
    assert_eq!(config.public_url.host_str(), Some("file.example"));
    assert_eq!(config.limits.body_bytes, 10_000);
    assert_eq!(config.log.format, LogFormat::Json);
    assert!(config.is_https());

    let mut pairs = vec![
        ("PUBLIC_URL", "https://env.example"),
        ("LOOMWIRE_LIMITS__BODY_BYTES", "20000"),
    ];
    let config = load(file, &pairs).unwrap();
    assert_eq!(config.public_url.host_str(), Some("env.example"));
    assert_eq!(config.limits.body_bytes, 20_000);
    pairs.push(("LOOMWIRE_PUBLIC_URL", "https://prefix.example"));
    assert_eq!(
        load(file, &pairs).unwrap().public_url.host_str(),
        Some("prefix.example")
    );
}

#[test]
fn the_data_folder_moves_database_and_key_along() {
    let config = load("", &[("LOOMWIRE_DATA", "/var/lib/loomwire")]).unwrap();
    assert_eq!(
        config.database_url.expose(),
        "sqlite:///var/lib/loomwire/loomwire.db"
    );
    assert_eq!(
        config.master_key,
        MasterKey::File(PathBuf::from("/var/lib/loomwire/master.key"))
    );
}

#[test]
fn every_problem_is_listed_at_once_with_its_origin() {
    let file =
        "listen = \"here\"\ncolour = \"red\"\n[limits]\nbody_bytes = 1\nspeed = 3\n[log]\nformat = \"xml\"\n";
    let found = problems(
        file,
        &[("LOOMWIRE_TOKEN_TTL", "soon"), ("LOOMWIRE_NONSENSE", "1")],
    );
    for (key, origin) in [
        ("listen", "loomwire.toml"),
        ("colour", "loomwire.toml"),
        ("limits.body_bytes", "loomwire.toml"),
        ("limits.speed", "loomwire.toml"),
        ("log.format", "loomwire.toml"),
        ("token_ttl", "the environment"),
        ("nonsense", "the environment"),
    ] {
        let hit = found
            .iter()
            .find(|problem| problem.starts_with(&format!("{key} (from ")));
        assert!(
            hit.is_some_and(|problem| problem.contains(origin)),
            "{key}: {found:#?}"
        );
    }
    assert_eq!(found.len(), 7, "{found:#?}");
}

#[test]
fn what_is_for_the_tools_is_no_unknown_key() {
    load(
        "",
        &[
            ("LOOMWIRE_CONFIG", "x"),
            ("LOOMWIRE_WASM_RUSTC", "x"),
            ("LOOMWIRE_BIN", "x"),
        ],
    )
    .unwrap();
}

#[test]
fn a_public_url_is_an_https_origin_with_a_name() {
    for good in [
        "https://verify.example",
        "https://verify.example:8443/",
        "http://localhost:3000",
        "http://a.localhost",
    ] {
        load("", &[("PUBLIC_URL", good)]).unwrap();
    }
    for bad in [
        "http://verify.example",
        "http://localhost.example",
        "http://127.0.0.1:3000",
        "https://[::1]",
        "https://10.0.0.1",
        "https://verify.example/path",
        "https://verify.example/?a",
        "https://verify.example/#a",
        "https://user@verify.example",
        "ftp://verify.example",
        "verify.example",
        "",
    ] {
        assert_eq!(problems("", &[("PUBLIC_URL", bad)]).len(), 1, "{bad}");
    }
}

#[test]
fn proxies_are_a_list_in_the_file_and_commas_in_the_environment() {
    let file = load("trusted_proxies = [\"10.0.0.0/8\", \"::1\"]", &[]).unwrap();
    let variable = load("", &[("LOOMWIRE_TRUSTED_PROXIES", "10.0.0.0/8, ::1")]).unwrap();
    assert_eq!(file.trusted_proxies, variable.trusted_proxies);
    assert_eq!(file.trusted_proxies.len(), 2);
    for bad in ["10.0.0.0/33", "proxy.example", "0.0.0.0/0", "::/0"] {
        assert_eq!(
            problems("", &[("LOOMWIRE_TRUSTED_PROXIES", bad)]).len(),
            1,
            "{bad}"
        );
    }
}

#[test]
fn an_idle_limit_beyond_the_absolute_one_is_a_problem() {
    let found = problems("[session]\nidle = 7200\nabsolute = 3600\n", &[]);
    assert!(found[0].contains("session.absolute"), "{found:?}");
    assert_eq!(problems("[session]\nabsolute = 90000\n", &[]).len(), 1);
}

#[test]
fn a_credential_of_systemd_is_used_unless_a_file_is_named() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().to_str().unwrap();
    let pairs = [("CREDENTIALS_DIRECTORY", path)];
    assert!(matches!(load("", &pairs).unwrap().master_key, MasterKey::File(_)));
    fs::write(folder.path().join(vault::CREDENTIAL_NAME), "").unwrap();
    let config = load("", &pairs).unwrap();
    assert_eq!(config.master_key, MasterKey::Credential(folder.path().to_owned()));
    let named = load("master_key_file = \"/etc/key\"", &pairs).unwrap();
    assert_eq!(named.master_key, MasterKey::File(PathBuf::from("/etc/key")));
}

#[test]
fn what_is_shown_reads_back_as_the_same_and_holds_no_password() {
    let pairs = [
        (
            "DATABASE_URL",
            "postgres://loom:hunter2@db.example/loom?sslmode=require&password=hunter2",
        ),
        ("LOOMWIRE_TRUSTED_PROXIES", "10.0.0.0/8,::1"),
        ("LOOMWIRE_REGION", "eu"),
    ];
    let config = load("", &pairs).unwrap();
    let shown = config.show();
    assert!(
        !shown.contains("hunter2") && !format!("{config:?}").contains("hunter2"),
        "{shown}"
    );
    assert!(
        shown.contains("db.example") && shown.contains("# the environment"),
        "{shown}"
    );
    let again = load(&shown, &[]).unwrap();
    assert_eq!(again.trusted_proxies, config.trusted_proxies);
    assert_eq!(again.limits, config.limits);
    assert_eq!(again.region, config.region);
}

#[test]
fn a_bad_database_url_is_not_repeated() {
    let found = problems("", &[("DATABASE_URL", "mysql://loom:hunter2@db.example/loom")]);
    assert!(
        found[0].contains("postgres://") && !found[0].contains("hunter2"),
        "{found:?}"
    );
}

#[test]
fn a_file_that_is_no_toml_says_where_and_not_what() {
    let found = problems("listen = \"127.0.0.1:3000\"\ndatabase_url = hunter2:\n", &[]);
    assert!(
        found[0].contains("line 2") && !found[0].contains("hunter2"),
        "{found:?}"
    );
}

#[test]
fn a_named_file_must_be_there() {
    let missing = Config::load(Some(PathBuf::from("/nowhere/loomwire.toml")), &Environment::new());
    assert!(missing.unwrap_err().0[0].contains("/nowhere/loomwire.toml"));
}

#[test]
fn backups_are_scheduled_once_somebody_can_open_them() {
    const RECIPIENT: &str = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
    let off = load("", &[]).unwrap().backup;
    assert_eq!(off.folder, PathBuf::from("data/backups"));
    assert_eq!(
        (off.every_hours, off.keep_days, off.policy().drills),
        (0, 30, false)
    );
    let on = load(&format!("[backup]\nrecipients = [\"{RECIPIENT}\"]"), &[]).unwrap();
    assert_eq!((on.backup.every_hours, on.backup.policy().recipients), (24, 1));
    let again = load(&on.show(), &[]).unwrap().backup;
    assert_eq!(again.policy(), on.backup.policy());

    let found = problems("[backup]\nevery_hours = 1", &[]);
    assert!(found[0].contains("keygen"), "{found:?}");
    let found = problems("", &[("LOOMWIRE_BACKUP__RECIPIENTS", "age1nonsense")]);
    assert!(found[0].contains("no age recipient"), "{found:?}");
    let secret = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX";
    let found = problems("", &[("LOOMWIRE_BACKUP__RECIPIENTS", secret)]);
    assert!(
        found[0].contains("secret half") && !found[0].contains("GFPYY"),
        "{found:?}"
    );
    let found = problems("[backup]\ndrill_url = \"sqlite://x.db\"", &[]);
    assert!(found[0].contains("postgres://"), "{found:?}");
}
