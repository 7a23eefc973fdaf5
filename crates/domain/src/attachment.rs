//! Files that came with a message or go with one.

use crate::text_enum::text_enum;

text_enum! {
    /// Where the file of an inbound message stands, and whether an outbound one lies ready.
    AttachmentState {
        /// It is still to be fetched.
        Pending = "pending",
        /// It is on this computer.
        Stored = "stored",
        /// It could not be fetched.
        Failed = "failed",
        /// The provider does not have it any more (whatsapp-cloud-api, section 6).
        Expired = "expired",
    }
}

text_enum! {
    /// Where the way of our own file to the provider stands.
    UploadState {
        /// It waits for its turn.
        Waiting = "waiting",
        /// It is on its way.
        Uploading = "uploading",
        /// The provider has it.
        Uploaded = "uploaded",
        /// The provider does not take it.
        Refused = "refused",
    }
}

text_enum! {
    /// Who put a reaction to a message.
    ReactionBy {
        /// The customer.
        Customer = "customer",
        /// The business, at this desk or on its phone.
        Operator = "operator",
    }
}
