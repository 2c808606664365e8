//! What is under `deploy/` says of this server only what is true.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use loomwire::config::{Config, Environment, MasterKey};
use serde_json::Value;
use tempfile::TempDir;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn text(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every document of a manifest.
fn documents(name: &str) -> Vec<Value> {
    serde_saphyr::from_multiple(&text(&format!("deploy/kubernetes/{name}.yaml"))).unwrap()
}

fn document(name: &str) -> Value {
    let mut all = documents(name);
    assert_eq!(all.len(), 1, "{name}");
    all.remove(0)
}

fn strings(map: &Value) -> BTreeMap<String, String> {
    let map = map.as_object().unwrap();
    let text = |(name, value): (&String, &Value)| (name.clone(), value.as_str().unwrap().to_owned());
    map.iter().map(text).collect()
}

fn numbers(values: &Value, key: &str) -> BTreeSet<u64> {
    let values = values.as_array().unwrap();
    values.iter().map(|value| value[key].as_u64().unwrap()).collect()
}

/// What follows a key at the beginning of a line.
fn settings<'a>(text: &'a str, key: &str) -> Vec<&'a str> {
    text.lines()
        .filter_map(|line| line.strip_prefix(key))
        .map(str::trim)
        .collect()
}

fn assert_is_a_command(words: &[&str]) {
    let mut help = Command::new(env!("CARGO_BIN_EXE_loomwire"));
    let answer = help.args(words).arg("--help").env_clear().output().unwrap();
    assert!(
        answer.status.success(),
        "there is no `loomwire {}`",
        words.join(" ")
    );
}

/// The time that a process has from SIGTERM on: requests, and as long for a job.
fn stopping(config: &Config) -> Duration {
    2 * config.limits.drain
}

#[test]
fn the_systemd_unit_starts_this_server() {
    let unit = text("deploy/systemd/loomwire.service");
    let [start] = settings(&unit, "ExecStart=")[..] else {
        panic!("one ExecStart")
    };
    assert_is_a_command(&start.split(' ').skip(1).collect::<Vec<_>>());

    let folder = TempDir::new().unwrap();
    let credentials = folder.path().to_str().unwrap();
    for credential in settings(&unit, "LoadCredential=") {
        let (name, path) = credential.split_once(':').unwrap();
        assert_eq!(path, format!("/etc/loomwire/{name}"));
        fs::copy(root().join("deploy/systemd").join(name), folder.path().join(name)).unwrap();
    }
    for credential in settings(&unit, "LoadCredentialEncrypted=") {
        let (name, _) = credential.split_once(':').unwrap();
        assert_eq!(name, vault::CREDENTIAL_NAME);
        fs::write(folder.path().join(name), "").unwrap();
    }
    let mut environment: Environment = settings(&unit, "Environment=")
        .iter()
        .map(|pair| pair.split_once('=').unwrap())
        .map(|(name, value)| (name.to_owned(), value.replace("%d", credentials)))
        .collect();
    environment.insert("CREDENTIALS_DIRECTORY".to_owned(), credentials.to_owned());
    let file = environment.get("LOOMWIRE_CONFIG").map(PathBuf::from);
    let config = Config::load(file, &environment).unwrap();

    assert_eq!(config.master_key, MasterKey::Credential(folder.path().to_owned()));
    assert_eq!(
        config.database_url.expose(),
        "sqlite:///var/lib/loomwire/loomwire.db"
    );
    assert!(!config.trusted_proxies.is_empty(), "a proxy stands in front");
    let port = format!("tcp:{}", config.listen.port());
    assert!(settings(&unit, "SocketBindAllow=").contains(&port.as_str()));
    let [patience] = settings(&unit, "TimeoutStopSec=")[..] else {
        panic!("one TimeoutStopSec")
    };
    let patience: u64 = patience.trim_end_matches('s').parse().unwrap();
    assert!(Duration::from_secs(patience) > stopping(&config));
}

#[test]
fn commands_beside_the_unit_run_with_what_the_unit_has() {
    let unit = text("deploy/systemd/loomwire.service");
    let admin = text("deploy/systemd/loomwire-admin");
    for key in [
        "DynamicUser=",
        "User=",
        "StateDirectory=",
        "StateDirectoryMode=",
        "WorkingDirectory=",
        "UMask=",
        "LoadCredential=",
        "LoadCredentialEncrypted=",
        "LimitCORE=",
        "NoNewPrivileges=",
        "ProtectSystem=",
    ] {
        let [value] = settings(&unit, key)[..] else {
            panic!("one {key}")
        };
        assert!(
            admin.contains(&format!("--property={key}{value} ")),
            "{key}{value}"
        );
    }
}

#[test]
fn the_image_starts_this_server() {
    let file = text("deploy/container/Containerfile");
    let environment: Environment = settings(&file, "ENV LOOMWIRE_")
        .iter()
        .flat_map(|pairs| {
            format!("LOOMWIRE_{pairs}")
                .split(' ')
                .map(str::to_owned)
                .collect::<Vec<_>>()
        })
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap();
            (name.to_owned(), value.to_owned())
        })
        .collect();
    let config = Config::load(None, &environment).unwrap();
    assert!(config.listen.ip().is_unspecified(), "reached from outside of it");
    assert_eq!(
        settings(&file, "EXPOSE "),
        [format!("{}/tcp", config.listen.port())]
    );
    let data = environment["LOOMWIRE_DATA"].as_str();
    assert_eq!(settings(&file, "VOLUME "), [data]);
    assert!(file.contains(&format!("--chown=65532:65532 /out/data {data}\n")));
    assert_eq!(settings(&file, "USER "), ["65532:65532"]);

    for line in file.lines().filter(|line| line.contains("CMD [")) {
        let words: Vec<String> = serde_json::from_str(&line[line.find('[').unwrap()..]).unwrap();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        assert_is_a_command(words.strip_prefix(&["/usr/local/bin/loomwire"]).unwrap_or(&words));
    }
    let toolchain = text("rust-toolchain.toml");
    let [version] = settings(&toolchain, "channel = ")[..] else {
        panic!("one channel")
    };
    let version = version.trim_matches('"');
    assert!(file.contains(&format!("/rust:{version}-slim-")), "{version}");
    assert!(
        file.contains(&format!("RUSTUP_TOOLCHAIN={version} ")),
        "{version}"
    );
    let ours = format!("ARG VERSION={}\n", env!("CARGO_PKG_VERSION"));
    assert!(file.contains(&ours), "{ours}");
}

/// What the build gets to see is what it needs: each workspace member, and nothing that is not
/// there.
#[test]
fn the_image_is_built_from_what_is_let_in() {
    let ignore = text(".containerignore");
    assert_eq!(ignore, text("deploy/container/Containerfile.dockerignore"));
    let lines: Vec<&str> = ignore
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect();
    assert_eq!(lines[0], "*");
    let let_in: BTreeSet<&str> = lines[1..]
        .iter()
        .map(|line| line.strip_prefix('!').unwrap())
        .collect();
    for entry in &let_in {
        assert!(root().join(entry).exists(), "{entry}");
    }
    let manifest = text("Cargo.toml");
    let [members] = settings(&manifest, "members = ")[..] else {
        panic!("one list of members")
    };
    let members: Vec<String> = serde_json::from_str(members).unwrap();
    let needed = members.iter().map(|member| member.trim_end_matches("/*"));
    for needed in needed.filter(|member| *member != ".").chain(["LICENSE"]) {
        assert!(let_in.contains(needed), "{needed}");
    }
    for kept_out in ["data", "deploy", "target", ".git", "loomwire.toml"] {
        assert!(!let_in.contains(kept_out), "{kept_out}");
    }
}

/// The environment of a container: the config map, the secret, and what the pod itself says.
fn environment(pod: &Value) -> Environment {
    let container = &pod["containers"][0];
    let mut environment = strings(&document("config")["data"]);
    let secret = strings(&document("secret.example")["stringData"]);
    assert_eq!(container["envFrom"][0]["configMapRef"]["name"], "loomwire");
    for variable in container["env"].as_array().unwrap() {
        let key = variable["valueFrom"]["secretKeyRef"]["key"].as_str().unwrap();
        let name = variable["name"].as_str().unwrap().to_owned();
        assert!(environment.insert(name, secret[key].clone()).is_none());
    }
    environment
}

/// As the kubelet lays it out: the folder of the master key.
fn mounted(pod: &Value, credentials: &str) {
    let volume = &pod["volumes"][0];
    let mount = &pod["containers"][0]["volumeMounts"][0];
    assert_eq!(
        (&volume["name"], &mount["readOnly"]),
        (&mount["name"], &Value::Bool(true))
    );
    assert_eq!(mount["mountPath"], credentials);
    let item = &volume["secret"]["items"][0];
    assert_eq!(item["path"], vault::CREDENTIAL_NAME);
    assert!(strings(&document("secret.example")["stringData"]).contains_key(item["key"].as_str().unwrap()));
    // With fsGroup the files are root's and the group's; others must not read them.
    assert_eq!(volume["secret"]["defaultMode"], 0o440);
    assert_eq!(
        pod["securityContext"]["fsGroup"],
        pod["securityContext"]["runAsGroup"]
    );
}

#[test]
fn the_pods_start_this_server_two_of_them_on_one_postgresql() {
    let deployment = document("deployment");
    let migrate = document("migrate");
    assert_eq!(deployment["spec"]["replicas"], 2);
    for workload in [&deployment, &migrate] {
        let pod = &workload["spec"]["template"]["spec"];
        let mut environment = environment(pod);
        mounted(pod, &environment["CREDENTIALS_DIRECTORY"]);
        // Otherwise LOOMWIRE_SERVICE_HOST comes from Kubernetes, and is refused.
        assert_eq!(pod["enableServiceLinks"], false);
        assert_eq!(pod["automountServiceAccountToken"], false);
        let container = &pod["containers"][0];
        assert_eq!(container["securityContext"]["readOnlyRootFilesystem"], true);
        let words = container["args"].as_array().unwrap();
        assert_is_a_command(
            &words
                .iter()
                .map(|word| word.as_str().unwrap())
                .collect::<Vec<_>>(),
        );

        let folder = TempDir::new().unwrap();
        fs::write(folder.path().join(vault::CREDENTIAL_NAME), "").unwrap();
        environment.insert(
            "CREDENTIALS_DIRECTORY".to_owned(),
            folder.path().to_str().unwrap().to_owned(),
        );
        let config = Config::load(None, &environment).unwrap();
        assert!(matches!(config.master_key, MasterKey::Credential(_)));
        assert!(config.database_url.expose().starts_with("postgres://"));
        assert!(config.is_https() && config.listen.ip().is_unspecified());
    }
    let (server, job) = (
        &deployment["spec"]["template"]["spec"],
        &migrate["spec"]["template"]["spec"],
    );
    for key in ["securityContext", "volumes"] {
        assert_eq!(server[key], job[key], "{key}");
    }
    for key in ["image", "securityContext", "env", "envFrom"] {
        assert_eq!(server["containers"][0][key], job["containers"][0][key], "{key}");
    }
}

#[test]
fn a_pod_that_goes_has_the_time_to_answer() {
    let deployment = document("deployment");
    let pod = &deployment["spec"]["template"]["spec"];
    let config = Config::load(None, &environment(pod)).unwrap();
    let container = &pod["containers"][0];
    let pause = container["lifecycle"]["preStop"]["sleep"]["seconds"]
        .as_u64()
        .unwrap();
    let unready = &container["readinessProbe"];
    let grace = pod["terminationGracePeriodSeconds"].as_u64().unwrap();
    assert!(Duration::from_secs(grace - pause) > stopping(&config));
    // `/readyz` gives the database 2 s.
    assert!(unready["timeoutSeconds"].as_u64().unwrap() > 2);
    let probes = ["startupProbe", "livenessProbe", "readinessProbe"];
    let paths = probes.map(|probe| container[probe]["httpGet"]["path"].as_str().unwrap());
    assert_eq!(paths, ["/healthz", "/healthz", "/readyz"]);
    assert_eq!(
        deployment["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"],
        0
    );
}

#[test]
fn only_the_ports_that_are_listened_on_are_open_and_the_labels_meet() {
    let deployment = document("deployment");
    let labels = strings(&deployment["spec"]["template"]["metadata"]["labels"]);
    let pod = &deployment["spec"]["template"]["spec"];
    let ports = numbers(&pod["containers"][0]["ports"], "containerPort");
    let environment = environment(pod);
    let port_of = |name: &str| -> u64 { environment[name].rsplit(':').next().unwrap().parse().unwrap() };
    let listened = BTreeSet::from([port_of("LOOMWIRE_LISTEN"), port_of("LOOMWIRE_METRICS__LISTEN")]);
    assert_eq!(ports, listened);

    let policies = documents("network-policy");
    let everything = policies[0]["spec"].clone();
    assert_eq!(everything["podSelector"], serde_json::json!({}));
    assert_eq!(
        everything["policyTypes"],
        serde_json::json!(["Ingress", "Egress"])
    );
    let mut open = BTreeSet::new();
    for rule in policies[1]["spec"]["ingress"].as_array().unwrap() {
        assert!(rule["from"].as_array().is_some_and(|from| !from.is_empty()));
        open.extend(numbers(&rule["ports"], "port"));
    }
    assert_eq!(open, ports);

    let meets = |selector: &Value| {
        strings(selector)
            .iter()
            .all(|(name, value)| labels.get(name) == Some(value))
    };
    for policy in &policies[1..] {
        assert!(meets(&policy["spec"]["podSelector"]["matchLabels"]), "{policy}");
    }
    assert!(meets(&document("service")["spec"]["selector"]));
    assert!(meets(
        &document("disruption-budget")["spec"]["selector"]["matchLabels"]
    ));
    assert!(meets(&deployment["spec"]["selector"]["matchLabels"]));
}

#[test]
fn kustomize_takes_every_manifest_but_the_form_of_the_secret() {
    let listed: BTreeSet<String> =
        serde_json::from_value(document("kustomization")["resources"].clone()).unwrap();
    let files = fs::read_dir(root().join("deploy/kubernetes")).unwrap();
    let mut there: BTreeSet<String> = files
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(there.remove("kustomization.yaml") && there.remove("secret.example.yaml"));
    assert_eq!(listed, there);
}
