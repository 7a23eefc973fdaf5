//! Files: what they are, what they may be called, how they are made safe to show and fit to send.
