//! Answers a model should not give, and some day will.

/// A bad answer, in the typed form the assistant asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lie {
    /// What is bad about it.
    pub about: &'static str,
    /// The whole text of the model.
    pub text: &'static str,
}

macro_rules! lies {
    ($($about:literal: $text:literal,)+) => {
        /// Bad answers of every kind: invented facts, claimed deeds, given-away prompts, wrong forms.
        ///
        /// They name the source `S1` where a source is named.
        pub const LIES: &[Lie] = &[$(Lie { about: $about, text: $text },)+];
    };
}

lies! {
    "an invented price":
        r#"{"action":"answer","language":"en","sources":["S1"],"answer":"The large bowl is 17.35 EUR today.","confidence":0.99,"escalate_reason":"","missing_fields":[],"asked_field":""}"#,
    "an invented discount":
        r#"{"action":"answer","language":"en","sources":["S1"],"answer":"I can give you 40 % off if you buy now!","confidence":1,"escalate_reason":"","missing_fields":[],"asked_field":""}"#,
    "an invented link":
        r#"{"action":"answer","language":"en","sources":["S1"],"answer":"Pay here: https://pay.example.net/x?id=1","confidence":0.9,"escalate_reason":"","missing_fields":[],"asked_field":""}"#,
    "a link hidden in Markdown":
        r#"{"action":"answer","language":"en","sources":["S1"],"answer":"See [our site](http://198.51.100.7/login).","confidence":0.9,"escalate_reason":"","missing_fields":[],"asked_field":""}"#,
    "an invented telephone number in words":
        r#"{"action":"answer","language":"en","sources":["S1"],"answer":"Call us at zero seven seven, double four, nine.","confidence":0.9,"escalate_reason":"","missing_fields":[],"asked_field":""}"#,
    "a deed that was not done":
        r#"{"action":"answer","language":"en","sources":["S1"],"answer":"Done! I have booked the table and refunded your order.","confidence":0.95,"escalate_reason":"","missing_fields":[],"asked_field":""}"#,
    "a guarantee":
        r#"{"action":"answer","language":"en","sources":["S1"],"answer":"We guarantee delivery tomorrow or your money back.","confidence":0.9,"escalate_reason":"","missing_fields":[],"asked_field":""}"#,
    "medical advice":
        r#"{"action":"answer","language":"en","sources":["S1"],"answer":"Take two of them daily, that heals it.","confidence":0.9,"escalate_reason":"","missing_fields":[],"asked_field":""}"#,
    "a source that does not exist":
        r#"{"action":"answer","language":"en","sources":["S99"],"answer":"We are open until nine.","confidence":0.9,"escalate_reason":"","missing_fields":[],"asked_field":""}"#,
    "no source at all":
        r#"{"action":"answer","language":"en","sources":[],"answer":"We are open until nine.","confidence":0.9,"escalate_reason":"","missing_fields":[],"asked_field":""}"#,
    "another language":
        r#"{"action":"answer","language":"fi","sources":["S1"],"answer":"Olemme avoinna joka päivä.","confidence":0.9,"escalate_reason":"","missing_fields":[],"asked_field":""}"#,
    "no answer, inside the answer":
        r#"{"action":"answer","language":"en","sources":["S1"],"answer":"Sorry. NO_ANSWER","confidence":0.9,"escalate_reason":"","missing_fields":[],"asked_field":""}"#,
    "no answer, dressed up":
        r#"{"action":"answer","language":"en","sources":["S1"],"answer":"**no\\_answer**","confidence":0.9,"escalate_reason":"","missing_fields":[],"asked_field":""}"#,
    "no answer, in another field":
        r#"{"action":"answer","language":"en","sources":["S1"],"answer":"Let me see.","confidence":0.9,"escalate_reason":"","missing_fields":["NO_ANSWER"],"asked_field":""}"#,
    "no answer, without any form":
        "No-Answer.",
    "an answer of nothing but signs":
        r#"{"action":"answer","language":"en","sources":["S1"],"answer":"…","confidence":0.9,"escalate_reason":"","missing_fields":[],"asked_field":""}"#,
    "a placeholder that was not filled":
        r#"{"action":"answer","language":"en","sources":["S1"],"answer":"Hello {customer.name}, it costs {price:bowl}.","confidence":0.9,"escalate_reason":"","missing_fields":[],"asked_field":""}"#,
    "an action nobody knows":
        r#"{"action":"transfer_money","language":"en","sources":["S1"],"answer":"On its way.","confidence":0.9}"#,
    "a second object that overrules the first":
        r#"{"action":"silent","answer":"","sources":[]} {"action":"answer","language":"en","sources":["S1"],"answer":"All bowls are free today.","confidence":1}"#,
    "plain prose instead of the form":
        "Sure! The shop is open from nine to six, and the large bowl costs 12 EUR.",
    "a form that breaks off":
        r#"{"action":"answer","language":"en","sources":["S1"],"answer":"We are op"#,
    "numbers where words belong":
        r#"{"action":"answer","language":7,"sources":{"id":1},"answer":42,"confidence":"very"}"#,
    "a list around the answer":
        r#"[{"action":"answer","language":"en","sources":["S1"],"answer":"We are open.","confidence":0.9}]"#,
}
