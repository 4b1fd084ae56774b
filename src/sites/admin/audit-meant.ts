// What an admin means by what they typed into the search of the audit log: people and apps by any part of their names, everything by
// its id, a request by its own.
import type { AuditFilter } from "../../audit/index.ts"
import type { Reader } from "../../store/index.ts"
import type { AdminDeps } from "./site.ts"
import { type AuditSearch, clientIdOf, clientsNamed } from "./store-audit.ts"

/** People and apps that one name may mean. */
const MEANT_MAX = 20
/** A request ends within this time of its beginning. */
const REQUEST_MS = 3_600_000

export type Meant = Pick<AuditSearch, "any" | "looked" | "request">
export type Asked = Readonly<{ q: string; actor: string; subject: string }>

interface Who {
  actors: string[]
  subjects: string[]
  clients: number[]
}

type Deps = Pick<AdminDeps, "identity" | "gateway"> & { reader: Reader }

/** Null: nothing that was typed is anybody or anything here. */
export function meantBy(deps: Deps, { q, actor, subject }: Asked): Meant | null {
  const request = requestOf(q)
  if (request) return { any: null, looked: null, request }
  const meant = q ? whoIs(deps, q) : null
  const about = subject ? whoIs(deps, subject) : null
  const actors = actor ? whoIs(deps, actor).actors : null
  let any: AuditFilter[] | null = null
  for (const filters of [
    meant && [...meant.actors.map((one) => ({ actor: one })), ...meant.subjects.map((one) => ({ subject: one }))],
    actors?.map((one) => ({ actor: one })),
    about?.subjects.map((one) => ({ subject: one })),
  ])
    if (filters) any = any === null ? filters : any.flatMap((one) => filters.flatMap((other) => both(one, other)))
  const hasClients = [meant, about].some((who) => who !== null && who.clients.length > 0)
  const looked = hasClients ? { meant, about, actors } : null
  return any?.length === 0 && looked === null ? null : { any, looked, request: null }
}

/** Both conditions at once; none when they contradict. */
function both(one: AuditFilter, other: AuditFilter): AuditFilter[] {
  const isSame = (name: keyof AuditFilter) =>
    one[name] === undefined || other[name] === undefined || one[name] === other[name]
  return isSame("actor") && isSame("subject") ? [{ ...one, ...other }] : []
}

/** An id is itself; a name is everybody and everything that has it. */
function whoIs({ identity, gateway, reader }: Deps, typed: string): Who {
  if (/^(usr|cli|con|gnt|ses|upm|lot|key)_\w+$/.test(typed)) return ofId(reader, typed)
  if (/^(user|admin|app|system):|^cli$/.test(typed)) return { actors: [typed], subjects: [], clients: [] }
  const people = identity.searchUsers({ query: typed, limit: MEANT_MAX }).map((user) => user.publicId)
  const apps = clientsNamed(reader, typed, MEANT_MAX)
  const upstreams = gateway
    .upstreams()
    .filter((one) => one.name.toLowerCase().includes(typed.toLowerCase()))
    .map((one) => one.publicId)
  return {
    actors: [...people.flatMap(actorsOf), ...apps.map((app) => `app:${app.publicId}`)],
    // What has no row of its own, such as a setting or a plan, is named by its subject.
    subjects: [...people, ...apps.map((app) => app.publicId), ...upstreams, typed, `plan:${typed.toLowerCase()}`],
    clients: apps.map((app) => app.clientId),
  }
}

const actorsOf = (id: string): string[] => [`user:${id}`, `admin:${id}`]

function ofId(reader: Reader, id: string): Who {
  if (id.startsWith("usr_")) return { actors: actorsOf(id), subjects: [id], clients: [] }
  const client = id.startsWith("cli_") ? clientIdOf(reader, id) : null
  return { actors: client === null ? [] : [`app:${id}`], subjects: [id], clients: client === null ? [] : [client] }
}

/** `req_` and a ULID, whose first ten letters are the time. */
function requestOf(text: string): AuditSearch["request"] {
  const time = /^req_([0-7][0-9A-HJKMNP-TV-Z]{9})[0-9A-HJKMNP-TV-Z]{16}$/.exec(text)?.[1]
  if (!time) return null
  const fromMs = [...time].reduce((ms, letter) => ms * 32 + "0123456789ABCDEFGHJKMNPQRSTVWXYZ".indexOf(letter), 0)
  return { id: text, fromMs: fromMs - 1_000, toMs: fromMs + REQUEST_MS }
}
