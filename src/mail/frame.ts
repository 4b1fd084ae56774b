// The frame around every letter: subject, text and HTML from one source. Data is escaped here and nowhere else.
import type { House, Letter, Paragraph } from "../part/index.ts"

export interface Rendered {
  subject: string
  text: string
  html: string
}

/** @param offUrl where mails of this kind are turned off; null = they are always sent */
export function render<Data>(letter: Letter<Data>, data: Data, house: House, offUrl: string | null = null): Rendered {
  const subject = oneLine(letter.subject(data, house))
  const body = letter.body(data, house)
  const off = offUrl === null ? [] : [`${NO_MORE} ${offUrl}`]
  const offHtml = offUrl === null ? "" : `<br><a style="${QUIET}" href="${Bun.escapeHTML(offUrl)}">${NO_MORE}</a>`
  const foot = `<p style="${QUIET}">${Bun.escapeHTML(house.productName)}${offHtml}</p>`
  return {
    subject,
    text: [...body.map(asText), ...off, house.productName].join("\n\n"),
    html: page(subject, [...body.map(asHtml), foot]),
  }
}

const NO_MORE = "No more mails of this kind"

/** Header injection: a line break would begin another header. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out.
const oneLine = (text: string): string => text.replace(/[\u0000-\u001f\u007f\u2028\u2029]+/g, " ").trim()

const asText = (paragraph: Paragraph): string => {
  if (typeof paragraph === "string") return paragraph
  return `${paragraph.text} ${"code" in paragraph ? paragraph.code : paragraph.link}`
}

function asHtml(paragraph: Paragraph): string {
  if (typeof paragraph === "string") return `<p>${Bun.escapeHTML(paragraph)}</p>`
  const text = Bun.escapeHTML(paragraph.text)
  if ("code" in paragraph) return `<p>${text}</p><p style="${CODE}">${Bun.escapeHTML(paragraph.code)}</p>`
  const link = Bun.escapeHTML(paragraph.link)
  // Shown whole: a person sees where it leads, and can copy it.
  return isHttp(paragraph.link) ? `<p>${text}<br><a href="${link}">${link}</a></p>` : `<p>${text}<br>${link}</p>`
}

const isHttp = (link: string): boolean => /^https?:\/\//.test(link)

// Mail programs drop style sheets, so styles stand in place here; pages never do this.
const CODE = "font:600 28px/1.2 monospace;letter-spacing:4px"
const QUIET = "color:#666"
const BODY = "margin:0 auto;max-width:560px;padding:24px;font:16px/1.5 system-ui,sans-serif;color:#1a1a1a"

const page = (subject: string, parts: string[]): string =>
  [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    `<title>${Bun.escapeHTML(subject)}</title></head><body style="${BODY}">`,
    ...parts,
    "</body></html>",
  ].join("\n")
