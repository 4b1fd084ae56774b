// Whom a limit binds, as an admin knows them: limits keep numbers.
import { ClientId, KeyId, UserId } from "../../app/index.ts"
import type { LimitRule } from "../../limits/index.ts"
import { labelOf } from "./people.ts"
import type { AdminDeps } from "./site.ts"

type Deps = Pick<AdminDeps, "identity" | "oauth" | "keys" | "plans">

export interface Whom {
  whom: string
  /** What tells two of one name apart. */
  detail: string
  /** Where more is said of them. */
  href: string | null
}

const GONE = "no longer here"

export function whomOf(deps: Deps, { level, subject }: Pick<LimitRule, "level" | "subject">): Whom {
  if (level === "everybody") return { whom: "Everybody", detail: "each person", href: null }
  if (level === "plan") return planOf(deps, subject)
  if (level === "key" || level === "owner") return keyOf(deps, Number(subject))
  if (level === "user") return personOf(deps, Number(subject))
  const [client, user] = subject.split(":").map(Number) as [number, number | undefined]
  const app = deps.oauth.clientById(ClientId(client))
  const name = app?.name ?? GONE
  if (user === undefined) return { whom: `Everybody in ${name}`, detail: app?.publicId ?? "", href: null }
  const person = personOf(deps, user)
  return { ...person, whom: `${person.whom} in ${name}` }
}

function planOf({ plans }: Deps, code: string): Whom {
  const name = plans.planByCode(code)?.name ?? code
  return { whom: `Plan ${name}`, detail: "each person", href: `/admin/plans/${encodeURIComponent(code)}` }
}

function personOf({ identity }: Deps, id: number): Whom {
  const user = identity.userById(UserId(id))
  if (!user) return { whom: GONE, detail: "", href: null }
  const href = `/admin/users/${encodeURIComponent(user.publicId)}`
  return { whom: labelOf(user), detail: user.name === null ? "" : user.email, href }
}

function keyOf(deps: Deps, id: number): Whom {
  const key = deps.keys.named([KeyId(id)]).get(KeyId(id))
  if (!key) return { whom: GONE, detail: "", href: null }
  const owner = personOf(deps, key.userId)
  return { whom: `Key ${key.name}`, detail: `of ${owner.whom}`, href: owner.href }
}
