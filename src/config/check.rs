//! Every key: its default, what it may be, and what is said if it is not.

use std::{
    fmt::Display,
    net::{IpAddr, SocketAddr},
    num::NonZeroU32,
    ops::RangeInclusive,
    path::PathBuf,
    str::FromStr,
    time::Duration,
};

use ipnet::IpNet;
use platform::limits::Policy;
use tracing_subscriber::EnvFilter;
use types::security::SessionLimits;
use url::{Host, Url};

use super::{
    Config, DatabaseUrl, Environment, Limits, Log, LogFormat, MasterKey, Session, backup, database, keeping,
    ledger, mail, metrics, otlp,
    read::{Given, Reader},
    redis, tls,
};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Takes every key, so that every problem is found; `None` if there is one.
pub(super) fn check(reader: &mut Reader, environment: &Environment) -> Option<Config> {
    let data = reader.one("data", "data", |text| {
        required(text).map(|text| shown(text.to_owned()))
    });
    let data = data.unwrap_or_default();
    let listen = reader.one("listen", "127.0.0.1:3000", |text| {
        let address = SocketAddr::from_str(text);
        let address = address.map_err(|_| "give an address and a port, such as 127.0.0.1:3000")?;
        Ok((address, quoted(address)))
    });
    let public_url = reader.one("public_url", "http://localhost:3000", public_url);
    let database_url = reader.one(
        "database_url",
        &format!("sqlite://{data}/loomwire.db"),
        database_url,
    );
    let database_direct_url = database::check(reader);
    let redis = redis::check(reader);
    let master_key = master_key(reader, environment, &data);
    let trusted_proxies = reader.any("trusted_proxies", "", trusted_proxies);
    let region = reader.one("region", "", region);
    let token_ttl = reader.one("token_ttl", "86400", whole(MINUTE..=30 * DAY, "seconds"));
    let verification_ttl = reader.one("verification_ttl", "86400", whole(MINUTE..=30 * DAY, "seconds"));
    let session = session(reader);
    let elevation_delay = reader.one("staff.elevation_delay", "3600", whole(MINUTE..=DAY, "seconds"));
    // Whether the file can be read is found when it is opened.
    let geo_database = reader.one("geo.database", "", |text| {
        let path = (!text.trim().is_empty()).then(|| PathBuf::from(text));
        Ok((path, quoted(text)))
    });
    let log = log(reader);
    let metrics = metrics::check(reader);
    let otlp = otlp::check(reader);
    let limits = limits(reader);
    let backup = backup::check(reader, &data);
    let mail = mail::check(reader);
    let accounts = mail::accounts(reader);
    let retention = keeping::retention(reader);
    let outbound = keeping::outbound(reader);
    let ledger = ledger::check(reader);
    let tls = tls::check(reader, &data, public_url.as_ref());
    let (tls, hsts_subdomains) = tls?;
    Some(Config {
        listen: listen?,
        public_url: public_url?,
        database_url: database_url?,
        database_direct_url: database_direct_url?.0,
        master_key: master_key?,
        trusted_proxies: trusted_proxies?,
        tls,
        hsts_subdomains,
        region: region?,
        log: log?,
        metrics: metrics?,
        otlp: otlp?,
        limits: limits?,
        token_ttl: token_ttl?,
        verification_ttl: verification_ttl?,
        session: session?,
        elevation_delay: elevation_delay?,
        geo_database: geo_database?,
        backup: backup?,
        mail: mail?,
        accounts: accounts?,
        retention: retention?,
        outbound: outbound?,
        ledger: ledger?,
        redis: redis?.0,
        lines: Vec::new(),
    })
}

/// As TOML.
pub(super) fn quoted(value: impl Display) -> String {
    format!("{:?}", value.to_string())
}

pub(super) fn shown(value: String) -> (String, String) {
    let text = quoted(&value);
    (value, text)
}

pub(super) fn required(text: &str) -> Result<&str, String> {
    if text.trim().is_empty() {
        Err("give a value, or leave the key out".to_owned())
    } else {
        Ok(text)
    }
}

/// A whole number within bounds.
pub(super) fn whole<T>(
    range: RangeInclusive<T>,
    unit: &str,
) -> impl FnOnce(&str) -> Result<(T, String), String>
where
    T: FromStr + PartialOrd + Display + Copy,
{
    move |text| {
        let number = text.parse().ok().filter(|number| range.contains(number));
        let number =
            number.ok_or_else(|| format!("give whole {unit} from {} to {}", range.start(), range.end()))?;
        Ok((number, number.to_string()))
    }
}

fn seconds(range: RangeInclusive<u64>) -> impl FnOnce(&str) -> Result<(Duration, String), String> {
    move |text| whole(range, "seconds")(text).map(|(number, shown)| (Duration::from_secs(number), shown))
}

fn public_url(text: &str) -> Result<(Url, String), String> {
    let url = Url::parse(text).map_err(|_| "give a URL, such as https://verify.example.com")?;
    let origin_only = url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    if !origin_only {
        return Err("give scheme, host and port only, such as https://verify.example.com".to_owned());
    }
    let loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(_) | Host::Ipv6(_)) => {
            // WebAuthn, section 5.1.3: the relying party's id is a domain name.
            return Err("give a host name: passkeys do not work on an IP address; \
                        on this machine it is http://localhost with the port"
                .to_owned());
        }
        None => return Err("give a URL with a host name".to_owned()),
    };
    match url.scheme() {
        "https" => {}
        "http" if loopback => {}
        "http" => {
            return Err("give an https:// address: http is for localhost only; \
                        give a certificate (tls.certificate_file) or put a proxy in front"
                .to_owned());
        }
        _ => return Err("give an address that begins with https://".to_owned()),
    }
    let shown = quoted(url.origin().ascii_serialization());
    Ok((url, shown))
}

pub(super) fn database_url(text: &str) -> Result<(DatabaseUrl, String), String> {
    let sqlite = text.strip_prefix("sqlite:");
    let known = match sqlite {
        Some(path) => !path.trim_start_matches('/').is_empty(),
        None => {
            (text.starts_with("postgres://") || text.starts_with("postgresql://")) && Url::parse(text).is_ok()
        }
    };
    if !known {
        return Err("give sqlite://path/to/file.db or postgres://user:password@host/name".to_owned());
    }
    let url = DatabaseUrl(text.to_owned());
    let shown = quoted(url.redacted());
    Ok((url, shown))
}

/// A file that is named wins over a credential that systemd offers, and that over the default.
fn master_key(reader: &mut Reader, environment: &Environment, data: &str) -> Option<MasterKey> {
    let folder = environment.get("CREDENTIALS_DIRECTORY").map(PathBuf::from);
    let folder = folder.filter(|folder| folder.join(vault::CREDENTIAL_NAME).exists());
    if let Some(folder) = folder.filter(|_| !reader.has("master_key_file")) {
        let shown = quoted(folder.join(vault::CREDENTIAL_NAME).display());
        reader.show("master_key_file", shown, "systemd credential");
        return Some(MasterKey::Credential(folder));
    }
    reader.one("master_key_file", &format!("{data}/master.key"), |text| {
        required(text).map(|path| (MasterKey::File(PathBuf::from(path)), quoted(path)))
    })
}

fn trusted_proxies(given: Given) -> Result<(Vec<IpNet>, String), String> {
    let entries = match given {
        Given::One(text) => text.split(',').map(|entry| entry.trim().to_owned()).collect(),
        Given::Many(entries) => entries,
        Given::Tables(_) => return Err("give a list of texts, not of tables".to_owned()),
    };
    let mut networks = Vec::new();
    for entry in entries.iter().filter(|entry| !entry.is_empty()) {
        let network = IpNet::from_str(entry).or_else(|_| IpAddr::from_str(entry).map(IpNet::from));
        let network = network
            .map_err(|_| format!("{entry:?} is no network; give addresses or networks such as 10.0.0.0/8"))?;
        if network.prefix_len() == 0 {
            return Err(format!(
                "{entry} is every address, so anybody could name another as theirs"
            ));
        }
        networks.push(network);
    }
    let shown = networks.iter().map(quoted).collect::<Vec<_>>().join(", ");
    Ok((networks, format!("[{shown}]")))
}

fn region(text: &str) -> Result<(Option<String>, String), String> {
    let fits = text.len() <= 32
        && text
            .bytes()
            .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
    if !fits {
        return Err("give at most 32 lower-case letters, digits and hyphens, such as eu-west".to_owned());
    }
    let region = (!text.is_empty()).then(|| text.to_owned());
    Ok((region, quoted(text)))
}

fn session(reader: &mut Reader) -> Option<Session> {
    // NIST SP 800-63B-4, section 2.2.3: at most 24 h in all, and about 1 h without activity.
    let idle = reader.one("session.idle", "3600", whole(MINUTE..=DAY, "seconds"));
    let absolute = reader.one("session.absolute", "86400", whole(MINUTE..=DAY, "seconds"));
    // The same for AAL3, section 2.3.3: at most 12 h, and 15 min without activity.
    let staff_idle = reader.one("session.staff_idle", "900", whole(MINUTE..=DAY, "seconds"));
    let staff_absolute = reader.one("session.staff_absolute", "43200", whole(MINUTE..=DAY, "seconds"));
    let session = Session {
        customers: SessionLimits {
            idle: idle?,
            absolute: absolute?,
        },
        staff: SessionLimits {
            idle: staff_idle?,
            absolute: staff_absolute?,
        },
    };
    if session.customers.idle > session.customers.absolute {
        reader.problem("session.idle: give at most what session.absolute is".to_owned());
    }
    if session.staff.idle > session.staff.absolute {
        reader.problem("session.staff_idle: give at most what session.staff_absolute is".to_owned());
    }
    Some(session)
}

fn log(reader: &mut Reader) -> Option<Log> {
    let format = reader.one("log.format", "pretty", |text| match text {
        "pretty" => Ok((LogFormat::Pretty, quoted(text))),
        "json" => Ok((LogFormat::Json, quoted(text))),
        _ => Err("give pretty or json".to_owned()),
    });
    let filter = reader.one("log.filter", "info", |text| match EnvFilter::try_new(text) {
        Ok(_) => Ok(shown(text.to_owned())),
        Err(_) => Err("give directives such as info or warn,loomwire=debug".to_owned()),
    });
    Some(Log {
        format: format?,
        filter: filter?,
    })
}

fn limits(reader: &mut Reader) -> Option<Limits> {
    let body_bytes = reader.one("limits.body_bytes", "65536", whole(4096..=16_777_216, "bytes"));
    let request = reader.one("limits.request_seconds", "30", seconds(1..=300));
    let header = reader.one("limits.header_seconds", "10", seconds(1..=60));
    // hyper takes no less than 8192.
    let header_bytes = reader.one("limits.header_bytes", "32768", whole(8192..=1_048_576, "bytes"));
    let drain = reader.one("limits.drain_seconds", "30", seconds(1..=300));
    let calls = calls(reader);
    Some(Limits {
        body_bytes: body_bytes?,
        request: request?,
        header: header?,
        header_bytes: header_bytes?,
        drain: drain?,
        calls: calls?,
    })
}

/// An organisation has ten times what one of its keys has, and an address a hundred times, unless
/// the operator says otherwise: they are to be felt by whoever does something odd.
fn calls(reader: &mut Reader) -> Option<Policy> {
    let most = NonZeroU32::MIN.saturating_add(999_999);
    let range = || whole(NonZeroU32::MIN..=most, "calls");
    let key = reader.one("limits.calls_per_minute", "60", range());
    let times = |factor: u32| {
        let base = key.map_or(60, NonZeroU32::get);
        base.saturating_mul(factor).min(most.get()).to_string()
    };
    let tenant = reader.one("limits.tenant_calls_per_minute", &times(10), range());
    let address = reader.one("limits.address_calls_per_minute", &times(100), range());
    Some(Policy {
        key: key?,
        tenant: tenant?,
        address: address?,
    })
}
