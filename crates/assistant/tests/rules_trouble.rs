//! What needs a person because of what it is about, in sentences of ten languages.
//!
//! The second table of each rule holds traps: the same words said about something else, or denied.

use assistant::rules::{Sign, look};

fn all_say(sign: Sign, sentences: &[&str]) {
    for sentence in sentences {
        let look = look(sentence, false);
        assert!(
            look.has(sign),
            "{sentence:?} should say {sign:?}; found {:?}",
            look.found()
        );
    }
}

fn none_says(sign: Sign, sentences: &[&str]) {
    for sentence in sentences {
        let look = look(sentence, false);
        assert!(
            !look.has(sign),
            "{sentence:?} should not say {sign:?}; found {:?}",
            look.found()
        );
    }
}

#[test]
fn complaints_are_noticed() {
    all_say(
        Sign::Complaint,
        &[
            "the vase arrived broken",
            "I want to complain about my order",
            "still waiting, my order never arrived",
            "llegó roto el jarrón",
            "chegou quebrado",
            "mon colis est arrivé cassé",
            "die Vase kam kaputt an",
            "il pacco è arrivato rotto",
            "ürün kırık geldi",
            "siparişim hala gelmedi",
            "المنتج وصل مكسور",
            "सामान टूटा हुआ आया",
            "barangnya rusak",
        ],
    );
}

#[test]
fn no_complaint_is_seen_where_there_is_none() {
    none_says(
        Sign::Complaint,
        &[
            "I have no complaints, all good",
            "do you repair broken cups",
            "I broke my cup, do you have another one",
            "no tengo quejas",
            "tienen piezas para una silla rota?",
            "sem reclamação nenhuma, tudo ótimo",
            "ich habe keine Beschwerde",
            "nessun reclamo, tutto bene",
            "şikayetim yok çok güzeldi",
            "ما عندي شكوى",
            "कोई शिकायत नहीं",
            "does it arrive on friday",
            "fragile, please don't let it get damaged",
        ],
    );
}

#[test]
fn lawyers_courts_and_police_are_noticed() {
    all_say(
        Sign::Legal,
        &[
            "I will call my lawyer",
            "see you in court",
            "we will sue you",
            "voy a poner una denuncia",
            "mi abogado los va a contactar",
            "vou procurar o procon",
            "je vais porter plainte",
            "ich schalte meinen Anwalt ein",
            "contatterò il mio avvocato",
            "avukatıma vereceğim",
            "sizi tüketici hakem heyetine vereceğim",
            "سأرفع قضية عليكم",
            "मैं वकील से बात करूँगा",
            "saya akan lapor polisi",
        ],
    );
}

#[test]
fn paper_names_and_avocados_are_not_about_law() {
    none_says(
        Sign::Legal,
        &[
            "do you have legal size paper",
            "is there a tennis court nearby",
            "my name is Sue",
            "un sandwich à l'avocat",
            "salade avec avocat s'il vous plaît",
            "police costume for kids",
            "busco un regalo para un abogado",
            "ein Geschenk für einen Anwalt",
            "das Gericht war sehr lecker",
            "polis kostümü var mı",
            "I don't need a lawyer",
            "Sue you were right about the cake, is it me?",
            "return trip",
            "el hotel está frente a la policía?",
        ],
    );
}

#[test]
fn health_is_noticed() {
    all_say(
        Sign::Medical,
        &[
            "I had an allergic reaction to your cream",
            "I'm allergic to nuts",
            "is this safe for pregnant women",
            "soy celíaca, contiene gluten?",
            "tengo alergia a las nueces",
            "sou alérgica a amendoim",
            "je suis allergique aux noix",
            "ich bin allergisch gegen Nüsse",
            "sono allergico alle noci",
            "fıstığa alerjim var",
            "hamileyim kullanabilir miyim",
            "عندي حساسية من المكسرات",
            "मुझे मूंगफली से एलर्जी है",
            "saya alergi kacang",
            "my son got very sick after eating your cake",
        ],
    );
}

#[test]
fn being_sick_of_waiting_is_not_about_health() {
    none_says(
        Sign::Medical,
        &[
            "I'm sick of waiting",
            "do you have maternity dresses",
            "ropa para embarazadas",
            "hamile elbisesi var mı",
            "baju hamil ada?",
            "that design is sick",
            "are you near the hospital",
            "medicine cabinet white how much",
            "can I take this with me on a plane",
            "Doctor Who t-shirt",
            "فساتين للحوامل",
            "burning candle smell",
        ],
    );
}

#[test]
fn money_back_is_noticed() {
    all_say(
        Sign::Refund,
        &[
            "I want my money back",
            "refund please",
            "quiero que me devuelvan el dinero",
            "reembolso",
            "quero meu dinheiro de volta",
            "je veux être remboursé",
            "ich will mein Geld zurück",
            "voglio un rimborso",
            "paramı geri istiyorum",
            "para iadesi istiyorum",
            "أريد استرداد المبلغ",
            "मुझे रिफंड चाहिए",
            "paise wapas karo",
            "uang saya kembali dong",
            "why did you not give me my money back",
        ],
    );
}

#[test]
fn nobody_is_refunded_who_does_not_want_it() {
    none_says(
        Sign::Refund,
        &[
            "I don't want a refund",
            "return trip",
            "no quiero un reembolso, quiero otro",
            "não quero reembolso",
            "je ne veux pas de remboursement",
            "ich will kein Geld zurück",
            "non voglio il rimborso",
            "iade istemiyorum",
            "रिफंड नहीं चाहिए",
            "saya tidak mau refund",
            "is that all the money",
            "I'll be back with the money",
        ],
    );
}

#[test]
fn cancelling_is_noticed() {
    all_say(
        Sign::Cancel,
        &[
            "cancel my order",
            "I'd like to cancel",
            "how do I cancel my subscription",
            "quiero cancelar mi pedido",
            "quero cancelar a reserva",
            "je voudrais annuler ma commande",
            "ich möchte meine Bestellung stornieren",
            "Termin absagen bitte",
            "vorrei annullare l'ordine",
            "siparişimi iptal etmek istiyorum",
            "أريد إلغاء الطلب",
            "मेरा ऑर्डर कैंसिल कर दो",
            "mau batalkan pesanan",
        ],
    );
}

#[test]
fn nothing_is_cancelled_that_should_stay() {
    none_says(
        Sign::Cancel,
        &[
            "don't cancel my order",
            "noise cancelling headphones",
            "I don't want to cancel",
            "no quiero cancelar mi pedido",
            "não quero cancelar",
            "siparişimi iptal etmeyin",
            "iptal etmek istemiyorum",
            "what is your cancellation policy",
            "ऑर्डर कैंसिल मत करो",
            "jangan batalkan pesanan saya",
            "ich möchte nicht stornieren",
            "my flight was cancelled",
        ],
    );
}

#[test]
fn questions_about_own_data_are_noticed() {
    all_say(
        Sign::Privacy,
        &[
            "delete my data",
            "what information do you have about me",
            "where did you get my number",
            "borren mis datos",
            "apaguem meus dados",
            "supprimez mes données",
            "bitte löschen Sie meine Daten",
            "cancellate i miei dati",
            "verilerimi silin",
            "احذفوا بياناتي",
            "मेरा डेटा डिलीट करो",
            "hapus data saya",
        ],
    );
}

#[test]
fn other_data_is_not_about_privacy() {
    none_says(
        Sign::Privacy,
        &[
            "don't delete my data",
            "privacy screen for iPhone",
            "how much mobile data is in the plan",
            "here is my number",
            "te mando mis datos para la factura",
            "delete the second item from my order",
            "no borren mis datos",
            "verilerimi silmeyin",
            "data cable 2 metres",
            "hapus satu item dari pesanan",
            "meine Nummer ist 0170",
        ],
    );
}

#[test]
fn who_says_that_they_paid_is_understood() {
    all_say(
        Sign::PaymentProof,
        &[
            "I have just paid",
            "here is the proof of payment",
            "payment done",
            "ya hice la transferencia",
            "te mando el comprobante",
            "já fiz o pix",
            "segue o comprovante",
            "j'ai fait le virement",
            "ich habe überwiesen",
            "ho fatto il bonifico",
            "ödemeyi yaptım",
            "dekont ekte",
            "تم التحويل",
            "पेमेंट कर दिया है",
            "sudah saya transfer ya",
            "ini bukti transfernya",
        ],
    );
}

#[test]
fn who_asks_how_to_pay_has_not_paid() {
    none_says(
        Sign::PaymentProof,
        &[
            "how can I pay",
            "do you accept bank transfer",
            "I have not paid yet",
            "can I get a receipt",
            "todavía no he pagado",
            "puedo pagar por transferencia",
            "ainda não paguei",
            "ödemeyi yapmadım",
            "havale ile olur mu",
            "ich habe noch nicht bezahlt",
            "saya belum transfer",
            "पेमेंट कैसे करूँ",
        ],
    );
}
