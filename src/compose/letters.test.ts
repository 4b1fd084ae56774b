// Every letter of the house is drawn in each of its cases and read: words, links, looks, and who says how it is turned off.
import { expect, test } from "bun:test"
import { contrast, rgbOf } from "../brand/index.ts"
import { render } from "../mail/index.ts"
import { isOptional, KINDS } from "../notices/index.ts"
import type { House } from "../part/index.ts"
import { DECLARED } from "./parts.ts"

const HOUSE: Required<House> = {
  productName: "Harbour Credits",
  baseUrl: "https://ai.example.com",
  look: {
    accent: { light: "#8a3ffc", dark: "#be95ff" },
    operator: ["Harbour AI GmbH", "Kaistraße 1", "20457 Hamburg"],
    contact: "help@harbour.example",
  },
}
const OFF = "https://ai.example.com/notices/off?who=usr_1&kind=x&sign=y"

const CASES = DECLARED.letters.flatMap((letter) =>
  [letter.sample, ...(letter.others ?? [])].map((data, index) => ({
    name: `${letter.kind} ${index + 1}`,
    letter,
    data,
    ...render(letter, data, HOUSE, isOptional(letter.kind) ? OFF : null),
  })),
)
const found = (wrong: (one: (typeof CASES)[number]) => boolean) => CASES.filter(wrong).map(({ name }) => name)

test("letters that say different things have a case for each", () => {
  // The rule must not become empty.
  expect(CASES.length).toBeGreaterThan(DECLARED.letters.length + 40)
})

test("a subject says in one short line what happened", () => {
  expect(found(({ subject }) => subject.length < 6 || subject.length > 78 || /[.!<>]$|\s{2}/.test(subject))).toEqual([])
})

test("plain text reads as a letter: whole sentences, no residue of HTML or of programs", () => {
  const residue = /<\/?[a-z]|&(?:amp|lt|gt|quot|#\d+);|undefined|NaN|\[object|\bnull\b|\bInfinity\b/
  expect(found(({ text }) => residue.test(text))).toEqual([])
  expect(found(({ text }) => / {2}|\n{3}|[ \t]\n|\t/.test(text))).toEqual([])
  const paragraphsOf = (text: string) => text.split("\n\n").slice(0, -1)
  // A capital, a figure, an opening quote, or the short name of an API, which is plain letters.
  const begins = /^(?:[A-Z0-9$“]|EUR|weather )/u
  const wrong = CASES.flatMap(({ name, text }) =>
    paragraphsOf(text)
      .filter((paragraph) => {
        const [words = "", link] = paragraph.split("\n")
        const ends = link === undefined ? /[.:]$|[.:] \S+$| (?:is|with|at) \S+$| Write to \S+$/ : /[.:]$/
        return !(begins.test(words) && ends.test(words))
      })
      .map((paragraph) => `${name}: ${paragraph}`),
  )
  expect(wrong).toEqual([])
  expect(found(({ text }) => /\b1 (?:credits|codes|APIs|calls|units|days|apps)\b/.test(text))).toEqual([])
  expect(found(({ text }) => /\d{4}-\d{2}-\d{2}(?:T| at )/.test(text))).toEqual([])
})

test("a link stands whole on a line of its own, and leads to this house", () => {
  const wrong = CASES.flatMap(({ name, text }) =>
    text
      .split("\n")
      .filter((line) => line.includes("://") && !/^https:\/\/ai\.example\.com\/[\w./?=&%-]*$/.test(line))
      .map((line) => `${name}: ${line}`),
  )
  expect(wrong).toEqual([])
  expect(
    found(({ html, text }) =>
      [...text.matchAll(/^https:\S+$/gm)].some(([link]) => !html.includes(Bun.escapeHTML(link))),
    ),
  ).toEqual([])
})

test("the house signs: its name, its legal entity, and where to ask", () => {
  const signed = "Harbour Credits\nHarbour AI GmbH\nKaistraße 1\n20457 Hamburg"
  expect(
    found(
      ({ text }) =>
        !text.endsWith(`\n\n${signed}`) || !text.includes("\n\nQuestions? Write to help@harbour.example\n\n"),
    ),
  ).toEqual([])
  expect(
    found(
      ({ html }) =>
        !(html.includes("Harbour AI GmbH<br>Kaistraße 1<br>") && html.includes('href="mailto:help@harbour.example"')),
    ),
  ).toEqual([])
  expect(
    found(({ html }) => !(html.includes("border-top:3px solid #8a3ffc") && html.includes("color:#be95ff!important"))),
  ).toEqual([])
  expect(found(({ text, html }) => /Purser/.test(text + html))).toEqual([])
})

test("opening a mail tells nobody: it loads nothing, and runs nothing", () => {
  const loads =
    /<(?:img|script|link|iframe|object|video|audio|form|input)\b|url\(|@import|@font-face|background=|\bsrc=|\bon\w+=/i
  expect(found(({ html }) => loads.test(html))).toEqual([])
  expect(found(({ html }) => html.length > 12_000)).toEqual([])
})

test("it says that it knows dark, has no pure white or black, and every colour can be read in both themes", () => {
  expect(found(({ html }) => !html.includes('<meta name="color-scheme" content="light dark">'))).toEqual([])
  expect(found(({ html }) => /#fff(?:fff)?\b|#000(?:000)?\b|\b(?:white|black)\b/i.test(html))).toEqual([])
  const { html } = CASES.find(({ text, letter }) => text.includes("https:") && isOptional(letter.kind))!
  const inPlace = (part: string, property: string) =>
    new RegExp(`class="${part}"[^>]*[";]${property}:(#[0-9a-f]{6})`).exec(html)![1]!
  const dark = (part: string, property: string) =>
    new RegExp(`\\.${part}\\{(?:[^}]*;)?${property}:(#[0-9a-f]{6})!important`).exec(html)![1]!
  const readable = (one: string, other: string) => contrast(rgbOf(one), rgbOf(other))
  for (const of of [inPlace, dark]) {
    expect(readable(of("ink", "color"), of("card", "background"))).toBeGreaterThan(7)
    expect(readable(of("quiet", "color"), of("paper", "background"))).toBeGreaterThan(4.5)
  }
  // What stands in place for light is said for dark too: a part that only one of both knows would be unreadable in the other.
  const classes = new Set(CASES.flatMap((one) => [...one.html.matchAll(/class="(\w+)"/g)].map(([, name]) => name!)))
  expect([...classes].toSorted()).toEqual(["card", "code", "ink", "link", "paper", "quiet"])
  for (const name of classes) expect(html).toContain(`.${name}{`)
})

test("how to end mails of a kind stands in those that can be ended, and in no other", () => {
  expect(
    found(
      ({ letter, text, html }) =>
        (text.includes(OFF) && html.includes(Bun.escapeHTML(OFF))) !== isOptional(letter.kind),
    ),
  ).toEqual([])
  expect([...KINDS.keys()].filter((kind) => !DECLARED.letters.some((letter) => letter.kind === kind))).toEqual([])
})
