// What publishers may write: each rule answers in words for its field, or null. Pure.
import {
  type FieldProblems,
  nameProblem,
  type Reserved,
  slugShape,
  tidyName,
  withoutTrailing,
} from "../../app/index.ts"
import { cleanRanges } from "../../keys/index.ts"
import { CATALOG_LIMITS as L } from "./limits.ts"
import type { ChangeDraft, ContactDraft, ProductDraft } from "./types.ts"

/** Names of addresses of ours, which a slug would hide or pass for. */
const RESERVED = new Set(
  "new admin api app apps search categories category featured marketplace publisher publishers settings support help docs static assets media purser official".split(
    " ",
  ),
)

export function slugProblem(slug: string, charsMax: number): string | null {
  const problem = slugShape(slug, charsMax)
  if (problem) return problem
  return RESERVED.has(slug) || slug.startsWith("gone-") ? "This address is taken. Choose another one." : null
}

const longer = (text: string, charsMax: number): string | null =>
  text.length > charsMax ? `Use at most ${charsMax.toLocaleString("en-US")} characters.` : null

export const isLoopback = (host: string): boolean => /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(host)

/** The server behind a product, as it is stored. @returns the address or what is wrong with it */
export function upstreamOf(text: string): { url: string; host: string } | { problem: string } {
  const problem = "Enter an https address such as https://api.example.com/v1, without a query."
  const trimmed = text.trim()
  if (trimmed.length > 500 || !URL.canParse(trimmed)) return { problem }
  const url = new URL(trimmed)
  const isSafe = url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname))
  if (!isSafe || url.username || url.password || url.search || url.hash || /^$|^\.|\.\./.test(url.hostname))
    return { problem }
  if (/%2f|%5c|%00/i.test(url.pathname)) return { problem }
  return { url: url.origin + withoutTrailing(url.pathname, "/"), host: url.hostname }
}

export const hostOf = (upstreamUrl: string): string => new URL(upstreamUrl).hostname

/** Set by the gateway itself, or deciding where and how a call goes. */
const OWN_HEADERS =
  /^(host|connection|content-length|content-encoding|transfer-encoding|te|trailer|upgrade|keep-alive|expect|cookie|via|forwarded|proxy-.*|x-forwarded-.*|x-real-ip|x-purser-.*)$/

export function headerProblem(name: string): string | null {
  if (!/^[a-z0-9!#$%&'*+.^_|~-]+$/i.test(name) || name.length > L.headerChars)
    return "Enter the name of a header, such as x-api-key."
  return OWN_HEADERS.test(name.toLowerCase()) ? "The gateway sets this header itself. Choose another one." : null
}

export const categoryOf = (text: string): string => text.normalize("NFC").trim().toLowerCase().replace(/\s+/g, " ")

function categoriesProblem(categories: readonly string[]): string | null {
  if (categories.length > L.categoriesMax) return `Choose at most ${L.categoriesMax}.`
  const wrong = categories.find((one) => one.length > L.categoryChars || !/^[\p{L}\p{N}][\p{L}\p{N} &+-]*$/u.test(one))
  return wrong === undefined ? null : `“${wrong}” is no category. Use up to ${L.categoryChars} letters and digits.`
}

export const title = (raw: string): string => tidyName(raw)

/** What is wrong with a product as it would stand. */
export const productProblems = (
  draft: Omit<ProductDraft, "upstreamSecret" | "upstreamHeader">,
  reserved: Reserved,
): FieldProblems => {
  const upstream = upstreamOf(draft.upstreamUrl)
  return {
    title: nameProblem(draft.title, { of: "app", charsMax: L.titleChars, ...reserved }),
    slug: slugProblem(draft.slug, 60),
    tagline: longer(draft.tagline, L.taglineChars),
    overview: longer(draft.overview, L.overviewChars),
    version: /^[\w.+ -]{1,40}$/.test(draft.version) ? null : "Enter a version such as 1.0.0.",
    upstreamUrl: "problem" in upstream ? upstream.problem : null,
    categories: categoriesProblem(draft.categories),
    timeoutMs: within(draft.timeoutMs, L.timeoutMsMin, L.timeoutMsMax, "Give 1 to 300 seconds."),
    bodyBytesMax: within(draft.bodyBytesMax, 0, L.bodyBytesMax, "Give at most 1 GB."),
    ...addressProblems(draft),
  }
}

/** From where calls may come, and may not: as typed. */
interface Addresses {
  allowedIps?: readonly string[]
  deniedIps?: readonly string[]
}

export const addressProblems = ({ allowedIps = [], deniedIps = [] }: Addresses): FieldProblems => ({
  allowedIps: cleanRanges(allowedIps).problem,
  deniedIps: cleanRanges(deniedIps).problem,
})

/** As a column has them. */
export const addressesText = (typed: readonly string[]): string => cleanRanges(typed).ranges.join(" ")

export const within = (value: number, least: number, most: number, words: string): string | null =>
  Number.isSafeInteger(value) && value >= least && value <= most ? null : words

interface PublisherTexts {
  slug: string
  name: string
  organisation: string | null
  about: string
}

/** @param before as the publisher stands, when edited */
export const publisherProblems = (
  one: PublisherTexts,
  house: string,
  before: PublisherTexts | null = null,
): FieldProblems => ({
  slug: slugProblem(one.slug, 40),
  name: nameProblem(one.name, { of: "company", charsMax: L.titleChars, house, kept: before?.name }),
  organisation:
    one.organisation === null
      ? null
      : nameProblem(one.organisation, {
          of: "company",
          charsMax: L.organisationChars,
          house,
          kept: before?.organisation,
        }),
  about: longer(one.about, L.aboutChars),
})

export const textProblems = (
  one: { title: string; body: string },
  titleChars: number,
  bodyChars: number,
): FieldProblems => ({
  title: nameProblem(one.title, { of: "thing", charsMax: titleChars }),
  body: longer(one.body, bodyChars),
})

export const changeProblems = (draft: ChangeDraft): FieldProblems => ({
  ...textProblems(draft, L.changeTitleChars, L.changeChars),
  version: /^[\w.+ -]{1,40}$/.test(draft.version) ? null : "Enter a version such as 1.0.0.",
})

export function contactProblems({ kind, label, target }: ContactDraft): FieldProblems {
  return { label: nameProblem(label, { of: "thing", charsMax: L.contactChars }), target: targetProblem(kind, target) }
}

function targetProblem(kind: ContactDraft["kind"], target: string): string | null {
  if (target.length > L.targetChars) return longer(target, L.targetChars)
  const isMail = /^[^\s@<>"'(),:;]+@[^\s@<>"'(),:;]+\.[a-z0-9-]{2,}$/i.test(target)
  if (kind === "email") return isMail ? null : "Enter a mail address."
  if (kind === "person" && isMail) return null
  return URL.canParse(target) && new URL(target).protocol === "https:"
    ? null
    : kind === "person"
      ? "Enter a mail address or an https address."
      : "Enter an https address."
}
