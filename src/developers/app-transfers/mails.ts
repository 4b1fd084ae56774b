// The mails about apps that are handed over. Offers go to an address, whether anybody has it here or not.
import type { Letter } from "../../part/index.ts"

export interface TransferOfferedData {
  /** The developers' own names. */
  app: string
  from: string
  /** `atr_…` */
  transfer: string
}

export const appTransferOffered: Letter<TransferOfferedData> = {
  kind: "app_transfer_offered",
  subject: (_, { productName }) => `Somebody wants to hand a ${productName} app over to you`,
  body: ({ app, from, transfer }, { baseUrl, productName }) => [
    `“${from}” wants to hand the app “${app}” over to you. Nothing changes until you accept; the offer ends in seven days.`,
    {
      text: `Read what it means and answer. You need a ${productName} account with this address:`,
      link: `${baseUrl}/developer/transfers/${transfer}`,
    },
    "If you do not know what this is about, ignore this mail.",
  ],
  sample: { app: "Storyteller", from: "Paper Boat Studio", transfer: "atr_01" },
}

export interface TransferAskedData {
  app: string
  clientId: string
  to: string
}

export const appTransferAsked: Letter<TransferAskedData> = {
  kind: "app_transfer_asked",
  subject: (_, { productName }) => `You offered a ${productName} app to somebody else`,
  body: ({ app, clientId, to }, { baseUrl }) => [
    `You want to hand “${app}” over to ${to}. It stays yours until they accept.`,
    {
      text: "If this was not you, somebody is signed in to your account: change your password, and take the offer back here:",
      link: `${baseUrl}/developer/apps/${clientId}/transfer`,
    },
  ],
  sample: { app: "Storyteller", clientId: "cli_01", to: "ada@example.com" },
}

export interface TransferEndedData {
  app: string
  /** The other one. */
  other: string
  outcome: "given" | "taken" | "declined"
  /** Where the reader goes on. */
  path: string
}

const ENDED = {
  given: {
    subject: "Your app has another developer now",
    words: (app: string, other: string) =>
      `“${other}” took “${app}” over. Its secrets, keys and tokens of before work no more. What it earned until now stays yours.`,
  },
  taken: {
    subject: "An app is yours now",
    words: (app: string, other: string) =>
      `You took “${app}” over from “${other}”. Make new secrets and keys, check its addresses, and turn its webhook endpoints on. People are asked again before the app can do anything for them.`,
  },
  declined: {
    subject: "Your app was not taken over",
    words: (app: string) => `Whoever you offered “${app}” to said no. It stays yours, as it was.`,
  },
} as const

/** Rows outlive releases. */
const endedAs = (outcome: string) => ENDED[outcome as keyof typeof ENDED] ?? ENDED.declined

export const appTransferEnded: Letter<TransferEndedData> = {
  kind: "app_transfer_ended",
  subject: ({ outcome }, { productName }) => `${endedAs(outcome).subject} · ${productName}`,
  body: ({ app, other, outcome, path }, { baseUrl }) => [
    endedAs(outcome).words(app, other),
    { text: "See your apps:", link: `${baseUrl}${path}` },
  ],
  sample: { app: "Storyteller", other: "Paper Boat Studio", outcome: "taken", path: "/developer" },
  others: (["given", "declined"] as const).map((outcome) => ({
    app: "Storyteller",
    other: "Paper Boat Studio",
    outcome,
    path: "/developer",
  })),
}
