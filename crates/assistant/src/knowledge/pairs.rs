//! Finding questions that stand with their answers.

/// Words a question has at most.
const LONGEST_QUESTION: usize = 40;

/// What questions and answers are marked with, in small letters; before a colon, a full stop or a bracket.
const QUESTION_MARKS: &[&str] = &[
    "q",
    "question",
    "frage",
    "f",
    "pregunta",
    "pergunta",
    "p",
    "domanda",
    "d",
    "soru",
    "s",
    "سؤال",
    "السؤال",
    "س",
    "प्रश्न",
    "प्र",
    "सवाल",
    "pertanyaan",
    "tanya",
    "t",
    "問",
    "问",
    "質問",
    "问题",
];
const ANSWER_MARKS: &[&str] = &[
    "a",
    "answer",
    "antwort",
    "respuesta",
    "resposta",
    "r",
    "réponse",
    "reponse",
    "risposta",
    "cevap",
    "yanıt",
    "yanit",
    "c",
    "جواب",
    "الجواب",
    "الإجابة",
    "إجابة",
    "ج",
    "उत्तर",
    "उ",
    "जवाब",
    "jawaban",
    "jawab",
    "j",
    "答",
    "回答",
];

/// Whether a line is a question by its mark, in whatever script.
pub(super) fn is_question(line: &str) -> bool {
    let line = line.trim_end_matches(|c: char| {
        c.is_whitespace() || matches!(c, '"' | '\'' | ')' | '*' | '_' | '»' | '”' | '’' | '\u{200f}')
    });
    line.ends_with(['?', '؟', '？', '՞', '⸮'])
        && line.split_whitespace().count() <= LONGEST_QUESTION
        && line.chars().any(char::is_alphanumeric)
}

/// The line without its mark, when it begins with one of `marks`, a number perhaps, and a colon or the like.
fn marked<'l>(line: &'l str, marks: &[&str]) -> Option<&'l str> {
    let line = line.trim().trim_start_matches(['*', '_', '#', '-', ' ']);
    let end = line.find([':', '：', '.', ')'])?;
    let (label, rest) = line.split_at_checked(end)?;
    let label = label
        .trim_end_matches(|c: char| c.is_numeric() || matches!(c, ' ' | '*' | '_' | '.' | '#'))
        .to_lowercase();
    let rest = rest.trim_start_matches([':', '：', '.', ')', '*', '_']).trim();
    // A letter that begins a list (`a) ...`) is no answer: only a colon makes one of a single letter.
    let by_colon = line.get(end..)?.starts_with([':', '：']);
    (marks.contains(&label.as_str()) && (by_colon || label.chars().count() > 1)).then_some(rest)
}

/// The paragraphs of a section, sorted into questions with answers and the rest.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Pairs {
    pub(super) pairs: Vec<(String, String)>,
    pub(super) prose: Vec<String>,
}

enum Line<'l> {
    Question(&'l str),
    Answer(&'l str),
    Text(&'l str),
}

impl Pairs {
    pub(super) fn of(paragraphs: &[&str]) -> Self {
        let has_marks = paragraphs
            .iter()
            .flat_map(|paragraph| paragraph.lines())
            .filter(|line| marked(line, ANSWER_MARKS).is_some())
            .count()
            > 0;
        let questions = paragraphs
            .iter()
            .flat_map(|paragraph| paragraph.lines())
            .filter(|line| {
                if has_marks {
                    marked(line, QUESTION_MARKS).is_some() || is_question(line)
                } else {
                    is_question(line)
                }
            })
            .count();
        if questions == 0 {
            return Self {
                pairs: Vec::new(),
                prose: paragraphs.iter().map(|text| (*text).to_owned()).collect(),
            };
        }
        Self::sorted(paragraphs, has_marks, questions)
    }

    fn sorted(paragraphs: &[&str], has_marks: bool, questions: usize) -> Self {
        let mut found = Self::default();
        // The question that waits for its answer, and the answer so far.
        let mut open: Option<(String, String)> = None;
        for paragraph in paragraphs {
            let mut prose = Vec::new();
            for line in paragraph.lines() {
                match kind(line, has_marks) {
                    Line::Question(question) => {
                        found.close(open.take());
                        open = Some((question.to_owned(), String::new()));
                    }
                    Line::Answer(text) | Line::Text(text) => match &mut open {
                        Some((_, answer)) => append(answer, text),
                        None => prose.push(text),
                    },
                }
            }
            if !prose.is_empty() {
                found.prose.push(prose.join("\n"));
            }
            // One question in running text is answered by what follows at once; in a list of questions, by all until
            // the next one.
            if questions == 1 && !has_marks && open.as_ref().is_some_and(|(_, answer)| !answer.is_empty()) {
                found.close(open.take());
            }
        }
        found.close(open);
        found
    }

    fn close(&mut self, open: Option<(String, String)>) {
        match open {
            Some((question, answer)) if answer.is_empty() => self.prose.push(question),
            Some(pair) => self.pairs.push(pair),
            None => {}
        }
    }
}

fn kind(line: &str, has_marks: bool) -> Line<'_> {
    if has_marks {
        if let Some(question) = marked(line, QUESTION_MARKS) {
            return Line::Question(question);
        }
        if let Some(answer) = marked(line, ANSWER_MARKS) {
            return Line::Answer(answer);
        }
    }
    if is_question(line) {
        Line::Question(line.trim().trim_matches(['*', '_']))
    } else {
        Line::Text(line)
    }
}

fn append(answer: &mut String, line: &str) {
    if !answer.is_empty() {
        answer.push('\n');
    }
    answer.push_str(line.trim());
}

/// Returns the rows of a table as questions and answers when that is what it is: two columns that are called so, or
/// whose first holds questions.
pub(super) fn pair_table(rows: &[Vec<String>]) -> Option<Vec<(String, String)>> {
    let (first, rest) = rows.split_first()?;
    if rows.iter().any(|row| row.len() != 2) {
        return None;
    }
    let is_named = |cell: Option<&String>, marks: &[&str]| {
        cell.is_some_and(|cell| {
            let name = cell.trim().trim_end_matches('s').to_lowercase();
            name.chars().count() > 1
                && marks
                    .iter()
                    .any(|mark| *mark == name || **mark == *cell.to_lowercase())
        })
    };
    let named = is_named(first.first(), QUESTION_MARKS) && is_named(first.get(1), ANSWER_MARKS);
    let asking = rows
        .iter()
        .filter(|row| row.first().is_some_and(|cell| is_question(cell)))
        .count();
    let is_pairs = named || (rows.len() >= 2 && asking * 10 >= rows.len() * 6);
    is_pairs.then(|| {
        let is_header = named || !first.first().is_some_and(|cell| is_question(cell));
        let rows = if is_header { rest } else { rows };
        rows.iter()
            .filter_map(|row| match row.as_slice() {
                [question, answer] if !question.is_empty() && !answer.is_empty() => {
                    Some((question.clone(), answer.clone()))
                }
                _ => None,
            })
            .collect()
    })
}
