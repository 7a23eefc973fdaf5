/** Codes templates can be written in, as the provider names them. */
const CODES =
  "af ar az be_BY bg bn bs ca cs da de el en en_GB en_US es es_AR es_ES es_MX et fa fi fil fr ga gl gu ha he hi hr hu id is it ja ka kk kn ko ky lo lt lv mk ml mn mr ms nb nl pa pl pt_BR pt_PT ro ru rw si sk sl sq sr sv sw ta te th tr uk ur uz vi zh_CN zh_HK zh_TW zu".split(
    " ",
  );

const names = new Intl.DisplayNames(["en"], { type: "language", languageDisplay: "standard", fallback: "code" });

/** "English (United Kingdom)" for `en_GB`; a code nobody knows is shown as it is. */
export function languageLabel(code: string): string {
  try {
    return names.of(code.replaceAll("_", "-")) ?? code;
  } catch {
    return code;
  }
}

/** All of them by their names. */
export function languages(): { value: string; label: string }[] {
  return CODES.map((value) => ({ value, label: languageLabel(value) })).sort((a, b) => a.label.localeCompare(b.label, "en"));
}
