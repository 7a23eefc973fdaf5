//! What a person can do after a refusal (whatsapp-cloud-api, section 8.2): data only; `errors` reads it. The words of
//! the table say the same in a sentence; this is for the button beside it.

use domain::SendClass;

/// The next step after a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Remedy {
    /// Nothing: it passes by itself.
    Wait,
    /// Nothing: this message should not be sent again.
    LeaveIt,
    /// Look at the details, change the message and send it again.
    Correct,
    /// Reach the customer another way.
    OtherWay,
    /// Connect the number again, with a new token or other ids.
    Reconnect,
    /// Give the token's user the permission in Meta's business settings.
    GrantPermission,
    /// Add or repair the payment method at Meta.
    RepairPayment,
    /// Register or verify the number.
    RegisterNumber,
    /// Look at the account's quality, its rules and its support at Meta.
    OpenAccountQuality,
    /// Set something right in WhatsApp Manager.
    OpenManager,
    /// Check the tunnel.
    CheckTunnel,
    /// Choose a template, since free words are not taken now.
    ChooseTemplate,
    /// Load the templates again and choose another one.
    RefreshTemplates,
    /// Open the template again and check its fields.
    RefillTemplate,
    /// Change the template and submit it again.
    ChangeTemplate,
    /// Ask the customer for the phone number.
    AskForNumber,
    /// Take the block away.
    Unblock,
    /// Make sure that it is still the same person, then send it again.
    ConfirmPerson,
    /// Send another file.
    OtherFile,
    /// Ask the customer to send it again.
    AskToResend,
    /// Keep in mind that the customer wants no promotions.
    StopPromotions,
    /// Check the PIN for two-step verification.
    CheckPin,
    /// Paste a new access token.
    NewToken,
    /// Paste the app secret again.
    NewSecret,
    /// Correct the ids of app, account or number.
    CheckIds,
    /// Give the token's user the app and the WhatsApp account in Meta's business settings.
    AssignAccount,
    /// Log in at Facebook and pass its check.
    LogIn,
    /// Connect the app to the WhatsApp account first; Deskbell does that.
    Subscribe,
    /// Ask for a code and verify the number with it.
    VerifyNumber,
    /// Look at the internet connection.
    CheckInternet,
    /// Try again later.
    TryLater,
}

impl Remedy {
    /// Returns the stable spelling.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Wait => "wait",
            Self::LeaveIt => "leave_it",
            Self::Correct => "correct",
            Self::OtherWay => "other_way",
            Self::Reconnect => "reconnect",
            Self::GrantPermission => "grant_permission",
            Self::RepairPayment => "repair_payment",
            Self::RegisterNumber => "register_number",
            Self::OpenAccountQuality => "open_account_quality",
            Self::OpenManager => "open_manager",
            Self::CheckTunnel => "check_tunnel",
            Self::ChooseTemplate => "choose_template",
            Self::RefreshTemplates => "refresh_templates",
            Self::RefillTemplate => "refill_template",
            Self::ChangeTemplate => "change_template",
            Self::AskForNumber => "ask_for_number",
            Self::Unblock => "unblock",
            Self::ConfirmPerson => "confirm_person",
            Self::OtherFile => "other_file",
            Self::AskToResend => "ask_to_resend",
            Self::StopPromotions => "stop_promotions",
            Self::CheckPin => "check_pin",
            Self::NewToken => "new_token",
            Self::NewSecret => "new_secret",
            Self::CheckIds => "check_ids",
            Self::AssignAccount => "assign_account",
            Self::LogIn => "log_in",
            Self::Subscribe => "subscribe",
            Self::VerifyNumber => "verify_number",
            Self::CheckInternet => "check_internet",
            Self::TryLater => "try_later",
        }
    }

    /// Returns the page of Meta on which a person takes this step, when there is one.
    pub const fn link(self) -> Option<&'static str> {
        match self {
            Self::NewToken | Self::GrantPermission | Self::AssignAccount => {
                Some("https://business.facebook.com/settings/system-users")
            }
            Self::NewSecret => Some("https://developers.facebook.com/apps/"),
            Self::RepairPayment => Some("https://business.facebook.com/billing_hub/payment_settings"),
            Self::OpenAccountQuality => Some("https://business.facebook.com/accountquality"),
            Self::OpenManager | Self::VerifyNumber | Self::CheckPin => {
                Some("https://business.facebook.com/wa/manage/phone-numbers/")
            }
            Self::LogIn => Some("https://www.facebook.com/"),
            _ => None,
        }
    }

    /// Returns what to do about trouble of which only the kind is known.
    pub(super) const fn by_class(class: SendClass) -> Self {
        match class {
            SendClass::Transient { .. }
            | SendClass::Offline
            | SendClass::PairRate
            | SendClass::NumberRate
            | SendClass::Wait => Self::Wait,
            SendClass::Never => Self::Correct,
            SendClass::Configuration => Self::Reconnect,
        }
    }
}

/// The codes whose remedy is not that of their class: first, last, remedy.
pub(super) const REMEDIES: &[(i64, i64, Remedy)] = &[
    (3, 3, Remedy::GrantPermission),
    (10, 10, Remedy::GrantPermission),
    (200, 299, Remedy::GrantPermission),
    (368, 368, Remedy::OpenAccountQuality),
    (2_200, 2_201, Remedy::CheckTunnel),
    (130_403, 130_403, Remedy::Unblock),
    (130_472, 130_472, Remedy::LeaveIt),
    (130_497, 130_497, Remedy::OtherWay),
    (131_005, 131_005, Remedy::GrantPermission),
    (131_021, 131_021, Remedy::LeaveIt),
    (131_026, 131_026, Remedy::OtherWay),
    (131_030, 131_030, Remedy::OpenManager),
    (131_031, 131_031, Remedy::OpenAccountQuality),
    (131_037, 131_037, Remedy::OpenManager),
    (131_042, 131_042, Remedy::RepairPayment),
    (131_044, 131_044, Remedy::RepairPayment),
    (131_045, 131_045, Remedy::RegisterNumber),
    (131_047, 131_047, Remedy::ChooseTemplate),
    (131_048, 131_048, Remedy::OpenAccountQuality),
    (131_049, 131_049, Remedy::LeaveIt),
    (131_050, 131_050, Remedy::StopPromotions),
    (131_051, 131_052, Remedy::AskToResend),
    (131_053, 131_053, Remedy::OtherFile),
    (131_055, 131_055, Remedy::LeaveIt),
    (131_060, 131_060, Remedy::AskToResend),
    (131_062, 131_062, Remedy::AskForNumber),
    (131_063, 131_063, Remedy::OpenManager),
    (132_000, 132_000, Remedy::RefillTemplate),
    (132_001, 132_001, Remedy::RefreshTemplates),
    (132_005, 132_005, Remedy::RefillTemplate),
    (132_007, 132_007, Remedy::ChangeTemplate),
    (132_008, 132_008, Remedy::RefillTemplate),
    (132_012, 132_012, Remedy::RefillTemplate),
    (132_015, 132_016, Remedy::RefreshTemplates),
    (132_018, 132_018, Remedy::RefillTemplate),
    (132_068, 132_068, Remedy::OpenManager),
    (133_005, 133_005, Remedy::CheckPin),
    (133_006, 133_006, Remedy::RegisterNumber),
    (133_008, 133_009, Remedy::CheckPin),
    (133_010, 133_010, Remedy::RegisterNumber),
    (134_011, 134_011, Remedy::OpenManager),
    (134_100, 134_102, Remedy::OpenManager),
    (137_000, 137_000, Remedy::ConfirmPerson),
    (138_000, 138_018, Remedy::LeaveIt),
    (139_000, 139_004, Remedy::OpenManager),
    (141_006, 141_006, Remedy::RepairPayment),
    (2_388_001, 2_388_018, Remedy::ChangeTemplate),
    (2_388_019, 2_388_019, Remedy::OpenManager),
    (2_388_020, 2_388_103, Remedy::ChangeTemplate),
    (2_494_191, 2_494_191, Remedy::LeaveIt),
    (2_593_107, 2_593_109, Remedy::LeaveIt),
];
