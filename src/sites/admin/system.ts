// /admin/system: version, room, what copies and keys say, and a test mail to whoever asks.
import { AdminSystemPage, type BackupView } from "../../../views/admin/system.tsx"
import { VERSION, within } from "../../app/index.ts"
import { button } from "../../http/index.ts"
import { sendTestMail } from "../../mail/index.ts"
import { systemFacts } from "../../observe/index.ts"
import { signingKeysView } from "./signing-keys.ts"
import type { AdminDeps, AdminSite } from "./site.ts"

type Deps = Pick<
  AdminDeps,
  "store" | "system" | "mailer" | "mails" | "config" | "ids" | "backup" | "clock" | "oauth" | "settings"
>

/** Small copies are tried before the page that follows would say that they are. */
const WAIT_MS = 5_000
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
      backup: backupView(deps),
      keys: signingKeysView(deps),
      mail: { road: mailer.road, email: page.user.email },
    }
    return page.render((frame) => AdminSystemPage({ frame, ...props }))
  })
  site.post(`${PATH}/backup-proof`, {
    summary: "Try the backup",
    form: button("Verify the backup now"),
    async act(page) {
      const run = deps.backup.prove(page.ctx("asked on the system page")).then(
        (proof) => ({ proof }),
        // A process that died is in the log; what was refused is said.
        (error: unknown) => ({ error }),
      )
      const done = await within(run, WAIT_MS)
      if (!done) return { to: PATH, say: "The backup is being tried; look again in a moment." }
      if ("error" in done) throw done.error
      return done.proof.ok
        ? { to: PATH, say: "The backup restores, and all of it is well.", result: { ok: true } }
        : {
            to: PATH,
            say: "The backup does not restore; why stands below.",
            tone: "error" as const,
            result: { ok: false },
          }
    },
    back: () => PATH,
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

function backupView({ backup, config, clock }: Deps): BackupView {
  const [proof] = backup.proofs(1)
  return {
    now: clock.now(),
    isSet: config.replica !== null,
    isProving: backup.provingSinceMs !== null,
    proof: proof ? { ...proof, ok: proof.ok === 1 } : null,
    wasRestored: backup.lastRestore() !== null,
  }
}
