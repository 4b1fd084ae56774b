// /admin/jobs: repeating work and messages on their way out; run one now, try one again, give one up.
import {
  AdminJobsPage,
  AdminMessageOffPage,
  MESSAGE_STATES,
  type MessageRow,
  type MessageState,
} from "../../../views/admin/jobs.tsx"
import type { KeepingRow } from "../../../views/admin/keeping.tsx"
import { withQuery } from "../../../views/ui/index.ts"
import { ensure, within } from "../../app/index.ts"
import { button } from "../../http/index.ts"
import type { OutboxEntry } from "../../outbox/index.ts"
import type { PageRequest } from "../base/index.ts"
import { spoken } from "./setting-changes.ts"
import type { AdminDeps, AdminSite } from "./site.ts"

type Deps = Pick<AdminDeps, "jobs" | "outbox" | "clock" | "keeps" | "settings">

const LIST = "/admin/jobs"
const ROWS = 50
/** Short work is over before the page that follows would say that it runs. */
const WAIT_MS = 800

export function jobRoutes(site: AdminSite, deps: Deps): void {
  site.get(LIST, (page) => list(deps, page))
  runRoute(site, deps)
  messageRoutes(site, deps)
}

function list(deps: Deps, page: PageRequest): Response {
  const { jobs, outbox, clock } = deps
  const params = new URL(page.request.url).searchParams
  const state: MessageState = MESSAGE_STATES.find((one) => one === params.get("messages")) ?? "waiting"
  const before = /^\d{1,15}$/.test(params.get("before") ?? "") ? Number(params.get("before")) : undefined
  const found = outbox.entries(state, ROWS + 1, before)
  const shown = found.slice(0, ROWS)
  const last = found.length > ROWS ? shown.at(-1) : undefined
  const props = {
    now: clock.now(),
    jobs: jobs.list().map(({ runningSinceMs, ...job }) => ({ ...job, isRunning: runningSinceMs !== null })),
    keeps: keepsOf(deps),
    state,
    counts: outbox.countsByState(),
    messages: shown.map(rowOf),
    olderHref: last && withQuery(LIST, { messages: state, before: String(last.id) }),
    isFirst: before === undefined,
  }
  return page.render((frame) => AdminJobsPage({ frame, ...props }))
}

function keepsOf({ keeps, settings, jobs }: Deps): KeepingRow[] {
  const lastRuns = new Map(jobs.list().map(({ name, lastRunMs }) => [name, lastRunMs]))
  return keeps.map(({ what, goes, kept, job }) => ({
    what,
    goes,
    kept: typeof kept === "string" ? kept : spoken(kept, settings.get(kept)),
    settingKey: typeof kept === "string" ? null : kept.key,
    job: job === null ? null : { name: job, lastRunMs: lastRuns.get(job) ?? null },
  }))
}

const rowOf = ({ publicId, topic, subject, tries, createdMs, dueMs, lastError }: OutboxEntry): MessageRow => ({
  id: publicId,
  topic,
  subject,
  tries,
  createdMs,
  dueMs,
  lastError,
})

function runRoute(site: AdminSite, { jobs }: Deps): void {
  site.post("/admin/jobs/:job/run", {
    summary: "Run a job now",
    form: button("Run now"),
    load: (_, { job: name }: { job: string }) => {
      const job = jobs.list().find((one) => one.name === name)
      ensure(job, "not_found", "There is no such job. They are listed under Jobs.")
      return job
    },
    async act(page, _, { name }) {
      const isOver = await within(
        jobs.runNow(page.ctx("asked on the jobs page"), name).then(() => true),
        WAIT_MS,
      )
      if (!isOver) return { to: LIST, say: `${name} runs; look again in a moment.` }
      const error = jobs.list().find((one) => one.name === name)?.lastError ?? null
      return error === null
        ? { to: LIST, say: `${name} ran and went well.` }
        : { to: LIST, say: `${name} failed: ${error}`, tone: "error" as const }
    },
    back: () => LIST,
  })
}

function messageRoutes(site: AdminSite, { outbox }: Deps): void {
  const load = (_: unknown, { message }: { message: string }): OutboxEntry => {
    const entry = outbox.entry(message)
    ensure(entry, "not_found", "There is no such message. They are listed under Jobs.")
    return entry
  }
  site.post("/admin/outbox/:message/retry", {
    summary: "Try a message again now",
    form: button("Try again"),
    load,
    async act(page, _, { publicId, topic, subject }) {
      await outbox.again(page.ctx("asked on the jobs page"), publicId)
      return { to: LIST, say: `The ${topic} to ${subject} is tried again now.` }
    },
    back: () => LIST,
  })
  site.form("/admin/outbox/:message/removal", {
    summary: "Give up a message",
    form: button("Give up", true),
    load,
    async act(page, _, { publicId, topic, subject }) {
      await outbox.giveUp(page.ctx("given up on the jobs page"), publicId)
      return { to: LIST, say: `The ${topic} to ${subject} is not sent.` }
    },
    show: (page, form, message, status) =>
      page.render((frame) => AdminMessageOffPage({ frame, message, form }), status),
  })
}
