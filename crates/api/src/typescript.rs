//! The contract as TypeScript: `ui/src/api/generated.ts`, written by `cargo xtask codegen`, checked by a test.

use crate::table::COMMANDS;
use crate::{args, error, views};
use std::fmt::Write as _;
use ts_rs::{Config, TS};

/// Returns the whole text of `generated.ts`.
pub fn typescript() -> String {
    let mut text = String::from(
        "// Written by `cargo xtask codegen` from crates/api. Do not edit: a test compares it with the source.\n\n",
    );
    word_list(
        &mut text,
        "Because",
        domain::Because::ALL.iter().map(|w| w.as_str()),
    );
    word_list(
        &mut text,
        "HeldBy",
        domain::HeldBy::ALL.iter().map(|w| w.as_str()),
    );
    word_list(
        &mut text,
        "Verdict",
        domain::Verdict::ALL.iter().map(|w| w.as_str()),
    );
    word_list(
        &mut text,
        "AnswerStep",
        domain::AnswerStep::ALL.iter().map(|w| w.as_str()),
    );
    word_list(
        &mut text,
        "EscalationReason",
        domain::EscalationReason::ALL.iter().map(|w| w.as_str()),
    );
    word_list(
        &mut text,
        "MarkKind",
        domain::MarkKind::ALL.iter().map(|w| w.as_str()),
    );
    word_list(
        &mut text,
        "DraftState",
        domain::DraftState::ALL.iter().map(|w| w.as_str()),
    );
    word_list(
        &mut text,
        "DismissReason",
        domain::DismissReason::ALL.iter().map(|w| w.as_str()),
    );
    word_list(
        &mut text,
        "SkillHours",
        domain::SkillHours::ALL.iter().map(|w| w.as_str()),
    );
    word_list(
        &mut text,
        "DocumentSource",
        domain::DocumentSource::ALL.iter().map(|w| w.as_str()),
    );
    word_list(
        &mut text,
        "FactKind",
        domain::FactKind::ALL.iter().map(|w| w.as_str()),
    );
    word_list(
        &mut text,
        "Language",
        domain::Language::ALL.iter().map(|w| w.as_str()),
    );
    word_list(
        &mut text,
        "LeadMethod",
        domain::LeadMethod::ALL.iter().map(|w| w.as_str()),
    );
    word_list(
        &mut text,
        "LeadStatus",
        domain::LeadStatus::ALL.iter().map(|w| w.as_str()),
    );
    word_list(
        &mut text,
        "Temperature",
        domain::Temperature::ALL.iter().map(|w| w.as_str()),
    );
    word_list(
        &mut text,
        "ChannelKind",
        domain::ChannelKind::ALL.iter().map(|w| w.as_str()),
    );
    word_list(
        &mut text,
        "BotMode",
        domain::BotMode::ALL.iter().map(|w| w.as_str()),
    );
    word_list(
        &mut text,
        "Holder",
        domain::Holder::ALL.iter().map(|w| w.as_str()),
    );
    word_list(&mut text, "Queue", domain::Queue::ALL.iter().map(|w| w.as_str()));
    word_list(
        &mut text,
        "Direction",
        domain::Direction::ALL.iter().map(|w| w.as_str()),
    );
    word_list(
        &mut text,
        "Author",
        domain::Author::ALL.iter().map(|w| w.as_str()),
    );
    word_list(
        &mut text,
        "MessageKind",
        domain::MessageKind::ALL.iter().map(|w| w.as_str()),
    );
    word_list(
        &mut text,
        "DeliveryStatus",
        domain::DeliveryStatus::ALL.iter().map(|w| w.as_str()),
    );
    word_list(
        &mut text,
        "Source",
        domain::Source::ALL.iter().map(|w| w.as_str()),
    );
    word_list(
        &mut text,
        "Silence",
        domain::Silence::ALL.iter().map(|w| w.as_str()),
    );
    word_list(
        &mut text,
        "Forwarded",
        domain::Forwarded::ALL.iter().map(|w| w.as_str()),
    );
    word_list(
        &mut text,
        "AttachmentState",
        domain::AttachmentState::ALL.iter().map(|w| w.as_str()),
    );
    word_list(
        &mut text,
        "UploadState",
        domain::UploadState::ALL.iter().map(|w| w.as_str()),
    );
    word_list(
        &mut text,
        "ReactionBy",
        domain::ReactionBy::ALL.iter().map(|w| w.as_str()),
    );
    word_list(
        &mut text,
        "IdentityKind",
        domain::IdentityKind::ALL.iter().map(|w| w.as_str()),
    );
    word_list(
        &mut text,
        "ReadMarks",
        domain::ReadMarks::ALL.iter().map(|w| w.as_str()),
    );
    word_list(
        &mut text,
        "TunnelKind",
        domain::TunnelKind::ALL.iter().map(|w| w.as_str()),
    );
    word_list(
        &mut text,
        "StepState",
        domain::StepState::ALL.iter().map(|w| w.as_str()),
    );
    word_list(
        &mut text,
        "RegistrationStep",
        domain::RegistrationStep::ALL.iter().map(|w| w.as_str()),
    );
    word_list(
        &mut text,
        "SetupPage",
        domain::SetupPage::ALL.iter().map(|w| w.as_str()),
    );
    word_list(&mut text, "HealthTopic", views::TOPICS.iter().copied());
    word_list(&mut text, "ActionKind", views::ACTIONS.iter().copied());
    text.push_str(
        "/** A part of a template in the provider's form (whatsapp-cloud-api, section 7.6). */\n\
         export interface TemplateComponent { type: string; format?: string; text?: string; \
         buttons?: { type: string; text?: string; url?: string; phone_number?: string }[]; \
         cards?: { components: TemplateComponent[] }[]; [key: string]: unknown }\n",
    );
    text.push('\n');

    macro_rules! declare {
        ($($module:ident :: $name:ident),+ $(,)?) => {$(
            let _ = writeln!(text, "export {}\n", <$module::$name as TS>::decl(&Config::default()));
        )+};
    }
    declare!(
        views::ActivityView,
        views::SourceView,
        views::CandidateView,
        views::FindingView,
        views::DecisionView,
        views::DraftView,
        views::DraftList,
        views::HandBackView,
        views::ExampleView,
        views::AnswerButtonView,
        views::AnswerView,
        views::ReadinessView,
        views::SkillView,
        views::SkillList,
        views::PackSkillView,
        views::PackView,
        views::DocumentView,
        views::DocumentList,
        views::FactView,
        views::FactList,
        views::PastReplyView,
        views::PastReplyList,
        views::DayHours,
        views::HoursView,
        views::IntakeView,
        views::CannedView,
        views::AssistantView,
        views::ReturnView,
        views::FoundModelsView,
        views::FoundModelsList,
        views::ModelView,
        views::ModelCallView,
        views::ModelCallList,
        views::WritingView,
        views::LeadValueView,
        views::ScoreReasonView,
        views::LeadView,
        views::LeadPage,
        views::LeadAnswer,
        views::LeadTable,
        args::HandBack,
        args::ListDrafts,
        args::ApproveDraft,
        args::DismissDraft,
        args::DecisionArgs,
        args::ExampleArg,
        args::AnswerButtonArg,
        args::AnswerArg,
        args::SaveSkill,
        args::SkillArgs,
        args::StarterPack,
        args::AddPack,
        args::SaveDocument,
        args::ImportDocument,
        args::DocumentArgs,
        args::FactArg,
        args::SaveFacts,
        args::AddPastReplies,
        args::SetFallback,
        args::CannedArg,
        args::ReturnArg,
        args::SaveAssistant,
        args::TrySentence,
        args::ChatLine,
        args::Simulate,
        args::SaveModel,
        args::ListModelCalls,
        args::ModelCallArgs,
        args::LabelMessage,
        args::SetTestContact,
        args::ListLeads,
        args::SetLeadValue,
        args::ReturnLeadValue,
        args::SetLeadStatus,
        views::HoldView,
        views::ChannelView,
        views::ChannelList,
        views::ContactView,
        views::PreviewView,
        views::ConversationView,
        views::QueueCounts,
        views::ConversationPage,
        views::AttachmentView,
        views::UploadProgress,
        views::ReactionView,
        views::QuoteView,
        views::MessageErrorView,
        views::MessageView,
        views::MarkView,
        views::ThreadPage,
        views::VersionView,
        views::MessageDetails,
        views::UploadView,
        views::IdentityView,
        views::MergeView,
        views::ContactDetails,
        views::TemplateVariableView,
        views::TemplateView,
        views::TemplateList,
        views::NoticeView,
        views::NoticeList,
        views::ProfileView,
        views::CostLine,
        views::RateView,
        views::CostsView,
        views::SettingsView,
        views::MessageRef,
        views::SearchHit,
        views::SearchResult,
        views::Level,
        views::Finding,
        views::HealthView,
        views::ActionView,
        views::SecretView,
        views::StepView,
        views::TunnelProgramView,
        views::TunnelView,
        views::TokenView,
        views::ConnectionView,
        views::ProofView,
        views::SetupNumberView,
        views::SetupAccountView,
        views::HelloView,
        views::HeardView,
        views::ReplyView,
        views::SetupView,
        views::VaultView,
        views::AwayRow,
        views::AwayView,
        views::DiagnosticsView,
        views::AppView,
        views::ChangeView,
        views::Done,
        args::Nothing,
        args::ListFilter,
        args::ListConversations,
        args::ThreadArgs,
        args::SendText,
        args::SendMedia,
        args::SendTemplate,
        args::SendContent,
        args::OutgoingContent,
        args::Card,
        args::ListSection,
        args::ListRow,
        args::React,
        args::ContactArgs,
        args::RenameContact,
        args::UndoMerge,
        args::AttachmentArgs,
        args::ListNotices,
        args::CreateTemplate,
        args::TemplateButton,
        args::DeleteTemplate,
        args::SaveBusinessProfile,
        args::CostsArgs,
        args::SaveRates,
        args::Rate,
        args::SaveSettings,
        args::MessageArgs,
        args::ConversationArgs,
        args::Snooze,
        args::ChannelArgs,
        args::KeepComposer,
        args::SetMode,
        args::SetupPageArgs,
        args::SetupCredentials,
        args::SetupNumberArgs,
        args::RegisterNumber,
        args::SaveTunnel,
        args::TestReply,
        args::FinishSetup,
        args::ReplaceKeys,
        args::VaultArgs,
        args::Search,
        error::ErrorCode,
        error::ApiError,
    );

    text.push_str("/** Every command: what it takes and what it answers. */\nexport interface Commands {\n");
    for command in COMMANDS {
        let _ = writeln!(text, "  /** {} */", command.about);
        let _ = writeln!(
            text,
            "  {}: {{ args: {}; answer: {} }};",
            command.name, command.args, command.answer
        );
    }
    text.push_str("}\n");
    text
}

fn word_list<'a>(text: &mut String, name: &str, words: impl Iterator<Item = &'a str>) {
    let union: Vec<String> = words.map(|word| format!("\"{word}\"")).collect();
    let _ = writeln!(text, "export type {name} = {};", union.join(" | "));
}
