use std::{sync::LazyLock, thread};

use proptest::prelude::*;
use tempfile::TempDir;

use super::*;

fn token() -> SecretName {
    SecretName::new("0193", "access_token")
}

fn phrase() -> Secret {
    Secret::new("correct horse")
}

fn shop() -> (TempDir, PathBuf) {
    let folder = TempDir::new().expect("temporary folder");
    let path = folder.path().join("config/vault.sealed");
    (folder, path)
}

/// A file with one secret in it, and the same opened, made once: deriving a key is slow on purpose.
static SAMPLE: LazyLock<(SealedFile, Vec<u8>)> = LazyLock::new(|| {
    let (_folder, path) = shop();
    let mut file = SealedFile::open(&path, &phrase()).expect("made");
    file.write(&token(), &Secret::new("EAAG-one")).expect("stored");
    let bytes = fs::read(&path).expect("written");
    (file, bytes)
});

#[test]
fn a_secret_survives_a_restart_and_the_file_does_not_show_it() {
    let (_folder, path) = shop();
    let mut file = SealedFile::open(&path, &phrase()).expect("made");
    file.write(&token(), &Secret::new("EAAG-one")).expect("stored");
    file.write(&SecretName::new("0193", "app_secret"), &Secret::new("two"))
        .expect("stored");
    file.delete(&SecretName::new("0193", "app_secret"))
        .expect("removed");
    file.delete(&SecretName::new("0193", "app_secret"))
        .expect("removing what is not there succeeds");
    drop(file);

    let bytes = fs::read(&path).expect("there");
    for shown in ["EAAG-one", "access_token", "correct horse"] {
        assert!(
            !bytes.windows(shown.len()).any(|part| part == shown.as_bytes()),
            "{shown} can be read"
        );
    }
    let mut again = SealedFile::open(&path, &phrase()).expect("opened");
    assert_eq!(again.read(&token()), Ok(Some(Secret::new("EAAG-one"))));
    assert_eq!(again.read(&SecretName::new("0193", "app_secret")), Ok(None));
}

#[cfg(unix)]
#[test]
fn only_its_owner_may_read_the_file() {
    use std::os::unix::fs::PermissionsExt as _;

    let (_folder, path) = shop();
    SealedFile::open(&path, &phrase())
        .expect("made")
        .probe()
        .expect("rewritten");
    for file in [path.clone(), path.with_extension("sealed.lock")] {
        let mode = fs::metadata(&file).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{}", file.display());
    }
    let names = fs::read_dir(path.parent().expect("has one"))
        .expect("there")
        .count();
    assert_eq!(names, 2, "nothing but the file and its lock is left behind");
}

#[test]
fn a_wrong_passphrase_is_called_that_and_changes_nothing() {
    let (_folder, path) = shop();
    SealedFile::open(&path, &phrase()).expect("made");
    let before = fs::read(&path).expect("there");
    let error = SealedFile::open(&path, &Secret::new("correct horse ")).err();
    assert_eq!(error, Some(VaultError::WrongPassphrase));
    assert_eq!(fs::read(&path).expect("there"), before);
}

#[test]
fn nothing_is_no_passphrase() {
    let (_folder, path) = shop();
    assert_eq!(
        SealedFile::open(&path, &Secret::new("")).err(),
        Some(VaultError::EmptyPassphrase)
    );
    assert!(!path.exists());
}

#[test]
fn a_changed_bit_anywhere_is_called_damage_and_never_a_wrong_passphrase() {
    let (_, bytes) = &*SAMPLE;
    let (_folder, path) = shop();
    fs::create_dir_all(folder_of(&path)).expect("made");
    for place in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[place] ^= 1 << (place % 8);
        // Opening derives a key, so only the places that a key is needed for are tried that way, and few of them.
        let error = if place < HEADER_LENGTH || place % 16 == 0 {
            fs::write(&path, &changed).expect("written");
            SealedFile::open(&path, &phrase()).err()
        } else {
            SAMPLE.0.unseal(&changed).err()
        };
        assert!(
            matches!(error, Some(VaultError::Damaged { .. })),
            "byte {place}: {error:?}"
        );
    }
}

#[test]
fn a_file_cut_short_anywhere_is_called_damage() {
    let (file, bytes) = &*SAMPLE;
    for length in 0..bytes.len() {
        let error = file.unseal(&bytes[..length]).err();
        assert!(
            matches!(error, Some(VaultError::Damaged { .. })),
            "{length} bytes: {error:?}"
        );
    }
}

#[test]
fn a_damaged_file_is_never_overwritten() {
    let (_folder, path) = shop();
    let mut file = SealedFile::open(&path, &phrase()).expect("made");
    fs::write(&path, b"DBVAULT\n and then a disk failed").expect("written");
    assert!(matches!(
        file.write(&token(), &Secret::new("EAAG")),
        Err(VaultError::Damaged { .. })
    ));
    assert!(matches!(file.delete(&token()), Err(VaultError::Damaged { .. })));
    assert!(matches!(
        SealedFile::open(&path, &phrase()),
        Err(VaultError::Damaged { .. })
    ));
    assert_eq!(
        fs::read(&path).expect("there"),
        b"DBVAULT\n and then a disk failed"
    );
}

#[test]
fn a_file_that_vanished_is_not_an_empty_vault() {
    let (_folder, path) = shop();
    let mut file = SealedFile::open(&path, &phrase()).expect("made");
    fs::remove_file(&path).expect("removed");
    assert!(matches!(file.read(&token()), Err(VaultError::Damaged { .. })));
    assert!(matches!(
        file.write(&token(), &Secret::new("EAAG")),
        Err(VaultError::Damaged { .. })
    ));
    assert!(!path.exists());
}

#[test]
fn a_file_put_in_its_place_is_noticed() {
    let (_folder, path) = shop();
    let mut file = SealedFile::open(&path, &phrase()).expect("made");
    fs::remove_file(&path).expect("removed");
    SealedFile::open(&path, &Secret::new("another")).expect("made");
    let error = file.read(&token()).expect_err("not the file that was opened");
    assert!(error.to_string().contains("start Deskbell again"), "{error}");
}

#[test]
fn a_folder_that_cannot_be_written_is_named_with_a_reason() {
    let (folder, _) = shop();
    let in_the_way = folder.path().join("a file");
    fs::write(&in_the_way, "not a folder").expect("written");
    let error = SealedFile::open(&in_the_way.join("vault.sealed"), &phrase()).err();
    assert!(matches!(error, Some(VaultError::Io { .. })), "{error:?}");
}

#[test]
fn writers_at_the_same_time_lose_nothing_and_a_reader_sees_a_whole_file() {
    const WRITERS: usize = 4;
    const EACH: usize = 8;
    let (_folder, path) = shop();
    SealedFile::open(&path, &phrase()).expect("made");
    thread::scope(|scope| {
        for writer in 0..WRITERS {
            let path = &path;
            scope.spawn(move || {
                let mut file = SealedFile::open(path, &phrase()).expect("opened");
                for field in 0..EACH {
                    let name = SecretName::new(writer.to_string(), field.to_string());
                    file.write(&name, &Secret::new("x".repeat(500))).expect("stored");
                }
            });
        }
        scope.spawn(|| {
            let file = SealedFile::open(&path, &phrase()).expect("opened");
            let mut seen = 0;
            while seen < WRITERS * EACH {
                let now = file.load().expect("whole at every moment").0.len();
                assert!(now >= seen, "a secret that was there is gone");
                seen = now;
            }
        });
    });
}

proptest! {
    #[test]
    fn no_file_whatever_makes_opening_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(SAMPLE.0.unseal(&bytes).is_err());
    }

    #[test]
    fn no_tail_whatever_is_taken_for_sealed_content(tail in prop::collection::vec(any::<u8>(), 0..300)) {
        let mut bytes = SAMPLE.0.header.encode();
        bytes.extend_from_slice(&tail);
        let damaged = matches!(SAMPLE.0.unseal(&bytes), Err(VaultError::Damaged { .. }));
        prop_assert!(damaged);
    }
}
