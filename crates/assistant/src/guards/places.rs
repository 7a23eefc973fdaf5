//! Finds where somebody says to be found: streets, towns, and names in a network.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::atom::Value;
use super::concepts::Sense;
use super::fold::sentence_start;
use super::links::pattern;
use super::scan::Scan;

/// The name stands before the kind of street.
static NAME_FIRST: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"([\p{L}\p{M}'-]{2,})\s+(?:street|st\.|avenue|ave\.?|boulevard|blvd\.?|lane|square|road|rd\.|alley|terrace|highway|strasse|str\.|allee|gasse|platz|caddesi\p{L}*|sokak|sokagi\p{L}*|bulvari\p{L}*|mahallesi\p{L}*|meydani\p{L}*|cad\.|sok\.|mah\.|रोड|मार्ग|गली|चौक|स्ट्रीट)",
    )
});
/// The kind of street stands before its name.
static KIND_FIRST: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?:calle|c/|avenida|av\.|avda\.?|plaza|paseo|carretera|camino|rua|praca|travessa|alameda|largo|estrada|rodovia|via|viale|piazza|piazzale|corso|vicolo|rue|avenue|boulevard|place|quai|chemin|impasse|allee|jalan|jl\.?)\s*(?:(?:de|del|la|las|los|le|les|el|du|des|da|do|das|dos|dei|degli|della|dello|delle)\s+|l'|d')*([\p{L}'-]{3,})|(?:شارع|ميدان)\s+(\p{L}{3,})",
    )
});
/// German writes both as one word.
static ONE_WORD: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\b([\p{L}-]{3,}?)(?:strasse|str\.|gasse|allee|platz|damm|ufer)\b"));
/// Where the shop is said to be; a name follows.
static LOCATED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?:(?:located|based|situated|headquartered|find us|visit us|(?:shop|store|office|salon|studio|workshop|branch|branches|showroom|warehouse|restaurant) (?:is|are|in)|we are|we're|ship from|come to)\s+(?:located |based |situated )?(?:in|at|on|near|from|to)?|estamos en|ubicad\p{L}+ en|(?:tienda|local|taller|oficina) (?:esta )?en|nos encontramos en|estamos em|ficamos (?:em|na|no)|fica (?:em|na|no)|localizad\p{L}+ (?:em|na|no)|nous sommes (?:a|au)|situee?s? a|(?:boutique|magasin|atelier) (?:est )?a|nous trouvons a|befinde\p{L}+ (?:sich|uns) in|(?:laden|geschaft|filiale|werkstatt|salon) (?:ist|liegt) in|finden uns in|sitz in|siamo a|troviamo a|trova a|(?:negozio|sede|laboratorio) (?:e )?a|(?:kami|toko) (?:berada|terletak)? ?di)\s*(?:the |old |central |downtown )*([\p{L}][\p{L}'-]{2,})",
    )
});
/// A Turkish name with the ending of place.
static TURKISH: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"([\p{L}]{3,})'(?:da|de|ta|te|daki|deki|dayiz|deyiz|tayiz|teyiz)\b"));
/// A name by which to find somebody.
static UNDER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"\b(?:under|unter|bajo|como|sob|sous|sotto|come|as|named|called|user|username|nickname|usuario|usuaria|utente|utilisateur|handle|profile|profil|perfil|profilo|channel|kanal|canal|canale|account|cuenta|conta|konto|compte|page|pagina|seite|hesabi|akun|search for|look for|type|busca|buscanos|procure|cherchez|suchen sie|sucht|cerca|cercate|is|name|nombre|nome|nom|to|for)\s*:?\s*(?:(?:the|our|name|username|user|handle|el|la|nombre|o|nome|le|nom|den|dem|namen|il|nome|de|of|al|profile|page)\s+)*["'“”„«»]?\s?([\p{L}\p{N}_][\p{L}\p{N}_.-]{2,})|([\p{L}\p{N}_.-]{3,})["']?\s(?:adiyla|ismiyle|hesabi\p{L}*|के नाम से|नाम से)|(?:باسم|بحساب|حساب)\s+([\p{L}\p{N}_.]{3,})"#,
    )
});

/// Words before "street" and its like that name no street.
const NO_NAMES: &str = "the this that our your their same next main busy quiet side one-way across off on in free down up every each any of \
    by from public street and cross tennis town city market home off-road rail cycle private long short whole per a an at to \
    der die das den dem diese dieser eine einer ihre unsere jede jeder zur am im neben beim auf freie freier \
    la le les une cette du el una esta bu su bir her ayni ana o ara cikmaz इस उस मुख्य यह वह की के में park arbeits sitz spiel stell markt bahnhof \
    sack ein steh schlaf lager park- zelt camping flug rast haupt neben ring quer hochwasser en by-the";

impl Scan<'_> {
    /// Streets, towns and names in networks; each has to stand in a source.
    pub(super) fn places(&mut self) {
        let text = self.folded.text.clone();
        for (regex, needs_capital) in [
            (&*NAME_FIRST, true),
            (&*KIND_FIRST, true),
            (&*ONE_WORD, true),
            (&*LOCATED, true),
            (&*TURKISH, true),
        ] {
            for hit in regex.captures_iter(&text) {
                let Some(name) = hit.get(1).or_else(|| hit.get(2)) else {
                    continue;
                };
                let ends = hit.get(0).is_some_and(|whole| {
                    whole.as_str().ends_with('.')
                        || !self.after(whole.end()).starts_with(super::bind::is_letter)
                });
                let is_latin = name.as_str().starts_with(|first: char| u32::from(first) < 0x250);
                let fits = !needs_capital || !is_latin || self.is_capital(&name.range());
                if ends && fits && !among(NO_NAMES, name.as_str()) {
                    self.name(name.range(), name.as_str());
                }
            }
        }
        self.names_in_networks(&text);
    }

    /// "on Insta under evilshop": what the shop is called there.
    fn names_in_networks(&mut self, text: &str) {
        let networks: Vec<Range<usize>> = self
            .atoms
            .iter()
            .filter(|atom| {
                let is_network = |value: &Value| matches!(value, Value::Saying(Sense::Network, _));
                atom.readings.iter().chain(&atom.extra).any(is_network)
            })
            .map(|atom| atom.range.clone())
            .collect();
        for hit in UNDER.captures_iter(text) {
            let Some(name) = hit.get(1).or_else(|| hit.get(2)).or_else(|| hit.get(3)) else {
                continue;
            };
            let around = sentence_start(text, &name.range());
            let same = networks
                .iter()
                .any(|network| sentence_start(text, network) == around);
            let is_network = networks
                .iter()
                .any(|network| network.start < name.end() && name.start() < network.end);
            let is_plain =
                name.as_str().chars().all(char::is_alphabetic) && name.as_str().chars().count() < 5;
            if same && !is_network && !is_plain {
                self.name(name.range(), name.as_str().trim_end_matches('.'));
            }
        }
    }

    fn name(&mut self, range: Range<usize>, name: &str) {
        let said = name.trim_matches(['-', '\'', '.']).to_owned();
        if !said.is_empty() {
            self.atoms
                .push(super::atom::Atom::new(range, vec![Value::Name(said)]));
        }
    }

    fn is_capital(&self, range: &Range<usize>) -> bool {
        self.original
            .get(self.folded.span(range))
            .and_then(|shown| shown.chars().next())
            .is_some_and(char::is_uppercase)
    }
}

fn among(list: &str, word: &str) -> bool {
    list.split_whitespace().any(|known| known == word)
}
