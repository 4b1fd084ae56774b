// What an admin reads of an app, and when it may be sent in. Pure.
import type { Client } from "../../oauth/index.ts"
import type { AppReviewNote } from "./types.ts"

/** Line by line, as it is kept and compared. @param developer `usr_…` */
export const wordsOf = (client: Client, developer: string): string =>
  [
    `Name: ${client.name}`,
    `Developer: ${developer}`,
    `What it does: ${client.description ?? ""}`,
    `Homepage: ${client.homepageUrl ?? ""}`,
    `Privacy policy: ${client.policyUri ?? ""}`,
    `Terms: ${client.tosUri ?? ""}`,
    `Help: ${client.supportUrl ?? ""}`,
    ...client.redirectUris.map((uri) => `Returns people to: ${uri}`),
    ...(client.deviceFlow ? ["Signs in by a code"] : []),
    `May ask for: ${client.scopes.join(" ")}`,
  ].join("\n")

/** Of what stands on an admin's page. */
export const versionOf = (client: Client, notes: readonly Pick<AppReviewNote, "id">[]): string =>
  `${client.updatedMs}-${client.review ?? ""}-${notes.at(-1)?.id ?? 0}`

/** Null: nothing. An admin has to know what they look at. */
export const lackingOf = ({ description }: Pick<Client, "description">): string | null =>
  description ? null : "Say what the app does first, under Details."

/** How many messages of its developer nobody has answered yet. */
export function unanswered(notes: readonly Pick<AppReviewNote, "side">[]): number {
  const last = notes.findLastIndex(({ side }) => side === "admin")
  return notes.length - 1 - last
}
