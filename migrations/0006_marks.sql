-- What is told between the messages of a thread, conversations put off for a while, and what a turn has to remember.

ALTER TABLE conversation ADD COLUMN snoozed_until INTEGER;   -- until when it asks nobody for anything; null: it does

CREATE INDEX conversation_snoozed ON conversation(snoozed_until) WHERE snoozed_until IS NOT NULL;

CREATE TABLE mark (
    id              INTEGER PRIMARY KEY,                     -- order
    conversation_id INTEGER NOT NULL REFERENCES conversation(id), -- where
    kind            TEXT NOT NULL,                           -- taken_over, handed_back, returned, mode, escalated
    detail          TEXT,                                    -- what made it so, the mode that was set, or why a person is needed
    at              INTEGER NOT NULL                         -- when
) STRICT;

CREATE INDEX mark_of_conversation ON mark(conversation_id, at);

ALTER TABLE message ADD COLUMN unheeded TEXT;                -- why the assistant did not look at it, such as off or held; null: it did

ALTER TABLE turn ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;   -- how often it came to no end because something broke
ALTER TABLE turn ADD COLUMN looks_back INTEGER NOT NULL DEFAULT 0; -- 1: promises and excuses of the assistant count as no answer

ALTER TABLE draft ADD COLUMN file TEXT;                      -- SHA-256 of a stored file that goes with it

CREATE INDEX draft_of_message ON draft(message_id) WHERE message_id IS NOT NULL;
CREATE INDEX model_call_of_conversation ON model_call(conversation_id) WHERE conversation_id IS NOT NULL;
