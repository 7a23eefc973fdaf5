//! Words that state a fact without a digit: `fortnight`, `next week`, `daily`, `on Insta`, `dishwasher-safe`.
//!
//! One line is one meaning in all languages, so that a source in one language supports an answer in another.

/// What kind of fact a meaning is, and where it counts as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Sense {
    /// An amount, before a unit: `a few days`, but not `a few questions`.
    Amount,
    /// A part or a multiple: `half a litre`.
    Part,
    /// A span of time by itself.
    Span,
    /// A day or days, seen from today or from the week.
    Day,
    /// A part of the day; counts where something is asserted of the shop.
    Daytime,
    /// A time of the day without a number.
    Hour,
    /// A network or a way to pay outside this conversation.
    Network,
    /// Something in a town; counts beside a word of place.
    Landmark,
    /// A property that somebody's health may hang on.
    Safety,
}

/// Meanings with their spellings, separated by `|`; `*` at the end stands for any ending.
pub(super) const CONCEPTS: &[(Sense, &str, &str)] = &[
    (
        Sense::Amount,
        "couple",
        "couple of|couple|un par de|par de|pair of|une paire de|paio di|पाँच-सात|दो-चार|دو تا|sepasang",
    ),
    (
        Sense::Amount,
        "few",
        "few|several|some|many|handful of|various|numerous|unos|unas|unos cuantos|unas cuantas|algunos|algunas|varios|varias|pocos|pocas|muchos|muchas|alguns|algumas|poucos|poucas|uns|umas|muitos|muitas|vários|várias|quelques|plusieurs|peu de|einige|einigen|einiger|mehrere|mehreren|wenige|wenigen|ein paar|paar|etliche|vielen|viele|alcuni|alcune|qualche|pochi|poche|diversi|diverse|parecchi|parecchie|molti|molte|birkaç|bir kaç|birkac|bir iki|beberapa|sejumlah|कुछ|कई|थोड़े|चंद|بضعة|بضع|عدة|بعض",
    ),
    (
        Sense::Part,
        "half",
        "half|halves|medio|media|mitad|meio|meia|metade|demi|demie|moitié|halb|halbe|halber|halben|halbes|halbem|hälfte|mezzo|mezza|mezz'|metà|yarım|yarısı*|separuh|نصف|आधा|आधे|आधी",
    ),
    (
        Sense::Part,
        "quarter",
        "quarter|quarters|cuarta parte|un cuarto|cuarto de hora|cuarto de litro|cuarto de kilo|um quarto de hora|quarto de hora|quarto de litro|quarto de quilo|quarta parte|quart|quarts|viertel|un quarto|çeyrek|çeyreği|ربع|चौथाई|पाव|seperempat",
    ),
    (
        Sense::Part,
        "third",
        "one third|a third of|two thirds|tercio|tercios|tercera parte|um terço|terços|terça parte|un tiers|le tiers|deux tiers|drittel|un terzo|due terzi|üçte bir*|üçte iki*|ثلث|ثلثي|तिहाई|sepertiga",
    ),
    (
        Sense::Part,
        "double",
        "double the|double your|double that|double what|is double|are double|twice|el doble|al doble|o dobro|em dobro|le double|deux fois|doppelt|doppelte|doppelten|das doppelte|zweimal|il doppio|al doppio|due volte|dos veces|duas vezes|iki katı*|iki misli|iki kez|iki kere|ضعف|مرتين|दोगुना|दोगुनी|दुगना|दुगुना|dua kali",
    ),
    (
        Sense::Part,
        "triple",
        "triple|threefold|thrice|el triple|o triplo|le triple|dreifach*|il triplo|üç katı*|ثلاثة اضعاف|तिगुना|तीन गुना|tiga kali",
    ),
    (
        Sense::Span,
        "fortnight",
        "fortnight|fortnights|fortnightly|quincena|quincenal|quinzena|quinzenal|quinzaine|huitaine|quindicina|quattordici giorni|iki haftalık|पखवाड़े|पखवाड़ा|dua mingguan|اسبوعين|اسبوعان",
    ),
    (Sense::Span, "two days", "يومين|يومان"),
    (Sense::Span, "two hours", "ساعتين|ساعتان"),
    (Sense::Span, "two months", "شهرين|شهران"),
    (Sense::Span, "two years", "سنتين|سنتان|عامين|عامان"),
    (
        Sense::Span,
        "half hour",
        "halbstunde*|halbstündig*|mezz'ora|mezzora|setengah jam",
    ),
    (Sense::Span, "quarter hour", "viertelstunde*|viertelstündig*"),
    (
        Sense::Span,
        "decade",
        "decade|decades|década|décadas|décennie*|jahrzehnt*|decennio|decenni|on yıllardır|عقود|दशक*|dekade",
    ),
    (
        Sense::Span,
        "century",
        "century|centuries|siglo|siglos|século|séculos|siècle|siècles|jahrhundert*|secolo|secoli|yüzyıl*|قرن|शताब्दी|सदी|abad",
    ),
    (
        Sense::Span,
        "semester",
        "semester|semesters|semestre|semestres|trimestre|trimestres|trimester|quartal|quartale|quarterly|vierteljährlich|trimestral|trimestriel*|trimestrale",
    ),
    (
        Sense::Span,
        "overnight",
        "overnight|over night|über nacht|de la noche a la mañana|de un día para otro|da noite para o dia|de um dia para o outro|du jour au lendemain|dall'oggi al domani|bir gecede|semalam|रातोंरात|بين ليلة وضحاها",
    ),
    (
        Sense::Span,
        "same day",
        "same day|same-day|mismo día|mesmo dia|le jour même|jour même|selben tag|gleichen tag|taggleich|noch heute|stesso giorno|aynı gün|hari yang sama|نفس اليوم|उसी दिन",
    ),
    (
        Sense::Span,
        "next day",
        "next day|next-day|following day|día siguiente|dia seguinte|lendemain|nächsten tag|folgetag|giorno dopo|giorno successivo|giorno seguente|ertesi gün|keesokan hari*|اليوم التالي|अगले दिन",
    ),
    (
        Sense::Span,
        "minute's time",
        "in a moment|in a minute|in a sec|en un momento le llega|en un santiamén|num instante|en un rien de temps|im handumdrehen|in un attimo|bir çırpıda|seketika|पलक झपकते|في لمح البصر",
    ),
    (
        Sense::Day,
        "after tomorrow",
        "day after tomorrow|pasado mañana|depois de amanhã|après-demain|après demain|übermorgen|dopodomani|öbür gün|yarından sonra|lusa|بعد غد|परसों",
    ),
    (
        Sense::Day,
        "next",
        "tomorrow's|कल तक|कल आएगा|कल मिलेगा|बुधवार तक|غدا|بكرة|غد",
    ),
    (
        Sense::Day,
        "yesterday",
        "yesterday|ayer|ontem|gestern|ieri|dün|امس|kemarin|last night|anoche|gestern abend",
    ),
    (
        Sense::Day,
        "next week",
        "next week|coming week|following week|week after|próxima semana|semana próxima|semana que viene|semana que vem|semana siguiente|semana seguinte|semana entrante|semaine prochaine|prochaine semaine|semaine suivante|nächste woche|nächster woche|kommende woche|kommender woche|kommenden woche|nächsten woche|prossima settimana|settimana prossima|settimana entrante|gelecek hafta*|önümüzdeki hafta*|haftaya|minggu depan|pekan depan|الاسبوع القادم|الاسبوع المقبل|الاسبوع الجاي|अगले हफ्ते|अगले हफ़्ते|अगले सप्ताह",
    ),
    (
        Sense::Day,
        "this week",
        "this week|esta semana|nesta semana|cette semaine|diese woche|dieser woche|questa settimana|bu hafta|bu haftaya|minggu ini|pekan ini|هذا الاسبوع|इस हफ्ते|इस हफ़्ते|इस सप्ताह",
    ),
    (
        Sense::Day,
        "last week",
        "last week|la semana pasada|semana passada|semaine dernière|letzte woche|letzter woche|settimana scorsa|scorsa settimana|geçen hafta|minggu lalu|الاسبوع الماضي|पिछले हफ्ते",
    ),
    (
        Sense::Day,
        "next month",
        "next month|coming month|próximo mes|mes próximo|mes que viene|próximo mês|mês que vem|mois prochain|prochain mois|nächsten monat|nächster monat|kommenden monat|prossimo mese|mese prossimo|gelecek ay*|önümüzdeki ay*|bulan depan|الشهر القادم|الشهر المقبل|अगले महीने|अगले माह",
    ),
    (
        Sense::Day,
        "this month",
        "this month|este mes|este mês|neste mês|ce mois-ci|ce mois|diesen monat|diesem monat|questo mese|bu ay|bulan ini|هذا الشهر|इस महीने",
    ),
    (
        Sense::Day,
        "next year",
        "next year|coming year|próximo año|año que viene|próximo ano|ano que vem|année prochaine|l'an prochain|nächstes jahr|nächsten jahr|kommendes jahr|anno prossimo|prossimo anno|gelecek yıl|gelecek sene|seneye|tahun depan|السنة القادمة|العام القادم|العام المقبل|अगले साल",
    ),
    (
        Sense::Day,
        "this year",
        "this year|este año|este ano|cette année|dieses jahr|diesem jahr|heuer|quest'anno|bu yıl|bu sene|tahun ini|هذا العام|هذه السنة|इस साल",
    ),
    (
        Sense::Day,
        "end of month",
        "end of the month|end of month|end of the week|end of the year|month's end|fin de mes|finales de mes|finales de semana|fin de año|fim do mês|final do mês|fim do ano|fin du mois|fin de l'année|fin de semaine|monatsende|ende des monats|ende der woche|wochenmitte|jahresende|ende des jahres|fine mese|fine del mese|fine settimana prossimo|fine anno|ay sonu*|yıl sonu*|hafta sonuna kadar|akhir bulan|akhir tahun|نهاية الشهر|اخر الشهر|نهاية العام|महीने के अंत|साल के अंत|beginning of the month|start of the month|mid-week|midweek|monatsanfang|anfang des monats|principios de mes|início do mês|début du mois|inizio mese",
    ),
    (
        Sense::Day,
        "coming days",
        "coming days|coming weeks|next days|following days|next few days|próximos días|próximas semanas|próximos dias|prochains jours|jours qui viennent|prochaines semaines|nächsten tagen|kommenden tagen|nächsten wochen|kommenden wochen|dieser tage|prossimi giorni|prossime settimane|önümüzdeki günler*|bugün yarın|hari-hari mendatang|الايام القادمة|الايام المقبلة|आने वाले दिनों|अगले कुछ दिनों",
    ),
    (
        Sense::Day,
        "tonight",
        "tonight|this evening|this afternoon|this morning|later today|esta noche|esta tarde|hoy mismo|hoje à noite|esta noite|hoje à tarde|hoje mesmo|ce soir|cette nuit|cet après-midi|aujourd'hui même|heute abend|heute nacht|heute nachmittag|heute noch|heute mittag|stasera|stanotte|questa sera|oggi stesso|in giornata|bu akşam|bu gece|bugün içinde|malam ini|sore ini|hari ini juga|الليلة|هذا المساء|مساء اليوم|आज रात|आज शाम|आज ही",
    ),
    (
        Sense::Day,
        "today",
        "today|hoy|hoje|aujourd'hui|heute|oggi|bugün|hari ini|اليوم|आज",
    ),
    (
        Sense::Day,
        "weekend",
        "weekend|weekends|week-end|week-ends|fin de semana|fines de semana|finde|fim de semana|fins de semana|finais de semana|final de semana|wochenende|wochenenden|fine settimana|hafta sonu*|haftasonu*|akhir pekan|نهاية الاسبوع|عطلة نهاية الاسبوع|सप्ताहांत|वीकेंड",
    ),
    (
        Sense::Day,
        "weekdays",
        "on weekdays|every weekday|any weekday|weekdays|entre semana|días laborables|días hábiles|durante a semana|dias de semana|en semaine|werktags|wochentags|unter der woche|giorni feriali|giorni lavorativi|hafta içi*|hari kerja|ايام الاسبوع|ايام العمل|कार्यदिवस",
    ),
    (
        Sense::Day,
        "daily",
        "every day|everyday|each day|daily|seven days a week|7 days a week|every single day|all week|all week long|todos los días|cada día|a diario|diario|diariamente|toda la semana|todos os dias|todo dia|todo o dia|cada dia|a semana toda|tous les jours|chaque jour|quotidiennement|toute la semaine|7 jours sur 7|täglich|jeden tag|tagtäglich|die ganze woche|tutti i giorni|ogni giorno|quotidianamente|tutta la settimana|her gün|hergün|bütün hafta|haftanın her günü|كل يوم|يوميا|طوال الاسبوع|جميع الايام|हर दिन|हर रोज|रोज|रोज़|रोज़ाना|प्रतिदिन|सातों दिन|setiap hari|tiap hari|sepanjang minggu",
    ),
    (
        Sense::Day,
        "weekly",
        "weekly|every week|each week|semanal|semanalmente|cada semana|todas las semanas|toda semana|todas as semanas|hebdomadaire*|chaque semaine|toutes les semaines|wöchentlich*|jede woche|settimanale|settimanalmente|ogni settimana|haftalık|her hafta|اسبوعيا|كل اسبوع|हर हफ्ते|हर सप्ताह|साप्ताहिक|mingguan|setiap minggu",
    ),
    (
        Sense::Day,
        "monthly",
        "monthly|every month|each month|mensual|mensualmente|cada mes|todos los meses|mensal|mensalmente|todo mês|todos os meses|mensuel*|chaque mois|tous les mois|monatlich*|jeden monat|mensile|mensilmente|ogni mese|aylık|her ay|شهريا|كل شهر|हर महीने|मासिक|bulanan|setiap bulan",
    ),
    (
        Sense::Day,
        "yearly",
        "yearly|annually|annual|every year|each year|anual|anualmente|cada año|todos los años|todo ano|todos os anos|annuel*|chaque année|tous les ans|jährlich*|jedes jahr|annuale|annualmente|ogni anno|yıllık|her yıl|her sene|سنويا|كل سنة|كل عام|हर साल|वार्षिक|tahunan|setiap tahun",
    ),
    (
        Sense::Day,
        "hourly",
        "hourly|every hour|every half hour|cada hora|de hora em hora|toutes les heures|chaque heure|stündlich*|jede stunde|ogni ora|her saat|كل ساعة|हर घंटे|setiap jam",
    ),
    (
        Sense::Day,
        "every other day",
        "every other day|every second day|un día sí y otro no|cada dos días|dia sim dia não|un jour sur deux|jeden zweiten tag|un giorno sì e uno no|gün aşırı|يوم بعد يوم|हर दूसरे दिन",
    ),
    (
        Sense::Day,
        "christmas",
        "christmas|xmas|navidad|navidades|nochebuena|natal|noël|weihnachten|weihnachts*|heiligabend|natale|vigilia di natale|noel|الكريسماس|عيد الميلاد|क्रिसमस",
    ),
    (
        Sense::Day,
        "new year",
        "new year's|new years|new year|nochevieja|año nuevo|ano novo|réveillon|nouvel an|saint-sylvestre|silvester|neujahr*|capodanno|san silvestro|yılbaşı*|tahun baru|راس السنة|नए साल|नववर्ष",
    ),
    (
        Sense::Day,
        "easter",
        "easter|semana santa|pascua|páscoa|pâques|ostern|oster*|pasqua|paskalya|paskah|الفصح|ईस्टर",
    ),
    (
        Sense::Day,
        "feast",
        "the holidays|holiday season|festive season|vacaciones|las fiestas|férias|les fêtes|vacances|feiertage|ferien|le feste|ferie|tatilde|ramadan|ramazan|eid|thanksgiving|black friday|cyber monday|diwali|carnaval|karneval|carnevale|bayramda|bayram boyunca|lebaran|رمضان|العيد|दिवाली|दीवाली|होली|bank holiday*|public holiday*|feiertag*|feiertagen|días festivos|festivos|feriados|feriado|jours fériés|jour férié|giorni festivi|resmi tatil*|hari libur|العطل|छुट्टी के दिन",
    ),
    (
        Sense::Day,
        "season",
        "this summer|this winter|this autumn|this spring|next summer|next spring|in summer|in winter|in spring|in autumn|until summer|until spring|este verano|este invierno|en verano|en invierno|en primavera|en otoño|este verão|no verão|no inverno|na primavera|cet été|cet hiver|en été|en hiver|au printemps|en automne|im sommer|im winter|im frühling|im frühjahr|im herbst|quest'estate|in estate|d'estate|in inverno|d'inverno|in primavera|in autunno|bu yaz|bu kış|yazın|kışın|ilkbaharda|sonbaharda|في الصيف|في الشتاء|गर्मियों में|सर्दियों में|musim panas|musim hujan",
    ),
    (
        Sense::Hour,
        "noon",
        "at noon|noon|midday|mittag|mittags|mediodía|meio-dia|meio dia|midi|mezzogiorno|öğle|öğlen|öğleyin|öğlene|الظهر|الظهيرة|siang hari|tengah hari",
    ),
    (
        Sense::Hour,
        "midnight",
        "midnight|medianoche|meia-noite|meia noite|minuit|mitternacht|mezzanotte|gece yarısı*|منتصف الليل|आधी रात|मध्यरात्रि|tengah malam",
    ),
    (
        Sense::Hour,
        "lunch",
        "lunchtime|lunch time|lunch-time|at lunch|over lunch|after lunch|before lunch|lunch break|lunch hour|hora de comer|hora de la comida|hora del almuerzo|después de comer|hora do almoço|horário de almoço|depois do almoço|heure du déjeuner|pause déjeuner|après le déjeuner|midi et demi|mittagszeit|mittagspause|mittagessen|ora di pranzo|pausa pranzo|dopo pranzo|öğle arası*|öğle molası*|öğle saat*|وقت الغداء|وقت الغدا|بعد الغداء|लंच|jam makan siang|makan siang",
    ),
    (
        Sense::Hour,
        "dinner",
        "dinnertime|dinner time|teatime|tea time|breakfast time|bedtime|hora de cenar|hora de la cena|hora do jantar|hora de jantar|heure du dîner|abendessenszeit|ora di cena|akşam yemeği*|وقت العشاء|jam makan malam",
    ),
    (
        Sense::Hour,
        "sun",
        "sunset|sunrise|dawn|dusk|nightfall|atardecer|amanecer|anochecer|pôr do sol|nascer do sol|anoitecer|amanhecer|coucher du soleil|lever du soleil|sonnenuntergang|sonnenaufgang|morgengrauen|tramonto|alba|gün batımı*|gün doğumu*|الغروب|الفجر|الشروق|सूर्यास्त|सूर्योदय|matahari terbenam",
    ),
    (
        Sense::Hour,
        "late",
        "until late|till late|late at night|into the night|hasta tarde|hasta altas horas|até tarde|jusque tard|jusqu'à tard|bis spät|spätabends|bis in die nacht|fino a tardi|fino a tarda notte|geç saat*|geceye kadar|hingga larut|sampai larut|حتي وقت متاخر|لوقت متاخر|देर रात|देर तक",
    ),
    (
        Sense::Hour,
        "always",
        "always open|never close|never closes|day and night|night and day|non-stop|nonstop|all night|siempre abierto*|día y noche|noche y día|toda la noche|nunca cerramos|sin parar|sempre aberto*|dia e noite|a noite toda|nunca fechamos|toujours ouvert*|jour et nuit|nuit et jour|toute la nuit|immer geöffnet|immer offen|tag und nacht|durchgehend|die ganze nacht|sempre aperti|sempre aperto|giorno e notte|tutta la notte|non chiudiamo mai|gece gündüz|her zaman açık*|hiç kapanm*|siang malam|selalu buka|ليل نهار|دائما مفتوح*|दिन रात|दिन-रात|हमेशा खुल*",
    ),
    (
        Sense::Daytime,
        "morning",
        "in the morning|mornings|in the mornings|por la mañana|por las mañanas|de manhã|pela manhã|le matin|dans la matinée|am morgen|morgens|am vormittag|vormittags|di mattina|la mattina|in mattinata|sabahları|sabahleyin|في الصباح|صباحا|सुबह|pagi hari",
    ),
    (
        Sense::Daytime,
        "afternoon",
        "in the afternoon|afternoons|por la tarde|por las tardes|à tarde|de tarde|l'après-midi|dans l'après-midi|am nachmittag|nachmittags|di pomeriggio|nel pomeriggio|il pomeriggio|öğleden sonra*|بعد الظهر|दोपहर|sore hari",
    ),
    (
        Sense::Daytime,
        "evening",
        "in the evening|evenings|in the evenings|por la noche|por las noches|à noite|de noite|le soir|en soirée|am abend|abends|di sera|la sera|in serata|akşamları|akşamleyin|في المساء|مساء|शाम|malam hari",
    ),
    (
        Sense::Daytime,
        "night",
        "at night|nights|during the night|de madrugada|la nuit|nachts|in der nacht|di notte|la notte|geceleri|ليلا|रात|di malam hari",
    ),
    (
        Sense::Network,
        "instagram",
        "instagram|insta|ig|انستغرام|انستجرام|انستا|इंस्टाग्राम|इंस्टा",
    ),
    (Sense::Network, "facebook", "facebook|fb|فيسبوك|فيس بوك|फेसबुक"),
    (
        Sense::Network,
        "whatsapp",
        "whatsapp|whats app|واتساب|واتس اب|व्हाट्सएप|व्हाट्सऐप",
    ),
    (
        Sense::Network,
        "telegram",
        "telegram|تلغرام|تيليجرام|تليجرام|टेलीग्राम",
    ),
    (Sense::Network, "tiktok", "tiktok|tik tok|تيك توك|टिकटॉक"),
    (Sense::Network, "snapchat", "snapchat|سناب شات|سناب|स्नैपचैट"),
    (Sense::Network, "twitter", "twitter|تويتر|ट्विटर|bluesky|mastodon"),
    (Sense::Network, "youtube", "youtube|يوتيوب|यूट्यूब"),
    (
        Sense::Network,
        "linkedin",
        "linkedin|pinterest|reddit|discord|wechat|viber|skype|vkontakte|twitch|xing",
    ),
    (
        Sense::Network,
        "market",
        "ebay|etsy|amazon|wallapop|vinted|kleinanzeigen|leboncoin|mercado libre|mercado livre|mercadolibre|olx|shopee|tokopedia|lazada|flipkart|trendyol|hepsiburada|sahibinden|subito.it|depop|aliexpress|temu|craigslist|booking.com|airbnb|tripadvisor|uber eats|ubereats|deliveroo|glovo|rappi|ifood|zomato|swiggy|yemeksepeti|getir|gofood|grabfood|lieferando|just eat|talabat",
    ),
    (
        Sense::Network,
        "paypal",
        "paypal|venmo|cash app|cashapp|zelle|bizum|revolut|western union|moneygram|mb way|mbway|pix|paytm|phonepe|google pay|gpay|apple pay|klarna|satispay|postepay|papara|gopay|alipay|skrill|payoneer|mercado pago|mercadopago|crypto|cripto|kripto|ethereum|باي بال|पेटीएम",
    ),
    (
        Sense::Landmark,
        "station",
        "station|estación|estação|gare|bahnhof|hauptbahnhof|stazione|istasyon*|tren garı|محطة|المحطة|स्टेशन|stasiun",
    ),
    (
        Sense::Landmark,
        "church",
        "church|cathedral|iglesia|catedral|igreja|église|cathédrale|kirche|dom|chiesa|duomo|kilise*|كنيسة|गिरजाघर|gereja",
    ),
    (
        Sense::Landmark,
        "mosque",
        "mosque|mezquita|mesquita|mosquée|moschee|moschea|cami|camii|camii'*|caminin|مسجد|المسجد|جامع|मस्जिद|masjid",
    ),
    (
        Sense::Landmark,
        "mall",
        "mall|shopping centre|shopping center|centro comercial|shopping|centre commercial|einkaufszentrum|centro commerciale|alışveriş merkezi*|avm*|مول|المول|मॉल",
    ),
    (
        Sense::Landmark,
        "airport",
        "airport|aeropuerto|aeroporto|aéroport|flughafen|havalimanı*|havaalanı*|مطار|المطار|हवाई अड्डे|bandara",
    ),
    (Sense::Landmark, "bank", "bank|banco|banque|banka*|البنك|बैंक"),
    (
        Sense::Landmark,
        "town hall",
        "town hall|city hall|ayuntamiento|prefeitura|câmara municipal|mairie|rathaus|municipio|belediye*|البلدية|नगर पालिका|balai kota",
    ),
    (
        Sense::Landmark,
        "market",
        "market|mercado|marché|marktplatz|mercato|pazar yeri*|çarşı*|السوق|बाज़ार|बाजार|pasar",
    ),
    (
        Sense::Landmark,
        "park",
        "park|parque|parc|stadtpark|parco|parkı*|parkın*|الحديقة|पार्क|taman",
    ),
    (
        Sense::Landmark,
        "school",
        "school|university|escuela|colegio|universidad|escola|universidade|école|université|schule|universität|scuola|università|okul*|üniversite*|المدرسة|الجامعة|स्कूल|विश्वविद्यालय|sekolah|universitas",
    ),
    (
        Sense::Landmark,
        "hospital",
        "hospital|clinic|hôpital|krankenhaus|ospedale|hastane*|المستشفي|अस्पताल|rumah sakit",
    ),
    (
        Sense::Landmark,
        "pharmacy",
        "pharmacy|farmacia|farmácia|pharmacie|apotheke|eczane*|الصيدلية|apotek",
    ),
    (
        Sense::Landmark,
        "museum",
        "museum|museo|museu|musée|müze*|المتحف|library|biblioteca|bibliothèque|bibliothek|kütüphane*|theatre|theater|teatro|théâtre|cinema|cine|kino|tiyatro*|post office|correos|correios|la poste|postamt|ufficio postale|postane*|police station",
    ),
    (
        Sense::Landmark,
        "water",
        "beach|harbour|harbor|river|lake|playa|puerto|río|praia|porto|rio|plage|rivière|strand|hafen|fluss|spiaggia|fiume|sahil*|liman*|الشاطئ|الميناء|समुद्र|pantai|pelabuhan|bridge|puente|ponte|pont|brücke|köprü*",
    ),
    (
        Sense::Landmark,
        "centre",
        "city centre|city center|town centre|downtown|old town|centro de la ciudad|casco antiguo|centro da cidade|centro histórico|centre-ville|vieille ville|innenstadt|stadtmitte|altstadt|stadtzentrum|centro città|centro storico|şehir merkezi*|وسط المدينة|وسط البلد|शहर के बीच|pusat kota",
    ),
    (
        Sense::Safety,
        "dishwasher",
        "dishwasher*|lavavajillas|lava-louças|lava-louça|máquina de lavar louça|lave-vaisselle|spülmaschine*|geschirrspüler*|lavastoviglie|bulaşık makinesi*|غسالة الصحون|غسالة صحون|डिशवॉशर|mesin cuci piring",
    ),
    (
        Sense::Safety,
        "microwave",
        "microwave*|microondas|micro-ondas|micro-onde*|mikrowelle*|microonde|mikrodalga*|الميكروويف|ميكروويف|माइक्रोवेव",
    ),
    (
        Sense::Safety,
        "oven",
        "oven-safe|oven safe|ovenproof|oven-proof|heatproof|heat-resistant|heat resistant|fireproof|flame-retardant|apto para horno|resistente al calor|vai ao forno|resistente ao calor|passe au four|résistant à la chaleur|ofenfest*|backofenfest|hitzebeständig*|feuerfest*|resistente al calore|ignifugo|fırına dayanıklı|ısıya dayanıklı|مقاوم للحرارة|tahan panas",
    ),
    (
        Sense::Safety,
        "food-safe",
        "food-safe|food safe|food grade|food-grade|apto para alimentos|uso alimentario|próprio para alimentos|alimentaire|lebensmittelecht*|lebensmittelsicher*|per alimenti|uso alimentare|gıdaya uygun|صالح للطعام|फूड ग्रेड|aman untuk makanan",
    ),
    (
        Sense::Safety,
        "no lead",
        "lead-free|lead free|free of lead|free from lead|no lead|unleaded|without lead|sin plomo|libre de plomo|libres de plomo|sem chumbo|livre de chumbo|sans plomb|bleifrei*|ohne blei|frei von blei|senza piombo|privo di piombo|privi di piombo|privo di|kurşunsuz|kurşun içerm*|خال من الرصاص|خالية من الرصاص|सीसा मुक्त|सीसा रहित|bebas timbal",
    ),
    (
        Sense::Safety,
        "no toxins",
        "bpa*|phthalate*|ftalatos|non-toxic|non toxic|nontoxic|toxin-free|not toxic|no tóxico|no tóxica*|no tóxicos|atóxico*|não tóxico*|não-tóxico|non toxique*|ungiftig*|schadstofffrei*|frei von schadstoffen|atossico|atossica|non tossic*|toksik*|zehirsiz|zararsız|غير سام|غير سامة|विषरहित|tidak beracun|bebas racun|chemical-free|free of chemicals|no chemicals|sin químicos|sem químicos|sans produits chimiques|ohne chemie|ohne chemikalien|senza sostanze chimiche|kimyasal içerm*|بدون مواد كيميائية|harmless|inofensivo*|inoffensi*|unbedenklich|innocuo*|آمن تماما|asbestos*|amianto|amiante|asbest*",
    ),
    (
        Sense::Safety,
        "hypoallergenic",
        "hypoallergenic|hypo-allergenic|hipoalergénico*|hipoalergenico*|hipoalergênico*|hypoallergénique*|hypoallergen*|ipoallergenic*|hipoalerjenik|مضاد للحساسية|हाइपोएलर्जेनिक|hipoalergenik",
    ),
    (
        Sense::Safety,
        "no gluten",
        "gluten*|sin gluten|sem glúten|sans gluten|senza glutine|glutine|celiac*|celíac*|coeliac*|cœliaque*|zöliakie|glütensiz|glüten*|جلوتين|الغلوتين|غلوتين|ग्लूटेन",
    ),
    (
        Sense::Safety,
        "no lactose",
        "lactose*|dairy-free|dairy free|lactosa|laktose*|lattosio|laktoz*|اللاكتوز|لاكتوز|लैक्टोज|laktosa",
    ),
    (
        Sense::Safety,
        "no nuts",
        "nut-free|nut free|no nuts|peanut-free|free of nuts|contains nuts|traces of nuts|sin frutos secos|frutos secos|sem nozes|amendoim|sans noix|sans arachide*|nussfrei*|erdnussfrei|ohne nüsse|senza noci|arachidi|fındık içerm*|خالي من المكسرات|bebas kacang",
    ),
    (
        Sense::Safety,
        "no sugar",
        "sugar-free|sugar free|no sugar|no added sugar|sin azúcar|sem açúcar|sans sucre|zuckerfrei*|ohne zucker|senza zucchero|senza zuccheri|şekersiz|بدون سكر|خالي من السكر|शुगर फ्री|बिना चीनी|bebas gula|tanpa gula|caffeine-free|decaf*|alcohol-free|sin alcohol|sem álcool|sans alcool|alkoholfrei*|analcolic*|alkolsüz",
    ),
    (
        Sense::Safety,
        "vegan",
        "vegan*|vegano*|vegana*|végane*|végan*|فيجان|نباتي صرف|वीगन",
    ),
    (
        Sense::Safety,
        "vegetarian",
        "vegetarian*|vegetariano*|vegetariana*|végétarien*|vegetarisch*|vejetaryen*|نباتي|शाकाहारी",
    ),
    (
        Sense::Safety,
        "halal",
        "halal|kosher|koscher|halâl|helal|helâl|حلال|हलाल|cacher|casher",
    ),
    (
        Sense::Safety,
        "organic",
        "organic|organically|orgánico*|orgánica*|ecológico*|ecológica*|orgânico*|orgânica*|biologique*|issu de l'agriculture|bioqualität|biologisch*|biologico|biologica|biologici|biologiche|organik|عضوي|عضوية|जैविक|ऑर्गेनिक",
    ),
    (
        Sense::Safety,
        "waterproof",
        "waterproof|water-proof|water-resistant|water resistant|watertight|impermeable*|impermeável|impermeáveis|à prova d'água|étanche*|imperméable*|wasserdicht*|wasserfest*|impermeabil*|su geçirmez|مقاوم للماء|ضد الماء|वाटरप्रूफ|tahan air|kedap air",
    ),
    (
        Sense::Safety,
        "unbreakable",
        "unbreakable|shatterproof|shatter-proof|indestructible|break-proof|irrompible*|inquebrável|incassable*|unzerbrechlich*|bruchfest*|bruchsicher*|infrangibil*|kırılmaz|غير قابل للكسر|न टूटने|anti pecah",
    ),
    (
        Sense::Safety,
        "for children",
        "child-safe|child safe|childproof|baby-safe|safe for children|safe for kids|safe for babies|safe for toddlers|safe for infants|safe for pets|safe for dogs|safe for cats|seguro para niños|segura para niños|seguros para niños|seguro para bebés|seguro para crianças|segura para crianças|seguros para crianças|sans danger pour les enfants|sans danger|kindersicher*|für kinder geeignet|für babys geeignet|babysicher|sicuro per i bambini|sicura per i bambini|sicuri per i bambini|adatto ai bambini|çocuklar için güvenli|bebekler için güvenli|امن للاطفال|امنة للاطفال|बच्चों के लिए सुरक्षित|aman untuk anak*|aman untuk bayi",
    ),
    (
        Sense::Safety,
        "safe",
        "completely safe|perfectly safe|totally safe|absolutely safe|is safe|are safe|safe to eat|safe to drink|safe to use|es seguro para|son seguros para|totalmente seguro*|é seguro para|são seguros para|totalement sûr*|völlig sicher|absolut sicher|gesundheitlich unbedenklich|assolutamente sicur*|del tutto sicur*|tamamen güvenli|امن تماما|पूरी तरह सुरक्षित|sepenuhnya aman",
    ),
    (
        Sense::Safety,
        "certified",
        "certified|certificate|certification|certifi*|zertifi*|sertifika*|bersertifikat|معتمد|معتمدة|شهادة|प्रमाणित|fda|tüv|ce mark*|ce-mark*|ce-zeichen|eu-approved|lab-tested|lab tested|laboratory tested|dermatologically|dermatológicamente|dermatologicamente|dermatologiquement|dermatologisch|testato|homologad*|homologué*|approved by|aprobado por|aprovado por|approuvé par|approvato da|accredited|licensed|fully insured",
    ),
    (
        Sense::Safety,
        "sterile",
        "sterile|sterilized|sterilised|sterili*|disinfected|antibacterial|esteril*|esterilizado*|desinfectad*|antibacterian*|stérile*|stérilis*|désinfect*|antibactérien*|steril|desinfiziert|antibakteriell*|disinfettat*|antibatteric*|antibakteriyel|dezenfekte|معقم|معقمة|مضاد للبكتيريا|स्टरलाइज़|antibakteri",
    ),
    (
        Sense::Safety,
        "biodegradable",
        "biodegradable|compostable|recyclable|biodegradable*|compostable*|biodegradáve*|biologisch abbaubar|kompostierbar*|biodegradabil*|compostabil*|biyobozunur|قابل للتحلل|जैव निम्नीकरणीय",
    ),
];

/// Words of place, before or after a landmark.
pub(super) const BESIDE: &[&str] = &[
    "next to|near|nearby|opposite|across from|across the street from|behind|in front of|beside|close to|around the corner from|just off|between|steps from|walk from|minutes from|at the|inside the|located|in the|facing",
    "junto a*|al lado de*|frente a*|enfrente de*|detrás de*|cerca de*|delante de*|esquina|dentro de*|en el|en la",
    "ao lado d*|junto a*|em frente|atrás d*|perto d*|próximo a*|dentro d*|no|na",
    "à côté d*|près d*|en face|face à|derrière|devant|dans le|dans la|au",
    "neben|gegenüber|hinter|nahe|nähe|beim|am|in der|im|vor dem|vor der|an der",
    "accanto|vicino|di fronte|dietro|davanti|presso|nel|nella|in",
    "yanında*|karşısında*|arkasında*|önünde*|yakınında*|içinde*|bitişiğinde*",
    "بجانب|بجوار|امام|خلف|مقابل|قرب|بالقرب|داخل|في",
    "पास|बगल|सामने|पीछे|निकट|में|अंदर",
    "sebelah|dekat|depan|belakang|seberang|samping|dalam|di",
];

/// What is said when an address is given.
pub(super) const PLACED: &[&str] = &[
    "shop|store|office|salon|studio|we are|we're|located|find us|visit us|our|address|branch|come to|you'll find us|situated|restaurant|workshop",
    "tienda|local|estamos|encontr*|ubicad*|nuestra|nuestro|dirección|quedamos|visíten*",
    "loja|estamos|ficamos|fica|encontr*|localizad*|nossa|nosso|endereço|visite*",
    "boutique|magasin|nous sommes|situé*|trouv*|notre|adresse|atelier",
    "laden|geschäft|filiale|wir sind|befind*|finden sie|liegt|liegen|unser*|adresse|werkstatt|salon",
    "negozio|siamo|troviamo|trova|situat*|nostro|nostra|indirizzo",
    "dükkan*|mağaza*|yeri*|adres*|bulun*|şube*|salonumuz",
    "محلنا|متجرنا|المحل|المتجر|موقعنا|عنواننا|نقع|يقع|نحن|فرعنا",
    "दुकान|पता|स्थित|हम|हमारी|हमारा",
    "toko|kami|lokasi|alamat|terletak|cabang|berada",
];
