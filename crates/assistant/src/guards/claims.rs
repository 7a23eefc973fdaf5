//! What an assistant must not say by itself: that it did something, and promises nobody gave.

use std::sync::LazyLock;

use regex::Regex;

use super::FindingKind;
use super::fold::sentences;
use super::ledger::{Doubt, negates};
use super::lexicon::Lexicon;
use super::links::pattern;

/// Sentences that claim an action, or announce one in the first person; ten languages, folded spelling.
const ACTIONS: &[&str] = &[
    // English
    r"\b(?:i|we)(?:'ve| have|'ll| will| am| are| just|'m|'re)?(?: also| just| now| already| successfully| going to| gonna)*\s(?:book|refund|sen[dt]|cancel|reserv|schedul|process|issu|updat|chang|plac|order|charg|transfer|forward|regist|delet|remov|ship|appl|activat|upgrad|escalat|notif|inform|credit|arrang|dispatch|pass|connect|put you|hold|held|set up|sign)\w*\s*(?:you|your|it|this|that|the|a|an|on|over|down|up|him|her|them|everything|our|for)\b",
    r"\byour\s(?:\w+\s){0,4}(?:has|have|is|was|are|were)(?: now| been| just| already| successfully| being)*\s(?:book|refund|sent|cancel|reserv|schedul|process|issu|confirm|updat|chang|plac|ship|approv|activat|upgrad|credit|register|complet|dispatch|on its way|on the way|paid|received|accept)\w*",
    r"\byou(?:'re| are)(?: now| all)? (?:booked|set|confirmed|registered|signed up|scheduled|refunded|subscribed)\b|\ball set\b|\bconsider it done\b|\bit(?:'s| is| has been) (?:done|taken care of|booked|confirmed)\b|\b(?:booking|appointment|order|reservation|refund|payment|cancellation) (?:is |has been |was )?(?:confirmed|complete|completed|successful|approved|received|processed|cancelled|canceled)\b",
    r"\byour (?:\w+ ){1,3}(?:is|are) now \w+|^\s*done\b|\byou(?:'re| are) in\b|\b(?:will be|gets?) (?:refunded|credited|delivered today|shipped today)\b|\b(?:i|we)(?:'ll| will) (?:refund|credit|call you|make sure|see to it|waive|let them know|get back)\b|\blet me (?:book|refund|cancel|reserve|process)\b",
    // Spanish
    r"\b(?:he|hemos|acabo de|acabamos de|ya) (?:\w+ ){0,2}(?:reserv|reembols|envi|cancel|confirm|program|proces|actualiz|cambi|agend|registr|elimin|transfer|devuel|devolv|pedid|notific|avis|realiz|hech)\w*",
    r"\b(?:tu|su) (?:\w+ ){1,4}(?:ha sido|fue|esta|ha quedado|queda|quedo) (?:ya )?(?:reserv|reembols|envia|cancel|confirm|program|proces|actualiz|cambia|agend|registr|devuel|aprob|pagad|list)\w*",
    r"\b(?:le|te|lo|la) (?:reserv[oeé]|envi[oeé]|cancel[oeé]|confirm[oeé]|reembols[oeé]|agend[oeé])\b|\b(?:voy a|vamos a) (?:reserv|reembols|envi|cancel|confirm|devolv|agend|pasar|avis)\w*|\b(?:reserva|cita|pedido|reembolso|pago) (?:confirmad|realizad|cancelad|procesad|enviad|aprobad)\w*|\blisto, (?:reserv|cancel|envi)\w*",
    // Portuguese
    r"\b(?:eu |ja |acabei de |acabamos de )(?:\w+ ){0,2}(?:reserv|reembols|envi|cancel|confirm|agend|process|atualiz|mud|alter|registr|transfer|estorn)\w*|\b(?:reservei|reembolsei|enviei|cancelei|confirmei|agendei|processei|atualizei|alterei|estornei|reservamos|reembolsamos|enviamos|cancelamos|confirmamos|agendamos|estornamos)\b",
    r"\b(?:seu|sua|teu|tua) (?:\w+ ){1,4}(?:foi|esta|ja foi|ficou) (?:reserv|reembols|envia|cancel|confirm|agend|process|atualiz|altera|registr|estorn|aprov|pag)\w*|\bvou (?:reserv|reembols|envi|cancel|confirm|agend|estorn|pass)\w*|\b(?:reserva|pedido|consulta|reembolso|pagamento) (?:confirmad|cancelad|realizad|processad|enviad|aprovad)\w*",
    // French
    r"\b(?:j'ai|nous avons|on a|je viens de|nous venons de)(?: bien| deja)? (?:reserv|rembours|envoy|annul|confirm|program|planifi|trait|modifi|chang|enregistr|transfer|transmi|effectu|command|supprim)\w*",
    r"\b(?:votre|ton|ta) (?:\w+ ){1,4}(?:a ete|est|a bien ete|vient d'etre) (?:bien |maintenant )?(?:reserv|rembours|envoy|annul|confirm|program|trait|modifi|enregistr|expedi|valid|pay)\w*|\b(?:je vais|nous allons|je vous|je te) (?:reserv|rembours|envo|annul|confirm|transm|transf)\w*|\b(?:reservation|commande|paiement|remboursement|rendez-vous) (?:confirm|annul|effectu|valid)\w*",
    // German
    r"\b(?:ich|wir) (?:habe|haben|hab)\b[^.!?\n]{0,80}?(?:gebucht|erstattet|gesendet|geschickt|storniert|reserviert|bestatigt|geplant|bearbeitet|aktualisiert|geandert|eingetragen|weitergeleitet|uberwiesen|bestellt|geloscht|versendet|versandt|veranlasst|zuruckerstattet|abgesagt|vorgemerkt|ausgelost|erledigt)",
    r"\b(?:ihr|ihre|dein|deine) [^.!?\n]{0,60}?(?:wurde|ist|sind|wurden)\b[^.!?\n]{0,40}?(?:gebucht|erstattet|gesendet|storniert|reserviert|bestatigt|bearbeitet|aktualisiert|geandert|weitergeleitet|versandt|versendet|bestellt|abgesagt|genehmigt|bezahlt|unterwegs)|\b(?:ich|wir) (?:buche|erstatte|storniere|reserviere|bestatige|schicke|leite|buchen|erstatten|stornieren|reservieren|bestatigen|schicken)\b|\bich werde [^.!?\n]{0,60}?(?:buchen|erstatten|stornieren|reservieren|senden|schicken|weiterleiten|bestatigen)",
    // Italian
    r"\b(?:ho|abbiamo)(?: gia| appena| anche)? (?:prenotat|rimborsat|inviat|spedit|annullat|cancellat|confermat|programmat|elaborat|aggiornat|modificat|cambiat|registrat|trasferit|inoltrat|effettuat|ordinat|eliminat|riservat)\w*",
    r"\b(?:il|la|tuo|tua|suo|sua) (?:\w+ ){1,4}(?:e stat[oa]|e|risulta) (?:gia )?(?:prenotat|rimborsat|inviat|spedit|annullat|cancellat|confermat|elaborat|aggiornat|modificat|registrat|approvat|pagat)\w*|\b(?:prenoto|rimborso subito|annullo|confermo|le invio|ti invio|provvedo)\b|\b(?:prenotazione|ordine|appuntamento|rimborso|pagamento) (?:confermat|annullat|effettuat|completat|approvat)\w*",
    // Turkish
    r"(?:rezervasyon|randevu|iade|iptal|gonder|siparis|onay|ayirt|guncelle|degistir|kayd|kaydet|ilet|aktar|olustur|planla|ode|para)\w*(?:\s\w+){0,4}?\s?(?:ettim|ettik|yaptim|yaptik|edildi|yapildi|olusturuldu|olusturdum|olusturduk|gonderdim|gonderdik|gonderildi|alindi|aldim|aldik|onaylandi|onayladim|onayladik|tamamlandi|ilettim|ilettik|iletildi|ayirttim|ayirttik|ayirdim|ayirdik|guncellendi|guncelledim|degistirdim|degistirildi|kaydettim|kaydedildi|edecegim|edecegiz|yapacagim|yapacagiz|gonderecegim|gonderecegiz|iletecegim|ayiracagim|ediyorum|yapiyorum|gonderiyorum)",
    // Arabic
    r"(?:لقد |قد )?(?:تم|تمت|جري|جرى) (?:\p{L}+ )?(?:حجز|الحجز|استرداد|رد|ارسال|الارسال|الغاء|الالغاء|تاكيد|التاكيد|جدولة|معالجة|تحديث|تغيير|تسجيل|تحويل|شحن|تفعيل|حذف|اضافة|قبول|الدفع|دفع)\p{L}*|\b(?:حجزت|قمت|قمنا|ارسلت|ارسلنا|الغيت|الغينا|اكدت|اكدنا|حجزنا|سجلت|حولت|رددت)\b|\b(?:ساقوم|سنقوم|سوف اقوم|سارسل|ساحجز|سالغي|سنرد|سنعيد|ساحول)\b",
    // Hindi
    r"(?:बुक|रिफंड|रद्द|आरक्षित|कन्फर्म|पुष्टि|अपडेट|प्रोसेस|रजिस्टर|ट्रांसफर|शेड्यूल|कैंसिल|वापस|ऑर्डर|भेज|बदल|हटा|जमा|बुकिंग|अपॉइंटमेंट)[^।.!?\n]{0,40}?(?:कर दिया|कर दी|कर दिए|हो गया|हो गई|हो गयी|हो चुका|हो चुकी|दिया है|दी है|कर चुका|कर रहा|कर रही|कर दूँगा|कर दूंगा|कर दूँगी|कर दूंगी|कर देंगे|गया है|गई है|दिया गया|दूँगा|दूंगा|देंगे)",
    // Indonesian
    r"\b(?:saya|kami) (?:sudah|telah|baru saja|akan|langsung)(?: \w+)? (?:mem\w*|men\w*|meng\w*|meny\w*|me\w{4,}|pesan\w*|kirim\w*|batal\w*|konfirmasi\w*|proses\w*|refund\w*|booking\w*|reservasi\w*)|\b(?:pesanan|reservasi|janji|pembayaran|booking|pengembalian|refund|jadwal)(?: \w+){0,3} (?:sudah|telah|berhasil)(?: \w+)? ?(?:di\w{4,}|berhasil|terkonfirmasi|terkirim|selesai)",
];

static ACTION: LazyLock<Vec<Regex>> = LazyLock::new(|| ACTIONS.iter().map(|text| pattern(text)).collect());

/// One thing that may be promised only in the source's words.
struct Promise {
    what: &'static str,
    words: Lexicon,
}

impl Promise {
    /// Whether a source promises it about something the sentence speaks of: free parking is no free delivery.
    fn speaks_of(&self, source: &str, sentence: &str) -> bool {
        let about = topics(sentence);
        sentences(source)
            .into_iter()
            .filter_map(|range| source.get(range))
            .any(|part| {
                let same = || {
                    topics(part)
                        .iter()
                        .any(|topic| about.contains(topic) && self.words.find(topic).is_none())
                };
                self.words.is_in(part) && same()
            })
    }
}

/// The beginnings of the longer words of a sentence, and its numbers.
fn topics(sentence: &str) -> Vec<String> {
    sentence
        .split(|sign: char| {
            !(sign.is_alphanumeric() || matches!(sign, '\u{900}'..='\u{903}' | '\u{93a}'..='\u{94f}'))
        })
        .filter(|word| word.chars().count() >= 3 || word.contains(|sign: char| sign.is_ascii_digit()))
        .map(|word| word.strip_prefix("ال").unwrap_or(word).chars().take(5).collect())
        .filter(|word: &String| !STOP.contains(&word.as_str()))
        .collect()
}

/// Short words that make no topic, cut as topics are.
const STOP: &[&str] = &[
    "the",
    "you",
    "your",
    "our",
    "for",
    "and",
    "with",
    "get",
    "this",
    "that",
    "are",
    "have",
    "has",
    "was",
    "all",
    "any",
    "today",
    "every",
    "free",
    "los",
    "las",
    "una",
    "con",
    "que",
    "para",
    "por",
    "sus",
    "der",
    "die",
    "das",
    "und",
    "fur",
    "sie",
    "wir",
    "ist",
    "auf",
    "mit",
    "ein",
    "eine",
    "les",
    "des",
    "une",
    "est",
    "nous",
    "vous",
    "pour",
    "avec",
    "del",
    "per",
    "gli",
    "con",
    "uma",
    "com",
    "voce",
    "dos",
    "das",
    "bir",
    "icin",
    "ile",
    "dan",
    "yang",
    "kami",
    "anda",
    "dari",
    "untuk",
    "على",
    "من",
    "في",
    "हम",
    "है",
    "हैं",
    "और",
    "को",
    "की",
    "का",
    "के",
    "में",
    "आपको",
    "tous",
    "sera",
    "elle",
    "leur",
    "hari",
    "ini",
    "di",
];

static PROMISES: LazyLock<Vec<Promise>> = LazyLock::new(|| {
    let promise = |what, lists: &[&str]| Promise {
        what,
        words: Lexicon::new(lists),
    };
    vec![
        promise(
            "a discount",
            &[
                "discount*|% off|percent off|half price|half-price|get one free|two for one|special offer|special price|on sale|promo*|rebate|price reduction|markdown|cheaper for you|best price|lowest price|deal for you|price match*|cheaper|eur less|euro less|euros less|dollars less|pounds less|less than before|less than usual|off the price|half off|half the price|half as much|you save|save money|knock off|price drop*|reduced price*|lower price*|bargain*|marked down",
                "más barato|más barata|menos que antes|euros menos|ahorra*|mais barato|mais barata|menos que antes|reais a menos|moins cher|moins chère|moins qu'avant|euros de moins|descuento*|rebaja*|mitad de precio|oferta especial|mejor precio|desconto*|metade do preco|promocao|promocoes|melhor preco|remise*|reduction*|moitie prix|rabais|meilleur prix|solde*",
                "billiger|günstiger|weniger als vorher|weniger als früher|euro weniger|meno di prima|euro in meno|più economic*|rabatt*|nachlass|sonderangebot*|sonderpreis|halber preis|zum halben preis|bester preis|ermassig*|sconto|sconti|scontat*|meta prezzo|offerta speciale|miglior prezzo",
                "daha ucuz|eskisinden az|ارخص|اقل من السابق|सस्ता|सस्ती|lebih murah|indirim*|kampanya*|yari fiyat*|ozel fiyat|خصم|خصومات|تخفيض*|نصف السعر|عرض خاص|छूट|डिस्काउंट|आधे दाम|विशेष ऑफर|ऑफर|diskon*|potongan harga|setengah harga|promo|harga khusus",
            ],
        ),
        promise(
            "something for free",
            &[
                "free of charge|for free|free delivery|free shipping|free gift|at no cost|at no extra cost|no charge|complimentary|on the house|is free|are free|free of cost|free sample|free trial|free parking|free wifi|free wi-fi|it's free|free return*|without charge|costs nothing|cost nothing|for nothing|nothing to pay|pay nothing|pay for nothing|costs you nothing|cost you nothing|is nothing|i.e. nothing|that is nothing|so nothing|zero cost|zero euros|no cost|no fee|no fees|no payment|without paying|without payment|waive*|on us|at our expense|doesn't cost|does not cost|don't cost|do not cost|don't have to pay|do not have to pay|don't need to pay|do not need to pay|not pay anything|not charged|won't charge|will not charge|a free|get free|one free|with free|includes free|your free|first free|free cup*|free coffee*|free drink*|free entry|free admission|free refill*|free extra*|free upgrade*|free cancellation|free replacement*|free repair*|free exchange*|free consultation*|free service|free pickup|free pick-up|free installation|free sample*|free wrapping|free gift*|free item*|free meal*|free of any charge|gratis|pay a cent|pay a penny|not a cent|included in the price|shipping is included|delivery is included|incluido en el precio|envío incluido|incluído no preço|inclus dans le prix|im preis enthalten|inbegriffen|incluso nel prezzo|fiyata dahil",
                "por nada|no cuesta nada|no cuestan nada|no paga nada|no pagas nada|sin pagar|coste cero|costo cero|regalad*|não custa nada|não paga nada|sem pagar|custo zero|sai por zero|de borla|ne coûte rien|ne coûtent rien|ne paie rien|ne payez rien|rien à payer|sans payer|pour rien|zéro euro|gratis|gratuit*|sin costo|sin coste|sin cargo|de graca|sem custo|offert|offerte|sans frais|kostenlos*|kostenfrei*|umsonst|kostet nichts|kosten nichts|für nichts|zahlen nichts|zahlst nichts|nichts zahlen|nichts bezahlen|geht aufs haus|aufs haus|null euro|ohne kosten|ohne aufpreis|gebührenfrei*|costa nulla|costa niente|costano nulla|non costa|non costano|non paga|non paghi|per niente|per nulla|senza pagare|costo zero|offre la casa|bedelsiz|para ödeme*|hiç para|ödemeden|gratuito|gratuita|omaggio|senza costi|ucretsiz*|bedava|hediye*",
                "ببلاش|بلاش|لا تدفع|دون مقابل|بدون تكلفة|लागत नहीं|पैसे नहीं|बिना पैसे|निशुल्क|gratisnya|tidak perlu bayar|tanpa bayar|مجان*|مجاني*|بدون مقابل|بدون رسوم|मुफ़्त|मुफ्त|फ्री|निःशुल्क|gratis|cuma-cuma|tanpa biaya|bebas biaya|regalo|regalamos|cadeau|geschenkt|brinde|hadiah",
            ],
        ),
        promise(
            "a guarantee",
            &[
                "guarantee*|warrant*|money back|money-back|promise|promised|promises|risk-free|risk free|100% safe|without fail|you have my word|lifetime|never fails",
                "garantia*|garantiz*|garanti*|prometo|prometemos|promet*|garantie*|garantir*|promets|versprech*|garantier*|ohne risiko|garanzia|garantit*|promett*",
                "garanti*|soz veriyor*|kesin olarak|ضمان*|نضمن|اضمن|مضمون*|اعدك|نعدك|गारंटी|वारंटी|वादा|garansi*|jamin*|dijamin|janji*",
            ],
        ),
        promise(
            "money back",
            &[
                "refund*|reimburse*|compensat*|store credit|cashback",
                "reembols*|devolucion del dinero|compensa*|estorno*|rembours*|dedommag*",
                "erstatt*|ruckerstatt*|entschadig*|geld zuruck|rimbors*|risarci*|iade|para iade*|tazminat",
                "استرداد|استرجاع|تعويض*|रिफंड|धनवापसी|मुआवज़ा|कैशबैक|pengembalian dana|kompensasi|ganti rugi|uang kembali",
            ],
        ),
        promise(
            "a voucher",
            &[
                "voucher*|coupon*|gift card*|bonus|cupon*|vale de regalo|bono|cupom|cupons|vale-presente|bon d'achat|carte cadeau|gutschein*|buono regalo|kupon*|hediye ceki|قسيمة|كوبون|कूपन|वाउचर|promo code|discount code",
            ],
        ),
        promise(
            "medical advice",
            &[
                "diagnos*|dose|doses|dosage|mg|medication*|medicine*|prescri*|antibiotic*|ibuprofen|paracetamol|aspirin|symptom*|cure|cures|cured|heals|treats|disease*|allerg*|side effect*|pregnan*|insulin|blood pressure|infection*|safe for diabetics|vaccin*|clinically proven|medically",
                "diagnostic*|dosis|medicamento*|receta medica|antibiotico*|sintoma*|cura|alergi*|efectos secundarios|embaraz*|enfermedad*|dose|remedio*|doenca*|gravida*|gravidez|alergia*|ordonnance|medicament*|symptome*|guerit|maladie*|enceinte*|grossesse",
                "diagnose*|dosis|dosierung|medikament*|rezeptpflicht*|symptom*|heilt|heilung|krankheit*|allergi*|nebenwirkung*|schwanger*|farmac*|sintomi|cura|malatti*|gravidanza|incinta|ilac*|doz|dozu|teshis*|recete*|belirti*|hastalik*|alerji*|hamile*|yan etki*",
                "تشخيص*|جرعة|دواء|ادوية|وصفة طبية|اعراض|يعالج|علاج|مرض|حساسية|حامل|دوا|दवा|दवाई|खुराक|बीमारी|इलाज|लक्षण|एलर्जी|गर्भवती|obat|dosis|gejala|penyakit|menyembuhkan|alergi|hamil|resep dokter|efek samping",
            ],
        ),
        promise(
            "legal words",
            &[
                "lawyer*|attorney*|lawsuit*|legal|legally|sue|sued|liable|liability|legislation|court|your rights|statutory|tax deductible|deductible|gdpr|complies with|in accordance with the law|binding",
                "abogad*|demanda judicial|legal|legales|legalmente|responsabilidad|tribunal|sus derechos|tus derechos|advogad*|processar|juridic*|seus direitos|avocat*|juridique*|legalement|responsabilite|vos droits|poursuite*",
                "anwalt*|rechtlich*|rechtsanspruch|klage|haftung|haften|haftbar|gericht|gesetzlich*|ihre rechte|avvocat*|legale|legali|legalmente|responsabilita|tribunale|diritti|avukat*|yasal*|dava|hukuki*|mahkeme*|haklariniz",
                "محامي*|قانوني*|قانونا|محكمة|مسؤولية|حقوقك|قانون|वकील|कानूनी|क़ानून|अदालत|मुकदमा|दायित्व|pengacara|hukum|secara hukum|pengadilan|tanggung jawab hukum|gugat*|hak anda",
            ],
        ),
        promise(
            "a deadline",
            &[
                "immediately|right away|instantly|within minutes|in no time|as soon as possible|asap|today without fail|shortly|any minute",
                "inmediatamente|de inmediato|en minutos|cuanto antes|imediatamente|na hora|em minutos|immediatement|tout de suite|sofort|umgehend|in kurze|immediatamente|subito|entro pochi minuti|hemen|derhal|birazdan|فورا|حالا|في الحال|तुरंत|फौरन|अभी के अभी|segera|sekarang juga|langsung hari ini",
            ],
        ),
    ]
});

/// Claims and promises an answer makes beyond its sources.
pub(super) fn doubts(text: &str, sources: &[&str]) -> Vec<Doubt> {
    let mut doubts = Vec::new();
    for range in sentences(text) {
        let sentence = text.get(range.clone()).unwrap_or_default();
        let bare = sentence.trim().trim_matches(|sign: char| !sign.is_alphanumeric());
        if bare.chars().count() >= 8 && sources.iter().any(|source| source.contains(bare)) {
            continue;
        }
        if let Some(hit) = ACTION
            .iter()
            .find_map(|regex| regex.find(sentence))
            .filter(|_| !is_question(sentence))
        {
            let span = range.start + hit.start()..range.start + hit.end();
            doubts.push((
                span,
                FindingKind::Action,
                "It says that something was done or will be done, but nothing was.".to_owned(),
            ));
        }
        for promise in PROMISES.iter() {
            let Some(hit) = promise.words.find(sentence) else {
                continue;
            };
            let saying: Vec<&str> = sources
                .iter()
                .copied()
                .filter(|source| promise.speaks_of(source, sentence))
                .collect();
            let is_denied = !saying.is_empty() && saying.iter().all(|source| denies(source, promise));
            let what = promise.what;
            let doubt = if saying.is_empty() {
                format!("It speaks of {what}, and no source does.")
            } else if is_denied && !negates(sentence) {
                format!("It speaks of {what}, and the source denies that.")
            } else {
                continue;
            };
            doubts.push((
                range.start + hit.start..range.start + hit.end,
                FindingKind::Promise,
                doubt,
            ));
        }
    }
    doubts
}

/// Whether every sentence of a source that speaks of it says no.
fn denies(source: &str, promise: &Promise) -> bool {
    let mut speaking = sentences(source)
        .into_iter()
        .filter_map(|range| source.get(range))
        .filter(|sentence| promise.words.is_in(sentence));
    speaking.all(negates)
}

/// Whether it only offers: "Shall I book a table for you?"
fn is_question(sentence: &str) -> bool {
    sentence.trim_end().ends_with('?')
}
