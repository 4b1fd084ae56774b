// The mail about an app secret key that was found in public. Where it was found is a stranger's word: it stands in the audit log, not here.
import type { Letter } from "../../part/index.ts"

export interface AppKeyReportedData {
  /** The developer's own names. */
  app: string
  clientId: string
  name: string
  /** "app_live_9fK2…c41a" */
  hint: string
}

export const appKeyReported: Letter<AppKeyReportedData> = {
  kind: "app_key_reported",
  subject: (_, { productName }) => `A ${productName} secret key of your app was found in public and revoked`,
  body: ({ app, clientId, name, hint }, { baseUrl }) => [
    { text: `Somebody found the secret key “${name}” of “${app}” where others can read it. It is`, code: hint },
    "The key no longer works, whoever uses it. Whoever had it could read what it was allowed to: your app’s users, use or revenue.",
    { text: "Make a new key for your server:", link: `${baseUrl}/developer/apps/${clientId}/keys` },
  ],
  sample: { app: "Storyteller", clientId: "cli_01", name: "Mailing list", hint: "app_live_9fK2…c41a" },
}
