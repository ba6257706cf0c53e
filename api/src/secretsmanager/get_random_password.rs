//! GetRandomPassword: letters that are drawn; nothing is kept.
//! Source of truth: the Secrets Manager API reference.

use crate::{call::Call, fault::Wrong, limit, shape::secretsmanager as shape};
use model::{port::Dice, refusal::Refusal};

const KINDS: [&str; 4] =
    ["abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789", "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"];

/// Answers GetRandomPassword.
pub async fn answer(call: &Call<'_>) -> Result<shape::GetRandomPasswordResponse, Wrong> {
    let shape::GetRandomPasswordRequest {
        password_length,
        exclude_characters,
        exclude_numbers,
        exclude_punctuation,
        exclude_uppercase,
        exclude_lowercase,
        include_space,
        require_each_included_type,
    } = call.input()?;
    call.authorize("*").await?;
    let excluded = [exclude_lowercase, exclude_uppercase, exclude_numbers, exclude_punctuation];
    let without = exclude_characters.unwrap_or_default();
    let allowed = |letters: &str| letters.chars().filter(|letter| !without.contains(*letter)).collect::<Vec<char>>();
    let mut kinds: Vec<Vec<char>> =
        KINDS.iter().zip(excluded).filter(|(_, excluded)| *excluded != Some(true)).map(|(letters, _)| allowed(letters)).collect();
    if include_space == Some(true) {
        kinds.push(allowed(" "));
    }
    kinds.retain(|letters| !letters.is_empty());
    let all: Vec<char> = kinds.concat();
    let length = usize::try_from(password_length.unwrap_or(limit::PASSWORD_CHARS_DEFAULT)).expect("the model's range is positive");
    if all.is_empty() {
        return Err(Refusal::invalid("The exclusions leave no character for the password.").into());
    }
    let required = if require_each_included_type == Some(false) { &[][..] } else { &kinds };
    if required.len() > length {
        return Err(Refusal::invalid("PasswordLength is less than the number of required kinds of characters.").into());
    }
    let dice = &*call.ports.dice;
    let mut password: Vec<char> = required.iter().map(|letters| letters[below(letters.len(), dice)]).collect();
    password.extend((required.len()..length).map(|_| all[below(all.len(), dice)]));
    // Those that had to be there are not always the first.
    for last in (1..password.len()).rev() {
        password.swap(last, below(last + 1, dice));
    }
    Ok(shape::GetRandomPasswordResponse { random_password: Some(password.into_iter().collect()) })
}

/// A number below `bound`, each as likely as the others.
fn below(bound: usize, dice: &dyn Dice) -> usize {
    let bound = u32::try_from(bound).expect("passwords are short");
    loop {
        let mut bytes = [0; 4];
        dice.fill(&mut bytes);
        let drawn = u32::from_be_bytes(bytes);
        // What would make the small numbers likelier is drawn again.
        if drawn < u32::MAX - u32::MAX % bound {
            return (drawn % bound) as usize;
        }
    }
}
