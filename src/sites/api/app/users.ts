// GET /v1/app/users and /v1/app/users/:user: the people of an app, with what each of them lets it see (SPEC DE-3).
import { AppError, amountJson, csvLine, type Nano } from "../../../app/index.ts"
import { type AppUser, type AppUsersQuery, appUser } from "../../../developers/index.ts"
import type { Media } from "../../../media/index.ts"
import { isScope, type Scope } from "../../../oauth/index.ts"
import { type KeysetPage, placeText, type ReadWorker, readPlace, type Store } from "../../../store/index.ts"
import { csvAnswer } from "./csv.ts"
import { momentOf, readQuery, wholeNumber, wrong } from "./query.ts"
import { type AppUserJson, USERS_QUERY } from "./schemas.ts"
import type { AskedOfApp } from "./who.ts"

export interface UsersDeps {
  reads: Pick<ReadWorker, "ask">
  store: Pick<Store, "read">
  media: Pick<Media, "addressOf">
  /** Where pictures are: the issuer's origin, as in ID tokens. */
  pictures: string
}

/** As ID tokens say it. */
const PICTURE_WIDTH = 256
const NAMES = Object.keys(USERS_QUERY) as (keyof typeof USERS_QUERY)[]

export async function listUsers(deps: UsersDeps, { caller, params, wantsCsv }: AskedOfApp): Promise<Response> {
  const query = usersQuery(params)
  const input: AppUsersQuery = { ...query, clientId: caller.client.id }
  const page = await deps.reads.ask<KeysetPage<AppUser>>("developers.app-users", input)
  const nextCursor = page.next && placeText(page.next)
  const users = page.rows.map((user) => toJson(deps, user))
  if (wantsCsv) return csvAnswer(usersCsv(users), "users.csv", nextPage(params, nextCursor))
  return Response.json({ object: "list", data: users, hasMore: nextCursor !== null, nextCursor })
}

/** Somebody of another app is as unknown as nobody. @throws AppError not_found */
export async function oneUser(
  deps: UsersDeps,
  { caller, params, wantsCsv }: AskedOfApp,
  id: string,
): Promise<Response> {
  readQuery(params, [])
  const user = id.length > 64 ? null : appUser(deps.store.read, caller.client.id, id)
  if (!user) throw new AppError("not_found", "There is nobody with this id who lets your app in.", { param: "user" })
  const json = toJson(deps, user)
  return wantsCsv ? csvAnswer(usersCsv([json]), "user.csv") : Response.json(json)
}

/** @throws AppError invalid_request */
function usersQuery(params: URLSearchParams): Omit<AppUsersQuery, "clientId"> {
  const { limit, cursor, scope, authorizedFrom, authorizedTo, search } = readQuery(params, NAMES)
  const place = readPlace(cursor ?? null)
  if (cursor !== undefined && (place === null || typeof place.key !== "number"))
    throw wrong("cursor", "must be the `nextCursor` of a page before")
  if (scope !== undefined && !isScope(scope)) throw wrong("scope", "must be a scope such as `llm`")
  const { default: usual, maximum } = USERS_QUERY.limit
  const searched = search?.trim()
  if (searched && searched.length > 100) throw wrong("search", "is longer than 100 characters")
  return {
    limit: wholeNumber("limit", limit, usual as number, maximum!),
    place,
    scope: scope as Scope | undefined,
    fromMs: momentOf("authorizedFrom", authorizedFrom),
    toMs: momentOf("authorizedTo", authorizedTo),
    search: searched || undefined,
  }
}

function toJson({ media, pictures }: UsersDeps, user: AppUser): AppUserJson {
  const path = user.profile && media.addressOf({ purpose: "avatar", subject: user.userId }, PICTURE_WIDTH)
  return {
    object: "app.user",
    userId: user.userId,
    authorizedAt: new Date(user.authorizedMs).toISOString(),
    scopes: user.scopes,
    usageLimits: Object.fromEntries(
      Object.entries(user.limits).map(([scope, daily]) => [scope, amountJson(daily as Nano)]),
    ),
    ...(user.profile ? { displayName: user.profile.name, avatarUrl: path ? `${pictures}${path}` : null } : {}),
    ...(user.email ? { email: user.email.address, emailVerified: user.email.verified } : {}),
  }
}

const HEAD = ["userId", "authorizedAt", "scopes", "usageLimits", "displayName", "avatarUrl", "email", "emailVerified"]

const usersCsv = (users: readonly AppUserJson[]): string =>
  csvLine(HEAD) +
  users
    .map((user) =>
      csvLine([
        user.userId,
        user.authorizedAt,
        user.scopes.join(" "),
        Object.entries(user.usageLimits)
          .map(([scope, { credits }]) => `${scope}=${credits}`)
          .join(" "),
        user.displayName ?? null,
        user.avatarUrl ?? null,
        user.email ?? null,
        user.emailVerified === undefined ? null : String(user.emailVerified),
      ]),
    )
    .join("")

/** The same question, from there on. */
function nextPage(params: URLSearchParams, cursor: string | null): string | null {
  if (cursor === null) return null
  const next = new URLSearchParams(params)
  next.set("cursor", cursor)
  return `?${next}`
}
