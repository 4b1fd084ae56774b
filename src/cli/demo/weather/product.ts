// The demo's API product: current weather for everybody, forecasts and history in higher plans, as its publisher would enter it.
import { type Nano, nano, type UserId } from "../../../app/index.ts"
import type { App } from "../../../compose.ts"
import type { Tx, WriteContext } from "../../../store/index.ts"

const usd = (cents: number): Nano => nano(cents * 10_000_000)

export interface WeatherProduct {
  slug: string
  productPublicId: string
  /** By name, `mpl_…`. */
  plans: Readonly<Record<"Free" | "Pro" | "Business", string>>
  /** By what they tell, `epd_…`. */
  endpoints: Readonly<Record<"current" | "forecast" | "historical", string>>
}

const OVERVIEW = `Weather for any place, from stations that never sleep.

# What you get

- **Current** weather, in every plan
- **Forecasts** for up to 14 days, from Pro on
- **History** back to 1950, from Pro on

Temperatures come in metric or imperial units.`

const CITY = {
  place: "path",
  name: "city",
  type: "string",
  required: true,
  description: "Name of the place",
  example: "London",
} as const
const UNITS = {
  place: "query",
  name: "units",
  type: "string",
  required: false,
  description: "Measurement units",
  example: "metric",
  schema: '{"type":"string","enum":["metric","imperial"]}',
} as const

const ERRORS = [
  { status: 400, meaning: "A parameter is missing or wrong", body: '{ "error": "units is metric or imperial" }' },
  { status: 404, meaning: "No such path", body: '{ "error": "Nothing is here" }' },
] as const

const example = (value: unknown) => ({ status: 200, meaning: "OK", body: JSON.stringify(value, null, 2) })
const SOME = { temperature: 21.5, humidity: 48, sky: "clear" }

const current = {
  method: "GET",
  path: "/current/{city}",
  title: "Get current weather",
  description: "The weather at a place **now**.",
  parameters: [CITY, UNITS],
  examples: [example({ city: "London", units: "metric", ...SOME }), ...ERRORS],
} as const

const forecast = {
  method: "GET",
  path: "/forecast/{city}",
  title: "Get a forecast",
  description: "Day by day, today first.",
  weight: 2,
  parameters: [
    CITY,
    { place: "query", name: "days", type: "integer", required: false, description: "How many, 1 to 14", example: "3" },
    UNITS,
  ],
  examples: [example({ city: "London", units: "metric", days: [{ date: "2026-03-14", ...SOME }] }), ...ERRORS],
} as const

const historical = {
  method: "GET",
  path: "/historical/{city}",
  title: "Get historical data",
  description: "One day of the past. It reads the archive, so it uses ten units.",
  weight: 10,
  validates: true,
  parameters: [
    CITY,
    {
      place: "query",
      name: "date",
      type: "string",
      required: true,
      description: "The day, from 1950 on",
      example: "2025-01-31",
      schema: '{"type":"string","format":"date"}',
    },
    UNITS,
  ],
  examples: [example({ city: "London", units: "metric", date: "2025-01-31", ...SOME }), ...ERRORS],
} as const

/** Made, described and published by a developer who has accepted the agreement. */
export async function publishWeather(
  app: App,
  ctx: WriteContext,
  { ownerId, upstreamUrl }: { ownerId: UserId; upstreamUrl: string },
): Promise<WeatherProduct> {
  const { catalog } = app.marketplace
  const made = await app.store.write(ctx, (tx) => {
    catalog.becomePublisherIn(tx, { ownerId, slug: "paper-boat", name: "Paper Boat Studio" })
    const product = catalog.createProductIn(tx, {
      ownerId,
      title: "Weather",
      slug: "weather",
      tagline: "Current weather, forecasts and history for any place.",
      overview: OVERVIEW,
      version: "1.2.0",
      upstreamUrl,
      categories: ["Weather", "Data"],
    })
    return { id: product.id, productPublicId: product.publicId }
  })
  const mine = { ownerId, productPublicId: made.productPublicId }
  return app.store.write(ctx, (tx) => {
    const plans = plansIn(app, tx, made.id)
    const endpoints = {
      current: catalog.saveEndpointIn(tx, { ...mine, ...current }).publicId,
      forecast: catalog.saveEndpointIn(tx, { ...mine, ...forecast, minPlan: plans.Pro }).publicId,
      historical: catalog.saveEndpointIn(tx, { ...mine, ...historical, minPlan: plans.Pro }).publicId,
    }
    wordsIn(app, tx, mine)
    const { state } = catalog.publishIn(tx, mine)
    // Where the operator looks at new products first, they have looked.
    const { productPublicId } = mine
    if (state === "review") catalog.decideIn(tx, { productPublicId, state: "published", reason: null })
    return { slug: "weather", productPublicId: made.productPublicId, plans, endpoints }
  })
}

function plansIn({ marketplace }: App, tx: Tx, productId: number): WeatherProduct["plans"] {
  const base = { cycle: "month", trialDays: 0, overageNano: null, overageCapNano: null } as const
  const rate = (requests: number) => [{ endpointId: 0, span: "minute" as const, requests }]
  const month = (units: number) => [{ period: "month" as const, anchor: "calendar" as const, units }]
  const add = (name: string, features: string, supportLevel: "community" | "email" | "priority", terms: object) =>
    marketplace.plans.createPlanIn(tx, {
      productId,
      name,
      features,
      supportLevel,
      terms: { ...base, priceNano: usd(0), quotas: [], rates: [], ...terms },
    }).publicId
  return {
    Free: add("Free", "For trying it out", "community", { quotas: month(100), rates: rate(10) }),
    Pro: add("Pro", "Forecasts and history", "email", {
      priceNano: usd(999),
      quotas: [{ period: "month", anchor: "anniversary", units: 1_000 }],
      rates: rate(300),
      overageNano: nano(2_000_000),
      overageCapNano: usd(2_000),
    }),
    Business: add("Business", "For products of your own\nAnswered first", "priority", {
      priceNano: usd(9_900),
      quotas: month(50_000),
      rates: rate(3_000),
    }),
  }
}

function wordsIn({ marketplace: { catalog } }: App, tx: Tx, mine: { ownerId: UserId; productPublicId: string }): void {
  catalog.saveGuideIn(tx, {
    ...mine,
    title: "Units and places",
    body: "# Units\n\nSend `units=metric` or `units=imperial`.\n\n# Places\n\nThe name of a city, as people write it: `São Paulo` works.",
  })
  catalog.addContactIn(tx, {
    ...mine,
    level: "community",
    kind: "forum",
    label: "Forum",
    target: "https://forum.example/weather",
  })
  catalog.addContactIn(tx, { ...mine, level: "email", kind: "email", label: "Mail", target: "weather@example.com" })
  catalog.saveQuestionIn(tx, {
    ...mine,
    question: "How fresh is the weather?",
    answer: "Stations report every ten minutes.",
  })
  catalog.addChangeIn(tx, {
    ...mine,
    version: "1.2.0",
    title: "Forecasts for 14 days",
    body: "`days` may be 14 now.",
    breaking: false,
    mail: false,
  })
}
