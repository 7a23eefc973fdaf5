//! Turns: one burst of a customer's messages, and what the assistant made of it.

use crate::text_enum::text_enum;

text_enum! {
    /// Where a turn stands.
    TurnState {
        /// It waits until the customer has finished.
        Waiting = "waiting",
        /// The assistant thinks about it.
        Working = "working",
        /// It has its answer, its draft, or the reason for silence.
        Done = "done",
        /// Something made it pointless: a person answered, the mode changed.
        Cancelled = "cancelled",
    }
}

text_enum! {
    /// What the assistant decided.
    Verdict {
        /// It answers.
        Send = "send",
        /// It asks which of a few things was meant.
        Clarify = "clarify",
        /// It proposes an answer; a person sends it.
        Draft = "draft",
        /// It asks for a person.
        Escalate = "escalate",
        /// It says nothing.
        Silent = "silent",
    }
}

text_enum! {
    /// Which step of the assistant an answer comes from.
    AnswerStep {
        /// A rule that looks at words: asks for a person, stop.
        Rule = "rule",
        /// A skill.
        Skill = "skill",
        /// The customer tapped a button.
        Tap = "tap",
        /// The knowledge base, in its own words.
        Knowledge = "knowledge",
        /// A language model, from sources.
        Model = "model",
        /// The canned text.
        Fallback = "fallback",
    }
}

text_enum! {
    /// Why a person is needed.
    EscalationReason {
        /// The customer asks for a person.
        AsksForPerson = "asks_for_person",
        /// The customer complains.
        Complaint = "complaint",
        /// It is about law, lawyers or the police.
        Legal = "legal",
        /// It is about health.
        Medical = "medical",
        /// The customer wants money back, or to cancel.
        Refund = "refund",
        /// The customer asks what is known about them, or to be erased.
        Privacy = "privacy",
        /// The customer is angry.
        Anger = "anger",
        /// The customer asks the same again.
        Repeated = "repeated",
        /// The assistant had no answer twice.
        TwoMisses = "two_misses",
        /// A proof of payment or a document came.
        Payment = "payment",
        /// The skill that was asked for belongs to a person.
        Skill = "skill",
        /// A lead is about to buy.
        HotLead = "hot_lead",
        /// The language model asks for a person.
        Model = "model",
        /// An answer was stopped before it left.
        Guard = "guard",
        /// Something broke.
        Technical = "technical",
        /// Two programs seem to talk with each other.
        Loop = "loop",
        /// A file, a voice message or a picture came without words.
        FileOnly = "file_only",
        /// Another program gave the customer back to the people here.
        HandedOver = "handed_over",
    }
}

text_enum! {
    /// Where a draft stands.
    DraftState {
        /// It waits for a person's word.
        Pending = "pending",
        /// It was sent as it was.
        Sent = "sent",
        /// It was changed, then sent.
        Edited = "edited",
        /// A person did not want it.
        Dismissed = "dismissed",
        /// Something newer took its place.
        Superseded = "superseded",
        /// It waited too long, or the service window closed.
        Expired = "expired",
    }
}

text_enum! {
    /// Why a person did not want a draft.
    DismissReason {
        /// What it says is wrong.
        Wrong = "wrong",
        /// It sounds wrong.
        Tone = "tone",
        /// What it says was right once.
        Outdated = "outdated",
        /// No answer is needed.
        NotNeeded = "not_needed",
        /// The person writes one.
        OwnWords = "own_words",
    }
}
