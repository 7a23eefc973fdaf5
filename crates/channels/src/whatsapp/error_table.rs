//! The table of Meta's error codes (whatsapp-cloud-api, section 8.2): data only; `errors` reads it.
//!
//! Each text says what happened and what to do next. It is shown while a message is tried again as well as after the
//! last try.

use super::errors::Row;
use domain::SendClass;

const T: SendClass = SendClass::Transient { tries: 5 };
const T2: SendClass = SendClass::Transient { tries: 2 };
const T3: SendClass = SendClass::Transient { tries: 3 };
const P: SendClass = SendClass::PairRate;
const R: SendClass = SendClass::NumberRate;
const W: SendClass = SendClass::Wait;
const N: SendClass = SendClass::Never;
const C: SendClass = SendClass::Configuration;

const PERMISSION: &str = "The access token lacks a permission, so nothing is sent. In Meta's business settings, give the \
     token's user whatsapp_business_messaging and this WhatsApp account, then connect the number again \
     with a new token.";
const GROUP: &str =
    "WhatsApp refused this message to a group, so the group will not get it. Look at the details.";
const PAYMENT: &str = "WhatsApp sends nothing because of a problem with the payment method; messages still come in. Add or \
     repair the payment method in Meta's billing settings.";
const TEMPLATE_FIELDS: &str = "What was filled into the template does not fit it, so the customer will not get the message. Open the \
     template again, check each field and send it again.";

const fn row(code: i64, class: SendClass, words: &'static str) -> Row {
    range(code, code, class, words)
}

const fn range(first: i64, last: i64, class: SendClass, words: &'static str) -> Row {
    Row {
        first,
        last,
        subcode: None,
        class,
        words,
    }
}

const fn with_subcode(code: i64, subcode: i64, class: SendClass, words: &'static str) -> Row {
    Row {
        first: code,
        last: code,
        subcode: Some(subcode),
        class,
        words,
    }
}

/// All codes we know, in their order.
pub(super) const TABLE: &[Row] = &[
    row(
        0,
        C,
        "WhatsApp no longer accepts the access of this channel, so nothing is sent; messages still come in. \
         Create a new access token and connect the number again.",
    ),
    row(
        1,
        T2,
        "WhatsApp could not handle the request. Deskbell tries once more; if the message still shows as \
         failed, send it again later.",
    ),
    row(
        2,
        T,
        "WhatsApp is out of order for the moment. Messages leave by themselves once it is back; if one \
         shows as failed, send it again.",
    ),
    row(3, C, PERMISSION),
    row(
        4,
        R,
        "WhatsApp allows only so many requests an hour and they are used up. Messages wait and leave by \
         themselves.",
    ),
    row(10, C, PERMISSION),
    row(
        33,
        C,
        "WhatsApp does not know this phone number id any more, so nothing is sent. Check the phone number id \
         and connect the number again.",
    ),
    row(
        100,
        N,
        "WhatsApp did not understand how this message was put together, so the customer will not get it. \
         Look at the details, change the message and send it again.",
    ),
    with_subcode(
        100,
        33,
        C,
        "WhatsApp does not show this phone number to the access token, so nothing is sent. Check the phone \
         number id, and that the token's user is assigned to this WhatsApp account in Meta's business \
         settings.",
    ),
    row(
        104,
        C,
        "Access token and app secret do not belong together, so nothing is sent. Connect the number again \
         with both from the same Meta app.",
    ),
    row(
        190,
        C,
        "The access token is not valid any more, so nothing is sent; messages still come in. Create a new \
         token and connect the number again.",
    ),
    with_subcode(
        190,
        458,
        C,
        "The Meta app was removed from the account that made the access token, so nothing is sent. Add the \
         app again and connect the number again with a new token.",
    ),
    with_subcode(
        190,
        459,
        C,
        "Meta wants the owner of the access token to log in and pass a check, and nothing is sent until then. \
         Log in at facebook.com, then connect the number again with a new token.",
    ),
    with_subcode(
        190,
        460,
        C,
        "The password of the token's owner was changed, which ended the access token, so nothing is sent. \
         Create a new token and connect the number again.",
    ),
    with_subcode(
        190,
        463,
        C,
        "The access token has expired, so nothing is sent; messages still come in. Create one that never \
         expires and connect the number again.",
    ),
    with_subcode(
        190,
        464,
        C,
        "Meta wants the owner of the access token to confirm the account, and nothing is sent until then. Log \
         in at facebook.com, then connect the number again with a new token.",
    ),
    with_subcode(
        190,
        467,
        C,
        "The access token was withdrawn, so nothing is sent; messages still come in. Create a new token and \
         connect the number again.",
    ),
    with_subcode(
        190,
        492,
        C,
        "The owner of the access token has lost the role the token needs, so nothing is sent. Give the role \
         back in Meta's business settings, or connect the number again with another token.",
    ),
    range(200, 299, C, PERMISSION),
    row(
        368,
        C,
        "WhatsApp has blocked this account for a while because of its rules, so nothing is sent. Open \
         Account Quality in Meta's business settings to see why and until when.",
    ),
    row(
        613,
        R,
        "WhatsApp asks for a pause because of too many requests. Messages wait and leave by themselves.",
    ),
    row(
        803,
        C,
        "WhatsApp does not know one of the ids of this channel, so nothing is sent. Check the ids and connect \
         the number again.",
    ),
    range(
        2200,
        2201,
        C,
        "Meta could not reach the webhook address, so no messages come in. Check that the tunnel is running \
         and try again.",
    ),
    row(
        80_007,
        R,
        "This WhatsApp account has made too many requests. Messages wait and leave by themselves.",
    ),
    row(
        130_403,
        N,
        "You have blocked this customer, so the message was not sent. Unblock the customer to write to \
         them.",
    ),
    row(
        130_429,
        R,
        "Messages went out faster than WhatsApp allows. The others wait and leave by themselves.",
    ),
    row(
        130_472,
        N,
        "Meta chose not to deliver promotions to this customer for now. Nothing can be done about it; do \
         not send it again.",
    ),
    row(
        130_497,
        N,
        "Your account may not write to customers in this country, so the message was not sent. Reach the \
         customer another way.",
    ),
    row(
        131_000,
        T3,
        "WhatsApp reported an error without saying why. Deskbell tries a few times; if the message still \
         shows as failed, send it again later.",
    ),
    row(131_005, C, PERMISSION),
    range(
        131_008,
        131_009,
        N,
        "WhatsApp found something missing or wrong in this message, so the customer will not get it. Look \
         at the details, change the message and send it again.",
    ),
    row(
        131_016,
        T,
        "WhatsApp is overloaded. Messages leave by themselves once it is better; if one shows as failed, \
         send it again.",
    ),
    row(131_020, N, GROUP),
    row(
        131_021,
        N,
        "This is your own number; WhatsApp does not let a number write to itself.",
    ),
    row(
        131_026,
        N,
        "WhatsApp could not deliver this message. The customer may not be on WhatsApp, may have an old \
         version of it, or may have blocked you. Ask them another way to write to you.",
    ),
    row(
        131_030,
        N,
        "This is a test number, and it may write only to phones on its list. Add the customer's phone to \
         the list in Meta's app settings, then send again.",
    ),
    row(
        131_031,
        C,
        "Your WhatsApp account is locked, so nothing is sent. Open Meta's Business Support to find out why \
         and have it unlocked.",
    ),
    row(
        131_037,
        C,
        "Meta has not approved the display name of this number yet, so nothing is sent. Have the name \
         approved in WhatsApp Manager.",
    ),
    row(131_041, N, GROUP),
    row(131_042, C, PAYMENT),
    row(131_044, C, PAYMENT),
    row(
        131_045,
        C,
        "This number is not registered properly with WhatsApp, so nothing is sent. Register it again in \
         WhatsApp Manager.",
    ),
    row(
        131_047,
        N,
        "More than 24 hours have passed since the customer last wrote, so WhatsApp takes no free text. The \
         customer did not get this message; wait for them to write, or use an approved template.",
    ),
    row(
        131_048,
        W,
        "Too many people blocked or reported this number, so WhatsApp limits what it may send. Messages \
         wait; write only to customers who expect it, and look at the quality rating in WhatsApp Manager.",
    ),
    row(
        131_049,
        N,
        "Meta held this promotion back so that the customer does not get too many. Do not send it again \
         within the next day.",
    ),
    row(
        131_050,
        N,
        "The customer does not want promotions from you, so this one was not sent. You may still answer \
         when they write.",
    ),
    row(
        131_051,
        N,
        "WhatsApp does not support this kind of message, so it cannot be passed on. Ask for it in another \
         form, or send it in another form.",
    ),
    row(
        131_052,
        N,
        "WhatsApp could not load the file, so it is missing here. Ask the customer to send it again, \
         smaller if it was large.",
    ),
    row(
        131_053,
        N,
        "WhatsApp did not accept the file, so the customer will not get it. Check its type and size, and \
         send another one.",
    ),
    row(
        131_055,
        N,
        "WhatsApp does not allow this with this number, so the message was not sent.",
    ),
    row(
        131_056,
        P,
        "Many messages went to this customer in a short time, and WhatsApp asks for a pause. The others to \
         this customer wait and leave by themselves.",
    ),
    row(
        131_057,
        T,
        "WhatsApp is doing maintenance on your account, usually for a minute. Messages leave by themselves \
         afterwards; if one shows as failed, send it again.",
    ),
    row(131_059, N, GROUP),
    row(
        131_060,
        N,
        "WhatsApp does not pass this message on to Deskbell. Read it on the phone with the WhatsApp app, or \
         ask the customer to send it again.",
    ),
    row(
        131_062,
        N,
        "This message needs the customer's phone number, which they keep private. Ask the customer for the \
         number first.",
    ),
    row(
        131_063,
        N,
        "Promotions by template are switched off for this number, so this one was not sent. Switch them on \
         in WhatsApp Manager if you need them.",
    ),
    row(
        131_064,
        W,
        "The daily number of conversations you may start is used up. Messages wait; answers to customers \
         who write are not affected.",
    ),
    range(131_201, 131_215, N, GROUP),
    row(132_000, N, TEMPLATE_FIELDS),
    row(
        132_001,
        N,
        "WhatsApp has no approved template of this name in this language, so the message was not sent. Load \
         the templates again and choose one.",
    ),
    row(132_005, N, TEMPLATE_FIELDS),
    row(
        132_007,
        N,
        "The content of this template breaks a rule of WhatsApp, so the message was not sent. Change the \
         template in WhatsApp Manager, or use another one.",
    ),
    row(132_008, N, TEMPLATE_FIELDS),
    row(132_012, N, TEMPLATE_FIELDS),
    row(
        132_015,
        N,
        "Meta has paused this template because customers rated it poorly, so the message was not sent. Load \
         the templates again and choose another one.",
    ),
    row(
        132_016,
        N,
        "Meta has switched this template off for good because customers rated it poorly, so the message was \
         not sent. Load the templates again and choose another one.",
    ),
    row(132_018, N, TEMPLATE_FIELDS),
    row(
        132_068,
        N,
        "Meta has blocked the form in this message, so it was not sent. Look at the form in WhatsApp \
         Manager.",
    ),
    row(
        132_069,
        R,
        "Meta slows down the form in this message. Messages wait and leave by themselves.",
    ),
    row(
        133_000,
        W,
        "WhatsApp has not finished removing the earlier registration of this number. Messages wait; try to \
         register the number again later.",
    ),
    row(
        133_004,
        T,
        "WhatsApp is not available for the moment. Messages leave by themselves once it is back; if one \
         shows as failed, send it again.",
    ),
    row(
        133_005,
        N,
        "The PIN for two-step verification is wrong. Reset it in WhatsApp Manager; more wrong tries lock \
         it.",
    ),
    row(
        133_006,
        C,
        "This number must be verified before it can send. Ask for a verification code in WhatsApp Manager.",
    ),
    row(
        133_008,
        W,
        "The PIN was wrong too often, and WhatsApp takes no further try for now. Wait, or reset the PIN in \
         WhatsApp Manager.",
    ),
    row(
        133_009,
        W,
        "The PIN was entered too fast in a row. Wait a little and try again.",
    ),
    row(
        133_010,
        C,
        "This number is not registered with WhatsApp, so nothing is sent. Register it in WhatsApp Manager.",
    ),
    row(
        133_015,
        W,
        "This number was deleted just now. Wait five minutes, then register it again.",
    ),
    row(
        133_016,
        W,
        "This number was registered too often. Try again in three days; more tries make the wait longer.",
    ),
    row(
        134_011,
        C,
        "Meta wants its terms accepted first, so nothing is sent. Accept them in WhatsApp Manager.",
    ),
    range(
        134_100,
        134_102,
        N,
        "Your account may not send promotions this way, so this one was not sent. WhatsApp Manager shows \
         what is missing.",
    ),
    row(
        135_000,
        N,
        "WhatsApp did not accept how this message was put together, so the customer will not get it. Look \
         at the details, change the message and send it again.",
    ),
    row(
        137_000,
        N,
        "The security code of this customer has changed, so the message was not sent. Make sure it is still \
         the same person, then send it again.",
    ),
    range(
        138_000,
        138_018,
        N,
        "WhatsApp refused something about a call, so this was not done. Calls are taken on the phone, not \
         in Deskbell.",
    ),
    range(
        139_000,
        139_004,
        N,
        "WhatsApp could not send the form in this message, so the customer will not get it. Look at the \
         form in WhatsApp Manager.",
    ),
    range(
        139_100,
        139_103,
        N,
        "WhatsApp could not change the list of blocked customers. Look at the details and try again.",
    ),
    row(
        139_102,
        T,
        "WhatsApp is already changing the list of blocked customers. Deskbell tries again by itself.",
    ),
    row(141_006, C, PAYMENT),
    range(
        147_001,
        147_005,
        N,
        "WhatsApp did not accept the user name. Look at the details and choose another one.",
    ),
    range(
        2_388_001,
        2_388_103,
        N,
        "WhatsApp did not accept the template. Look at the details, change the template and submit it \
         again.",
    ),
    row(
        2_388_019,
        N,
        "The account has as many templates as WhatsApp allows. Delete one in WhatsApp Manager before you \
         make another.",
    ),
    row(
        2_494_100,
        T,
        "WhatsApp is still setting up this account or doing maintenance on it. Messages leave by themselves \
         afterwards; if one shows as failed, send it again.",
    ),
    row(
        2_494_191,
        N,
        "Another app or agent holds this chat, so the message was not sent. Wait until it hands the chat \
         over.",
    ),
    row(
        2_593_107,
        N,
        "History and contacts were already asked for as often as WhatsApp allows. Only new messages will \
         appear here.",
    ),
    row(
        2_593_108,
        N,
        "The day in which WhatsApp hands over history and contacts has passed. Only new messages will \
         appear here.",
    ),
    row(
        2_593_109,
        N,
        "Sharing the history was declined on the phone. Only new messages will appear here.",
    ),
];
