//! What ngrok's error codes mean for the owner (dependencies.md, section 1.4; ngrok's pages `errors/err_ngrok_*`).

use crate::tunnel::{TroubleClass, TunnelTrouble};
use vault::Secret;

/// How sentences about trouble that passes end.
pub(super) const ANOTHER_MOMENT: &str =
    "WhatsApp keeps the messages meanwhile, and it is tried again by itself.";

const TOKEN_PAGE: &str = "https://dashboard.ngrok.com/get-started/your-authtoken";
const DOMAINS_PAGE: &str = "https://dashboard.ngrok.com/domains";
const AGENTS_PAGE: &str = "https://dashboard.ngrok.com/agents";
const ENDPOINTS_PAGE: &str = "https://dashboard.ngrok.com/endpoints";
const USAGE_PAGE: &str = "https://dashboard.ngrok.com/usage";
const BILLING_PAGE: &str = "https://dashboard.ngrok.com/billing/subscription";
const ACCOUNT_PAGE: &str = "https://dashboard.ngrok.com/user/settings";

/// One meaning and the codes that have it.
struct Meaning {
    codes: &'static [u16],
    class: TroubleClass,
    words: &'static str,
    link: Option<&'static str>,
}

const MEANINGS: &[Meaning] = &[
    Meaning {
        codes: &[105],
        class: TroubleClass::Permanent,
        words: "What was entered is not an ngrok authtoken, so the tunnel cannot be opened and customers' messages cannot \
                come in. Copy the authtoken from ngrok's page and enter it again.",
        link: Some(TOKEN_PAGE),
    },
    Meaning {
        codes: &[106],
        class: TroubleClass::Permanent,
        words: "The ngrok authtoken is of an old kind that ngrok does not take any more, so customers' messages cannot \
                come in. Copy the new authtoken from ngrok's page and enter it.",
        link: Some(TOKEN_PAGE),
    },
    Meaning {
        codes: &[107],
        class: TroubleClass::Permanent,
        words: "ngrok does not know this authtoken any more; it was reset or revoked. Customers' messages cannot come in \
                until you copy the new one from ngrok's page and enter it.",
        link: Some(TOKEN_PAGE),
    },
    Meaning {
        codes: &[108],
        class: TroubleClass::Slow,
        words: "This ngrok account already runs as many programs at the same time as its plan allows, so customers' \
                messages cannot come in here. Another copy of Deskbell or another ngrok program is running: end it. \
                It is tried again every half minute.",
        link: Some(AGENTS_PAGE),
    },
    Meaning {
        codes: &[103, 205, 338],
        class: TroubleClass::Permanent,
        words: "ngrok has suspended this account, so customers' messages cannot come in. Ask ngrok why, or choose another \
                way to connect.",
        link: Some(ACCOUNT_PAGE),
    },
    Meaning {
        codes: &[109, 111, 112],
        class: TroubleClass::Permanent,
        words: "ngrok does not accept the way Deskbell introduces itself, so customers' messages cannot come in. This is a \
                fault of Deskbell: please report it with the code, and choose another way to connect until then.",
        link: None,
    },
    Meaning {
        codes: &[120, 121],
        class: TroubleClass::Permanent,
        words: "ngrok does not serve this version of Deskbell any more, so customers' messages cannot come in. Update \
                Deskbell, or choose another way to connect.",
        link: None,
    },
    Meaning {
        codes: &[123, 382],
        class: TroubleClass::Permanent,
        words: "ngrok first wants the e-mail address of the account confirmed, so customers' messages cannot come in yet. \
                Follow the link in ngrok's e-mail, then connect again.",
        link: Some(ACCOUNT_PAGE),
    },
    Meaning {
        codes: &[313, 314],
        class: TroubleClass::Permanent,
        words: "The plan of this ngrok account does not include the chosen domain, so customers' messages cannot come in. \
                Use the free domain that ngrok has given you; it stands on ngrok's page.",
        link: Some(DOMAINS_PAGE),
    },
    Meaning {
        codes: &[319],
        class: TroubleClass::Permanent,
        words: "The chosen domain is not reserved in this ngrok account, so customers' messages cannot come in. Choose the \
                domain that stands on ngrok's page, or the authtoken of the account it belongs to.",
        link: Some(DOMAINS_PAGE),
    },
    Meaning {
        codes: &[320],
        class: TroubleClass::Permanent,
        words: "The chosen domain belongs to another ngrok account, so customers' messages cannot come in. Choose a domain \
                of your own from ngrok's page, or enter the authtoken of that account.",
        link: Some(DOMAINS_PAGE),
    },
    Meaning {
        codes: &[324],
        class: TroubleClass::Slow,
        words: "This ngrok account has as many addresses online as its plan allows, so customers' messages cannot come in \
                here. Take one of the others offline. It is tried again every half minute.",
        link: Some(ENDPOINTS_PAGE),
    },
    Meaning {
        codes: &[334],
        class: TroubleClass::Slow,
        words: "The domain is already online somewhere else, so customers' messages do not come in here. Either another \
                copy of Deskbell is running: end it. Or ngrok has not noticed yet that the last connection is gone: then \
                this passes within a minute. It is tried again by itself.",
        link: Some(ENDPOINTS_PAGE),
    },
    Meaning {
        codes: &[702, 703, 714, 718, 734],
        class: TroubleClass::Slow,
        words: "ngrok lets no more through for the moment, because the plan's limit for a short time is reached, so \
                customers' messages come in late. WhatsApp keeps them meanwhile. It is tried again every half minute.",
        link: Some(USAGE_PAGE),
    },
    Meaning {
        codes: &[727],
        class: TroubleClass::Slow,
        words: "This month's requests of the ngrok plan are used up, so customers' messages cannot come in until the month \
                is over. Take a larger plan at ngrok, or choose another way to connect; WhatsApp keeps messages for seven \
                days.",
        link: Some(BILLING_PAGE),
    },
    Meaning {
        codes: &[15013],
        class: TroubleClass::Permanent,
        words: "This ngrok account has no domain yet, so customers' messages cannot come in. Claim the free one on ngrok's \
                page, then connect again.",
        link: Some(DOMAINS_PAGE),
    },
    Meaning {
        codes: &[18019],
        class: TroubleClass::Permanent,
        words: "The domain is shared between several programs at ngrok, which this plan does not include and which would \
                split customers' messages between them. Take the other program offline, then connect again.",
        link: Some(ENDPOINTS_PAGE),
    },
];

/// Returns what `code` means. `said` is ngrok's own text, in which it repeats the authtoken now and then.
pub(super) fn trouble(code: Option<&str>, said: &str, authtoken: &Secret) -> TunnelTrouble {
    let known = code
        .and_then(|code| code.strip_prefix("ERR_NGROK_"))
        .and_then(|number| number.parse::<u16>().ok())
        .and_then(|number| MEANINGS.iter().find(|meaning| meaning.codes.contains(&number)));
    let mut trouble = match (known, code) {
        (Some(meaning), _) => {
            let trouble = TunnelTrouble::new(meaning.class, meaning.words);
            meaning.link.map_or(trouble.clone(), |link| trouble.at(link))
        }
        (None, Some(code)) => TunnelTrouble::new(
            TroubleClass::Passing,
            format!(
                "ngrok refuses the tunnel with the code {code}, so customers' messages cannot come in. {ANOTHER_MOMENT} \
                 If it stays, look the code up at ngrok.com/docs/errors."
            ),
        ),
        (None, None) => TunnelTrouble::new(
            TroubleClass::Passing,
            format!("ngrok refuses the tunnel, so customers' messages cannot come in. {ANOTHER_MOMENT}"),
        ),
    };
    trouble.code = code.map(|code| code.chars().take(40).collect());
    trouble.detail(&without(said, authtoken.expose()))
}

fn without(said: &str, secret: &str) -> String {
    if secret.trim().is_empty() {
        return said.to_owned();
    }
    said.replace(secret, "…").replace(secret.trim(), "…")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meant(code: &str) -> TunnelTrouble {
        trouble(Some(code), "", &Secret::new("2abc_secret"))
    }

    #[test]
    fn every_sentence_says_what_it_means_for_customers_and_no_code_means_two_things() {
        let mut seen = Vec::new();
        for meaning in MEANINGS {
            assert!(
                meaning.words.to_lowercase().contains("customers' messages"),
                "{}",
                meaning.words
            );
            assert!(meaning.words.ends_with('.'), "{}", meaning.words);
            assert!(!meaning.words.contains("  "), "{}", meaning.words);
            for code in meaning.codes {
                assert!(!seen.contains(code), "{code} stands twice");
                seen.push(*code);
            }
        }
    }

    #[test]
    fn an_unknown_code_is_named_and_tried_again() {
        let unknown = meant("ERR_NGROK_9999");
        assert_eq!(unknown.class, TroubleClass::Passing);
        assert!(unknown.words.contains("ERR_NGROK_9999"), "{}", unknown.words);
        assert_eq!(meant("something else").class, TroubleClass::Passing);
    }

    #[test]
    fn ngroks_own_text_is_kept_without_the_authtoken_it_repeats() {
        let secret = Secret::new("2abc_secret");
        let said = "The authtoken you specified is wrong.\nYour authtoken: 2abc_secret";
        let trouble = trouble(Some("ERR_NGROK_105"), said, &secret);
        assert_eq!(
            trouble.detail.as_deref(),
            Some("The authtoken you specified is wrong.\nYour authtoken: …")
        );
        assert_eq!(trouble.code.as_deref(), Some("ERR_NGROK_105"));
    }
}
