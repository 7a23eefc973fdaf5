//! What a message says of how much, and how soon, its writer wants to buy.

use super::reading::Reading;
use super::words::{Phrases, count};
use std::sync::LazyLock;

/// What was heard so far of a customer's wish. Kept from message to message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a sign of its own, and any of them may come with any other"
)]
pub struct Signals {
    /// They want to book, buy or order.
    pub decisive: bool,
    /// It is urgent.
    pub urgent: bool,
    /// They are not sure, or want to think about it.
    pub undecided: bool,
    /// It is for much later, or they are only looking.
    pub far: bool,
    /// They asked what something costs, or whether there is any.
    pub asked: bool,
    /// They asked not to be written to.
    pub opted_out: bool,
}

static DECISIVE: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::listed(
        "
        i want to book | i'd like to book | i would like to book | book me | i'll take | i will take |
        i want to buy | i'd like to buy | i'd like to order | i want to order | let's do it |
        place an order | how do i pay | where do i pay | sign me up | reserve | quiero reservar |
        quiero comprar | quiero pedir | quiero encargar | me lo llevo | lo quiero | la quiero |
        como pago | reservame | quisiera reservar | quero reservar | quero comprar | quero marcar |
        quero agendar | quero encomendar | vou levar | quero fechar | pode marcar |
        je voudrais réserver | je veux réserver | je veux acheter | je voudrais acheter |
        je voudrais commander | je veux commander | je le prends | je prends | ich möchte buchen |
        ich nehme | ich möchte kaufen | möchte buchen | möchte bestellen | möchte kaufen |
        will bestellen | würde gerne buchen | gern bestellen | gerne bestellen | voglio prenotare |
        vorrei prenotare | vorrei acquistare | voglio comprare | vorrei ordinare | lo prendo |
        la prendo | satın almak istiyorum | almak istiyorum | sipariş vermek istiyorum |
        randevu almak istiyorum | rezervasyon yaptırmak istiyorum | alıyorum | اريد ان احجز |
        اريد الحجز | اريد حجز | ابغى احجز | اريد شراء | اريد ان اشتري | ابي اطلب | اريد ان اطلب |
        عايز احجز | बुक करना है | बुक करना चाहता | बुक करना चाहती | खरीदना है | खरीदना चाहता |
        खरीदना चाहती | ऑर्डर करना है | saya mau pesan | mau pesan | saya mau beli | mau beli |
        mau booking | ingin memesan | ingin membeli | saya ambil | mau order
    ",
    )
});
static URGENT: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::listed(
        "
        urgent | urgently | asap | as soon as possible | right away | immediately | emergency |
        urgente | urgentemente | lo antes posible | cuanto antes | ya mismo | o mais rapido possivel |
        com urgencia | o quanto antes | d'urgence | au plus vite | le plus vite possible |
        rapidement | dringend | so schnell wie möglich | schnellstmöglich | eilig | sofort |
        al più presto | il prima possibile | subito | acil | acilen | en kısa sürede | hemen | عاجل |
        مستعجل | ضروري | في اسرع وقت | باسرع وقت | तुरंत | जल्दी | अर्जेंट | segera | secepatnya |
        mendesak | urgen
    ",
    )
});
static UNDECIDED: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::listed(
        "
        not sure | i'll think | let me think | i will think | maybe later | i don't know yet |
        still thinking | haven't decided | undecided | have to ask my | lo voy a pensar | lo pienso |
        no estoy segur* | tal vez | quizas | no se todavia | vou pensar | nao tenho certeza | talvez |
        ainda nao sei | je vais réfléchir | je ne suis pas sûr | je ne suis pas sure | peut-être |
        je ne sais pas encore | ich überlege | bin mir nicht sicher | vielleicht | weiß noch nicht |
        muss noch überlegen | ci penso | non sono sicur* | forse | non so ancora | düşüneceğim |
        bir düşüneyim | emin değilim | belki | kararsızım | سافكر | لست متاكد | ربما | مش متاكد |
        يمكن | सोचूंगा | सोचूंगी | सोचकर | पक्का नहीं | शायद | pikir-pikir | saya pikir dulu |
        belum yakin | mungkin
    ",
    )
});
static FAR: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::listed(
        "
        next year | just looking | only looking | just browsing | some day | someday | in the future |
        no rush | solo miraba | solo estoy mirando | el próximo año | el año que viene |
        más adelante | só olhando | só estou olhando | ano que vem | mais para frente |
        l'année prochaine | je regarde seulement | plus tard | nächstes jahr | nur mal schauen |
        irgendwann | l'anno prossimo | sto solo guardando | più avanti | gelecek yıl | seneye |
        sadece bakıyorum | ileride | السنة القادمة | العام القادم | فقط اتفرج | لاحقا | अगले साल |
        बस देख रहा | बस देख रही | tahun depan | cuma lihat-lihat | hanya lihat-lihat | nanti saja
    ",
    )
});
static ASKED: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::listed(
        "
        how much | price | prices | cost | costs | quote | do you have | available | availability |
        cuánto | precio | precios | cotización | presupuesto | tienen | disponible* | quanto | preço |
        preços | orçamento | vocês têm | tem | disponivel | combien | prix | devis | avez-vous |
        disponible | wie viel | wieviel | was kostet | preis | preise | kosten | angebot | haben sie |
        verfügbar | prezzo | prezzi | costa | preventivo | avete | ne kadar | kaç para | fiyat* |
        ücret* | var mı | teklif | كم | بكم | السعر | سعر | الاسعار | متوفر | عندكم | कितना | कितने |
        कीमत | दाम | रेट | berapa | harga | harganya | tersedia | apakah ada
    ",
    )
});
static OPT_OUT: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::listed(
        "
        unsubscribe | stop writing | stop messaging | stop contacting | do not contact |
        don't contact me | don't write me | don't message me | leave me alone | no me escriban |
        no me escribas | no me contacten | dejen de escribir | darme de baja | não me mande |
        não me escreva | pare de mandar | parem de mandar | me tire da lista | descadastrar |
        ne m'écrivez plus | ne me contactez plus | désabonner | arrêtez de m'écrire |
        schreiben sie mir nicht | schreib mir nicht | kontaktieren sie mich nicht | abmelden |
        nicht mehr schreiben | non scrivetemi | non contattatemi | disiscrivetemi | cancellatemi |
        bana yazmayın | mesaj atmayın | beni aramayın | listeden çıkarın | لا تراسلني | لا تراسلوني |
        لا تتواصلوا معي | الغاء الاشتراك | توقف عن مراسلتي | मुझे मैसेज मत | संदेश मत भेजो |
        मैसेज न भेजें | संपर्क न करें | jangan hubungi saya | jangan kirim pesan | berhenti mengirim |
        berhenti berlangganan
    ",
    )
});
/// A message that is nothing but one of these asks for an end.
const STOP: &[&str] = &[
    "stop",
    "baja",
    "alto",
    "parar",
    "sair",
    "stopp",
    "arret",
    "basta",
    "dur",
    "iptal",
    "توقف",
    "بند",
    "रोको",
    "berhenti",
];
/// Words that turn the next one round.
const NOT: &[&str] = &[
    "not",
    "no",
    "nicht",
    "nao",
    "pas",
    "non",
    "ليس",
    "مش",
    "नहीं",
    "tidak",
    "bukan",
    "isn't",
    "t",
    "kein",
    "keine",
];

static SMALL_TALK: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::listed(
        "
        hi | hello | hey | hiya | good morning | good afternoon | good evening | how are you | there |
        hola | buenas | buenos dias | buenas tardes | buenas noches | que tal | como estas | oi |
        ola | bom dia | boa tarde | boa noite | tudo bem | bonjour | bonsoir | salut | coucou |
        ca va | hallo | guten tag | guten morgen | guten abend | moin | servus | ciao | buongiorno |
        buonasera | salve | merhaba | selam | selamun aleykum | iyi gunler | iyi aksamlar | gunaydin |
        nasilsiniz | kolay gelsin | مرحبا | السلام عليكم | سلام | اهلا | صباح الخير | مساء الخير |
        ورحمة الله وبركاته | كيف الحال | नमस्ते | नमस्कार | हेलो | हैलो | हाय | halo | hai |
        selamat pagi | selamat siang | selamat sore | selamat malam | assalamualaikum | apa kabar |
        ok | okay | okey | k | thanks | thank you | thx | ty | so much | very much | great | perfect |
        cool | nice | alright | got it | yes | yep | no problem | vale | gracias | muchas gracias |
        perfecto | genial | si | de acuerdo | listo | obrigado | obrigada | muito | valeu | blz |
        beleza | certo | ta bom | sim | perfeito | merci | beaucoup | d'accord | parfait | oui |
        super | danke | vielen dank | schon | alles klar | gut | passt | ja | grazie | mille |
        va bene | perfetto | tesekkurler | tesekkur ederim | sagol | sag olun | tamam | peki | evet |
        harika | شكرا | شكرا جزيلا | تمام | حسنا | طيب | اوك | نعم | ممتاز | धन्यवाद | शुक्रिया |
        ठीक है | अच्छा | हां | हाँ | जी | terima kasih | makasih | oke | baik | siap | ya | sip |
        everyone | sir | madam | team | bhai | kak | min
    ",
    )
});

/// Whether a message is only a greeting, a thank-you or a nod: it says nothing of what its writer wants.
pub fn is_small_talk(text: &str) -> bool {
    is_small_talk_in(&Reading::of(text))
}

pub(super) fn is_small_talk_in(reading: &Reading<'_>) -> bool {
    use super::reading::Kind;
    let mut at = 0;
    while at < reading.len() {
        match (SMALL_TALK.at(reading, at), reading.kind(at)) {
            (Some(length), _) => at += length,
            (None, Some(Kind::Mark)) if reading.word(at) != "?" || at > 0 => at += 1,
            _ => return false,
        }
    }
    true
}

impl Signals {
    /// Reads a customer's message.
    pub fn of(text: &str) -> Self {
        Self::in_reading(&Reading::of(text))
    }

    pub(super) fn in_reading(reading: &Reading<'_>) -> Self {
        let plainly = |phrases: &Phrases| {
            (0..reading.len()).any(|at| {
                phrases.at(reading, at).is_some_and(|length| {
                    !NOT.contains(&reading.before(at))
                        && !NOT.contains(&reading.before(at.saturating_sub(1)))
                        && !matches!(reading.word(at + length), "degil" | "değil" | "नहीं")
                })
            })
        };
        let is_stop = count(reading) <= 2 && STOP.contains(&reading.word(0));
        Self {
            decisive: plainly(&DECISIVE),
            urgent: plainly(&URGENT),
            undecided: UNDECIDED.are_in(reading),
            far: FAR.are_in(reading),
            asked: ASKED.are_in(reading),
            opted_out: is_stop || OPT_OUT.are_in(reading),
        }
    }

    /// What is known after a newer message: a nod changes nothing, a decision ends hesitation and the other way round.
    #[must_use]
    pub fn after(self, newer: Self) -> Self {
        Self {
            decisive: (self.decisive && !newer.undecided) || newer.decisive,
            urgent: (self.urgent && !newer.far) || newer.urgent,
            undecided: (self.undecided && !newer.decisive) || newer.undecided,
            far: (self.far && !newer.urgent && !newer.decisive) || newer.far,
            asked: self.asked || newer.asked,
            // Who comes back to buy wants to be answered.
            opted_out: (self.opted_out && !newer.decisive) || newer.opted_out,
        }
    }
}
