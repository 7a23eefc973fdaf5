//! What the provider says of a number and its account, in sentences, each with one button.

use crate::views::{ActionView, Finding, Level};
use domain::Timestamp;
use engine::{Facts, Obstacle, needs_registration};

const BILLING: &str = "https://business.facebook.com/billing_hub/payment_settings";
const QUALITY: &str = "https://business.facebook.com/accountquality";
const MANAGER: &str = "https://business.facebook.com/wa/manage/phone-numbers/";
const BUSINESS: &str = "https://business.facebook.com/settings/info";
/// The codes of trouble with the payment method (whatsapp-cloud-api, section 8.2).
const PAYMENT: [i64; 3] = [131_042, 131_044, 141_006];

/// Collects findings about one channel, or about none.
pub(crate) struct Findings<'a> {
    channel_id: Option<&'a str>,
    found: Vec<Finding>,
}

impl<'a> Findings<'a> {
    pub(crate) const fn about(channel_id: Option<&'a str>) -> Self {
        Self {
            channel_id,
            found: Vec::new(),
        }
    }

    /// Adds a sentence without a button. The same sentence is not told twice.
    pub(crate) fn say(&mut self, topic: &'static str, level: Level, sentence: impl Into<String>) {
        self.add(topic, level, sentence.into(), None);
    }

    /// Adds a sentence with a page to open.
    pub(crate) fn open(&mut self, topic: &'static str, level: Level, sentence: impl Into<String>, url: &str) {
        let action = ActionView {
            kind: "open_page",
            channel_id: self.channel_id.map(str::to_owned),
            url: Some(url.to_owned()),
            conversation_id: None,
        };
        self.add(topic, level, sentence.into(), Some(action));
    }

    /// Adds a sentence with something Deskbell can do.
    pub(crate) fn offer(
        &mut self,
        topic: &'static str,
        level: Level,
        sentence: impl Into<String>,
        kind: &'static str,
    ) {
        let action = ActionView {
            kind,
            channel_id: self.channel_id.map(str::to_owned),
            url: None,
            conversation_id: None,
        };
        self.add(topic, level, sentence.into(), Some(action));
    }

    fn add(&mut self, topic: &'static str, level: Level, sentence: String, action: Option<ActionView>) {
        if self.found.iter().all(|known| known.sentence != sentence) {
            self.found.push(Finding {
                topic,
                level,
                sentence,
                channel_id: self.channel_id.map(str::to_owned),
                action,
            });
        }
    }

    /// Returns what was found, worst first.
    pub(crate) fn worst_first(mut self) -> Vec<Finding> {
        self.found.sort_by_key(|finding| std::cmp::Reverse(finding.level));
        self.found
    }

    /// What is so about a number.
    pub(crate) fn number(&mut self, facts: &Facts) {
        match facts.status.as_deref() {
            Some("BANNED") => self.open(
                "number",
                Level::Bad,
                "WhatsApp has banned this number, so nothing goes out and nothing comes in. Open Account Quality to see \
                 why, and ask for a review there.",
                QUALITY,
            ),
            Some("DELETED") => self.open(
                "number",
                Level::Bad,
                "This number was deleted at Meta, so it cannot be used. Choose another number, or add it again in \
                 WhatsApp Manager.",
                MANAGER,
            ),
            Some("FLAGGED" | "RESTRICTED") => self.open(
                "number",
                Level::Warn,
                "Too many people have blocked or reported this number, so WhatsApp watches it and may limit it. Send \
                 less that nobody asked for; Account Quality tells more.",
                QUALITY,
            ),
            Some("RATE_LIMITED") => self.say(
                "number",
                Level::Warn,
                "This number has begun as many conversations as it may for today. Answers are not affected.",
            ),
            _ if needs_registration(facts) => self.offer(
                "number",
                Level::Bad,
                "This number is not registered for WhatsApp's API yet, so it can neither send nor receive here. \
                 Register it with a PIN; it leaves the WhatsApp app on the phone by that.",
                "register_number",
            ),
            _ => {}
        }
        if needs_registration(facts)
            && matches!(
                facts.code_verification.as_deref(),
                Some("NOT_VERIFIED" | "EXPIRED")
            )
        {
            self.open(
                "number",
                Level::Bad,
                "Meta has not verified yet that this number is yours. Ask for a code in WhatsApp Manager and enter it \
                 there; then register the number here.",
                MANAGER,
            );
        }
        self.obstacles(facts);
        match facts.quality.as_deref() {
            Some("RED") => self.open(
                "number",
                Level::Warn,
                "The quality of this number is low: many people blocked or reported it. If it stays so, WhatsApp limits \
                 it. Account Quality tells more.",
                QUALITY,
            ),
            Some("YELLOW") => self.open(
                "number",
                Level::Warn,
                "The quality of this number is medium: some people blocked or reported it. Account Quality tells more.",
                QUALITY,
            ),
            _ => {}
        }
        match facts.name_status.as_deref() {
            Some("DECLINED" | "EXPIRED") => self.open(
                "number",
                Level::Warn,
                "Meta has not approved the name of this number, so customers see only the number. Choose another name in \
                 WhatsApp Manager.",
                MANAGER,
            ),
            Some("PENDING_REVIEW") => self.say(
                "number",
                Level::Ok,
                "Meta is looking at the name of this number; until it is approved, customers may see only the number.",
            ),
            _ => {}
        }
        if facts.account_mode.as_deref() == Some("SANDBOX") {
            self.open(
                "number",
                Level::Warn,
                "This is a test number of Meta's. It can write only to the few phones that are listed at Meta; it is good \
                 for a try, and not for customers.",
                "https://developers.facebook.com/apps/",
            );
        }
        if facts.on_phone == Some(true) {
            self.say(
                "number",
                Level::Ok,
                "This number is used in the WhatsApp Business app on a phone, too. What is written there appears here.",
            );
        }
    }

    /// What is so about a business account.
    pub(crate) fn account(&mut self, facts: &Facts) {
        match facts.review.as_deref() {
            Some("REJECTED") => self.open(
                "account",
                Level::Bad,
                "Meta has not approved this WhatsApp account, so it cannot be used fully. Open Meta's business settings \
                 and ask for another review.",
                BUSINESS,
            ),
            Some("PENDING") => self.say(
                "account",
                Level::Warn,
                "Meta is still reviewing this WhatsApp account. Messages may not leave until that is done; there is \
                 nothing to do but wait.",
            ),
            _ => {}
        }
        if matches!(
            facts.verification.as_deref(),
            Some("not_verified" | "failed" | "rejected" | "expired" | "revoked")
        ) {
            self.open(
                "account",
                Level::Ok,
                "Meta has not verified this business. That limits how many customers you may write to first; answers are \
                 not limited.",
                BUSINESS,
            );
        }
        self.obstacles(facts);
    }

    /// What keeps messages from leaving.
    fn obstacles(&mut self, facts: &Facts) {
        let blocked = facts.can_send.as_deref() == Some("BLOCKED");
        let limited = facts.can_send.as_deref() == Some("LIMITED");
        let level = if limited { Level::Warn } else { Level::Bad };
        for obstacle in &facts.obstacles {
            if obstacle.code.is_some_and(|code| PAYMENT.contains(&code)) {
                self.open(
                    "payment",
                    level,
                    "WhatsApp has a problem with the payment method of this account, so messages may not leave. \
                     Customers can still write to you. Add or repair the payment method in Meta's billing settings.",
                    BILLING,
                );
            } else if let Some(said) = said(obstacle) {
                let sentence = format!("Meta names something that keeps messages from leaving: {said}");
                self.open("sending", level, sentence, MANAGER);
            }
        }
        if blocked && facts.obstacles.is_empty() {
            self.open(
                "sending",
                Level::Bad,
                "WhatsApp does not let this number send at the moment and does not say why. WhatsApp Manager may tell.",
                MANAGER,
            );
        }
    }
}

/// The provider's description and its remedy, as sentences.
fn said(obstacle: &Obstacle) -> Option<String> {
    let parts: Vec<String> = [obstacle.description.as_deref(), obstacle.solution.as_deref()]
        .into_iter()
        .flatten()
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(crate::present::sentence)
        .collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// Returns a moment as people at this computer say it, such as `22 November at 17:40`.
pub(crate) fn moment(at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.0).map_or_else(
        |_| at.to_rfc3339(),
        |at| {
            at.to_zoned(jiff::tz::TimeZone::system())
                .strftime("%-d %B %Y at %H:%M")
                .to_string()
        },
    )
}
