// /admin/users/bulk: one act for several people. Each is done and audited as if it were alone; who is refused keeps nobody else waiting.
import { AdminUsersBulkPage, type BulkPerson } from "../../../views/admin/users-bulk.tsx"
import { AdminUsersBulkNonePage } from "../../../views/admin/users-bulk-none.tsx"
import { plural } from "../../../views/ui/format.ts"
import type { FormView } from "../../../views/ui/index.ts"
import { AppError, UserId } from "../../app/index.ts"
import { field, form } from "../../http/index.ts"
import type { User } from "../../identity/index.ts"
import type { Done, PageRequest, Status } from "../base/index.ts"
import { labelOf } from "./people.ts"
import type { AdminDeps, AdminSite } from "./site.ts"
import type { MatchingUsers } from "./store-users.ts"
import { queryOf } from "./users-list.ts"

type BulkUser = Pick<User, "id" | "publicId" | "name" | "email" | "status">

/** Those named one by one: as many as a page of the list has, twice. */
const CHOSEN_MAX = 100
/** Those who match, in one act: it stays within seconds. More are another act. */
const MATCHING_MAX = 5_000
/** Acts under way at once, so that calls come between. */
const BATCH = 100
/** A line on the next page has room for so many refusals. */
const REFUSED_SAID = 3
/** People named where all that can be said is why nothing happens to them. */
const LISTED = 50

const BULK_FORM = form(
  {
    actName: field.hidden({ name: "act", label: "Act: suspend, reinstate or plan" }),
    users: field.hidden({ label: "Ids, with a space between" }),
    match: field.hidden({ label: 'All who match, as the address of the list has it: "?q=ada&status=active"' }),
    count: field.hidden({ label: "With match: of how many people you know" }),
    planCode: field.choice({ name: "plan", label: "Plan", wrong: "Choose one of the plans." }),
    reason: field.reason(),
  },
  { submit: "Continue" },
)

interface BulkAct {
  verb: string
  danger: boolean
  words: readonly string[]
  /** How those who are done with are spoken of: "12 people are suspended." */
  done: string
  against(user: BulkUser, page: PageRequest): string | undefined
  perform(
    page: PageRequest,
    deps: AdminDeps,
    user: BulkUser,
    given: { reason: string; planCode: string },
  ): Promise<unknown>
}

const ACTS: Readonly<Record<string, BulkAct>> = {
  suspend: {
    verb: "Suspend",
    danger: true,
    words: [
      "They are signed out everywhere, and no app can spend their credits any more; calls in progress are cut off.",
      "Their credits and apps stay. You can reinstate them at any time.",
    ],
    done: "suspended",
    against: (user, page) =>
      user.status === "suspended"
        ? "is suspended already"
        : user.id === page.session.userId
          ? "is you: nobody can suspend themselves"
          : undefined,
    perform: (page, { identity }, user, { reason }) => identity.suspend(page.ctx(reason), { userId: user.id, reason }),
  },
  reinstate: {
    verb: "Reinstate",
    danger: false,
    words: ["They can sign in again. Their apps stay approved, but they must sign in to each again."],
    done: "active again",
    against: (user) => (user.status === "active" ? "is not suspended" : undefined),
    perform: (page, { identity }, user, { reason }) =>
      identity.unsuspend(page.ctx(reason), { userId: user.id, reason }),
  },
  plan: {
    verb: "Change the plan of",
    danger: false,
    words: ["An upgrade holds from now on; who moves down keeps the present plan until its period ends."],
    done: "moved",
    against: () => undefined,
    perform: (page, { plans }, user, { reason, planCode }) =>
      plans.change(page.ctx(reason), { user: { id: user.id, publicId: user.publicId }, planCode }),
  },
}

interface Bulk {
  name: string
  act: BulkAct
  people: readonly BulkUser[]
  /** The filters, when all who match are meant; `total`: how many that are. */
  match: string
  total: number
}

export function usersBulkRoutes(site: AdminSite, deps: AdminDeps): void {
  site.form("/admin/users/bulk", {
    summary: "Suspend, reinstate or move several people at once",
    load: async (page, _, sent): Promise<Bulk> => {
      const name = Object.hasOwn(ACTS, sent("act")) ? sent("act") : "suspend"
      const match = sent("match")
      const whom = match.startsWith("?") ? await matching(deps, match) : named(deps, page, sent("users"))
      return { name, act: ACTS[name]!, match: match.startsWith("?") ? match : "", ...whom }
    },
    form: BULK_FORM,
    adapt: (form, { name }) => form.with({ planCode: name === "plan" ? { options: plansFor(deps) } : null }),
    present: ({ name, people, match }) => ({
      actName: name,
      users: match ? "" : people.map((user) => user.publicId).join(" "),
      match,
      planCode: "free",
    }),
    act: (page, { reason, planCode, count }, bulk) => perform(page, deps, bulk, { reason, planCode, count }),
    show: (page, form, bulk, status) => question(page, bulk, form, status),
  })
}

/** Those whose boxes were ticked. */
function named({ identity }: AdminDeps, page: PageRequest, users: string): Pick<Bulk, "people" | "total"> {
  const chosen = new URL(page.request.url).searchParams.getAll("user")
  const ids = [...new Set([...chosen, ...users.split(/\s+/)].filter(Boolean))].slice(0, CHOSEN_MAX)
  const people = ids.flatMap((id) => identity.userByPublicId(id) ?? [])
  return { people, total: people.length }
}

/** Those whom the filters of the list leave now, on whatever page they stand. */
async function matching(deps: AdminDeps, match: string): Promise<Pick<Bulk, "people" | "total">> {
  const sort = { by: "joined", descending: true } as const
  const { query } = queryOf(deps, new URLSearchParams(match), { sort, place: null })
  const found = await deps.reads.ask<MatchingUsers>("admin.users-matching", { ...query, limit: MATCHING_MAX })
  const people = found.people.map(({ id, state, ...user }) => ({
    ...user,
    id: UserId(id),
    status: state === "suspended" ? ("suspended" as const) : ("active" as const),
  }))
  return { people, total: found.total }
}

const plansFor = ({ plans }: AdminDeps) =>
  plans.list().flatMap((plan) => (plan.active ? [{ value: plan.code, label: plan.name }] : []))

async function perform(
  page: PageRequest,
  deps: AdminDeps,
  { act, people, match }: Bulk,
  { count, ...given }: { reason: string; planCode: string; count: string },
): Promise<Done> {
  const ready = people.filter((user) => act.against(user, page) === undefined)
  // What was agreed to is a number; who matches may have changed since.
  if (match && count !== String(ready.length))
    throw new AppError(
      "conflict",
      `It would be ${plural(ready.length, "person", "people")} now. Look again, and press once more.`,
    )
  const refused: { name: string; why: string }[] = []
  for (let at = 0; at < ready.length; at += BATCH) {
    const batch = ready.slice(at, at + BATCH)
    const results = await Promise.allSettled(batch.map((user) => act.perform(page, deps, user, given)))
    for (const [index, result] of results.entries()) {
      if (result.status === "fulfilled") continue
      // What is no refusal of the domain is a defect, and is not to be reported as one.
      if (!(result.reason instanceof AppError)) throw result.reason
      refused.push({ name: labelOf(batch[index]!), why: result.reason.message })
    }
  }
  const done = ready.length - refused.length
  const said = [
    `${plural(done, "person is", "people are")} ${act.done}.`,
    ...refused.slice(0, REFUSED_SAID).map(({ name, why }) => `Not ${name}: ${why}`),
    ...(refused.length > REFUSED_SAID ? [`And ${refused.length - REFUSED_SAID} more were refused.`] : []),
  ]
  return {
    to: "/admin/users",
    say: said.join(" "),
    tone: refused.length > 0 ? "info" : "ok",
    result: { done, refused },
  }
}

function question(page: PageRequest, bulk: Bulk, form: FormView, status: Status): Response {
  const { act, people, match, total } = bulk
  const rows: BulkPerson[] = people.map((user) => ({
    id: user.publicId,
    name: labelOf(user),
    email: user.email,
    against: act.against(user, page),
  }))
  const ready = rows.filter((one) => one.against === undefined)
  if (ready.length === 0) {
    const several = match && rows.length > LISTED
    return page.render(
      (frame) =>
        AdminUsersBulkNonePage({ frame, people: rows.slice(0, LISTED), more: several ? rows.length - LISTED : 0 }),
      status,
    )
  }
  const whom = ready.length === 1 ? ready[0]!.name : plural(ready.length, "person", "people")
  // The number that is agreed to is the one that is shown, also where another was sent.
  const fields = form.fields.map((one) => (one.name === "count" ? { ...one, typed: [String(ready.length)] } : one))
  const view = { ...form, fields, submit: `${act.verb} ${whom}`, danger: act.danger }
  const words =
    total > people.length
      ? [
          ...act.words,
          `${plural(total, "person matches", "people match")}; one act reaches the newest ${people.length}.`,
        ]
      : act.words
  return page.render((frame) => AdminUsersBulkPage({ frame, verb: act.verb, words, people: rows, form: view }), status)
}
