//! Whether servers can count calls together.

use platform::limits::SharedLimits;

use super::Finding;
use crate::{
    config::Config,
    valkey::{PATIENCE, Valkey},
};

const NAME: &str = "rate limits";

pub(super) async fn check(config: Config) -> Vec<Finding> {
    let Some(redis) = &config.redis else {
        let says = "Each server counts calls for itself.";
        return vec![Finding::ok(NAME, says)];
    };
    let place = redis.url.place();
    let answer = match Valkey::new(redis, PATIENCE) {
        Ok(store) => store.reach().await.map_err(|error| error.to_string()),
        Err(error) => Err(format!("redis_ca_file cannot be used: {error}")),
    };
    let mut findings = vec![match answer {
        Ok(()) => Finding::ok(NAME, format!("Servers count calls together at {place}.")),
        Err(says) => Finding::fail(
            NAME,
            format!("{place}: {says}. Until it answers, each server counts for itself."),
            "Look at redis_url and redis_ca_file, at the firewall, and whether it runs.",
        ),
    }];
    if !redis.url.is_private() {
        findings.push(Finding::warn(
            NAME,
            format!("What is said with {place} can be heard on the way, a password too."),
            "Use rediss://, unless only its network's own machines can listen.",
        ));
    }
    findings
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;
    use crate::{config::Environment, doctor::finding::Level};

    async fn findings(url: &str) -> Vec<Finding> {
        let environment = Environment::from([("REDIS_URL".to_owned(), url.to_owned())]);
        check(Config::load(None, &environment).unwrap()).await
    }

    #[tokio::test]
    async fn a_store_that_does_not_answer_is_told_and_no_password() {
        let hangs = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let place = hangs.local_addr().unwrap();
        let found = findings(&format!("redis://:hunter2@{place}")).await;
        assert_eq!((found.len(), found[0].level), (1, Level::Fail));
        assert!(found[0].says.contains("no answer in time"), "{}", found[0].says);
        drop(hangs);
        let found = findings(&format!("redis://:hunter2@{place}")).await;
        assert!(
            found[0].says.contains("there is no connection"),
            "{}",
            found[0].says
        );
        assert!(!format!("{}{:?}", found[0].says, found[0].advice).contains("hunter2"));
    }

    #[tokio::test]
    async fn none_is_as_it_should_be() {
        let found = check(Config::load(None, &Environment::new()).unwrap()).await;
        assert_eq!((found.len(), found[0].level), (1, Level::Ok));
    }
}
