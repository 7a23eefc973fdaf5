//! Who is calling, and what they may do (`whatsapp-cloud-api.md` 7.1).

use std::collections::HashMap;

use http::{HeaderMap, header};

use crate::clock;
use crate::graph::{self, GraphError};
use crate::management::{Credential, MANAGEMENT, MESSAGING, User};
use crate::meta::Inner;
use crate::webhook::{Number, hmac_hex};

/// The token of a request, as Graph takes it: in the header, or as a parameter.
pub(super) fn token<'a>(headers: &'a HeaderMap, params: &'a HashMap<String, String>) -> Option<&'a str> {
    let bearer = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "));
    bearer.or_else(|| params.get("access_token").map(String::as_str))
}

/// A version as in the path: `v25.0`.
pub(super) fn is_version(version: &str) -> bool {
    let parts = version.strip_prefix('v').and_then(|rest| rest.split_once('.'));
    parts.is_some_and(|(major, minor)| major.parse::<u8>().is_ok() && minor.parse::<u8>().is_ok())
}

impl Inner {
    /// Who is calling: version, token, and the proof.
    pub(crate) fn authorised(
        &self,
        version: &str,
        headers: &HeaderMap,
        params: &HashMap<String, String>,
    ) -> Result<Credential, GraphError> {
        if !is_version(version) {
            return Err(GraphError {
                title: "Unknown path components".to_owned(),
                ..GraphError::of(2500)
            });
        }
        let value = token(headers, params).ok_or_else(|| GraphError::of(104))?;
        let credential = self.state().credential(value)?;
        let mut required = false;
        if let Credential::User(user) = &credential {
            if let Some(error) = user.token.death(clock::unix_seconds()) {
                return Err(error);
            }
            required = user.numbers.iter().any(|number| number.proof_required);
        }
        // `appsecret_proof`: right when given, and given when demanded.
        match params.get("appsecret_proof") {
            Some(proof) if *proof == hmac_hex(&credential.app().secret, value.as_bytes()) => {}
            Some(_) => return Err(graph::bad_proof(true)),
            None if required => return Err(graph::bad_proof(false)),
            None => {}
        }
        Ok(credential)
    }

    /// The user who is calling; apps have no business here.
    pub(crate) fn user(
        &self,
        version: &str,
        headers: &HeaderMap,
        params: &HashMap<String, String>,
    ) -> Result<User, GraphError> {
        match self.authorised(version, headers, params)? {
            Credential::User(user) => Ok(*user),
            Credential::App(_) => Err(GraphError::of(10)),
        }
    }

    /// The numbers a caller about files may see; none when the token is for something else.
    pub(crate) fn caller(
        &self,
        version: &str,
        headers: &HeaderMap,
        query: &HashMap<String, String>,
    ) -> Result<Vec<Number>, GraphError> {
        let user = self.user(version, headers, query)?;
        user.token.allows(MESSAGING)?;
        Ok(user.numbers)
    }

    /// The number a caller about messages means, when it is within reach.
    pub(crate) fn sender(
        &self,
        version: &str,
        id: &str,
        verb: &str,
        headers: &HeaderMap,
        query: &HashMap<String, String>,
    ) -> Result<Number, GraphError> {
        let user = self.user(version, headers, query)?;
        let number = user.numbers.iter().find(|number| number.phone_number_id == id);
        let number = number.ok_or_else(|| graph::no_such_object(verb, id))?;
        user.token.allows(MESSAGING)?;
        Ok(number.clone())
    }

    /// The user who looks after an account, when it is within reach.
    pub(crate) fn keeper_of_account(
        &self,
        (version, id): (&str, &str),
        verb: &str,
        headers: &HeaderMap,
        params: &HashMap<String, String>,
    ) -> Result<User, GraphError> {
        let user = self.user(version, headers, params)?;
        if !user.reaches(id) {
            return Err(graph::no_such_object(verb, id));
        }
        user.token.allows(MANAGEMENT)?;
        Ok(user)
    }

    /// The user who looks after a number, and the number, when it is within reach.
    pub(crate) fn keeper_of_number(
        &self,
        (version, id): (&str, &str),
        verb: &str,
        headers: &HeaderMap,
        params: &HashMap<String, String>,
    ) -> Result<(User, Number), GraphError> {
        let user = self.user(version, headers, params)?;
        let number = user.numbers.iter().find(|number| number.phone_number_id == id);
        let number = number.cloned().ok_or_else(|| graph::no_such_object(verb, id))?;
        user.token.allows(MANAGEMENT)?;
        Ok((user, number))
    }
}
