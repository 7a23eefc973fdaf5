use super::*;
use crate::backend::Memory;

const SHORT: Duration = Duration::from_millis(50);

/// A keychain whose password window is open: it answers once per `permit`, and says when it was asked.
struct Prompting {
    memory: Memory,
    asked: mpsc::Sender<()>,
    permit: mpsc::Receiver<()>,
}

/// The person in front of that window.
struct Person {
    asked: mpsc::Receiver<()>,
    permit: mpsc::Sender<()>,
}

fn prompting() -> (Box<Prompting>, Person) {
    let (asked, hears) = mpsc::channel();
    let (answers, permit) = mpsc::channel();
    (
        Box::new(Prompting {
            memory: Memory::default(),
            asked,
            permit,
        }),
        Person {
            asked: hears,
            permit: answers,
        },
    )
}

impl Prompting {
    fn wait(&self) {
        self.asked.send(()).expect("the person is there");
        self.permit.recv().ok();
    }
}

impl Backend for Prompting {
    fn read(&mut self, name: &SecretName) -> Result<Option<Secret>, VaultError> {
        self.wait();
        self.memory.read(name)
    }

    fn write(&mut self, name: &SecretName, secret: &Secret) -> Result<(), VaultError> {
        self.wait();
        self.memory.write(name, secret)
    }

    fn delete(&mut self, name: &SecretName) -> Result<(), VaultError> {
        self.wait();
        self.memory.delete(name)
    }

    fn probe(&mut self) -> Result<(), VaultError> {
        panic!("a client library that breaks its promise")
    }
}

fn remembering(backend: Box<dyn Backend>, patience: Duration) -> Keeper {
    Keeper::start(
        backend,
        Shared {
            remembered: Some(HashMap::new()),
            ..Shared::default()
        },
        patience,
    )
}

fn token() -> SecretName {
    SecretName::new("0193", "access_token")
}

#[tokio::test]
async fn a_caller_gets_a_sentence_while_the_password_window_is_open_and_others_do_not_wait() {
    let (backend, person) = prompting();
    let keeper = remembering(backend, SHORT);
    assert_eq!(keeper.read(&token()).await, Err(VaultError::TimedOut));
    person.asked.recv().expect("the window is open");

    let started = tokio::time::Instant::now();
    for _ in 0..100 {
        assert_eq!(keeper.read(&token()).await, Err(VaultError::TimedOut));
    }
    assert!(
        started.elapsed() < 20 * SHORT,
        "each of the following callers waited, too"
    );
}

#[tokio::test]
async fn a_keychain_that_comes_back_works_again_and_does_not_do_what_was_given_up() {
    let (backend, person) = prompting();
    let keeper = remembering(backend, SHORT);
    let (name, secret) = (token(), Secret::new("given up"));
    let (read, written) = tokio::join!(keeper.read(&name), keeper.write(&name, &secret));
    assert_eq!(
        (read, written),
        (Err(VaultError::TimedOut), Err(VaultError::TimedOut))
    );

    // The person answers the window of the first request; the second one was given up and is not carried out.
    for _ in 0..3 {
        person.permit.send(()).expect("answered");
    }
    let patient = Keeper {
        requests: keeper.requests.clone(),
        shared: Arc::clone(&keeper.shared),
        patience: PATIENCE,
    };
    let answer = loop {
        match patient.read(&token()).await {
            Err(VaultError::TimedOut) => tokio::task::yield_now().await,
            answer => break answer,
        }
    };
    assert_eq!(
        answer,
        Ok(None),
        "the write that was reported as failed must not have happened"
    );
}

#[tokio::test]
async fn a_secret_once_read_stays_readable_while_the_keychain_is_locked_again() {
    let (backend, person) = prompting();
    let keeper = remembering(backend, PATIENCE);
    for _ in 0..2 {
        person.permit.send(()).expect("answered");
    }
    keeper.write(&token(), &Secret::new("one")).await.expect("stored");
    for _ in 0..3 {
        assert_eq!(keeper.read(&token()).await, Ok(Some(Secret::new("one"))));
    }
    assert_eq!(
        person.asked.try_iter().count(),
        1,
        "only the writing asked the keychain"
    );

    keeper.delete(&token()).await.expect("removed");
    person.permit.send(()).expect("answered");
    assert_eq!(
        keeper.read(&token()).await,
        Ok(None),
        "what was removed is not remembered"
    );
}

#[tokio::test]
async fn a_client_library_that_panics_costs_one_answer_only() {
    let (backend, person) = prompting();
    let keeper = remembering(backend, PATIENCE);
    assert!(matches!(keeper.probe().await, Err(VaultError::Absent { .. })));
    person.permit.send(()).expect("answered");
    assert_eq!(keeper.read(&token()).await, Ok(None));
}
