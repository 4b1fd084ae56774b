// The frame around every letter: subject, text and HTML from one source. Data is escaped here and in `page.ts`, and nowhere else.
import type { House, Letter, Paragraph, ParagraphRow } from "../part/index.ts"
import { NO_MORE, pageOf } from "./page.ts"

export interface Rendered {
  subject: string
  text: string
  html: string
}

/** @param offUrl where mails of this kind are turned off; null = they are always sent */
export function render<Data>(letter: Letter<Data>, data: Data, house: House, offUrl: string | null = null): Rendered {
  const subject = oneLine(letter.subject(data, house))
  const body = letter.body(data, house)
  return { subject, text: textOf(body, house, offUrl), html: pageOf({ subject, body, house, offUrl }) }
}

/** Header injection: a line break would begin another header. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out.
const oneLine = (text: string): string => text.replace(/[\u0000-\u001f\u007f\u2028\u2029]+/g, " ").trim()

/** Paragraphs flow, as programs of today show them; a link has a line of its own, so that nothing breaks it or sticks to its end. */
function textOf(body: readonly Paragraph[], { productName, look }: House, offUrl: string | null): string {
  const asked = look?.contact ? [`Questions? Write to ${look.contact}`] : []
  const off = offUrl === null ? [] : [`${NO_MORE}:\n${offUrl}`]
  return [...body.map(asText), ...asked, ...off, [productName, ...(look?.operator ?? [])].join("\n")].join("\n\n")
}

const asText = (paragraph: Paragraph): string => {
  if (typeof paragraph === "string") return paragraph
  if ("rows" in paragraph) return [paragraph.text, ...paragraph.rows.map(rowText)].join("\n")
  return "code" in paragraph ? `${paragraph.text} ${paragraph.code}` : `${paragraph.text}\n${paragraph.link}`
}

const rowText = ({ name, figure, note, link }: ParagraphRow): string =>
  [`- ${name}: ${figure}, ${note}.`, ...(link ? [`${link.words}:`, link.to] : [])].join("\n")
