// What the front page is made of. Every figure comes from rows of this server; a test finds those that do not.
import type { Nano } from "../../../src/app/units.ts"
import type { PackageCard } from "../../console/credits/buy.tsx"
import type { Frame } from "../../layout/frame.ts"

/** n$ a million tokens. */
export interface ModelPrice {
  name: string
  inputNano: Nano
  outputNano: Nano
}

/** A chat as it would be charged here now. */
export interface SampleCharge {
  model: string
  inputTokens: number
  outputTokens: number
  total: Nano
  /** Parts of the total: who is paid what. */
  upstream: Nano
  developer: Nano
  platform: Nano
}

export interface LandingPlan {
  name: string
  /** "$9.99", "Free". */
  price: string
  per: string | undefined
  points: readonly string[]
}

export interface LandingProps {
  frame: Frame
  /** What this server promises, and what that means. */
  claim: string
  lead: string
  /** Base URL for the OpenAI SDK, ending in /v1. */
  apiBaseUrl: string
  /** Where people sign in, and `sdk.js` is. */
  signInUrl: string
  /** A model that answers on this server. */
  sampleModel: string
  /** Free credits of a day, whole credits. */
  dailyCredits: number
  /** What a new app may spend a day unless its person says otherwise. */
  limit: Nano
  /** How its scope is told on the page that asks. */
  scopeSentence: string
  /** Null: nothing answers here yet. */
  charge: SampleCharge | null
  /** Some of the models that answer here, cheapest first, and how many more there are. Empty: none is connected yet. */
  prices: { models: readonly ModelPrice[]; more: number }
  /** What is sold; empty: nothing. */
  packages: readonly PackageCard[]
  plans: readonly LandingPlan[]
  /** What an app's developer earns by a call, percent of the model's price. */
  sharePercent: number
  /** What this server has, as its operator lets it be told: "41 models". */
  counts: readonly { label: string; value: number }[]
  /** What it runs. */
  version: string
  /** All parts of it work. */
  isWell: boolean
}
