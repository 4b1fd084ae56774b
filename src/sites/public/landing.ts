// The front page. What it shows is read from rows: prices, limits, plans, shares and counts of this server.
import { LandingPage, type LandingProps, type SampleCharge } from "../../../views/public/landing/index.ts"
import { type Nano, nano, VERSION } from "../../app/index.ts"
import type { ModelPriceLine } from "../../gateway/index.ts"
import { DEFAULT_DAILY_LIMIT } from "../../oauth/index.ts"
import { SCOPE_SENTENCES } from "../auth/index.ts"
import { soldNow } from "./pricing.ts"
import type { PublicDeps, PublicSite } from "./site.ts"
import { spread } from "./spread.ts"

/** Models on the front page. */
const PRICES_SHOWN = 8
/** A question and its answer of some sentences: what a chat usually comes to. */
const SAMPLE = { inputTokens: 812, outputTokens: 204 }
const ALL_BP = 10_000
const MILLION = 1_000_000n

export interface Shares {
  platformBp: number
  developerBp: number
}

type Deps = Pick<
  PublicDeps,
  | "priceList"
  | "sampleModel"
  | "apiBaseUrl"
  | "signInUrl"
  | "dailyCredits"
  | "sharesOf"
  | "counts"
  | "pricing"
  | "claims"
  | "notReady"
>

export function landingRoutes(site: PublicSite, deps: Deps): void {
  site.get("/", (page) => {
    const props = landing(deps)
    return page.render((frame) => LandingPage({ frame, ...props }))
  })
}

function landing(deps: Deps): Omit<LandingProps, "frame"> {
  const all = deps.priceList()
  const { shown, more } = spread(all, PRICES_SHOWN)
  const sampleModel = deps.sampleModel()
  const line = all.find(({ id }) => id === sampleModel) ?? all[Math.floor(all.length / 2)]
  return {
    ...deps.claims(),
    apiBaseUrl: deps.apiBaseUrl,
    signInUrl: deps.signInUrl,
    sampleModel,
    dailyCredits: deps.dailyCredits(),
    limit: DEFAULT_DAILY_LIMIT.llm,
    scopeSentence: SCOPE_SENTENCES.llm,
    charge: line ? chargeOf(line, deps.sharesOf(line.id)) : null,
    prices: { models: shown.map(({ id, ...price }) => ({ name: id, ...price })), more },
    ...soldNow(deps.pricing),
    sharePercent: deps.sharesOf(line?.id ?? sampleModel).developerBp / 100,
    counts: deps.counts(),
    version: VERSION,
    isWell: deps.notReady().length === 0,
  }
}

/** What a chat of the usual length costs here, and who is paid what of it; parts add up to it. Pure. */
export function chargeOf(
  { id, inputNano, outputNano }: Pick<ModelPriceLine, "id" | "inputNano" | "outputNano">,
  { platformBp, developerBp }: Shares,
): SampleCharge | null {
  const { inputTokens, outputTokens } = SAMPLE
  const exact = BigInt(inputNano) * BigInt(inputTokens) + BigInt(outputNano) * BigInt(outputTokens)
  const total = (exact + MILLION - 1n) / MILLION
  if (total === 0n) return null
  const part = (bp: number): Nano => nano((total * BigInt(bp)) / BigInt(ALL_BP + platformBp + developerBp))
  const developer = part(developerBp)
  const platform = part(platformBp)
  const upstream = nano(total - BigInt(developer) - BigInt(platform))
  return { model: id, ...SAMPLE, total: nano(total), upstream, developer, platform }
}
