// The mails about an app's domain whose proof is gone: a week before it counts no more, and then.
import type { Letter } from "../../part/index.ts"

export interface AppHostData {
  /** The developer's own name of it. */
  app: string
  clientId: string
  host: string
}

const sample: AppHostData = { app: "Storyteller", clientId: "cli_01", host: "storyteller.example" }
const pathOf = (baseUrl: string, clientId: string): string => `${baseUrl}/developer/apps/${clientId}/domain`

export const appHostMissing: Letter<AppHostData> = {
  kind: "app_host_missing",
  subject: (_, { productName }) => `Your ${productName} app is about to lose its verified domain`,
  body: ({ app, clientId, host }, { baseUrl }) => [
    `The DNS record and the file that showed that ${host} is yours are both gone. People who allow “${app}” read for seven more days that it is verified.`,
    { text: "Put one of the two back; we look each day. What to publish:", link: pathOf(baseUrl, clientId) },
  ],
  sample,
}

export const appHostLost: Letter<AppHostData> = {
  kind: "app_host_lost",
  subject: (_, { productName }) => `Your ${productName} app is no longer verified`,
  body: ({ app, clientId, host }, { baseUrl }) => [
    `For seven days neither the DNS record nor the file was on ${host}. People who allow “${app}” no longer read that the domain is yours. The app works as before.`,
    { text: "Show it again:", link: pathOf(baseUrl, clientId) },
  ],
  sample,
}
