//! Model servers on the same computer, and what a model can do.

use crate::common::{KEY, openai, place, server, soon};
use assistant::models::{
    Anthropic, Capabilities, LanguageModel as _, OpenAiCompatible, Ports, Program, TroubleKind, discover,
    probe,
};
use simulator::brain::{Flavour, Script, Talent, Talents};
use tokio_util::sync::CancellationToken;
use vault::Secret;

#[tokio::test]
async fn ollama_and_lm_studio_are_found_with_their_models() {
    let (ollama, studio) = (server(Flavour::Ollama).await, server(Flavour::LmStudio).await);
    ollama.can(Talents {
        models: vec![
            ("llama3.2:3b".to_owned(), 4_096),
            ("gpt-oss:120b-cloud".to_owned(), 4_096),
        ],
        ..Talents::default()
    });
    studio.can(Talents {
        models: vec![
            ("qwen3-8b".to_owned(), 32_768),
            ("text-embedding-nomic".to_owned(), 2_048),
        ],
        ..Talents::default()
    });
    let found = soon(discover(Ports {
        ollama: ollama.port(),
        lm_studio: studio.port(),
    }))
    .await;
    assert_eq!(found.len(), 2);
    assert_eq!(
        (found[0].program, found[0].base_url.as_str()),
        (Program::Ollama, ollama.base_url().as_str())
    );
    assert!(!found[0].models[0].elsewhere && found[0].models[1].elsewhere);
    assert_eq!(found[1].program, Program::LmStudio);
    assert_eq!(found[1].models[0].context, Some(32_768));
    assert!(found[1].models[1].embeds);
    assert!(ollama.asked().iter().all(|asked| asked.method == "GET"));
}

#[tokio::test]
async fn what_is_no_model_server_is_not_found() {
    let other = server(Flavour::Anthropic).await;
    let closed = server(Flavour::Ollama).await;
    let port = closed.port();
    closed.stop().await;
    let found = soon(discover(Ports {
        ollama: other.port(),
        lm_studio: port,
    }))
    .await;
    assert_eq!(found, []);
}

#[tokio::test(start_paused = true)]
async fn a_program_that_never_answers_does_not_hold_up_the_search() {
    let deaf = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let port = deaf.local_addr().expect("an address").port();
    let found = discover(Ports {
        ollama: port,
        lm_studio: port,
    })
    .await;
    assert_eq!(found, []);
}

async fn probed(flavour: Flavour, talents: Talents) -> Capabilities {
    let server = server(flavour).await;
    server.can(talents);
    let model = openai(&server, "double:7b");
    let found = soon(probe(&model, Some("embed-1"), &CancellationToken::new())).await;
    let found = found.expect("a probe");
    assert!(found.usage.total() > 0 && !found.exchanges.is_empty());
    found.capabilities
}

#[tokio::test]
async fn a_probe_tells_what_a_server_keeps_from_what_it_only_accepts() {
    let all = probed(Flavour::OpenAi, Talents::default()).await;
    assert!(
        all.json_schema && all.tools && all.json_mode && all.streaming,
        "{all:?}"
    );
    assert_eq!((all.embeddings, all.context), (Some(64), Some(8_192)));

    let pretends = probed(
        Flavour::Ollama,
        Talents {
            json_schema: Talent::Ignores,
            tools: Talent::Refuses,
            streaming: false,
            embeddings: None,
            ..Talents::default()
        },
    )
    .await;
    assert!(!pretends.json_schema && !pretends.tools && pretends.json_mode && !pretends.streaming);
    assert_eq!(pretends.embeddings, None);
    assert_eq!(
        pretends.context,
        Some(8_192),
        "what Ollama was set to, not what the model could"
    );

    let studio = probed(Flavour::LmStudio, Talents::default()).await;
    assert_eq!(
        studio.context,
        Some(8_192),
        "what is loaded, not what the model could"
    );

    let fussy = probed(
        Flavour::OpenAi,
        Talents {
            dislikes: vec!["max_tokens", "temperature"],
            ..Talents::default()
        },
    )
    .await;
    assert!(fussy.json_schema && fussy.manners.completion_tokens && fussy.manners.no_temperature);
}

#[tokio::test]
async fn what_a_probe_learnt_about_a_server_serves_the_next_client() {
    let server = server(Flavour::OpenAi).await;
    server.can(Talents {
        dislikes: vec!["max_tokens"],
        ..Talents::default()
    });
    let model = openai(&server, "double:7b");
    let found = soon(probe(&model, None, &CancellationToken::new()))
        .await
        .expect("a probe");
    let kept: Capabilities =
        serde_json::from_str(&serde_json::to_string(&found.capabilities).expect("JSON")).expect("JSON");
    assert_eq!(kept, found.capabilities);
    let before = server.questions().len();
    let model = OpenAiCompatible::new(place(&server), None, "double:7b")
        .expect("a client")
        .with_manners(kept.manners);
    soon(probe(&model, None, &CancellationToken::new()))
        .await
        .expect("a probe");
    let questions = server.questions();
    assert!(
        questions
            .iter()
            .skip(before)
            .all(|asked| asked.json().get("max_tokens").is_none())
    );
}

#[tokio::test]
async fn a_refused_key_ends_a_probe_with_its_sentence() {
    let server = server(Flavour::OpenAi).await;
    server.can(Talents {
        key: Some("another".to_owned()),
        ..Talents::default()
    });
    let model = openai(&server, "double:7b");
    let trouble = soon(probe(&model, None, &CancellationToken::new()))
        .await
        .expect_err("refused");
    assert_eq!(trouble.trouble.kind, TroubleKind::Key);
    assert_eq!(trouble.exchanges.len(), 1, "what was asked can be looked at");
    assert_eq!(server.questions().len(), 1);
}

#[tokio::test]
async fn a_probe_can_be_cancelled() {
    let server = server(Flavour::OpenAi).await;
    server.next(Script::hangs());
    let model = openai(&server, "double:7b");
    let cancel = CancellationToken::new();
    let cancelling = async {
        server
            .until(|asked| asked.iter().any(simulator::brain::Asked::is_question))
            .await;
        cancel.cancel();
    };
    let (found, ()) = tokio::join!(soon(probe(&model, None, &cancel)), soon(cancelling));
    assert_eq!(found.expect_err("cancelled").trouble.kind, TroubleKind::Cancelled);
}

#[tokio::test]
async fn a_probe_of_anthropic_finds_schema_tool_and_stream() {
    let server = server(Flavour::Anthropic).await;
    let model = Anthropic::new(place(&server), Some(Secret::new(KEY)), "double:7b").expect("a client");
    let found = soon(probe(&model, Some("x"), &CancellationToken::new()))
        .await
        .expect("a probe");
    let can = found.capabilities;
    assert!(can.json_schema && can.tools && can.streaming && !can.json_mode);
    assert_eq!(can.embeddings, None);
    assert_eq!(
        model.offers(crate::common::SOON).await.expect("a list")[0].model,
        "double:7b"
    );
}
