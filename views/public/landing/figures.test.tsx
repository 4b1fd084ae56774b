// Every figure and picture of the front page comes from this server: what stays the same when all rows change would be a static one.
import { describe, expect, test } from "bun:test"
import { credits, nano } from "../../../src/app/units.ts"
import { html } from "../../layout/html.ts"
import { LandingPage, type LandingProps } from "./index.ts"

const frame = { theme: "system", csrf: "t", path: "/", nav: [], requestId: "r" } as const

/** A server in which no figure is one of the other. */
const server = (scale: number, name: string): LandingProps => ({
  frame,
  claim: `Claim of ${name}`,
  lead: `Lead of ${name}`,
  apiBaseUrl: `https://api.${name}.example/v1`,
  signInUrl: `https://${name}.example`,
  sampleModel: `${name}-chat`,
  dailyCredits: 31 * scale,
  limit: credits(53 * scale ** 2),
  scopeSentence: "Chat with AI models",
  charge: {
    model: `${name}-chat`,
    inputTokens: 611 * scale,
    outputTokens: 307 * scale,
    total: nano(21_400_000 * scale),
    upstream: nano(11_300_000 * scale),
    developer: nano(6_700_000 * scale),
    platform: nano(3_400_000 * scale),
  },
  prices: {
    models: [{ name: `${name}-m`, inputNano: credits(71 * scale), outputNano: credits(73 * scale) }],
    more: 79 * scale,
  },
  packages: [
    {
      slug: "p",
      name: `Pack ${name}`,
      price: nano(83_000_000_000 * scale),
      credits: credits(8_900 * scale),
      bonus: credits(97 * scale),
      bonusDays: 127 * scale,
    },
  ],
  plans: [{ name: `Plan ${name}`, price: `$${13 * scale}`, per: "a month", points: [`${17 * scale} credits a day`] }],
  sharePercent: 19 * scale,
  counts: [{ label: "models", value: 23 * scale }],
  version: `${29 * scale}.${37 * scale}.${41 * scale}`,
  isWell: true,
})

const pageOf = (props: LandingProps): string => html(<LandingPage {...props} />)
const textOf = (page: string): string =>
  page
    .slice(page.indexOf("<main"), page.indexOf("</main>"))
    .replace(/<(svg|style|script)[\s\S]*?<\/\1>/g, " ")
    .replace(/<[^>]*>/g, " ")
const figuresIn = (text: string): string[] => text.match(/\d[\d,.]*\d|\d/g) ?? []

/** What a credit is worth is the same everywhere. */
const CONSTANTS = ["1,000", "1"]

describe("the front page", () => {
  test("has no figure of its own", () => {
    const [one, other] = [server(1, "alpha"), server(3, "beta")].map((props) => figuresIn(textOf(pageOf(props))))
    expect(one!.length).toBeGreaterThan(30)
    const stays = one!.filter((figure) => other!.includes(figure) && !CONSTANTS.includes(figure))
    expect(stays).toEqual([])
  })

  test("has no picture that was made elsewhere", () => {
    const page = pageOf(server(1, "alpha"))
    const main = page.slice(page.indexOf("<main"), page.indexOf("</main>"))
    expect(main).not.toMatch(/<(?:img|picture|video|iframe|canvas|object)\b/)
    expect(main.match(/role="img"/g)).toHaveLength(3)
  })

  test("names this server, and no other", () => {
    const page = pageOf(server(1, "alpha"))
    const hosts = new Set(Array.from(page.matchAll(/https?:\/\/([a-z0-9.-]+)/g), ([, host]) => host))
    expect([...hosts]).toEqual(["alpha.example", "api.alpha.example"])
    expect(page).toContain("alpha.example/sdk.js")
  })

  test("says nothing where there is nothing", () => {
    const empty = {
      charge: null,
      prices: { models: [], more: 0 },
      packages: [],
      plans: [],
      counts: [],
      dailyCredits: 0,
    }
    const text = textOf(pageOf({ ...server(1, "alpha"), ...empty }))
    expect(figuresIn(text).filter((figure) => figure === "0")).toEqual([])
    expect(text).not.toContain("no card needed")
  })
})
