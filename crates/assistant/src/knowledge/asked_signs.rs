//! What prices, times and places look like in ten languages.

use regex::Regex;
use std::sync::LazyLock;

fn compiled(patterns: &[&str]) -> Vec<Regex> {
    patterns
        .iter()
        .filter_map(|pattern| Regex::new(pattern).ok())
        .collect()
}

pub(super) static PRICES: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    compiled(&[
        // A sign or a code beside a number.
        r"(?i)(?:[€$£₺₹¥₽₩₫฿₪₦]|\b(?:r\$|eur|usd|gbp|chf|try|tl|brl|inr|rs|idr|rp|aed|sar|egp|mxn|ars|cop|clp|pen|us\$))\.?\s?\d",
        r"(?i)\d\s?(?:[€$£₺₹¥₽₩₫฿₪₦]|(?:eur|usd|gbp|chf|try|tl|brl|inr|rs|idr|rp|aed|sar|egp|mxn|ars|cop|clp|pen|cents?|euros?|dollars?|pounds?|liras?|reais|real|pesos?|rupees?|rupiah|riyals?|dirhams?|francs?|franken|rb|ribu|juta|bin)\b)",
        r"(?i)\d\s?(?:lira|kuruş|درهم|دراهم|ريال|جنيه|دولار|يورو|دينار|ليرة|रुपये|रुपए|रुपया|रू|रु|евро|руб|元|円)",
        // A column of prices without a sign.
        r"(?i)(?:price|preis|precio|preço|prix|prezzo|fiyat|fiyatı|سعر|السعر|कीमत|मूल्य|harga|cost|valor)\s*[:：=]\s*\d",
        // Nothing is an amount too.
        r"(?i)\b(?:free of charge|for free|is free|are free|free shipping|free delivery|no charge|gratis|grátis|gratuit\w*|kostenlos\w*|kostenfrei\w*|ücretsiz\w*|bedava)",
        r"مجان|मुफ़्त|मुफ्त|निःशुल्क",
    ])
});

pub(super) static TIMES: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    compiled(&[
        r"\d{1,2}\s?[:.h]\s?\d{2}(?:\D|$)",
        r"(?i)\b\d{1,2}\s?(?:a\.?m\.?|p\.?m\.?|uhr|h|hs|o.clock)\b",
        r"(?i)\b(?:saat|pukul|jam|alle|às|as|a las|um|at|الساعة)\s\d{1,2}",
        r"\d\s?बजे",
        r"24\s?/\s?7",
        r"(?i)\b(?:mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|saturdays?|sundays?|daily|every day|weekdays?|weekends?|today|tomorrow|noon|midnight)\b",
        r"(?i)\b(?:lunes|martes|miércoles|jueves|viernes|sábados?|domingos?|segunda|terça|quarta|quinta|sexta|diariamente|todos (?:los días|os dias)|hoy|mañana|hoje|amanhã)\b",
        r"(?i)\b(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|tous les jours|montags?|dienstags?|mittwochs?|donnerstags?|freitags?|samstags?|sonntags?|täglich|werktags)\b",
        r"(?i)\b(?:lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica|pazartesi|salı|çarşamba|perşembe|cuma|cumartesi|pazar|her gün|senin|selasa|rabu|kamis|jumat|sabtu|minggu|setiap hari)",
        r"الاثنين|الإثنين|الثلاثاء|الأربعاء|الخميس|الجمعة|السبت|الأحد|يوميا|يوميًا|सोमवार|मंगलवार|बुधवार|गुरुवार|शुक्रवार|शनिवार|रविवार|रोज़|रोज|प्रतिदिन",
        // How long.
        r"(?i)\d\s?(?:-|–|to|a|à|bis|ile|sampai|hingga|إلى)?\s?\d*\s?(?:(?:business|working|calendar)\s)?(?:minutes?|mins?|hours?|hrs?|days?|weeks?|months?|minutos?|horas?|días?|dias?|semanas?|meses|jours?|heures?|semaines?|mois|minuten?|stunden?|tagen?|tage|werktagen?|wochen?|monaten?|giorn[oi]|or[ae]|settiman[ae]|mes[ei]|dakika|saat|gün|hafta|ay|iş günü|menit|hari|minggu|bulan)\b",
        r"\d\s?(?:دقيقة|دقائق|ساعة|ساعات|يوم|أيام|ايام|أسبوع|أسابيع|شهر|मिनट|घंटे|घंटा|दिन|दिनों|हफ्ते|सप्ताह|महीने)",
        // Dates.
        r"\b\d{1,2}[./-]\d{1,2}(?:[./-]\d{2,4})?\b|\b\d{4}-\d{2}-\d{2}\b",
        r"(?i)\b(?:january|february|march|april|june|july|august|september|october|november|december|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|janeiro|fevereiro|março|maio|junho|julho|setembro|outubro|novembro|dezembro)\b",
        r"(?i)\b(?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre|januar|februar|märz|juni|juli|oktober|dezember|gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre|ocak|şubat|mart|nisan|mayıs|haziran|temmuz|ağustos|eylül|ekim|kasım|aralık|januari|februari|maret|mei|agustus|desember)\b",
        r"\b(?:1[5-9]|20)\d{2}\b",
        r"يناير|فبراير|مارس|أبريل|مايو|يونيو|يوليو|أغسطس|سبتمبر|أكتوبر|نوفمبر|ديسمبر|जनवरी|फरवरी|मार्च|अप्रैल|जून|जुलाई|अगस्त|सितंबर|अक्टूबर|नवंबर|दिसंबर",
    ])
});

pub(super) static PLACES: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    compiled(&[
        r"(?i)\b(?:street|st|road|rd|avenue|ave|lane|ln|square|boulevard|blvd|drive|building|floor|city|town|mall|station|airport|district)\b",
        r"(?i)\b(?:calle|carrera|avenida|av|plaza|paseo|piso|barrio|ciudad|rua|praça|travessa|bairro|cidade|andar|esquina|loja)\b",
        r"(?i)\b(?:rue|allée|place|quai|chemin|ville|étage|via|viale|piazza|corso|città|piano)\b",
        r"(?i)(?:straße|strasse|str\.|gasse|\bplatz|platz\b|allee|\bweg\b|\bstadt\b|etage|stock\b)",
        r"(?i)(?:cadde|sokak|sokağı|mahalle|bulvar|meydan|\bno\s?:|\bkat\b|\bapt|\bjalan\b|\bjl\b|\bgang\b|\bkota\b|\bkecamatan\b|\blantai\b)",
        r"شارع|طريق|ميدان|حي |مدينة|بناية|برج|الطابق|مول|सड़क|मार्ग|गली|चौक|नगर|रोड|मंज़िल|मंजिल|बाज़ार|बाजार",
        r"(?i)https?://|maps\.|goo\.gl",
        // A number of a house and a postal code.
        r"\b\d{1,4},\s?\d{4,6}\b|\b\d{5}(?:-\d{3,4})?\s\p{Lu}|\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b",
    ])
});
