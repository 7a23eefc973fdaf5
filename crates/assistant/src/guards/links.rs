//! Web addresses, mail addresses and handles, also where somebody hid them: `shop dot com`, `hxxp`, `name (at) host`.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

/// Compiles one of our own patterns.
#[expect(
    clippy::expect_used,
    reason = "patterns are constants, and a test compiles each of them"
)]
pub(super) fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("our own pattern")
}

/// A link, as far as it can be compared.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Link {
    /// A web address: host without `www.`, and path with query; the path is empty for a bare host.
    Web {
        /// The host, small.
        host: String,
        /// The rest, small, without a slash at its end.
        path: String,
    },
    /// A mail address, small.
    Mail(String),
    /// `@name` of some network.
    Handle(String),
    /// Something that opens by a tap and that we do not understand.
    Other(String),
}

/// Endings of names that are surely addresses; two letters are countries.
const ENDINGS: &str = "com|net|org|info|biz|shop|store|online|site|website|app|dev|xyz|top|club|live|link|click|page|\
                       blog|tech|pro|vip|work|world|today|email|support|cloud|space|agency|digital|delivery|menu|\
                       restaurant|cafe|hotel|travel|health|care|money|finance|bank|pay|pizza|beauty|salon|sale|deals|\
                       discount|promo|gift|win|bet|casino|icu|zip|mov|wtf|lol|fun|io|co|me|ai|gg|ly|to|cc|tv|ws|eu|uk|\
                       us|de|at|ch|fr|es|pt|it|tr|br|mx|ar|cl|pe|ae|sa|eg|in|id|nl|be|pl|ru|ua|cn|jp|tk|ml|ga|cf|gq";

/// The same without those that are words of a language we read, for `shop dot com` without brackets.
const SURE_ENDINGS: &str =
    "com|net|org|info|biz|shop|store|online|xyz|app|io|co|eu|uk|tr|br|mx|ru|club|website|top|vip|link";

static SCHEME: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"\b([a-z][a-z0-9+.-]{1,15}):\s?(?:/{1,3}|\\\\?)\s?([^\s<>"'«»]+)|\b(tel|mailto|sms|smsto|upi|bitcoin|javascript|data|intent|geo|tg|whatsapp|viber|skype|fb):[^\s,;]+"#,
    )
});
static MAIL: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"[\p{L}\p{N}._%+-]{1,64}\s?@\s?[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+"));
static HIDDEN_MAIL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"[\p{L}\p{N}._%+-]{1,64}\s*(?:[\[({<]\s*(?:at|arroba|chez|klammeraffe|chiocciola|et|ät|@)\s*[\])}>]|\b(?:at|arroba|chiocciola|klammeraffe)\b)\s*[\p{L}\p{N}-]+(?:\s*(?:\.|[\[({<]\s*(?:dot|punto|ponto|point|punkt|nokta|titik)\s*[\])}>]|\b(?:dot|punto|ponto|point|punkt|nokta|titik)\b)\s*[\p{L}]{2,24})+",
    )
});
static SPELLED: LazyLock<Regex> = LazyLock::new(|| {
    let dot = "dot|punto|ponto|point|punkt|nokta|titik|डॉट|डाट|دوت|نقطة";
    pattern(&format!(
        r"[\p{{L}}\p{{N}}-]{{2,}}(?:\s*[\[({{<]\s*(?:{dot}|\.)\s*[\])}}>]\s*[\p{{L}}]{{2,24}}|\s+(?:{dot})\s+(?:{SURE_ENDINGS})\b(?:\s+(?:{dot})\s+[a-z]{{2}}\b)?|\s+\.\s?(?:{SURE_ENDINGS})\b|\.\s+(?:com|net|org|io)\b)(?:\s*(?:/|slash)\s*[^\s,;]+)*"
    ))
});
/// "evil dot shopping", "evil dot me": whatever follows, with the words of a path.
static DOTTED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"([\p{L}\p{N}-]{2,})\s+(?:dot|डॉट|डाट|دوت)\s+(c\s+o\s+m\b|[\p{L}\p{N}-]{2,24})(?:\s+(?:dot|डॉट|slash)\s+[\p{L}\p{N}_-]+)*|[\p{L}\p{N}-]{2,}\s+dot\s?com\b|\bw\s?w\s?w\s+[\p{L}\p{N}-]{2,}|\bw\s+w\s+w\b|[\p{L}\p{N}-]{2,}(?:,|\s?[·•∙・]\s?)(?:com|net|org|io|shop|info|me)\b",
    )
});
/// The same in languages whose word for it is common: a known ending, a path, or a word that leads to an address.
static POINTED: LazyLock<Regex> = LazyLock::new(|| {
    let dot = "punto|ponto|point|punkt|nokta|titik|نقطة";
    let slash = "slash|barra|schragstrich|barre|sbarra|bolu|garis miring|oblique";
    pattern(&format!(
        r"([\p{{L}}\p{{N}}-]{{3,}})\s+(?:{dot})\s+(?:(?:{LONG_ENDINGS})\b(?:\s+(?:{slash})\s+\S+)*|[\p{{L}}]{{2,24}}\s+(?:{slash})\s+\S+)|\b(?:auf|unter|bei|en|em|sur|su|visita|visite|visitez|besuchen|besuchen sie|adres\p{{L}}*|di|kunjungi|entra en|entre em|acesse|allez sur|vai su|gidin)\s+([\p{{L}}\p{{N}}-]{{3,}})\s+(?:{dot})\s+[\p{{L}}]{{2,24}}|([\p{{L}}\p{{N}}-]{{3,}})\s+(?:{dot})\s+[\p{{L}}]{{2,24}}\s+(?:adres|sitesi)\p{{L}}*|(?:الي|علي|موقع|في)\s+([\p{{L}}\p{{N}}-]{{3,}})\s+نقطة\s+[\p{{L}}]{{2,24}}"
    ))
});
/// Endings nobody takes for a word of a sentence.
const LONG_ENDINGS: &str = "com|net|org|info|biz|shop|store|online|website|app|dev|xyz|top|club|vip|email|digital|example|shopping|test|\
                            mobi|guru|ninja|site|link|click|page|blog|tech|live|world|cloud|space|pizza|icu|zip|fun|io|co|tk|cc|tv|ly|gg|uk|eu|us|ru";
/// Words before "dot" that make it a spot: "the red dot on the map".
const SPOTS: &str = "the a an red green blue black white small little big tiny this that polka each one every yellow orange grey gray pink \
                     el la los las un una este ese cada nuestro nuestra su algun ningun otro cierto unico primer mejor \
                     o os as um uma esse nosso nossa seu outro qualquer algum le les ce cet cette notre votre chaque aucun bon \
                     der die das dem den ein eine einem einen diesem jedem unserem unser jeden diesen il lo gli uno quel questo nostro ogni \
                     bu su o bir her que por tal otro sobre bestimmten wichtigen wichtiger";
static BARE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"[\p{L}\p{N}][\p{L}\p{N}_-]*(?:\.[\p{L}\p{N}_-]+)*\.[\p{L}][\p{L}\p{N}-]{1,23}(?::\d{1,5})?(?:[/?#][^\s<>"'«»]*)?"#,
    )
});
static HANDLE: LazyLock<Regex> = LazyLock::new(|| pattern(r"@\s?[\p{L}\p{N}_][\p{L}\p{N}_.]{1,40}"));
static ENDING: LazyLock<Regex> = LazyLock::new(|| pattern(&format!("^(?:{ENDINGS})$")));

/// Finds every link of a folded text, where it stands first.
pub(super) fn links(text: &str) -> Vec<(Range<usize>, Link)> {
    let mut found: Vec<(Range<usize>, Link)> = Vec::new();
    for (regex, read) in [
        (&*SCHEME, scheme as fn(&str) -> Option<Link>),
        (&*MAIL, |text| Some(mail(text))),
        (&*HIDDEN_MAIL, hidden_mail),
        (&*SPELLED, |text| {
            Some(Link::Other(text.split_whitespace().collect::<Vec<_>>().join(" ")))
        }),
        (&*DOTTED, spot),
        (&*POINTED, spot),
        (&*BARE, bare),
        (&*HANDLE, |text| {
            Some(Link::Handle(
                text.split_whitespace()
                    .collect::<String>()
                    .trim_end_matches('.')
                    .to_owned(),
            ))
        }),
    ] {
        for hit in regex.find_iter(text) {
            let shown = trimmed(hit.as_str());
            let range = hit.start()..hit.start() + shown.len();
            let is_new = found
                .iter()
                .all(|(taken, _)| taken.end <= range.start || range.end <= taken.start);
            if is_new && let Some(link) = read(shown) {
                found.push((range, link));
            }
        }
    }
    found.sort_by_key(|(range, _)| range.start);
    found
}

/// Without the signs that close the sentence around an address.
fn trimmed(hit: &str) -> &str {
    let mut shown = hit.trim_end_matches([
        '.', ',', ';', ':', '!', '?', '*', '_', '~', '`', '\'', '"', '»', '।',
    ]);
    while shown.ends_with([')', ']', '}']) && !shown.contains(['(', '[', '{']) {
        shown = shown.trim_end_matches([')', ']', '}', '.', ',']);
    }
    shown
}

fn scheme(hit: &str) -> Option<Link> {
    let compact: String = hit.chars().filter(|sign| !sign.is_whitespace()).collect();
    let (scheme, rest) = compact.split_once(':')?;
    if scheme == "mailto" {
        return Some(mail(rest));
    }
    let is_web = matches!(
        scheme,
        "http" | "https" | "hxxp" | "hxxps" | "httpx" | "ttp" | "ttps"
    );
    if !is_web || compact.contains('\\') {
        return Some(Link::Other(compact));
    }
    let web = format!("https://{}", rest.trim_start_matches('/'));
    Some(web_address(&web).unwrap_or(Link::Other(compact)))
}

/// Reads a whole web address; `None` when it hides something: a name before the host, another port.
pub(super) fn web_address(text: &str) -> Option<Link> {
    let url = url::Url::parse(text.trim()).ok()?;
    if !matches!(url.scheme(), "http" | "https") || !url.username().is_empty() || url.password().is_some() {
        return None;
    }
    if url.port().is_some() {
        return None;
    }
    let host = url.host_str()?.trim_end_matches('.').to_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host).to_owned();
    let mut path = url.path().trim_end_matches('/').to_lowercase();
    for (sign, part) in [('?', url.query()), ('#', url.fragment())] {
        if let Some(part) = part {
            path.push(sign);
            path.push_str(&part.to_lowercase());
        }
    }
    Some(Link::Web { host, path })
}

fn mail(hit: &str) -> Link {
    Link::Mail(hit.chars().filter(|sign| !sign.is_whitespace()).collect())
}

fn hidden_mail(hit: &str) -> Option<Link> {
    const DOTS: &[&str] = &["dot", "punto", "ponto", "point", "punkt", "nokta", "titik"];
    const ATS: &[&str] = &["at", "arroba", "chiocciola", "klammeraffe", "chez"];
    let bracketed = hit.contains(['[', '(', '{', '<']);
    let spelled = hit.split_whitespace().any(|word| DOTS.contains(&word));
    let mut address = String::new();
    let mut has_at = false;
    for word in hit
        .split(|sign: char| sign.is_whitespace() || "[](){}<>".contains(sign))
        .filter(|word| !word.is_empty())
    {
        if DOTS.contains(&word) {
            address.push('.');
        } else if ATS.contains(&word) || word == "@" || word == "et" {
            has_at = true;
            address.push('@');
        } else {
            address.push_str(word);
        }
    }
    let ending = address.rsplit('.').next().unwrap_or_default();
    // "We are at home. Com..." is a sentence; an address has an ending that exists.
    (has_at && (bracketed || spelled && is_ending(ending)) && address.contains('.'))
        .then_some(Link::Mail(address))
}

/// An address in words, unless the dot is one to look at.
fn spot(hit: &str) -> Option<Link> {
    let words: Vec<&str> = hit.split_whitespace().collect();
    let first = words
        .iter()
        .find(|word| !CUES.split_whitespace().any(|cue| cue == **word))?;
    let is_spot = SPOTS.split_whitespace().any(|known| known == *first);
    (!is_spot).then(|| Link::Other(words.join(" ")))
}

/// Words that lead to an address.
const CUES: &str = "auf unter bei en em sur su visita visite visitez besuchen sie di kunjungi entra entre acesse allez vai gidin";

fn is_ending(word: &str) -> bool {
    ENDING.is_match(word)
}

fn bare(hit: &str) -> Option<Link> {
    let host = hit.split(['/', '?', '#', ':']).next()?;
    let labels: Vec<&str> = host.split('.').collect();
    let ending = labels.last()?;
    let digits_only = labels
        .iter()
        .all(|label| label.chars().all(|sign| sign.is_ascii_digit()));
    // "p.m.", "z.b.", "u.s.a" are no addresses; longer unknown endings may well be.
    let is_short = labels.iter().all(|label| label.chars().count() == 1);
    let has_path = host.len() < hit.len();
    let letters = ending.chars().count();
    let known = is_ending(ending) || letters >= 3;
    let is_number = labels
        .first()
        .is_some_and(|first| first.chars().all(|sign| sign.is_ascii_digit()))
        && labels.len() == 2
        && !is_ending(ending);
    if digits_only
        || is_short
        || is_number
        || !(known || has_path)
        || ending.starts_with(|first: char| first.is_ascii_digit())
    {
        return None;
    }
    // "24.nov", "9.30uhr" are dates and times.
    if super::units::month(ending).is_some()
        && labels
            .iter()
            .rev()
            .skip(1)
            .all(|label| label.chars().all(|sign| sign.is_ascii_digit()))
    {
        return None;
    }
    Some(web_address(&format!("https://{hit}")).unwrap_or_else(|| Link::Other(hit.to_owned())))
}

/// The web address a link of the owner's settings means: whole, or a host alone.
pub(super) fn allowed(text: &str) -> Option<Link> {
    let folded = super::fold::fold(text.trim());
    web_address(&folded).or_else(|| web_address(&format!("https://{folded}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<Link> {
        links(&super::super::fold::fold(text))
            .into_iter()
            .map(|(_, link)| link)
            .collect()
    }

    #[test]
    fn hidden_addresses_are_found() {
        for text in [
            "shop dot com",
            "shop[.]com",
            "shop (dot) com",
            "tienda punto com",
            "loja ponto com ponto br",
            "dükkan nokta com",
            "hxxps://evil.io/x",
            "wa.me/49123",
            "visit xn--shp-0la.com now",
            "see shоp.com",
            "bit.ly/abc",
            "shop . com",
            "write to help (at) shop.com",
            "help at shop dot com",
            "@free_gifts",
            "upi:pay@bank",
            "https:\\\\evil.com",
            "www.evil.zip",
            "http://10.0.0.1/x",
            "toko titik com",
            "evil.wtf",
            "evil。com",
        ] {
            assert!(!all(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn sentences_are_no_addresses() {
        for text in [
            "We open at 9 a.m. Come in.",
            "z.B. heute",
            "U.S.A.",
            "Dr. Ana",
            "at home. We",
            "El punto es que no",
            "9.30 Uhr",
            "1.234,56",
        ] {
            assert!(all(text).is_empty(), "{text}: {:?}", all(text));
        }
    }
}
