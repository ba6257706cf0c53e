//! DecodeAuthorizationMessage: our denials say everything in plain words and carry no encoded message, so none is ours.
//! Source of truth: the STS API reference.

use crate::{call::Call, fault::Wrong, shape::sts as shape};

/// Answers DecodeAuthorizationMessage.
pub async fn answer(call: &Call<'_>) -> Result<shape::DecodeAuthorizationMessageResponse, Wrong> {
    let shape::DecodeAuthorizationMessageRequest { encoded_message: _ } = call.input()?;
    call.authorize("*").await?;
    // Source of the words: STS.
    let words = "Message is not valid".to_owned();
    Err(Wrong::Declared(shape::INVALID_AUTHORIZATION_MESSAGE_EXCEPTION, words))
}
