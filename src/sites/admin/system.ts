// /admin/system: version, room, what copies and keys say, and a test mail to whoever asks.
import { AdminSystemPage } from "../../../views/admin/system.tsx"
import { VERSION } from "../../app/index.ts"
import { button } from "../../http/index.ts"
import { sendTestMail } from "../../mail/index.ts"
import { systemFacts } from "../../observe/index.ts"
import type { AdminDeps, AdminSite } from "./site.ts"

type Deps = Pick<AdminDeps, "store" | "system" | "mailer" | "config" | "ids">

const PATH = "/admin/system"
const BUILT_OF = `bun ${Bun.version}, sqlite ${process.versions.sqlite}, ${process.platform}-${process.arch}`

export function systemRoutes(site: AdminSite, deps: Deps): void {
  const { store, system, mailer, config } = deps
  site.get(PATH, (page) => {
    const { sizes, ...facts } = systemFacts(store)
    const props = {
      ...facts,
      version: VERSION,
      builtOf: BUILT_OF,
      dataDir: config.dataDir,
      sizes: sizes.map(([, bytes]) => bytes),
      lines: system(),
      mail: { road: mailer.road, email: page.user.email },
    }
    return page.render((frame) => AdminSystemPage({ frame, ...props }))
  })
  site.post(`${PATH}/mail-test`, {
    summary: "Send a test mail to yourself",
    form: button("Send a test mail"),
    async act(page) {
      const to = { email: page.user.email, publicId: page.session.publicId }
      const { ok, answer } = await sendTestMail(deps, page.ctx("asked on the system page"), to)
      return ok
        ? { to: PATH, say: `A test mail is on its way to ${to.email}. The answer: ${answer}`, result: { ok, answer } }
        : { to: PATH, say: `No mail was sent: ${answer}`, tone: "error" as const, result: { ok, answer } }
    },
    back: () => PATH,
  })
}
