// The HTML that pages may be made of: html-validate's rules for documents, and the reason for each one that is set otherwise.
import { HtmlValidate, type RuleConfig, StaticConfigLoader } from "html-validate"

const RULES: RuleConfig = {
  // How our JSX writes them; all three are valid HTML and mean the same.
  "void-style": "off",
  "doctype-style": "off",
  "attribute-empty-style": "off",
  // A box that scrolls needs a role and a name whatever element it is: <pre> of code, the <div> around a wide table. The list that a
  // combobox filters is no <select>: the focus stays in the field.
  "prefer-native-element": ["error", { exclude: ["region", "listbox"] }],
  // Several boxes of one name are one answer with several values.
  "form-dup-name": ["error", { shared: ["radio", "checkbox", "button", "reset", "submit"] }],
  // Counts "&lt;" as four letters; pages cut the names in their titles themselves.
  "long-title": ["error", { maxlength: 120 }],
  // Scripts and style sheets come from this origin only.
  "require-sri": "off",
  // The key of an upstream is typed into a password field so that nobody reads it over a shoulder, but it is nobody's password.
  "autocomplete-password": "off",
}

/** Made once: a quarter of what a page takes, otherwise. */
class OneConfig extends StaticConfigLoader {
  private made: ReturnType<StaticConfigLoader["getConfigFor"]> | undefined
  override getConfigFor(handle: string): ReturnType<StaticConfigLoader["getConfigFor"]> {
    this.made ??= super.getConfigFor(handle)
    return this.made
  }
}

const validator = new HtmlValidate(
  new OneConfig({
    root: true,
    extends: ["html-validate:recommended", "html-validate:document"],
    elements: ["html5"],
    rules: RULES,
  }),
)

/** What is wrong with a document or fragment: "rule: message (at line:column)". Empty when nothing is. */
export function htmlProblems(html: string): string[] {
  const report = validator.validateStringSync(html)
  return report.results.flatMap(({ messages }) =>
    messages.map(({ ruleId, message, line, column }) => `${ruleId}: ${message} (at ${line}:${column})`),
  )
}
