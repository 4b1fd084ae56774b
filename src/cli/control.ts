// What other processes may ask of the running server, by the control socket: whoever may open it may read the data folder anyway.
import type { Proof } from "../backup/index.ts"
import type { App } from "../compose.ts"
import { createSetupFiles } from "../sites/admin/index.ts"
import type { WriteContext } from "../store/index.ts"

export type ControlInput = Readonly<Record<string, unknown>>

const asked = (app: App, reason = "asked on the command line"): WriteContext => ({
  actor: "cli",
  requestId: app.ids.next("req"),
  reason,
})

export const controlVerbs = (app: App) => ({
  promote: async (_: ControlInput) => ({ isFirst: true }),
  checks: async (_: ControlInput) => app.contributed.checks(),
  "setup-link": (_: ControlInput) => app.identity.createSetupLink(asked(app)),
  "ledger-verify": (_: ControlInput) => app.proofs.ask("ledger.verify"),
  "setup-export": async (_: ControlInput) => createSetupFiles(app).export(),
  "setup-apply": ({ text, secrets, isDry }: ControlInput) =>
    createSetupFiles(app).apply(asked(app, "applied a set-up file"), {
      text: String(text),
      secrets: secrets as Record<string, string>,
      isDry: isDry !== false,
    }),
  admins: async (_: ControlInput) => app.identity.admins().map(({ email, name, status }) => ({ email, name, status })),
  "set-admin": ({ email, isAdmin }: ControlInput) =>
    app.identity.setAdminByEmail(asked(app), { email: String(email), isAdmin: isAdmin === true }),
  "login-link": ({ email }: ControlInput) => app.identity.createLoginLink(asked(app), String(email)),
  "two-step-off": ({ email }: ControlInput) => app.identity.removeSecondStepByEmail(asked(app), String(email)),
  "passkeys-off": ({ email }: ControlInput) => app.identity.removePasskeysByEmail(asked(app), String(email)),
  "keys-rotate": (_: ControlInput) => app.vault.rotate(asked(app)),
  "keys-reseal": (_: ControlInput) => app.vault.reseal(asked(app)),
  "signing-keys": async (_: ControlInput) => app.oauth.signingKeys(),
  "signing-keys-rotate": (_: ControlInput) => app.oauth.rotateKeys(asked(app)),
  "signing-keys-withdraw": ({ reason }: ControlInput) => app.oauth.withdrawKeys(asked(app, String(reason))),
  "backup-now": (_: ControlInput) => app.backup.now(),
  "backup-proved": ({ proof }: ControlInput) =>
    app.backup.noteProof(asked(app, "tried on the command line"), proof as Proof),
  "restore-go-on": (_: ControlInput) => app.backup.goOnFromConsole(asked(app)),
  "keys-exported": (_: ControlInput) => app.vault.noteExport(asked(app)),
})

export type ControlVerb = keyof ReturnType<typeof controlVerbs>
