//! Any text as an image's name → refused with a sentence, or a noun that is read back as itself.
#![no_main]

use model::digest::Digest;
use model::foreign_image::{ForeignImage, RegistryHost};
use model::image_reference::{ImageTag, OwnImage, RepositoryName};

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Ok(image) = ForeignImage::parse(text) {
        let written = image.to_string();
        let again = ForeignImage::parse(&written).expect("what we write we read");
        assert_eq!(again, image, "{written}");
    }
    if let Ok(image) = OwnImage::parse(text) {
        assert_eq!(OwnImage::parse(text).as_ref(), Ok(&image));
    }
    if let Ok(host) = RegistryHost::parse(text) {
        assert_eq!(RegistryHost::parse(host.as_str()), Ok(host.clone()));
    }
    if let Ok(digest) = Digest::parse(text) {
        assert_eq!(digest.to_string(), text);
    }
    if let Ok(tag) = ImageTag::parse(text) {
        assert_eq!(tag.as_str(), text);
    }
    if let Ok(name) = RepositoryName::parse(text) {
        assert_eq!(name.as_str(), text);
    }
    let _ = OwnImage::split_path(text);
});
