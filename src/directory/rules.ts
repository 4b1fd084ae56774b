// What may stand in a listing, and what a listing may become. Pure.
import { type FieldProblems, slugShape, withoutTrailing } from "../app/index.ts"
import type { Client } from "../oauth/index.ts"
import { CATEGORIES, DIRECTORY_LIMITS as L } from "./limits.ts"
import type { Listing, ListingDraft } from "./types.ts"

/** Addresses of ours that an app would hide or pass for. */
const RESERVED = new Set(
  "new admin api app apps search category featured purser official directory report feed".split(" "),
)

export function slugProblem(slug: string): string | null {
  return slugShape(slug, L.slugChars) ?? (RESERVED.has(slug) ? TAKEN : null)
}

export const TAKEN = "This address is taken. Choose another one."

const longer = (text: string, charsMax: number): string | null =>
  text.length > charsMax ? `Use at most ${charsMax.toLocaleString("en-US")} characters.` : null

/** Control, format and private characters, which a line on a card has no use for. */
const isPlain = (text: string): boolean => !/[\p{Cc}\p{Cf}\p{Co}\p{Cn}]/u.test(text.replace(/\u200d/gu, ""))

const lineProblem = (text: string, charsMax: number): string | null =>
  longer(text, charsMax) ?? (isPlain(text) ? null : "Use letters, digits and signs that can be seen, on one line.")

/** White space of any kind as single spaces. */
export const tidy = (text: string): string => text.normalize("NFC").replace(/\s+/gu, " ").trim()

/** "Fan Fiction" → "fan-fiction"; each once. */
export const tagsOf = (texts: readonly string[]): string[] => [
  ...new Set(
    texts
      .flatMap((text) =>
        text
          .normalize("NFKC")
          .toLowerCase()
          .split(/[\s,;#]+/u),
      )
      .map((text) => withoutTrailing(text.replace(/^-+/, ""), "-"))
      .filter(Boolean),
  ),
]

function tagsProblem(tags: readonly string[]): string | null {
  if (tags.length > L.tagsMax) return `Choose at most ${L.tagsMax} tags.`
  const wrong = tags.find(
    (tag) => tag.length > L.tagChars || !/^[\p{Ll}\p{Lo}\p{N}][\p{Ll}\p{Lo}\p{M}\p{N}-]*$/u.test(tag),
  )
  return wrong === undefined
    ? null
    : `“${wrong.slice(0, 40)}” is no tag. Use up to ${L.tagChars} letters, digits and hyphens.`
}

const NO_ADDRESS = "Enter an address that begins with https://"

function webUrl(text: string): URL | null {
  if (text.length > L.urlChars || /[\s\\\p{Cc}]/u.test(text)) return null
  const url = URL.parse(text)
  return url?.protocol === "https:" && !url.username && !url.password && url.hostname.includes(".") ? url : null
}

/** The host, or one below it. */
export const isBelow = (host: string, top: string): boolean => host === top || host.endsWith(`.${top}`)

/** “Use app” leads to where the app says that it lives: nothing else is what people read at sign-in. */
export function urlProblem(text: string, homepageUrl: string | null): string | null {
  const url = webUrl(text)
  if (!url) return NO_ADDRESS
  const home = homepageUrl === null ? null : webUrl(homepageUrl)
  if (!home) return "Give the app a homepage that begins with https:// first, under Overview."
  return isBelow(url.hostname, home.hostname)
    ? null
    : `Use an address on ${home.hostname}, where the homepage of your app is.`
}

/** What is wrong with words as they would be saved; what is still missing is no mistake of a draft. */
export const draftProblems = (draft: ListingDraft, client: Pick<Client, "homepageUrl">): FieldProblems => ({
  slug: slugProblem(draft.slug),
  tagline: lineProblem(draft.tagline, L.taglineChars),
  description: longer(draft.description, L.descriptionChars),
  category:
    draft.category === "" || (CATEGORIES as readonly string[]).includes(draft.category)
      ? null
      : "Choose one of the list.",
  tags: tagsProblem(draft.tags),
  url: draft.url === "" ? null : urlProblem(draft.url, client.homepageUrl),
  sourceUrl: draft.sourceUrl === "" || webUrl(draft.sourceUrl) ? null : NO_ADDRESS,
  priceWords: lineProblem(draft.priceWords, L.priceChars),
})

/** One thing that a listing needs before everybody may see it. */
export interface Need {
  label: string
  isMet: boolean
  /** Where it is done. */
  at: "overview" | "words" | "shots"
}

export const needsOf = (
  client: Pick<Client, "homepageUrl" | "mode" | "policyUri">,
  listing: Listing | null,
  { shots, hasIcon }: { shots: number; hasIcon: boolean },
): Need[] => [
  { label: "The app is live, not in test mode", isMet: client.mode === "live", at: "overview" },
  { label: "A homepage that begins with https://", isMet: webUrl(client.homepageUrl ?? "") !== null, at: "overview" },
  { label: "A privacy policy", isMet: client.policyUri !== null && client.policyUri !== "", at: "overview" },
  { label: "An icon", isMet: hasIcon, at: "overview" },
  {
    label: "A line that says what it is, and a category",
    isMet: listing !== null && listing.tagline !== "" && listing.category !== "",
    at: "words",
  },
  {
    label: `A description of at least ${L.descriptionCharsMin} characters`,
    isMet: (listing?.description.trim().length ?? 0) >= L.descriptionCharsMin,
    at: "words",
  },
  {
    label: "An address for “Use app”",
    isMet: listing !== null && listing.url !== "" && urlProblem(listing.url, client.homepageUrl) === null,
    at: "words",
  },
  { label: "At least one screenshot", isMet: shots > 0, at: "shots" },
]

/** In the words of pages. */
export type Stage = "draft" | "waiting" | "listed" | "changed" | "unlisted" | "suspended"

/** @param publishedMs when the copy that everybody sees was made */
export function stageOf(listing: Listing, publishedMs: number | null): Stage {
  if (listing.state === "suspended") return "suspended"
  if (listing.askedMs !== null) return "waiting"
  if (listing.state === "listed") return publishedMs !== null && listing.savedMs > publishedMs ? "changed" : "listed"
  return listing.state
}
