// /admin/apply: how this house is set up, as one file. A file is looked at first, which changes nothing, and what was looked at is applied: the same
// file against the same house, or it is refused. What waits to be applied stands in memory alone, for it may have keys beside it.
import { AdminApplyPage } from "../../../views/admin/apply.tsx"
import type { FormView } from "../../../views/ui/index.ts"
import { AppError, ensure, MINUTE_MS } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import { button, type FieldDef, field, form } from "../../http/index.ts"
import type { PageRequest, Status } from "../base/index.ts"
import { createSetupFiles, type SetupChange, type SetupFiles } from "./setup/index.ts"
import type { AdminDeps, AdminSite } from "./site.ts"

const PATH = "/admin/apply"
const FILE = `${PATH}/purser.yaml`
/** How long what was looked at may be applied; keys are in memory so long. */
const WAITS_MS = 15 * MINUTE_MS
/** Admins who look at files at once. */
const WAITING_MAX = 8
const KEYS_CHARS_MAX = 64_000
const AGAIN = "Look at the file again: it waits a quarter of an hour, and only the last one."

/** Never shown again. */
const keysField: FieldDef<string> = {
  ...field.area({
    label: "Keys that it names",
    optional: true,
    rows: 3,
    mono: true,
    max: KEYS_CHARS_MAX,
    help: "A line each, such as OPENAI_API_KEY=sk-… Needed where the file has “key”.",
  }),
  secret: true,
  write: () => [""],
}
const LOOK = form(
  {
    file: field.document({ label: "File", accept: ".yaml,.yml,.json", optional: true, help: "Up to 2 MB." }),
    text: field.area({ label: "or its text", optional: true, rows: 8, mono: true }),
    keys: keysField,
  },
  { submit: "Show what changes" },
)
const APPLY = form(
  {
    look: field.hidden({ label: "Which look it is, as it was told; none: the last one", optional: true }),
    reason: field.reason(),
  },
  { submit: "Apply it" },
)

interface Looked {
  id: string
  text: string
  secrets: Record<string, string>
  changes: SetupChange[]
  untilMs: number
}

type Waiting = Map<string, Looked>

export function applyRoutes(site: AdminSite, deps: AdminDeps): void {
  const files = createSetupFiles(deps)
  const waiting: Waiting = new Map()
  lookRoutes(site, deps, files, waiting)
  applicationRoutes(site, deps, files, waiting)
  exportRoutes(site, deps, files)
}

function lookRoutes(site: AdminSite, deps: AdminDeps, files: SetupFiles, waiting: Waiting): void {
  site.form(PATH, {
    summary: "Look what a set-up file would change",
    form: LOOK,
    async act(page, { file, text, keys }) {
      const given = { text: file ? new TextDecoder().decode(file) : text, secrets: secretsOf(keys) }
      const ctx = page.ctx("looked at a set-up file")
      const changes = await files.apply(ctx, { ...given, isDry: true })
      await deps.store.write(ctx, (tx) =>
        auditIn(tx, { action: "setup.looked_at", subject: "setup", after: { entries: changes.length } }),
      )
      const look = { id: deps.ids.next("req"), ...given, changes, untilMs: deps.clock.now() + WAITS_MS }
      keep(waiting, page.session.publicId, look, deps.clock.now())
      const say = changes.length === 0 ? "It is so already: nothing would change." : "Nothing has changed yet."
      return { to: PATH, say, result: { look: look.id, changes } }
    },
    show: (page, view, _, status) => applyPage(deps, waiting, page, view, status),
  })
}

function applicationRoutes(site: AdminSite, deps: AdminDeps, files: SetupFiles, waiting: Waiting): void {
  site.post(`${PATH}/application`, {
    summary: "Apply the set-up file that was looked at",
    form: APPLY,
    fresh: true,
    async act(page, { look: id, reason }) {
      const look = lookOf(waiting, page, deps.clock.now())
      ensure(look && (id === "" || id === look.id), "conflict", AGAIN)
      const { text, secrets, changes: seen } = look
      const changes = await files.apply(page.ctx(reason), { text, secrets, isDry: false, seen })
      waiting.delete(page.session.publicId)
      const entries = `${changes.length} ${changes.length === 1 ? "entry" : "entries"}`
      return { to: PATH, say: `Applied: ${entries} changed.`, result: { changes } }
    },
    back: () => PATH,
  })
}

function exportRoutes(site: AdminSite, { store }: Pick<AdminDeps, "store">, files: SetupFiles): void {
  const note = (page: PageRequest) =>
    store.write(page.ctx("took the set-up along"), (tx) => auditIn(tx, { action: "setup.exported", subject: "setup" }))
  site.post(`${PATH}/export`, {
    summary: "The present set-up as a file",
    form: button("Download the present set-up"),
    async act(page) {
      await note(page)
      return { to: PATH, say: "The file is in the answer.", result: { file: files.export() } }
    },
    back: () => PATH,
  })
  site.get(FILE, async (page) => {
    await note(page)
    const headers = {
      "content-type": "application/yaml; charset=utf-8",
      "content-disposition": 'attachment; filename="purser.yaml"',
      "cache-control": "no-store",
    }
    return new Response(files.export(), { headers })
  })
}

function lookOf(waiting: Waiting, page: PageRequest, nowMs: number): Looked | null {
  const look = waiting.get(page.session.publicId)
  return look && look.untilMs > nowMs ? look : null
}

/** One of each admin; those that are over go. */
function keep(waiting: Waiting, who: string, look: Looked, nowMs: number): void {
  for (const [other, { untilMs }] of waiting) if (untilMs <= nowMs) waiting.delete(other)
  waiting.delete(who)
  if (waiting.size >= WAITING_MAX) waiting.delete(waiting.keys().next().value!)
  waiting.set(who, look)
}

/** @throws AppError validation_failed */
function secretsOf(keys: string): Record<string, string> {
  const secrets: Record<string, string> = {}
  for (const line of keys.split(/\r?\n/).map((one) => one.trim())) {
    if (line === "") continue
    const at = line.indexOf("=")
    const name = line.slice(0, Math.max(0, at)).trim()
    if (!/^[A-Za-z_][A-Za-z0-9_]{0,127}$/.test(name)) {
      const problem = "Give each key in a line of its own: NAME=key."
      throw new AppError("validation_failed", problem, { formErrors: { keys: problem } })
    }
    secrets[name] = line.slice(at + 1).trim()
  }
  return secrets
}

function applyPage(deps: AdminDeps, waiting: Waiting, page: PageRequest, view: FormView, status: Status): Response {
  const look = status.status === 200 ? lookOf(waiting, page, deps.clock.now()) : null
  // Each objection is a line; the field itself says the first.
  const [first = "", ...objections] = (view.errors?.file ?? "").split("\n")
  const shown = view.errors?.file ? { ...view, errors: { ...view.errors, file: first } } : view
  const props = {
    look: shown,
    objections: objections.map((line) => line.replace(/^- /, "")),
    waiting: look && {
      changes: look.changes,
      apply:
        look.changes.length === 0 ? null : APPLY.show({ action: `${PATH}/application`, present: { look: look.id } }),
    },
  }
  return page.render((frame) => AdminApplyPage({ frame, ...props }), status)
}
