// Servers that the operator recommends: put in, changed, ordered, turned off, taken out; and added by a person, with what is theirs.
import { AppError, ensure } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import type { Tx, WriteContext } from "../../store/index.ts"
import type { Core } from "../core.ts"
import { createGroupIn, removeGroupIn } from "../groups.ts"
import { MCP_LIMITS as L } from "../limits.ts"
import { checkedRecommended } from "../rules.ts"
import { addServer } from "../servers.ts"
import { groupNamed, groupsOf, serversOf } from "../store.ts"
import type { Server } from "../types.ts"
import * as rows from "./store.ts"
import type { AddRecommended, CatalogueVerbs, Recommended, RecommendedTerms } from "./types.ts"

export const catalogueVerbs = (core: Core): CatalogueVerbs => ({
  all: () => rows.recommended(core.store.read),
  bySlug: (slug) => rows.recommendedBySlug(core.store.read, slug),
  recommend: (ctx, input) => core.store.write(ctx, (tx) => recommendIn(tx, input)),
  change: (ctx, slug, terms) => core.store.write(ctx, (tx) => changeIn(tx, slug, terms)),
  turn: (ctx, slug, active) => core.store.write(ctx, (tx) => turnIn(tx, slug, active)),
  raise: (ctx, slug) => core.store.write(ctx, (tx) => raiseIn(tx, slug)),
  remove: (ctx, slug) => core.store.write(ctx, (tx) => removeIn(tx, slug)),
  add: (ctx, input) => add(core, ctx, input),
})

function recommendIn(tx: Tx, input: RecommendedTerms & { slug: string }): Recommended {
  const checked = checkedRecommended(input)
  const { slug } = input
  const all = rows.recommended(tx)
  ensure(all.length < L.recommendedMax, "conflict", `${L.recommendedMax} servers are recommended, which is the most.`)
  if (all.some((one) => one.slug === slug)) {
    const words = "A server of this short name is recommended already. Choose another one."
    throw new AppError("validation_failed", words, { formErrors: { slug: words } })
  }
  rows.insertRecommended(tx, { slug, ...checked, active: true })
  const made = known(tx, slug)
  auditIn(tx, { action: "mcp_recommended.added", subject: subjectOf(slug), after: noted(made) })
  return made
}

function changeIn(tx: Tx, slug: string, terms: RecommendedTerms): Recommended {
  const before = known(tx, slug)
  const checked = checkedRecommended({ ...terms, slug })
  rows.saveRecommended(tx, { ...before, ...checked })
  const after = known(tx, slug)
  auditIn(tx, {
    action: "mcp_recommended.changed",
    subject: subjectOf(slug),
    before: noted(before),
    after: noted(after),
  })
  return after
}

function turnIn(tx: Tx, slug: string, active: boolean): Recommended {
  const before = known(tx, slug)
  if (before.active === active) return before
  rows.saveRecommended(tx, { ...before, active })
  auditIn(tx, { action: "mcp_recommended.turned", subject: subjectOf(slug), after: { title: before.title, active } })
  return { ...before, active }
}

function raiseIn(tx: Tx, slug: string): Recommended {
  const one = known(tx, slug)
  const all = rows.recommended(tx)
  const at = all.findIndex(({ id }) => id === one.id)
  if (at > 0) {
    const order = all.toSpliced(at, 1).toSpliced(at - 1, 0, one)
    for (const [position, { id }] of order.entries()) rows.placeRecommended(tx, id, position + 1)
    auditIn(tx, { action: "mcp_recommended.moved", subject: subjectOf(slug), after: { title: one.title } })
  }
  return one
}

function removeIn(tx: Tx, slug: string): Recommended {
  const one = known(tx, slug)
  rows.deleteRecommended(tx, one.id)
  auditIn(tx, { action: "mcp_recommended.removed", subject: subjectOf(slug), before: noted(one) })
  return one
}

const subjectOf = (slug: string): string => `tool_server:${slug}`
const noted = ({ title, url, auth, active }: Recommended) => ({ title, host: new URL(url).host, auth, active })

/** @throws AppError not_found */
function known(tx: Parameters<typeof rows.recommendedBySlug>[0], slug: string): Recommended {
  const one = rows.recommendedBySlug(tx, slug)
  ensure(one, "not_found", "There is no such server in the catalogue.")
  return one
}

/** What `none` finds out by itself covers a sign-in; the catalogue's word is for people. */
async function add(core: Core, ctx: WriteContext, input: AddRecommended): Promise<{ server: Server; group: string }> {
  const one = known(core.store.read, input.slug)
  ensure(one.active, "not_found", "There is no such server in the catalogue.")
  const { userId } = input
  const first = input.group ?? groupsOf(core.store.read, userId)[0]?.name ?? null
  const group = first ?? (await core.store.write(ctx, (tx) => createGroupIn(core, tx, { userId, ...FIRST }))).name
  try {
    const server = await addServer(core, ctx, {
      userId,
      group,
      name: freeName(core, userId, group, one.slug),
      url: one.url,
      auth: one.auth === "oauth" ? "none" : one.auth,
      keyIn: one.keyIn,
      keyName: one.keyName,
      credential: input.credential ?? null,
    })
    return { server, group }
  } catch (error) {
    // A group that was made for it goes with it, unless something came into it meanwhile.
    if (first === null)
      await core.store.write(ctx, (tx) => {
        const made = groupNamed(tx, userId, group)
        if (made && serversOf(tx, made.id).length === 0) removeGroupIn(core, tx, { userId, group })
      })
    throw error
  }
}

const FIRST = { name: "tools", title: "My tools" }

/** `github`, else `github-2`. */
function freeName(core: Core, userId: AddRecommended["userId"], group: string, slug: string): string {
  const found = groupNamed(core.store.read, userId, group)
  const taken = new Set(found ? serversOf(core.store.read, found.id).map(({ name }) => name) : [])
  const base = slug.slice(0, L.nameCharsMax - 3).replace(/-$/, "")
  for (let n = 2, name = slug; ; name = `${base}-${n++}`) if (!taken.has(name)) return name
}
