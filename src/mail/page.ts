// A letter as HTML: one column on quiet paper, in light and dark, in the house's accent. It loads nothing: no picture, no font, no sheet, so
// that opening a mail tells nobody, and it looks the same everywhere. Mail programs drop style sheets, so the light look stands in place at
// each element (pages never do this); the sheet holds what cannot, the dark look.
import type { House, MailLook, Paragraph, ParagraphRow } from "../part/index.ts"

export const NO_MORE = "No more mails of this kind"

interface Sheet {
  subject: string
  body: readonly Paragraph[]
  house: House
  offUrl: string | null
}

const USUAL: MailLook = { accent: { light: "#0b6aa2", dark: "#4a9bd6" }, operator: [], contact: "" }

/** Never pure white or black: programs that turn mails dark by themselves turn those harshest. */
const LIGHT = { paper: "#f6f4ef", card: "#fdfcf9", line: "#e3dfd6", ink: "#24211d", quiet: "#625d55", code: "#f0ede6" }
const DARK = { paper: "#14171c", card: "#1c2027", line: "#353c47", ink: "#e9ebef", quiet: "#a9b0bb", code: "#272d36" }

const FONT = "font-family:Inter,system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
const PARAGRAPH = `margin:0 0 16px;color:${LIGHT.ink};font-size:16px;line-height:1.5`
const HEADING = `margin:0 0 4px;color:${LIGHT.ink};font-size:16px;line-height:1.5;font-weight:600`
const CELL = `padding:8px 0;border-top:1px solid ${LIGHT.line};color:${LIGHT.ink};font-size:15px;line-height:1.4;vertical-align:top;text-align:start`
const NOTE = `color:${LIGHT.quiet};font-size:13px`
const QUIET = `margin:0 0 8px;color:${LIGHT.quiet};font-size:13px;line-height:1.5`
const CODE = `display:inline-block;margin:0 0 20px;padding:10px 14px;border-radius:6px;background:${LIGHT.code};color:${LIGHT.ink};word-break:break-all;font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace`

export function pageOf({ subject, body, house, offUrl }: Sheet): string {
  const look = house.look ?? USUAL
  const title = escaped(subject)
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">',
    `<title>${title}</title><style>${sheetOf(look)}</style></head>`,
    `<body class="paper" style="margin:0;padding:0;background:${LIGHT.paper}">`,
    `<table role="presentation" class="paper" width="100%" cellspacing="0" cellpadding="0" border="0" style="background:${LIGHT.paper};${FONT}"><tr><td align="center" style="padding:24px 12px 32px">`,
    '<table role="presentation" width="100%" cellspacing="0" cellpadding="0" border="0" style="max-width:560px;text-align:start">',
    `<tr><td style="padding:0 4px 12px"><span class="ink" style="color:${LIGHT.ink};font-size:16px;font-weight:600">${escaped(house.productName)}</span></td></tr>`,
    `<tr><td class="card" style="padding:24px 24px 8px;background:${LIGHT.card};border:1px solid ${LIGHT.line};border-top:3px solid ${look.accent.light};border-radius:10px">`,
    `<h1 class="ink" style="margin:0 0 16px;color:${LIGHT.ink};font-size:20px;line-height:1.3;font-weight:600;overflow-wrap:anywhere">${title}</h1>`,
    ...body.map((paragraph) => asHtml(paragraph, look)),
    `</td></tr><tr><td style="padding:16px 4px 0">${footOf(house, look, offUrl)}</td></tr>`,
    "</table></td></tr></table></body></html>",
  ].join("\n")
}

function footOf({ productName }: House, look: MailLook, offUrl: string | null): string {
  const asked =
    look.contact === "" ? [] : [`Questions? Write to ${linkTo(`mailto:${look.contact}`, look.contact, look)}`]
  const off = offUrl === null ? [] : [linkTo(offUrl, NO_MORE, look)]
  const who = (look.operator.length > 0 ? look.operator : [productName]).map(escaped).join("<br>")
  return [...asked, ...off, who].map((line) => `<p class="quiet" style="${QUIET}">${line}</p>`).join("\n")
}

function asHtml(paragraph: Paragraph, look: MailLook): string {
  const open = `<p class="ink" style="${PARAGRAPH}">`
  if (typeof paragraph === "string") return `${open}${escaped(paragraph)}</p>`
  const text = escaped(paragraph.text)
  if ("rows" in paragraph) return `<h2 class="ink" style="${HEADING}">${text}</h2>${rowsHtml(paragraph.rows, look)}`
  if ("code" in paragraph) {
    const size = paragraph.code.length <= LARGE_CHARS ? "font-size:28px;letter-spacing:4px" : "font-size:16px"
    return `${open}${text}</p><p class="code" style="${CODE};${size}">${escaped(paragraph.code)}</p>`
  }
  // Shown whole: a person sees where it leads, and can copy it.
  const { link } = paragraph
  return `${open}${text}<br>${isHttp(link) ? linkTo(link, link, look) : escaped(link)}</p>`
}

function rowsHtml(rows: readonly ParagraphRow[], look: MailLook): string {
  const lines = rows.map(({ name, figure, note, link }) =>
    [
      `<tr><td class="ink line" style="${CELL};padding-right:12px;overflow-wrap:anywhere">${escaped(name)}`,
      `<br><span class="quiet" style="${NOTE}">${escaped(note)}</span>`,
      link && isHttp(link.to)
        ? `<br><span style="font-size:13px;line-height:1.5">${linkTo(link.to, link.words, look)}</span>`
        : "",
      `</td><td class="ink line" align="right" nowrap style="${CELL};text-align:end;font-variant-numeric:tabular-nums">${escaped(figure)}</td></tr>`,
    ].join(""),
  )
  return `<table width="100%" cellspacing="0" cellpadding="0" border="0" style="margin:0 0 20px;border-collapse:collapse">${lines.join("\n")}</table>`
}

/** Codes to type stand out; names and beginnings of keys are only set apart. */
const LARGE_CHARS = 8

const linkTo = (href: string, words: string, { accent }: MailLook): string =>
  `<a class="link" href="${escaped(href)}" style="color:${accent.light};overflow-wrap:anywhere;word-break:break-word">${escaped(words)}</a>`

const isHttp = (link: string): boolean => /^https?:\/\//.test(link)
const escaped = (text: string): string => Bun.escapeHTML(text)

/** What the text in place says for light is said again for dark; `!important`, for nothing else wins over a style in place. */
const sheetOf = ({ accent }: MailLook): string =>
  [
    ":root{color-scheme:light dark;supported-color-schemes:light dark}",
    "@media (prefers-color-scheme:dark){",
    `.paper{background:${DARK.paper}!important}`,
    `.card{background:${DARK.card}!important;border-color:${DARK.line}!important;border-top-color:${accent.dark}!important}`,
    `.line{border-top-color:${DARK.line}!important}`,
    `.ink{color:${DARK.ink}!important}.quiet{color:${DARK.quiet}!important}`,
    `.code{background:${DARK.code}!important;color:${DARK.ink}!important}.link{color:${accent.dark}!important}`,
    "}",
  ].join("")
