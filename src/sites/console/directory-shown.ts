// An app of the directory as its pages show it: what everybody sees, and the same made of a draft, for its developer and for an admin.
import type { AppCard, AppShown, ShownPicture } from "../../../views/public/directory/index.ts"
import type { Card, Directory, ListedApp, Listing, Shot } from "../../directory/index.ts"
import { DIRECTORY_LIMITS, isBelow } from "../../directory/index.ts"
import type { Media } from "../../media/index.ts"
import { type Client, isAiScope, type Oauth } from "../../oauth/index.ts"
import { DEFAULT_RULES } from "../../pricing/index.ts"
import type { Usage } from "../../usage/index.ts"
import { SCOPE_LABELS, SCOPE_SENTENCES } from "../auth/index.ts"

export interface DirectoryShownDeps {
  directory: Pick<Directory, "verified" | "developerName">
  media: Pick<Media, "addressOf">
  oauth: Pick<Oauth, "clientByPublicId" | "shareFor">
  usage: Pick<Usage, "typicalCharge">
  clock: { now(): number }
}

type Deps = DirectoryShownDeps

export function pictureOf(
  { media }: Pick<Deps, "media">,
  { id, alt }: { id: string; alt: string },
): ShownPicture | null {
  const at = (width: 320 | 640 | 1280) => media.addressOf({ purpose: "screenshot", subject: id }, width)
  const [small, middle, large] = [at(320), at(640), at(1280)]
  return small && middle && large ? { small, middle, large, alt } : null
}

const hostOf = (url: string): string => URL.parse(url)?.hostname ?? ""

export function cardShown(deps: Deps, app: ListedApp): AppCard {
  const { slug, name, tagline, category, tags, publicId, featuredMs, people, url } = app
  const verified = deps.directory.verified(app)
  const first = app.shots[0]
  return {
    slug,
    name,
    tagline,
    category,
    tags,
    iconUrl: deps.media.addressOf({ purpose: "icon", subject: publicId }, 128),
    developer: deps.directory.developerName(app.ownerId),
    // The proof is of a domain: it says nothing of an address elsewhere.
    verifiedHost: verified && isBelow(hostOf(url), verified.host) ? verified.host : null,
    isFeatured: featuredMs !== null,
    people: people < DIRECTORY_LIMITS.peopleShownMin ? null : people,
    shot: first ? pictureOf(deps, first) : null,
  }
}

/** What every app asks for without a choice says nothing. */
const SILENT = new Set(["offline_access"])

export function appShown(deps: Deps, app: ListedApp, client: Client): AppShown {
  const { shot: _, ...card } = cardShown(deps, app)
  const nowMs = deps.clock.now()
  const shares = client.shareBp !== null
  return {
    ...card,
    description: app.description,
    url: app.url,
    host: hostOf(app.url),
    sourceUrl: app.sourceUrl,
    policyUri: webOnly(client.policyUri),
    tosUri: webOnly(client.tosUri),
    supportUrl: webOnly(client.supportUrl),
    asks: client.scopes.filter((scope) => !SILENT.has(scope)).map((scope) => SCOPE_SENTENCES[scope]),
    priceWords: app.priceWords,
    typical: client.scopes.filter(isAiScope).flatMap((scope) => {
      const price = deps.usage.typicalCharge(client.id, scope, nowMs)
      return price === null ? [] : [{ kind: SCOPE_LABELS[scope] ?? scope, price }]
    }),
    sharePercent: shares
      ? deps.oauth.shareFor({ clientId: client.id, consentId: null }, DEFAULT_RULES.app.developerBp) / 100
      : null,
    shots: app.shots.flatMap((shot) => pictureOf(deps, shot) ?? []),
    listedMs: app.listedMs,
    publishedMs: app.publishedMs,
  }
}

/** Nothing of an app leads to a script or a file. */
const webOnly = (url: string | null): string | null => (url !== null && /^https?:\/\//i.test(url) ? url : null)

/** As it would be shown if it were listed now. */
export function draftShown(
  deps: Deps,
  client: Client,
  own: { listing: Listing; shots: readonly Shot[]; card: Card | null },
): AppShown {
  const { listing, shots, card } = own
  const nowMs = deps.clock.now()
  const app: ListedApp = {
    ...listing,
    publicId: client.publicId,
    name: client.name,
    ownerId: client.ownerId!,
    tags: listing.tags === "" ? [] : listing.tags.split(" "),
    shots: shots.map(({ publicId, alt }) => ({ id: publicId, alt })),
    featuredMs: card?.featuredMs ?? null,
    people: card?.people ?? 0,
    peopleMs: card?.peopleMs ?? 0,
    listedMs: card?.listedMs ?? nowMs,
    publishedMs: nowMs,
  }
  return appShown(deps, app, client)
}
