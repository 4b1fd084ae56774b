// Syntax highlighting on the server: classes only, because the CSP forbids styles in elements. Owns: which languages there are. The
// library and each grammar are loaded with the first block that needs them (26 ms and 18 MB for all), so boot and idle servers pay nothing.
import type { HLJSApi, LanguageFn } from "highlight.js"

/** `text` is never coloured. */
export type Language = keyof typeof GRAMMARS | "text"

const GRAMMARS = {
  bash: () => require("highlight.js/lib/languages/bash"),
  csharp: () => require("highlight.js/lib/languages/csharp"),
  css: () => require("highlight.js/lib/languages/css"),
  go: () => require("highlight.js/lib/languages/go"),
  html: () => require("highlight.js/lib/languages/xml"),
  http: () => require("highlight.js/lib/languages/http"),
  javascript: () => require("highlight.js/lib/languages/javascript"),
  json: () => require("highlight.js/lib/languages/json"),
  php: () => require("highlight.js/lib/languages/php"),
  python: () => require("highlight.js/lib/languages/python"),
  ruby: () => require("highlight.js/lib/languages/ruby"),
  sql: () => require("highlight.js/lib/languages/sql"),
  typescript: () => require("highlight.js/lib/languages/typescript"),
} satisfies Record<string, () => LanguageFn>

/** How else people write them after the fence. */
const ALIASES: Readonly<Record<string, Language>> = {
  console: "bash",
  cs: "csharp",
  curl: "bash",
  js: "javascript",
  jsonc: "json",
  jsx: "javascript",
  py: "python",
  rb: "ruby",
  sh: "bash",
  shell: "bash",
  ts: "typescript",
  tsx: "typescript",
  xml: "html",
}

/** UTF-16 units; longer code stays without colours. */
export const HIGHLIGHT_CHARS_MAX = 20_000
/** Grammars are regular expressions that backtrack: 20,000 letters without a space took 0.4 s. */
const ONE_LONG_WORD = /\S{1000}|\s{1000}/

let library: HLJSApi | undefined

/** What a fence or a caption names, or `text`. */
export function languageOf(name: string): Language {
  const plain = name.toLowerCase()
  if (Object.hasOwn(GRAMMARS, plain)) return plain as Language
  return Object.hasOwn(ALIASES, plain) ? (ALIASES[plain] ?? "text") : "text"
}

/** Code as escaped HTML with `<span class="hl-…">` around what has a meaning. */
export function highlight(code: string, language: Language): string {
  if (language === "text" || code.length > HIGHLIGHT_CHARS_MAX || ONE_LONG_WORD.test(code)) return Bun.escapeHTML(code)
  return libraryWith(language).highlight(code, { language, ignoreIllegals: true }).value
}

function libraryWith(language: Exclude<Language, "text">): HLJSApi {
  if (!library) {
    library = (require("highlight.js/lib/core") as HLJSApi).newInstance()
    library.configure({ classPrefix: "hl-" })
  }
  if (!library.getLanguage(language)) library.registerLanguage(language, GRAMMARS[language]())
  // Requests hold JSON, pages hold scripts and styles: a grammar that is not there leaves that part plain.
  for (const inner of INSIDE[language] ?? [])
    if (!library.getLanguage(inner)) library.registerLanguage(inner, GRAMMARS[inner]())
  return library
}

const INSIDE: Partial<Record<Language, readonly Exclude<Language, "text">[]>> = {
  http: ["json"],
  html: ["css", "javascript"],
}
