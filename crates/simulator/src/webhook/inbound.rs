//! Messages of customers, of every kind (`whatsapp-cloud-api.md` 2.2 to 2.5).

use serde_json::{Map, Value, json};

use super::{Change, Customer, Number, frame, messages, put};
use crate::files::MediaHandle;
use crate::graph::GraphError;

/// How a withdrawn reaction looks; Meta uses both (section 2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removed {
    /// `emoji` is the empty text.
    Empty,
    /// There is no `emoji`.
    Absent,
}

/// One line of an order. The price is any JSON value, as Meta sends numbers and sometimes texts.
#[derive(Debug, Clone, PartialEq)]
pub struct OrderLine {
    /// The shop's own id of the product.
    pub product: String,
    /// How many.
    pub quantity: u32,
    /// Price of one, a number or a text.
    pub price: Value,
    /// ISO 4217.
    pub currency: String,
}

impl OrderLine {
    /// A line of an order.
    pub fn new(product: &str, quantity: u32, price: impl Into<Value>, currency: &str) -> Self {
        Self {
            product: product.to_owned(),
            quantity,
            price: price.into(),
            currency: currency.to_owned(),
        }
    }
}

/// The advertisement or post somebody came from (section 2.3).
#[derive(Debug, Clone, PartialEq)]
pub struct Referral(Map<String, Value>);

impl Referral {
    /// A click on an advertisement, with a picture and a click id.
    pub fn ad(source_id: &str, headline: &str, body: &str) -> Self {
        Self::of("ad", source_id, headline, body)
            .with("media_type", "image")
            .with("image_url", "https://scontent.example.net/ad.jpg")
            .with("ctwa_clid", "AfSimulatedClickId")
    }

    /// A click on a post, without a click id.
    pub fn post(source_id: &str, headline: &str, body: &str) -> Self {
        Self::of("post", source_id, headline, body)
    }

    fn of(kind: &str, source_id: &str, headline: &str, body: &str) -> Self {
        let mut map = Map::new();
        put(&mut map, "source_url", Some("https://fb.me/simulated"));
        put(&mut map, "source_id", Some(source_id));
        put(&mut map, "source_type", Some(kind));
        put(&mut map, "headline", Some(headline));
        put(&mut map, "body", Some(body));
        Self(map)
    }

    /// Another key, or another value.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.0.insert(key.to_owned(), value.into());
        self
    }
}

/// A `messages[]` element without sender, id and time; those are given last.
#[derive(Debug, Clone, PartialEq)]
pub struct Inbound {
    kind: String,
    content: Option<Value>,
    rest: Map<String, Value>,
    context: Map<String, Value>,
}

impl Inbound {
    /// Any kind with any content under the key named like the kind.
    pub fn raw(kind: &str, content: Option<Value>) -> Self {
        Self {
            kind: kind.to_owned(),
            content,
            rest: Map::new(),
            context: Map::new(),
        }
    }

    fn of(kind: &str, content: Value) -> Self {
        Self::raw(kind, Some(content))
    }

    /// Words.
    pub fn text(body: &str) -> Self {
        Self::of("text", json!({ "body": body }))
    }

    /// A picture.
    pub fn image(file: &MediaHandle, caption: Option<&str>) -> Self {
        Self::file("image", file, caption)
    }

    /// A film.
    pub fn video(file: &MediaHandle, caption: Option<&str>) -> Self {
        Self::file("video", file, caption)
    }

    /// A sound file; `voice` for a voice note.
    pub fn audio(file: &MediaHandle, voice: bool) -> Self {
        Self::file("audio", file, None).inside("voice", voice)
    }

    /// A document; the file name may be missing.
    pub fn document(file: &MediaHandle, filename: Option<&str>, caption: Option<&str>) -> Self {
        let document = Self::file("document", file, caption);
        match filename {
            Some(name) => document.inside("filename", name),
            None => document,
        }
    }

    /// A sticker.
    pub fn sticker(file: &MediaHandle, animated: bool) -> Self {
        Self::file("sticker", file, None).inside("animated", animated)
    }

    fn file(kind: &str, file: &MediaHandle, caption: Option<&str>) -> Self {
        let mut object = file.object();
        put(&mut object, "caption", caption);
        Self::of(kind, Value::Object(object))
    }

    /// A place.
    pub fn location(latitude: f64, longitude: f64, name: Option<&str>, address: Option<&str>) -> Self {
        let mut place = Map::new();
        place.insert("latitude".to_owned(), json!(latitude));
        place.insert("longitude".to_owned(), json!(longitude));
        put(&mut place, "name", name);
        put(&mut place, "address", address);
        Self::of("location", Value::Object(place))
    }

    /// Contact cards as they stand.
    pub fn contacts(cards: Vec<Value>) -> Self {
        Self::of("contacts", Value::Array(cards))
    }

    /// One ordinary contact card.
    pub fn card(name: &str, phone: &str) -> Self {
        let wa_id: String = phone.chars().filter(char::is_ascii_digit).collect();
        let (first, last) = name.split_once(' ').unwrap_or((name, ""));
        Self::contacts(vec![json!({
            "name": { "formatted_name": name, "first_name": first, "last_name": last },
            "phones": [{ "phone": phone, "wa_id": wa_id, "type": "CELL" }],
            "origin": "other",
        })])
    }

    /// The answer to our request for the phone number: a card without a name (sections 2.2, 5.4).
    pub fn shared_number(phone: &str) -> Self {
        let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
        let phones = json!([{ "phone": format!("+{digits}"), "wa_id": digits, "type": "CELL" }]);
        Self::contacts(vec![json!({ "origin": "contact_request", "phones": phones })])
    }

    /// An emoji put on a message.
    pub fn reaction(wamid: &str, emoji: &str) -> Self {
        Self::of("reaction", json!({ "message_id": wamid, "emoji": emoji }))
    }

    /// The emoji taken away again.
    pub fn reaction_removed(wamid: &str, form: Removed) -> Self {
        match form {
            Removed::Empty => Self::reaction(wamid, ""),
            Removed::Absent => Self::of("reaction", json!({ "message_id": wamid })),
        }
    }

    /// A tap on a quick reply of a template.
    pub fn template_button(payload: &str, text: &str) -> Self {
        Self::of("button", json!({ "payload": payload, "text": text }))
    }

    /// A tap on a reply button.
    pub fn button_reply(id: &str, title: &str) -> Self {
        let reply = json!({ "type": "button_reply", "button_reply": { "id": id, "title": title } });
        Self::of("interactive", reply)
    }

    /// A row chosen from a list.
    pub fn list_reply(id: &str, title: &str, description: Option<&str>) -> Self {
        let mut row = Map::new();
        put(&mut row, "id", Some(id));
        put(&mut row, "title", Some(title));
        put(&mut row, "description", description);
        Self::of("interactive", json!({ "type": "list_reply", "list_reply": row }))
    }

    /// The answers of a flow. Meta puts JSON in a text; this text may be anything.
    pub fn flow(response_json: &str) -> Self {
        Self::form("flow", "Sent", response_json)
    }

    /// The answer to a request for an address, in the same form.
    pub fn address(response_json: &str) -> Self {
        Self::form("address_message", "Address sent", response_json)
    }

    fn form(name: &str, body: &str, response_json: &str) -> Self {
        let reply = json!({ "response_json": response_json, "body": body, "name": name });
        Self::of("interactive", json!({ "type": "nfm_reply", "nfm_reply": reply }))
    }

    /// The answer to a request to call.
    pub fn call_permission(accepted: bool) -> Self {
        let response = if accepted { "accept" } else { "reject" };
        let reply = json!({ "response": response, "response_source": "user_action" });
        Self::of(
            "interactive",
            json!({ "type": "call_permission_reply", "call_permission_reply": reply }),
        )
    }

    /// A basket.
    pub fn order(catalog_id: &str, text: Option<&str>, lines: &[OrderLine]) -> Self {
        let items: Vec<Value> = lines
            .iter()
            .map(|line| {
                json!({
                    "product_retailer_id": line.product, "quantity": line.quantity,
                    "item_price": line.price, "currency": line.currency,
                })
            })
            .collect();
        let mut order = Map::new();
        put(&mut order, "catalog_id", Some(catalog_id));
        put(&mut order, "text", text);
        order.insert("product_items".to_owned(), Value::Array(items));
        Self::of("order", Value::Object(order))
    }

    /// Somebody opened the chat and has not written yet.
    pub fn request_welcome() -> Self {
        Self::raw("request_welcome", None)
    }

    /// A kind that Meta does not hand on, with the newer `unsupported` object when `what` is given.
    pub fn unsupported(what: Option<&str>, error: &GraphError) -> Self {
        let content = what.map(|what| json!({ "type": what }));
        Self::raw("unsupported", content).failed(error)
    }

    /// The older name of the same.
    pub fn unknown(error: &GraphError) -> Self {
        Self::raw("unknown", None).failed(error)
    }

    /// A kind with an error in place of its content, as when a file was too large (131052).
    pub fn broken(kind: &str, error: &GraphError) -> Self {
        Self::raw(kind, None).failed(error)
    }

    /// Another wording of an earlier message.
    pub fn edit(original: &str, new: &Self) -> Self {
        let mut message = Map::new();
        put(&mut message, "type", Some(&new.kind));
        if let Some(content) = &new.content {
            message.insert(new.kind.clone(), content.clone());
        }
        if !new.context.is_empty() {
            message.insert("context".to_owned(), Value::Object(new.context.clone()));
        }
        Self::of(
            "edit",
            json!({ "original_message_id": original, "message": message }),
        )
    }

    /// An earlier message taken back for everyone.
    pub fn revoke(original: &str) -> Self {
        Self::of("revoke", json!({ "original_message_id": original }))
    }

    /// What WhatsApp itself says about the person (section 2.5); comes without `contacts`.
    pub fn system(kind: &str, body: &str) -> Self {
        Self::of("system", json!({ "body": body, "type": kind }))
    }

    /// One more key inside the content.
    #[must_use]
    pub fn inside(mut self, key: &str, value: impl Into<Value>) -> Self {
        if let Some(Value::Object(content)) = &mut self.content {
            content.insert(key.to_owned(), value.into());
        }
        self
    }

    /// One more key beside the content.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.rest.insert(key.to_owned(), value.into());
        self
    }

    /// With an error.
    #[must_use]
    pub fn failed(self, error: &GraphError) -> Self {
        self.with("errors", json!([error.webhook_body()]))
    }

    /// As an answer to a message. `from` is who wrote that one, in digits; Meta leaves it out at times.
    #[must_use]
    pub fn quoting(mut self, from: Option<&str>, wamid: &str) -> Self {
        put(&mut self.context, "from", from);
        put(&mut self.context, "id", Some(wamid));
        self
    }

    /// Forwarded.
    #[must_use]
    pub fn forwarded(mut self) -> Self {
        self.context.insert("forwarded".to_owned(), Value::from(true));
        self
    }

    /// Forwarded many times.
    #[must_use]
    pub fn frequently_forwarded(mut self) -> Self {
        self.context
            .insert("frequently_forwarded".to_owned(), Value::from(true));
        self
    }

    /// Asked from the page of a product.
    #[must_use]
    pub fn about_product(mut self, catalog_id: &str, product: &str) -> Self {
        let product = json!({ "catalog_id": catalog_id, "product_retailer_id": product });
        self.context.insert("referred_product".to_owned(), product);
        self
    }

    /// The first message after a click on an advertisement or post.
    #[must_use]
    pub fn from_click(self, referral: Referral) -> Self {
        self.with("referral", referral.0)
    }

    /// Written in a group.
    #[must_use]
    pub fn in_group(self, group_id: &str) -> Self {
        self.with("group_id", group_id)
    }

    /// The kind, as in `type`.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// The `messages[]` element, written at `at` (Unix seconds).
    pub fn message(&self, customer: &Customer, wamid: &str, at: i64) -> Value {
        let mut message = Map::new();
        if !self.context.is_empty() {
            message.insert("context".to_owned(), Value::Object(self.context.clone()));
        }
        put(&mut message, "from", customer.wa_id.as_deref());
        put(&mut message, "from_user_id", customer.user_id.as_deref());
        put(
            &mut message,
            "from_parent_user_id",
            customer.parent_user_id.as_deref(),
        );
        put(&mut message, "id", Some(wamid));
        put(&mut message, "timestamp", Some(&at.to_string()));
        put(&mut message, "type", Some(&self.kind));
        if let Some(content) = &self.content {
            message.insert(self.kind.clone(), content.clone());
        }
        message.extend(self.rest.clone());
        Value::Object(message)
    }

    /// A change with this one message. System messages come without `contacts` (section 2.5).
    pub fn change(&self, number: &Number, customer: &Customer, wamid: &str, at: i64) -> Change {
        let message = self.message(customer, wamid, at);
        if self.kind == "system" {
            let mut value = frame(number);
            value.insert("messages".to_owned(), json!([message]));
            return super::change(number, value);
        }
        messages(number, std::slice::from_ref(customer), vec![message])
    }
}
