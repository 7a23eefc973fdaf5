//! Languages the assistant knows words of.

use crate::text_enum::text_enum;

text_enum! {
    /// A language, spelled as ISO 639-1 does.
    Language {
        /// English.
        English = "en",
        /// Spanish.
        Spanish = "es",
        /// Portuguese.
        Portuguese = "pt",
        /// French.
        French = "fr",
        /// German.
        German = "de",
        /// Italian.
        Italian = "it",
        /// Turkish.
        Turkish = "tr",
        /// Arabic.
        Arabic = "ar",
        /// Hindi.
        Hindi = "hi",
        /// Indonesian.
        Indonesian = "id",
    }
}

impl Language {
    /// Returns the language of a tag such as `pt_BR` or `es-419`; `None` when we know no words of it.
    pub fn of_tag(tag: &str) -> Option<Self> {
        tag.split(['-', '_']).next()?.to_ascii_lowercase().parse().ok()
    }
}
