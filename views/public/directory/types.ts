// What the pages of the directory are given of an app.
import type { Nano } from "../../../src/app/units.ts"

/** A screenshot in three widths, all 16 by 9. */
export interface ShownPicture {
  small: string
  middle: string
  large: string
  alt: string
}

export interface AppCard {
  slug: string
  name: string
  iconUrl: string | undefined
  tagline: string
  developer: string
  category: string
  tags: readonly string[]
  /** The domain that its developer showed to be theirs, and where “Use app” leads; null = none. */
  verifiedHost: string | null
  isFeatured: boolean
  /** Different people in 30 days; null = too few to say. */
  people: number | null
  shot: ShownPicture | null
}

export interface AppShown extends Omit<AppCard, "shot"> {
  /** Markdown of its developer. */
  description: string
  /** Where it lives. */
  url: string
  host: string
  sourceUrl: string
  policyUri: string | null
  tosUri: string | null
  supportUrl: string | null
  /** What it may ask for when somebody signs in, a sentence each. */
  asks: readonly string[]
  /** What it costs, in its developer's words. */
  priceWords: string
  /** What a call of a kind cost people lately, from real calls. */
  typical: readonly { kind: string; price: Nano }[]
  /** What its developer earns, percent of the model's price, where they chose it; null: as the house has it. */
  sharePercent: number | null
  shots: readonly ShownPicture[]
  listedMs: number
  publishedMs: number
}

export const appPath = (slug: string, ...rest: string[]): string =>
  ["/directory", slug, ...rest].map((part, at) => (at === 0 ? part : encodeURIComponent(part))).join("/")
