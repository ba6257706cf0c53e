//! Any text as an image's name → refused with a sentence, or a noun that is read back as itself; and no image is both in our registry and in another's.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| fuzz::name::images(text));
use model::digest::Digest;
use model::foreign_image::{ForeignImage, ForeignRepository, RegistryHost};
use model::image_reference::{ImageTag, OwnImage, RepositoryName};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let (own, foreign) = (OwnImage::parse(text), ForeignImage::parse(text));
    assert!(own.is_err() || foreign.is_err(), "it is in two registries");
    if let Ok(image) = foreign {
        let written = image.to_string();
        assert_eq!(ForeignImage::parse(&written).as_ref(), Ok(&image), "{written}");
        let copies = RepositoryName::of_copies(&image.registry, &image.repository);
        assert!(RepositoryName::parse(copies.as_str()).is_err(), "a caller reaches what belongs to the platform");
        assert_eq!(RepositoryName::stored(copies.as_str()).as_ref(), Ok(&copies));
    }
    if let Ok(image) = own {
        let written = image.to_string();
        assert_eq!(OwnImage::parse(&written).as_ref(), Ok(&image), "{written}");
        // Without a tag it is the latest; everything else is said again.
        assert!(written == text || written == format!("{text}:latest"), "{written}");
        assert_eq!(image.at_ecr().to_string(), written, "the real ECR calls it the same");
    }
    if let Ok(host) = RegistryHost::parse(text) {
        assert_eq!(RegistryHost::parse(host.as_str()).as_ref(), Ok(&host));
        assert!(host.as_str().eq_ignore_ascii_case(text));
        assert!(host.as_str().contains(host.host()) && !host.host().is_empty());
    }
    if let Ok(digest) = Digest::parse(text) {
        assert_eq!(digest.to_string(), text);
    }
    if let Ok(tag) = ImageTag::parse(text) {
        assert_eq!(tag.as_str(), text);
    }
    if let Ok(name) = RepositoryName::parse(text) {
        assert_eq!(name.as_str(), text);
        assert!(ForeignRepository::parse(text).is_ok(), "ECR's names are narrower than others'");
    }
    if let Ok((name, pick)) = OwnImage::split_path(text) {
        let written = format!("{name}{pick}");
        assert!(written == text || written == format!("{text}:latest"), "{written}");
    }
});
