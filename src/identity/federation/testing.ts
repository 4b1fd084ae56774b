// An identity with an issuer beside it, for tests: who goes there and comes back, in which browser.
import { testCtx } from "../../store/index.ts"
import { newVisitor, type Opened } from "../testing.ts"
import type { Arrival, TripInput, Visitor } from "../types.ts"
import type { NewIssuer } from "./types.ts"

export const CTX = { ...testCtx, actor: "admin:usr_test" }
export const SLUG = "elsewhere"

export interface Made {
  issuer: string
  answer(authorizationUrl: string, over?: Record<string, string | null>): URLSearchParams
}

export const addIssuer = (
  { identity }: Pick<Opened, "identity">,
  { issuer }: Pick<Made, "issuer">,
  more: Partial<NewIssuer> = {},
) =>
  identity.addIssuer(CTX, {
    preset: "oidc",
    slug: SLUG,
    name: "Elsewhere",
    issuer,
    clientId: "purser-here",
    clientSecret: "hush",
    signUp: true,
    trustsMfa: false,
    domains: [],
    ...more,
  })

/** There and back: the answer as the issuer gave it, or as a test made it. */
export async function roundTrip(
  { identity }: Pick<Opened, "identity">,
  made: Made,
  visitor: Visitor = newVisitor(),
  { over, ...trip }: Partial<TripInput> & { over?: Record<string, string | null> } = {},
): Promise<Arrival> {
  const url = await identity.beginTrip(visitor, { slug: SLUG, ...trip })
  return identity.endTrip(visitor, [visitor.browserId], trip.slug ?? SLUG, String(made.answer(url, over)))
}

export const errorOf = (arrival: Arrival): string =>
  arrival.kind === "refused" ? arrival.error.message : `came in: ${arrival.kind}`
