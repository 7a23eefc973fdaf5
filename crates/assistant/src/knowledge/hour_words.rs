//! Days and hours in the languages of our customers.

use domain::Language;

/// The words opening hours are told with.
#[derive(Debug)]
pub(super) struct Words {
    /// Monday to Sunday, short.
    pub(super) days: &'static str,
    /// Monday to Sunday.
    pub(super) long_days: &'static str,
    /// January to December, as they stand after the number of a day.
    pub(super) months: &'static str,
    pub(super) closed: &'static str,
    /// Between two times of a day.
    pub(super) and: &'static str,
    /// Between two days.
    pub(super) comma: &'static str,
    pub(super) today: &'static str,
    pub(super) tomorrow: &'static str,
    /// On a day of the week.
    pub(super) on: &'static str,
    /// A day and a time.
    pub(super) at: &'static str,
}

pub(super) const fn of(language: Language) -> &'static Words {
    match language {
        Language::English => &ENGLISH,
        Language::Spanish => &SPANISH,
        Language::Portuguese => &PORTUGUESE,
        Language::French => &FRENCH,
        Language::German => &GERMAN,
        Language::Italian => &ITALIAN,
        Language::Turkish => &TURKISH,
        Language::Arabic => &ARABIC,
        Language::Hindi => &HINDI,
        Language::Indonesian => &INDONESIAN,
    }
}

static ENGLISH: Words = Words {
    days: "Mon Tue Wed Thu Fri Sat Sun",
    long_days: "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    months: "January February March April May June July August September October November December",
    closed: "closed",
    and: " and ",
    comma: ", ",
    today: "today",
    tomorrow: "tomorrow",
    on: "on {}",
    at: "{day} at {time}",
};

static SPANISH: Words = Words {
    days: "lun mar mié jue vie sáb dom",
    long_days: "lunes martes miércoles jueves viernes sábado domingo",
    months: "de\u{a0}enero de\u{a0}febrero de\u{a0}marzo de\u{a0}abril de\u{a0}mayo de\u{a0}junio de\u{a0}julio \
             de\u{a0}agosto de\u{a0}septiembre de\u{a0}octubre de\u{a0}noviembre de\u{a0}diciembre",
    closed: "cerrado",
    and: " y ",
    comma: ", ",
    today: "hoy",
    tomorrow: "mañana",
    on: "el {}",
    at: "{day} a las {time}",
};

static PORTUGUESE: Words = Words {
    days: "seg ter qua qui sex sáb dom",
    long_days: "segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo",
    months: "de\u{a0}janeiro de\u{a0}fevereiro de\u{a0}março de\u{a0}abril de\u{a0}maio de\u{a0}junho de\u{a0}julho \
             de\u{a0}agosto de\u{a0}setembro de\u{a0}outubro de\u{a0}novembro de\u{a0}dezembro",
    closed: "fechado",
    and: " e ",
    comma: ", ",
    today: "hoje",
    tomorrow: "amanhã",
    on: "{}",
    at: "{day} às {time}",
};

static FRENCH: Words = Words {
    days: "lun. mar. mer. jeu. ven. sam. dim.",
    long_days: "lundi mardi mercredi jeudi vendredi samedi dimanche",
    months: "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    closed: "fermé",
    and: " et ",
    comma: ", ",
    today: "aujourd’hui",
    tomorrow: "demain",
    on: "{}",
    at: "{day} à {time}",
};

static GERMAN: Words = Words {
    days: "Mo Di Mi Do Fr Sa So",
    long_days: "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
    months: "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    closed: "geschlossen",
    and: " und ",
    comma: ", ",
    today: "heute",
    tomorrow: "morgen",
    on: "am {}",
    at: "{day} um {time} Uhr",
};

static ITALIAN: Words = Words {
    days: "lun mar mer gio ven sab dom",
    long_days: "lunedì martedì mercoledì giovedì venerdì sabato domenica",
    months: "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    closed: "chiuso",
    and: " e ",
    comma: ", ",
    today: "oggi",
    tomorrow: "domani",
    on: "{}",
    at: "{day} alle {time}",
};

static TURKISH: Words = Words {
    days: "Pzt Sal Çar Per Cum Cmt Paz",
    long_days: "Pazartesi Salı Çarşamba Perşembe Cuma Cumartesi Pazar",
    months: "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık",
    closed: "kapalı",
    and: " ve ",
    comma: ", ",
    today: "bugün",
    tomorrow: "yarın",
    on: "{} günü",
    at: "{day} saat {time}",
};

static ARABIC: Words = Words {
    days: "الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد",
    long_days: "الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد",
    months: "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
    closed: "مغلق",
    and: " و ",
    comma: "، ",
    today: "اليوم",
    tomorrow: "غدًا",
    on: "يوم {}",
    at: "{day} الساعة {time}",
};

static HINDI: Words = Words {
    days: "सोम मंगल बुध गुरु शुक्र शनि रवि",
    long_days: "सोमवार मंगलवार बुधवार गुरुवार शुक्रवार शनिवार रविवार",
    months: "जनवरी फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर",
    closed: "बंद",
    and: " और ",
    comma: ", ",
    today: "आज",
    tomorrow: "कल",
    on: "{} को",
    at: "{day} {time} बजे",
};

static INDONESIAN: Words = Words {
    days: "Sen Sel Rab Kam Jum Sab Min",
    long_days: "Senin Selasa Rabu Kamis Jumat Sabtu Minggu",
    months: "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember",
    closed: "tutup",
    and: " dan ",
    comma: ", ",
    today: "hari\u{a0}ini",
    tomorrow: "besok",
    on: "hari {}",
    at: "{day} pukul {time}",
};
