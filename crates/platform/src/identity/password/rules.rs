//! Which passwords are taken (NIST SP 800-63B-4, section 3.1.1.2): long ones that nobody would
//! guess. No composition, no expiry.

use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;
use zxcvbn::{Score, zxcvbn};

/// Characters, after normalisation.
const SHORTEST: usize = 15;
const LONGEST: usize = 256;
/// A word of the person's is looked for from this length on.
const WORD: usize = 3;
/// More than 10^10 guesses: what zxcvbn calls very unguessable. Its dictionaries hold the common
/// passwords, names and words, and so are the blocklist.
const SCORE: Score = Score::Four;
/// So many characters must not come from words of the person's.
const OWN: usize = 8;

/// Words that an attacker would try first.
#[derive(Clone, Copy, Default)]
pub struct Whose<'a> {
    /// The person's name.
    pub name: &'a str,
    /// The e-mail address.
    pub email: &'a str,
    /// The organisation's name, as far as there is one.
    pub organisation: &'a str,
}

impl Whose<'_> {
    fn words(&self) -> Vec<String> {
        let parts = [self.name, self.email, self.organisation, "Loomwire"];
        let split = parts
            .iter()
            .flat_map(|part| part.split(|c: char| !c.is_alphanumeric()));
        let split = split.map(str::to_lowercase);
        // "Ada Lovelace" is also `adalovelace`.
        let joined = parts.iter().map(|part| part.to_lowercase());
        let joined = joined.map(|part| part.chars().filter(|c| c.is_alphanumeric()).collect());
        split
            .chain(joined)
            .filter(|word: &String| word.chars().count() >= WORD)
            .collect()
    }
}

/// The password as it is hashed, or what is wrong with it.
pub(in crate::identity) fn check(password: &str, whose: Whose<'_>) -> Result<Zeroizing<String>, String> {
    let password = normalized(password);
    let length = password.chars().count();
    if length < SHORTEST {
        return Err(format!(
            "Use at least {SHORTEST} characters: four or five random words are easy to remember. This has {length}."
        ));
    }
    if length > LONGEST {
        return Err(format!("Use at most {LONGEST} characters. This has {length}."));
    }
    let words = whose.words();
    let known: Vec<&str> = words.iter().map(String::as_str).collect();
    if rest(&password, &words).is_some_and(|rest| rest < OWN) {
        return Err(
            "This password is easy to guess: it is made of your name, your address or your organisation. Take words that have nothing to do with you."
                .to_owned(),
        );
    }
    let estimate = zxcvbn(&password, &known);
    if estimate.score() >= SCORE {
        return Ok(password);
    }
    let why = estimate.feedback().and_then(zxcvbn::feedback::Feedback::warning);
    let why = why.map_or_else(String::new, |warning| format!(" {}", told(&warning.to_string())));
    Err(format!(
        "This password is easy to guess.{why} Take words that have nothing to do with you or each other."
    ))
}

/// How many letters and digits are left without the person's words, if it has any of them.
fn rest(password: &str, words: &[String]) -> Option<usize> {
    let mut letters: String = password
        .to_lowercase()
        .chars()
        .filter(|c| c.is_alphanumeric())
        .collect();
    let whole = letters.len();
    let mut words: Vec<&String> = words.iter().collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    for word in words {
        letters = letters.replace(word.as_str(), "");
    }
    (letters.len() < whole).then(|| letters.chars().count())
}

fn told(warning: &str) -> String {
    let whole = warning.trim_end_matches('.');
    format!("{whole}.")
}

/// Unicode in the form NFKC, so that each keyboard gives the same bytes (SP 800-63B-4, 3.1.1.2).
pub(in crate::identity) fn normalized(password: &str) -> Zeroizing<String> {
    Zeroizing::new(password.nfkc().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADA: Whose<'static> = Whose {
        name: "Ada Lovelace",
        email: "ada.lovelace@engines.example",
        organisation: "Analytical Engines",
    };

    #[test]
    fn long_unguessable_passwords_of_any_composition_are_taken() {
        for good in [
            "correct walrus bagpipe lantern",
            "vjkwqpzmhtrnxcb",
            "schöne Grüße vom Ölofen, Käthe",
            "雨ニモマケズ風ニモマケズ雪ニモ",
            "   tulip   0   granite   moss   ",
        ] {
            assert!(check(good, ADA).is_ok(), "{good}: {:?}", check(good, ADA));
        }
    }

    #[test]
    fn fewer_than_15_characters_are_refused_and_15_are_not() {
        let fifteen = "vjkwqpzmhtrnxcb";
        assert!(check(fifteen, ADA).is_ok());
        let error = check(&fifteen[1..], ADA).unwrap_err();
        assert!(
            error.contains("at least 15 characters") && error.contains("has 14"),
            "{error}"
        );
        // Characters, not bytes.
        assert!(check("ÄÖÜßéèñçøåÆŒþð", ADA).unwrap_err().contains("has 14"));
        assert!(
            check(&"vjkw qpzm ".repeat(26), ADA)
                .unwrap_err()
                .contains("at most 256")
        );
    }

    #[test]
    fn common_passwords_and_words_of_the_person_are_refused() {
        for bad in [
            "passwordpassword",
            "aaaaaaaaaaaaaaaa",
            "123456789012345",
            "qwertyuiopasdfgh",
            "adalovelaceadalovelace",
            "analyticalengines",
            "Loomwireloomwire1",
            "ada.lovelace@engines.example",
        ] {
            let error = check(bad, ADA).err().unwrap_or_else(|| panic!("{bad} was taken"));
            assert!(error.contains("easy to guess"), "{bad}: {error}");
        }
    }

    #[test]
    fn what_looks_the_same_is_the_same() {
        // Composed and decomposed, and a ligature.
        assert_eq!(*normalized("e\u{301}\u{fb01}"), *normalized("\u{e9}fi"));
    }
}
