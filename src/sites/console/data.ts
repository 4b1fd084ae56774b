// /settings/data: a copy of everything about a person, and the end of their account. Both ask first who is there.
import { DataPage } from "../../../views/console/data.tsx"
import { DeletionPage } from "../../../views/console/deletion.tsx"
import { AppError } from "../../app/index.ts"
import { button } from "../../http/index.ts"
import type { PageRequest, Status } from "../base/index.ts"
import type { ConsoleDeps, ConsoleSite } from "./site.ts"

type Deps = Pick<ConsoleDeps, "clock" | "store" | "privacy">

const PATH = "/settings/data"
const DELETION = `${PATH}/deletion`
const COPY_FORM = button("Make a copy")
const DELETE_FORM = button("Delete my account", true)
const KEEP_FORM = button("Keep my account")

export function dataRoutes(site: ConsoleSite, deps: Deps): void {
  const { privacy, store } = deps
  site.get(PATH, (page) => data(deps, page))
  site.post(`${PATH}/copies`, {
    form: COPY_FORM,
    fresh: true,
    async act(page) {
      const { userId } = page.session
      await store.write(page.ctx("asked for a copy of their data"), (tx) => privacy.askCopyIn(tx, userId))
      return { to: PATH, say: "Your copy is being made. A mail says when it is ready." }
    },
    back: () => PATH,
  })
  site.get("/settings/data/copies/:copy", (page, { copy }) => {
    const path = privacy.fileOf(page.session.userId, copy)
    if (path === null)
      throw new AppError("not_found", "There is no such copy any more. Make a new one under Your data.")
    return new Response(Bun.file(path), {
      headers: { ...FILE, "content-disposition": `attachment; filename="${copy}.zip"` },
    })
  })
  site.get(DELETION, (page) => deletion(deps, page))
  site.post(DELETION, {
    form: DELETE_FORM,
    fresh: true,
    async act(page) {
      const { userId } = page.session
      await store.write(page.ctx("asked to delete their account"), (tx) =>
        privacy.askErasureIn(tx, { userId, by: "person" }),
      )
      return { to: DELETION, say: "Your account will be deleted. Until then you can keep it." }
    },
    back: () => DELETION,
  })
  site.post(`${DELETION}/keep`, {
    form: KEEP_FORM,
    async act(page) {
      await store.write(page.ctx("kept their account"), (tx) => privacy.keepIn(tx, page.session.userId))
      return { to: PATH, say: "Your account stays." }
    },
    back: () => DELETION,
  })
}

const FILE = {
  "content-type": "application/zip",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
}

function data({ privacy, clock }: Deps, page: PageRequest, status?: Status): Response {
  const { userId } = page.session
  const copy = privacy.copyOf(userId)
  const isThere = copy !== null && privacy.fileOf(userId, copy.publicId) !== null
  const props = {
    now: clock.now(),
    copy: copy && {
      state: copy.state === "ready" && !isThere ? ("over" as const) : copy.state,
      askedMs: copy.askedMs,
      bytes: copy.bytes ?? 0,
      expiresMs: copy.expiresMs ?? 0,
      href: `${PATH}/copies/${copy.publicId}`,
    },
    nextMs: privacy.nextCopyMs(userId),
    leavesMs: privacy.leavesMs(userId),
    form: COPY_FORM.show({ action: `${PATH}/copies` }),
  }
  return page.render((frame) => DataPage({ frame, ...props }), status)
}

function deletion({ privacy }: Deps, page: PageRequest, status?: Status): Response {
  const { userId, email } = page.session
  const leavesMs = privacy.leavesMs(userId)
  const form =
    leavesMs === null ? DELETE_FORM.show({ action: DELETION }) : KEEP_FORM.show({ action: `${DELETION}/keep` })
  const props = { email, leavesMs, days: privacy.graceDays(), ...privacy.leaving(userId), form }
  return page.render((frame) => DeletionPage({ frame, ...props }), status)
}
