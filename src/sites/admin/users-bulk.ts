// /admin/users/bulk: one act for several people. Each is done and audited as if it were alone; who is refused keeps nobody else waiting.
import { AdminUsersBulkPage, type BulkPerson } from "../../../views/admin/users-bulk.tsx"
import { AdminUsersBulkNonePage } from "../../../views/admin/users-bulk-none.tsx"
import { plural } from "../../../views/ui/format.ts"
import type { FormView } from "../../../views/ui/index.ts"
import { AppError } from "../../app/index.ts"
import { field, form } from "../../http/index.ts"
import type { User } from "../../identity/index.ts"
import type { Done, PageRequest, Status } from "../base/index.ts"
import { labelOf } from "./people.ts"
import type { AdminDeps, AdminSite } from "./site.ts"

/** As many as a page of the list has, twice. */
const PEOPLE_MAX = 100
/** A line on the next page has room for so many refusals. */
const REFUSED_SAID = 3

const BULK_FORM = form(
  {
    actName: field.hidden({ name: "act", label: "Act: suspend, reinstate or plan" }),
    users: field.hidden({ label: "Ids, with a space between" }),
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
  against(user: User, page: PageRequest): string | undefined
  perform(page: PageRequest, deps: AdminDeps, user: User, given: { reason: string; planCode: string }): Promise<unknown>
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
  people: readonly User[]
}

export function usersBulkRoutes(site: AdminSite, deps: AdminDeps): void {
  site.form("/admin/users/bulk", {
    summary: "Suspend, reinstate or move several people at once",
    load: (page, _, sent): Bulk => {
      const name = Object.hasOwn(ACTS, sent("act")) ? sent("act") : "suspend"
      const chosen = new URL(page.request.url).searchParams.getAll("user")
      const ids = [...new Set([...chosen, ...sent("users").split(/\s+/)].filter(Boolean))].slice(0, PEOPLE_MAX)
      return { name, act: ACTS[name]!, people: ids.flatMap((id) => deps.identity.userByPublicId(id) ?? []) }
    },
    form: BULK_FORM,
    adapt: (form, { name }) => form.with({ planCode: name === "plan" ? { options: plansFor(deps) } : null }),
    present: ({ name, people }) => ({
      actName: name,
      users: people.map((user) => user.publicId).join(" "),
      planCode: "free",
    }),
    act: (page, { reason, planCode }, bulk) => perform(page, deps, bulk, { reason, planCode }),
    show: (page, form, bulk, status) => question(page, bulk, form, status),
  })
}

const plansFor = ({ plans }: AdminDeps) =>
  plans.list().flatMap((plan) => (plan.active ? [{ value: plan.code, label: plan.name }] : []))

async function perform(
  page: PageRequest,
  deps: AdminDeps,
  { act, people }: Bulk,
  given: { reason: string; planCode: string },
): Promise<Done> {
  const ready = people.filter((user) => act.against(user, page) === undefined)
  const results = await Promise.allSettled(ready.map((user) => act.perform(page, deps, user, given)))
  const refused: { name: string; why: string }[] = []
  for (const [at, result] of results.entries()) {
    if (result.status === "fulfilled") continue
    // What is no refusal of the domain is a defect, and is not to be reported as one.
    if (!(result.reason instanceof AppError)) throw result.reason
    refused.push({ name: labelOf(ready[at]!), why: result.reason.message })
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

function question(page: PageRequest, { act, people }: Bulk, form: FormView, status: Status): Response {
  const rows: BulkPerson[] = people.map((user) => ({
    id: user.publicId,
    name: labelOf(user),
    email: user.email,
    against: act.against(user, page),
  }))
  const ready = rows.filter((one) => one.against === undefined).length
  if (ready === 0) return page.render((frame) => AdminUsersBulkNonePage({ frame, people: rows }), status)
  const whom = ready === 1 ? rows.find((one) => one.against === undefined)!.name : plural(ready, "person", "people")
  const view = { ...form, submit: `${act.verb} ${whom}`, danger: act.danger }
  return page.render(
    (frame) => AdminUsersBulkPage({ frame, verb: act.verb, words: act.words, people: rows, form: view }),
    status,
  )
}
