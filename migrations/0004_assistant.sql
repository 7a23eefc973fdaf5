-- The assistant: turns, decisions, drafts, skills, knowledge, leads, and whose turn it is to speak.
-- Times are milliseconds since 1970-01-01 UTC unless a column says otherwise.

ALTER TABLE channel ADD COLUMN return_minutes INTEGER NOT NULL DEFAULT 240; -- minutes after the last human message until the assistant has a conversation back; 0: never by itself

ALTER TABLE contact ADD COLUMN test INTEGER NOT NULL DEFAULT 0; -- 1: a test person, for whom a conversation's mode may be looser than the channel's
ALTER TABLE contact ADD COLUMN stopped_at INTEGER;              -- when they told the assistant to stop; null: they did not

ALTER TABLE conversation ADD COLUMN held_since INTEGER;         -- since when the holder holds it; null: from the beginning
ALTER TABLE conversation ADD COLUMN held_by TEXT;               -- what made them the holder: typed, take_over, phone, escalation, hand_back, returned
ALTER TABLE conversation ADD COLUMN human_at INTEGER;           -- when a person last wrote or took over; the return counts from it
ALTER TABLE conversation ADD COLUMN kept INTEGER NOT NULL DEFAULT 0; -- 1: it does not return by itself this time
ALTER TABLE conversation ADD COLUMN returned INTEGER NOT NULL DEFAULT 0; -- 1: it returned by itself, so the next answer is only drafted
ALTER TABLE conversation ADD COLUMN attention_at INTEGER;       -- when a person was first asked for
ALTER TABLE conversation ADD COLUMN reminded INTEGER NOT NULL DEFAULT 0; -- reminders given since
ALTER TABLE conversation ADD COLUMN composer_at INTEGER;        -- when somebody last typed in the composer; null: nothing stands in it
ALTER TABLE conversation ADD COLUMN language TEXT;              -- the language spoken, once it is clear
ALTER TABLE conversation ADD COLUMN muted_until INTEGER;        -- until when the assistant keeps quiet, since two programs seemed to talk
ALTER TABLE conversation ADD COLUMN decision_id INTEGER;        -- the assistant's last decision

ALTER TABLE message ADD COLUMN decision_id INTEGER;             -- the decision it came from; null: a person wrote it, or the customer

ALTER TABLE outbox ADD COLUMN turn_id INTEGER;                  -- the turn it answers, for what the assistant says by itself
ALTER TABLE outbox ADD COLUMN handover INTEGER NOT NULL DEFAULT 0; -- 1: the text that tells a customer that a person will answer

CREATE UNIQUE INDEX outbox_by_turn ON outbox(turn_id) WHERE turn_id IS NOT NULL;
CREATE INDEX outbox_of_bot ON outbox(conversation_id) WHERE permit = 'bot' AND state = 'queued';
CREATE INDEX conversation_held ON conversation(human_at) WHERE holder = 'operator' AND kept = 0;
CREATE INDEX conversation_asking ON conversation(attention_at) WHERE holder = 'waiting_human';

CREATE TABLE turn (
    id              INTEGER PRIMARY KEY,                     -- the turn's id
    conversation_id INTEGER NOT NULL REFERENCES conversation(id), -- who speaks
    first_at        INTEGER NOT NULL,                        -- when its first message came
    last_message_id INTEGER NOT NULL REFERENCES message(id), -- its last message so far
    state           TEXT NOT NULL,                           -- waiting, working, done, cancelled
    due_at          INTEGER NOT NULL,                        -- not before: the customer may still be writing
    epoch           INTEGER NOT NULL DEFAULT 0,              -- the conversation's epoch when work began
    attempt         INTEGER NOT NULL DEFAULT 0,              -- how often work began
    asked           INTEGER NOT NULL DEFAULT 0,              -- 1: an operator asked for it
    decision_id     INTEGER,                                 -- what came of it
    created_at      INTEGER NOT NULL                         -- when it was opened
) STRICT;

CREATE UNIQUE INDEX turn_open ON turn(conversation_id) WHERE state IN ('waiting', 'working');
CREATE INDEX turn_due ON turn(due_at) WHERE state IN ('waiting', 'working');

CREATE TABLE decision (
    id              INTEGER PRIMARY KEY,                     -- the decision's id
    turn_id         INTEGER REFERENCES turn(id),             -- what it is about; null: no turn was opened
    conversation_id INTEGER NOT NULL REFERENCES conversation(id), -- with whom
    message_id      INTEGER REFERENCES message(id),          -- the customer's last message it looked at
    mode            TEXT NOT NULL,                           -- the mode that applied: off, shadow, bot
    verdict         TEXT NOT NULL,                           -- send, clarify, draft, escalate, silent
    step            TEXT,                                    -- rule, skill, tap, knowledge, model, fallback; null: none answered
    reason          TEXT NOT NULL,                           -- why, as one word of a list
    escalation      TEXT,                                    -- why a person is needed; null: none is
    skill_id        INTEGER,                                 -- the skill that answered
    skill_version   INTEGER,                                 -- in which form
    confidence      REAL,                                    -- between 0 and 1
    language        TEXT,                                    -- of the answer
    text            TEXT,                                    -- the answer, also when it was not sent
    asked_field     TEXT,                                    -- the field of a lead the answer asks for
    trace           TEXT NOT NULL DEFAULT '{}',              -- JSON: candidates, sources, findings of the guards
    model_call_id   INTEGER,                                 -- what was asked of a language model
    took_ms         INTEGER NOT NULL DEFAULT 0,              -- how long it took
    created_at      INTEGER NOT NULL                         -- when
) STRICT;

CREATE INDEX decision_of_conversation ON decision(conversation_id, id);
CREATE INDEX decision_of_skill ON decision(skill_id, id) WHERE skill_id IS NOT NULL;

CREATE TABLE draft (
    id              INTEGER PRIMARY KEY,                     -- the draft's id
    conversation_id INTEGER NOT NULL REFERENCES conversation(id), -- to whom
    decision_id     INTEGER NOT NULL REFERENCES decision(id), -- its evidence
    text            TEXT NOT NULL,                           -- what is proposed
    payload         TEXT,                                    -- JSON: buttons that go with it
    state           TEXT NOT NULL,                           -- pending, sent, edited, dismissed, superseded, expired
    blind           INTEGER NOT NULL DEFAULT 0,              -- 1: hidden until the operator has answered
    expires_at      INTEGER NOT NULL,                        -- when it is worth nothing any more
    created_at      INTEGER NOT NULL,                        -- when it was made
    decided_at      INTEGER,                                 -- when it stopped waiting
    message_id      INTEGER REFERENCES message(id),          -- what was sent instead or as it is
    final_text      TEXT,                                    -- what a person made of it
    distance        REAL,                                    -- how much was changed, between 0 and 1
    facts_changed   TEXT,                                    -- JSON: numbers, prices, dates and links that were changed
    reason          TEXT                                     -- why it was dismissed: wrong, tone, outdated, not_needed, own_words
) STRICT;

CREATE UNIQUE INDEX draft_pending ON draft(conversation_id) WHERE state = 'pending';
CREATE INDEX draft_waiting ON draft(created_at) WHERE state = 'pending';
CREATE INDEX draft_decided ON draft(decided_at) WHERE decided_at IS NOT NULL;
CREATE INDEX draft_of_decision ON draft(decision_id);

CREATE TABLE skill (
    id             INTEGER PRIMARY KEY,                      -- the skill's id
    name           TEXT NOT NULL UNIQUE,                     -- what the owner calls it
    enabled        INTEGER NOT NULL DEFAULT 1,               -- 0: it is not used
    autonomy       TEXT NOT NULL,                            -- how much it may do by itself: off, shadow, bot
    requires_human INTEGER NOT NULL DEFAULT 0,               -- 1: a person takes over whenever it is asked for
    high_risk      INTEGER NOT NULL DEFAULT 0,               -- 1: sent only when the matcher is surer than usual
    valid_from     INTEGER,                                  -- not before
    valid_to       INTEGER,                                  -- not after
    hours          TEXT NOT NULL DEFAULT 'always',           -- always, open, closed
    version        INTEGER NOT NULL DEFAULT 1,               -- raised by every change
    pack           TEXT,                                     -- its name in the starter pack; null: the owner's own
    created_at     INTEGER NOT NULL,                         -- when it was added
    updated_at     INTEGER NOT NULL                          -- when it was changed last
) STRICT;

CREATE TABLE skill_example (
    id       INTEGER PRIMARY KEY,                            -- order
    skill_id INTEGER NOT NULL REFERENCES skill(id),          -- whose
    text     TEXT NOT NULL,                                  -- what a customer may say
    language TEXT,                                           -- in which language
    negative INTEGER NOT NULL DEFAULT 0                      -- 1: it does not mean this skill
) STRICT;

CREATE INDEX skill_example_of ON skill_example(skill_id);

CREATE TABLE skill_answer (
    id       INTEGER PRIMARY KEY,                            -- order
    skill_id INTEGER NOT NULL REFERENCES skill(id),          -- whose
    language TEXT,                                           -- null: for all
    text     TEXT NOT NULL,                                  -- what is answered, with placeholders
    buttons  TEXT NOT NULL DEFAULT '[]',                     -- JSON: [{"title","skill"}], three at most
    file     TEXT                                            -- SHA-256 of a stored file that goes with it
) STRICT;

CREATE INDEX skill_answer_of ON skill_answer(skill_id);

CREATE TABLE label (
    id         INTEGER PRIMARY KEY,                          -- order
    message_id INTEGER REFERENCES message(id),               -- what was said
    text       TEXT NOT NULL,                                -- its words
    skill_id   INTEGER,                                      -- what was meant; null: none of the skills
    source     TEXT NOT NULL,                                -- how that is known: tap, draft_sent, draft_edited, manual
    created_at INTEGER NOT NULL                              -- since when
) STRICT;

CREATE UNIQUE INDEX label_of_message ON label(message_id, source) WHERE message_id IS NOT NULL;

CREATE TABLE document (
    id         INTEGER PRIMARY KEY,                          -- the document's id
    title      TEXT NOT NULL,                                -- what it is called
    source     TEXT NOT NULL,                                -- typed, text, markdown, html, csv, docx, pdf, past_replies
    url        TEXT,                                         -- where customers can read it
    language   TEXT,                                         -- its language
    enabled    INTEGER NOT NULL DEFAULT 1,                   -- 0: it is not used
    quotable   INTEGER NOT NULL DEFAULT 1,                   -- 1: its words may be sent without a person looking
    valid_to   INTEGER,                                      -- not after
    content    TEXT NOT NULL,                                -- its text as it was read
    hash       TEXT NOT NULL,                                -- SHA-256 of that text, to tell a second import
    version    INTEGER NOT NULL DEFAULT 1,                   -- raised by every change
    created_at INTEGER NOT NULL,                             -- when it was added
    updated_at INTEGER NOT NULL                              -- when it was changed last
) STRICT;

CREATE TABLE passage (
    id          INTEGER PRIMARY KEY,                         -- the passage's id
    document_id INTEGER NOT NULL REFERENCES document(id),    -- whose
    place       INTEGER NOT NULL,                            -- its order in the document
    heading     TEXT NOT NULL,                               -- the headings above it
    question    TEXT,                                        -- the question it answers; null: it is prose
    text        TEXT NOT NULL,                               -- its words
    vector      BLOB,                                        -- its meaning as little-endian 32-bit floats; null: not worked out
    vector_model TEXT                                        -- by which model
) STRICT;

CREATE INDEX passage_of_document ON passage(document_id, place);

-- The terms of title and heading stand twice, which is what a weight of 2 is to bm25.
CREATE VIRTUAL TABLE passage_search USING fts5(
    words, stems, grams,
    content = '', contentless_delete = 1,
    tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc' tokenchars '_'"
);

-- How many passages hold a term, so that questions are looked up by their rarest words; a view of the index.
CREATE VIRTUAL TABLE passage_term USING fts5vocab(passage_search, 'col');

CREATE TABLE fact (
    id         INTEGER PRIMARY KEY,                          -- order
    kind       TEXT NOT NULL,                                -- price, hours, address, link, phone, text
    key        TEXT NOT NULL,                                -- its name within its kind
    value      TEXT NOT NULL,                                -- what it says
    language   TEXT,                                         -- null: for all
    valid_to   INTEGER,                                      -- not after
    updated_at INTEGER NOT NULL                              -- when it was changed last
) STRICT;

CREATE UNIQUE INDEX fact_by_name ON fact(kind, key, coalesce(language, ''));

CREATE TABLE model_call (
    id          INTEGER PRIMARY KEY,                         -- order
    conversation_id INTEGER REFERENCES conversation(id),     -- about whom; null: a test
    purpose     TEXT NOT NULL,                               -- answer, leads, probe, embed
    host        TEXT NOT NULL,                               -- where it went
    model       TEXT NOT NULL,                               -- which model
    sent        TEXT NOT NULL,                               -- exactly what left this computer, without the key
    received    TEXT,                                        -- what came back
    trouble     TEXT,                                        -- what went wrong: a sentence
    tokens_in   INTEGER NOT NULL DEFAULT 0,                  -- tokens sent
    tokens_out  INTEGER NOT NULL DEFAULT 0,                  -- tokens received
    cost_micros INTEGER NOT NULL DEFAULT 0,                  -- millionths of the owner's currency
    took_ms     INTEGER NOT NULL DEFAULT 0,                  -- how long it took
    created_at  INTEGER NOT NULL                             -- when
) STRICT;

CREATE INDEX model_call_by_time ON model_call(created_at);

CREATE TABLE lead (
    id              INTEGER PRIMARY KEY,                     -- the lead's id
    contact_id      INTEGER NOT NULL REFERENCES contact(id), -- whose; one for each person
    conversation_id INTEGER NOT NULL REFERENCES conversation(id), -- where it was learnt of first
    status          TEXT NOT NULL DEFAULT 'new',             -- new, open, won, lost, spam
    score           INTEGER NOT NULL DEFAULT 0,              -- 0 to 100
    temperature     TEXT NOT NULL DEFAULT 'cold',            -- cold, warm, hot; from the score
    reasons         TEXT NOT NULL DEFAULT '[]',              -- JSON: what the score is made of
    stage           TEXT NOT NULL DEFAULT 'none',            -- none, informational, qualification, booking_ready; never falls
    refused         TEXT NOT NULL DEFAULT '[]',              -- JSON: fields the customer did not want to tell
    opted_out       INTEGER NOT NULL DEFAULT 0,              -- 1: the customer asked not to be written to
    read_until      INTEGER,                                 -- the last message that was read for values; null: none
    created_at      INTEGER NOT NULL,                        -- when it was opened
    updated_at      INTEGER NOT NULL                         -- when anything of it changed last
) STRICT;

CREATE UNIQUE INDEX lead_contact ON lead(contact_id);
CREATE INDEX lead_list ON lead(updated_at DESC, id DESC);

CREATE TABLE lead_value (
    id            INTEGER PRIMARY KEY,                       -- order
    lead_id       INTEGER NOT NULL REFERENCES lead(id),      -- whose
    field         TEXT NOT NULL,                             -- name, phone, email, company, interest, budget, date, place, language, notes, or the owner's own
    raw           TEXT NOT NULL,                             -- the words as the customer wrote them
    value         TEXT NOT NULL,                             -- in a form that compares; empty: a person says there is none
    message_id    INTEGER REFERENCES message(id),            -- where it was read; null: not from a message
    span_start    INTEGER,                                   -- first byte in the message's text; null: not from its words
    span_end      INTEGER,                                   -- the byte after the last
    method        TEXT NOT NULL,                             -- rule, model, profile, question, manual
    confidence    REAL NOT NULL,                             -- between 0 and 1
    state         TEXT NOT NULL,                             -- current, former, suggested, dismissed
    locked        INTEGER NOT NULL DEFAULT 0,                -- 1: entered by a person; extraction may only suggest
    superseded_by INTEGER REFERENCES lead_value(id),         -- what took its place; null: nothing
    created_at    INTEGER NOT NULL                           -- when it was learnt
) STRICT;

CREATE UNIQUE INDEX lead_value_current ON lead_value(lead_id, field) WHERE state = 'current';
CREATE INDEX lead_value_of_lead ON lead_value(lead_id, id);
CREATE INDEX lead_value_by_message ON lead_value(message_id) WHERE message_id IS NOT NULL;

CREATE TABLE lead_task (
    message_id INTEGER PRIMARY KEY REFERENCES message(id),   -- a message to read for values
    due_at     INTEGER NOT NULL,                             -- not before
    tries      INTEGER NOT NULL DEFAULT 0                    -- how often it was tried
) STRICT;

CREATE INDEX lead_task_due ON lead_task(due_at);
