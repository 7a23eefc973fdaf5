//! The one table of commands. It yields the names the router knows and the TypeScript a window is written against.

/// One command of the contract.
#[derive(Debug, Clone, Copy)]
pub struct Command {
    /// Its name on the wire.
    pub name: &'static str,
    /// The TypeScript name of its arguments.
    pub args: &'static str,
    /// The TypeScript name of its answer.
    pub answer: &'static str,
    /// What it does, in a sentence.
    pub about: &'static str,
}

macro_rules! commands {
    ($($(#[doc = $about:literal])+ $name:ident($args:ident) -> $answer:ident;)+) => {
        /// Every command, in the order they are documented.
        pub const COMMANDS: &[Command] = &[$(
            Command {
                name: stringify!($name),
                args: stringify!($args),
                answer: stringify!($answer),
                about: concat!($($about),+).trim_ascii(),
            },
        )+];

        #[expect(dead_code, reason = "only asks the compiler whether the named types exist")]
        fn types_exist() {
            #[allow(unused_imports, clippy::allow_attributes, reason = "globs")]
            use crate::{args::*, views::*};
            $(let _: (Option<$args>, Option<$answer>) = (None, None);)+
        }
    };
}

commands! {
    /// Says what this is: version, demo or not, first start or not.
    app(Nothing) -> AppView;
    /// Lists the connected accounts.
    list_channels(Nothing) -> ChannelList;
    /// Lists conversations, the one with the newest message first.
    list_conversations(ListConversations) -> ConversationPage;
    /// Reads one conversation backwards from its end.
    thread(ThreadArgs) -> ThreadPage;
    /// Queues a text for a customer; the message exists when this returns.
    send_text(SendText) -> MessageRef;
    /// Queues a file for a customer; the message exists when this returns.
    send_media(SendMedia) -> MessageRef;
    /// Queues a filled template; the only thing that may leave outside the service window.
    send_template(SendTemplate) -> MessageRef;
    /// Queues a place, cards, buttons, a list, a link or a question for place or number.
    send_content(SendContent) -> MessageRef;
    /// Puts our reaction to a message of the customer, or takes it away.
    react(React) -> Done;
    /// Tells the customer that somebody is typing, if the settings say so. To be called again while it goes on.
    typing(ConversationArgs) -> Done;
    /// Tells all that is known about one message.
    message_details(MessageArgs) -> MessageDetails;
    /// Fetches a customer's file again that could not be fetched.
    retry_attachment(AttachmentArgs) -> Done;
    /// Tries a failed or unknown message again, as a new attempt.
    retry(MessageArgs) -> MessageRef;
    /// Gives up a message that has not left, or whose fate is unknown.
    discard(MessageArgs) -> Done;
    /// Makes a person the holder of a conversation.
    take_over(ConversationArgs) -> ConversationView;
    /// Gives a conversation back to the assistant.
    hand_back(HandBack) -> HandBackView;
    /// Lets a person keep a conversation until they give it back themselves.
    keep_holder(ConversationArgs) -> ConversationView;
    /// Puts a conversation off until a moment; `null` takes it back. What the customer writes meanwhile ends it.
    snooze_conversation(Snooze) -> ConversationView;
    /// Stops what the assistant is about to say in a conversation.
    halt(ConversationArgs) -> Done;
    /// Lists answers that wait for a person's word.
    list_drafts(ListDrafts) -> DraftList;
    /// Sends a draft, as it is or rewritten.
    approve_draft(ApproveDraft) -> MessageRef;
    /// Puts a draft away.
    dismiss_draft(DismissDraft) -> Done;
    /// Asks the assistant for a draft now, or for another one.
    request_draft(ConversationArgs) -> Done;
    /// Shows what a language model is writing in a conversation at the moment. It is unchecked and cannot be sent.
    writing(ConversationArgs) -> WritingView;
    /// Tells why the assistant did what it did.
    decision(DecisionArgs) -> DecisionView;
    /// Says what a customer meant, so that the assistant learns it.
    label_message(LabelMessage) -> Done;
    /// Marks a person as one to test with.
    set_test_contact(SetTestContact) -> Done;
    /// Lists the skills.
    list_skills(Nothing) -> SkillList;
    /// Adds a skill or changes one.
    save_skill(SaveSkill) -> SkillView;
    /// Removes a skill.
    delete_skill(SkillArgs) -> Done;
    /// Shows the skills that come with Deskbell.
    starter_pack(StarterPack) -> PackView;
    /// Takes skills of the starter pack.
    add_pack(AddPack) -> SkillList;
    /// Lists the documents of the knowledge base.
    list_documents(Nothing) -> DocumentList;
    /// Reads a document.
    document(DocumentArgs) -> DocumentView;
    /// Adds a document or changes one.
    save_document(SaveDocument) -> DocumentView;
    /// Reads a file into the knowledge base.
    import_document(ImportDocument) -> DocumentView;
    /// Removes a document.
    delete_document(DocumentArgs) -> Done;
    /// Lists answers of operators that could be taken into the knowledge base.
    past_replies(Nothing) -> PastReplyList;
    /// Takes them.
    add_past_replies(AddPastReplies) -> DocumentView;
    /// Lists single facts: prices, hours, address.
    list_facts(Nothing) -> FactList;
    /// Sets them.
    save_facts(SaveFacts) -> FactList;
    /// Sets what is said when nothing is found.
    set_fallback(SetFallback) -> Done;
    /// Says how the assistant is set.
    assistant(Nothing) -> AssistantView;
    /// Sets it.
    save_assistant(SaveAssistant) -> AssistantView;
    /// Shows what a customer's sentence would lead to. Nothing is stored and nothing leaves.
    try_sentence(TrySentence) -> DecisionView;
    /// Shows what the assistant would say in a pretended chat. Nothing is stored and nothing is sent to a customer.
    simulate(Simulate) -> DecisionView;
    /// Says which language model is used.
    model(Nothing) -> ModelView;
    /// Looks for language models on this computer.
    find_models(Nothing) -> FoundModelsList;
    /// Chooses a language model after trying it.
    save_model(SaveModel) -> ModelView;
    /// Lists what was asked of language models.
    list_model_calls(ListModelCalls) -> ModelCallList;
    /// Shows exactly what left this computer, and what came back.
    model_call(ModelCallArgs) -> ModelCallView;
    /// Lists leads.
    list_leads(ListLeads) -> LeadPage;
    /// Tells what is known of a conversation's customer as a lead.
    lead(ConversationArgs) -> LeadAnswer;
    /// Writes a value of a lead by hand; extraction does not overwrite it.
    set_lead_value(SetLeadValue) -> LeadView;
    /// Lets extraction fill a field again.
    return_lead_value(ReturnLeadValue) -> LeadView;
    /// Says where a lead stands.
    set_lead_status(SetLeadStatus) -> LeadView;
    /// Writes the leads of a filter as a table.
    export_leads(ListLeads) -> LeadTable;
    /// Sets how much the assistant may do.
    set_mode(SetMode) -> Done;
    /// Marks a conversation as looked at. The customer is told only if the settings say so.
    mark_read(ConversationArgs) -> Done;
    /// Keeps what stands unsent in a composer.
    keep_composer(KeepComposer) -> Done;
    /// Finds messages by their words, newest first.
    search(Search) -> SearchResult;
    /// Says how things stand.
    health(Nothing) -> HealthView;
    /// Tries at once to send again on a channel that waits.
    resume_channel(ChannelArgs) -> Done;
    /// Tells all that is known about a person.
    contact(ContactArgs) -> ContactDetails;
    /// Gives a person the name they are shown under.
    rename_contact(RenameContact) -> Done;
    /// Parts two contacts again that were taken for one person.
    undo_merge(UndoMerge) -> Done;
    /// Asks the provider to take no messages of this person any more.
    block_contact(ConversationArgs) -> Done;
    /// Takes messages of this person again.
    unblock_contact(ConversationArgs) -> Done;
    /// Takes a conversation over that another program answers.
    take_thread(ConversationArgs) -> Done;
    /// Lists the templates of a channel, as last fetched.
    list_templates(ChannelArgs) -> TemplateList;
    /// Fetches the templates of a channel now.
    refresh_templates(ChannelArgs) -> TemplateList;
    /// Hands a new template in for approval.
    create_template(CreateTemplate) -> TemplateList;
    /// Deletes a template at the provider.
    delete_template(DeleteTemplate) -> TemplateList;
    /// Lists news of the channels.
    list_notices(ListNotices) -> NoticeList;
    /// Marks all news as seen.
    see_notices(ListNotices) -> Done;
    /// Asks the provider what customers see of the business.
    business_profile(ChannelArgs) -> ProfileView;
    /// Changes what customers see of the business.
    save_business_profile(SaveBusinessProfile) -> ProfileView;
    /// Says what a month may have cost.
    costs(CostsArgs) -> CostsView;
    /// Sets the rates costs are estimated with.
    save_rates(SaveRates) -> CostsView;
    /// Says what is set for the whole of Deskbell.
    settings(Nothing) -> SettingsView;
    /// Sets it.
    save_settings(SaveSettings) -> SettingsView;
    /// Says how the set-up of a number stands.
    setup(Nothing) -> SetupView;
    /// Begins to set a number up, or goes on where it was left.
    begin_setup(Nothing) -> SetupView;
    /// Goes to a page of the set-up.
    setup_page(SetupPageArgs) -> SetupView;
    /// Takes token and app secret, proves each of them, and finds accounts and numbers.
    setup_credentials(SetupCredentials) -> SetupView;
    /// Chooses the number; ids may be entered by hand.
    setup_number(SetupNumberArgs) -> SetupView;
    /// Registers a number with a PIN. It leaves the phone's app by that.
    register_number(RegisterNumber) -> Done;
    /// Runs the chain from the server to the read-back; its steps come as changes.
    connect_setup(Nothing) -> SetupView;
    /// Answers the hello with a test.
    test_reply(TestReply) -> SetupView;
    /// Ends the set-up and sets the mode.
    finish_setup(FinishSetup) -> SetupView;
    /// Gives the set-up up and forgets what was entered.
    cancel_setup(Nothing) -> Done;
    /// Says how the internet reaches this computer.
    tunnel(Nothing) -> TunnelView;
    /// Chooses how.
    save_tunnel(SaveTunnel) -> TunnelView;
    /// Tries the tunnel again at once.
    retry_tunnel(Nothing) -> TunnelView;
    /// Says how a channel is connected.
    connection(ChannelArgs) -> ConnectionView;
    /// Registers our webhook address for a channel again, now.
    register_webhook(ChannelArgs) -> ConnectionView;
    /// Lets the news of account and templates come here too.
    take_news(ChannelArgs) -> ConnectionView;
    /// Asks Meta about number, account and token now.
    check_channel(ChannelArgs) -> ConnectionView;
    /// Replaces token or app secret of a channel after proving them; nothing is lost meanwhile.
    replace_keys(ReplaceKeys) -> ConnectionView;
    /// Disconnects a channel and erases its secrets; what was said stays.
    forget_channel(ChannelArgs) -> Done;
    /// Says where secrets are kept.
    vault(Nothing) -> VaultView;
    /// Asks the keychain again, or opens the sealed file with a passphrase.
    unlock_vault(VaultArgs) -> VaultView;
    /// Keeps secrets in a sealed file with a passphrase from now on.
    use_sealed_file(VaultArgs) -> VaultView;
    /// Says what happened while nobody could be reached.
    away(Nothing) -> AwayView;
    /// Marks that as seen.
    see_away(Nothing) -> Done;
    /// Writes a file for whoever helps, without secrets and without anything of customers.
    diagnostics(Nothing) -> DiagnosticsView;
    /// Opens the demo shop in this window, or comes back from it.
    open_demo(Nothing) -> AppView;
    /// Leaves the demo shop.
    leave_demo(Nothing) -> AppView;
}
