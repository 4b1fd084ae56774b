// What an admin said of an app, to its developer. The words themselves stand on the page behind the link.
import type { Letter } from "../../part/index.ts"

export interface AppReviewedData {
  /** The developer's own name of it. */
  app: string
  clientId: string
  decision: "approved" | "changes_requested" | "rejected" | "none"
}

const SUBJECTS = {
  approved: "Everybody can sign in to your app now",
  changes_requested: "Your app needs a change before people can sign in",
  rejected: "Your app was not let in",
  none: "There is a message about your app",
} as const

const SAID = {
  approved: "was reviewed: from now on everybody can sign in to it.",
  changes_requested: "was reviewed and came back with what has to change. Send it in again when that is done.",
  rejected: "was reviewed and not let in. You can still sign in to it yourself.",
  none: "has a message from the people who run this service.",
} as const

/** What a later release may decide that this one does not know is told in general words. */
export const appReviewed: Letter<AppReviewedData> = {
  kind: "app_reviewed",
  subject: ({ decision }) => SUBJECTS[decision] ?? SUBJECTS.none,
  body: ({ app, clientId, decision }, { baseUrl }) => [
    `“${app}” ${SAID[decision] ?? SAID.none}`,
    { text: "Read it, and answer:", link: `${baseUrl}/developer/apps/${clientId}/review` },
  ],
  sample: { app: "Storyteller", clientId: "cli_01", decision: "changes_requested" },
  others: (["approved", "rejected", "none"] as const).map((decision) => ({
    app: "Storyteller",
    clientId: "cli_01",
    decision,
  })),
}
