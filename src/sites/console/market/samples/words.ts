// Text as a literal of each language. Characters that nobody sees (controls, marks of direction, odd line breaks) are written as escapes,
// so that code reads as it runs.

/** Cc, Cf, Zl, Zp and the private ones; line breaks within bodies are kept by those who allow them. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}]/u
const UNSEEN_ALL = new RegExp(UNSEEN.source, "gu")

/** Whether a text can stand in code as it is, line breaks apart. */
export const isPlain = (text: string): boolean => !UNSEEN.test(text.replaceAll("\n", ""))

const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, "0")

/** Double quotes with backslashes, and escapes of the language for what is not seen. */
function quotedBy(text: string, unseen: (code: number) => string, more?: [pattern: RegExp, to: string]): string {
  let out = text.toWellFormed().replace(/["\\]/g, (one) => `\\${one}`)
  if (more) out = out.replace(...more)
  out = out.replaceAll("\n", "\\n").replaceAll("\r", "\\r").replaceAll("\t", "\\t")
  return `"${out.replace(UNSEEN_ALL, (one) => unseen(one.codePointAt(0)!))}"`
}

const pair = (code: number): string =>
  [...String.fromCodePoint(code)]
    .flatMap((one) => one.split(""))
    .map((unit) => `\\u${hex(unit.charCodeAt(0), 4)}`)
    .join("")

export const javascriptText = (text: string): string => quotedBy(text, pair)
const longOrShort = (code: number): string => (code > 0xffff ? `\\U${hex(code, 8)}` : `\\u${hex(code, 4)}`)
export const pythonText = (text: string): string => quotedBy(text, longOrShort)
export const goText = (text: string): string => quotedBy(text, longOrShort)
export const csharpText = (text: string): string => quotedBy(text, longOrShort)
/** Variables in it would be filled in: `$` is escaped. */
export const phpText = (text: string): string => quotedBy(text, (code) => `\\u{${code.toString(16)}}`, [/\$/g, "\\$"])

/** A word of a POSIX shell: nothing in single quotes means anything but itself. It cannot hold a zero byte. */
export const shellText = (text: string): string => `'${text.replaceAll("\0", "").replaceAll("'", `'\\''`)}'`
