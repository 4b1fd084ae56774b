// The secrets of a client: several at a time, so that one can take over from another; each with a name, and an end where one was given.
import { AppError, ensure, mintSecret, nameProblem, sha256Hex, tidyName } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import type { Tx } from "../../store/index.ts"
import { emitIn } from "../../webhooks/index.ts"
import type { Core } from "../core.ts"
import { OAUTH_LIMITS } from "../limits.ts"
import type { AddSecret, Client, ClientSecret, OwnerFilter } from "../types.ts"
import * as rows from "./store-secrets.ts"
import { ownedIn } from "./verbs.ts"

export function addSecretIn(core: Core, tx: Tx, input: AddSecret): { secret: string; row: ClientSecret } {
  const client = ownedIn(tx, input.ownerId, input.clientPublicId)
  ensure(client.type !== "public", "invalid_request", "A public client has no secret; it proves itself by PKCE.")
  ensure(client.removedMs === null, "conflict", "This app was removed.")
  ensure(
    rows.secretsOf(tx, client.id).length < OAUTH_LIMITS.clientSecretsMax,
    "conflict",
    `An app has at most ${OAUTH_LIMITS.clientSecretsMax} secrets. Revoke an old one first.`,
  )
  const made = newSecretIn(core, tx, client, checked(input, tx.now))
  const { publicId, name, expiresMs } = made.row
  auditIn(tx, { action: "client.secret_added", subject: client.publicId, after: { secret: publicId, name, expiresMs } })
  emitIn(tx, { type: "client_secret.created", app: client, subject: publicId, data: { secret: publicId, name } })
  return made
}

export function revokeSecretIn(
  _core: Core,
  tx: Tx,
  input: { ownerId: OwnerFilter; clientPublicId: string; secretPublicId: string },
): void {
  const client = ownedIn(tx, input.ownerId, input.clientPublicId)
  const row = rows.secretsOf(tx, client.id).find(({ publicId }) => publicId === input.secretPublicId)
  ensure(row && rows.revokeSecret(tx, client.id, row.publicId), "not_found", "This app has no such secret.")
  const before = { secret: row.publicId, name: row.name }
  auditIn(tx, { action: "client.secret_revoked", subject: client.publicId, before })
  emitIn(tx, { type: "client_secret.revoked", app: client, subject: row.publicId, data: before })
}

export function newSecretIn(
  core: Core,
  tx: Tx,
  client: Client,
  { name, expiresMs }: Pick<ClientSecret, "name" | "expiresMs"> = { name: "", expiresMs: null },
): { secret: string; row: ClientSecret } {
  const secret = mintSecret("cs", client.mode)
  const row = { publicId: core.ids.next("sec"), name, hint: secret.slice(-4), expiresMs }
  rows.insertSecret(tx, { ...row, clientId: client.id, hash: sha256Hex(secret) })
  return { secret, row: { ...row, createdMs: tx.now, usedMs: null } }
}

/** @throws AppError validation_failed */
function checked(input: AddSecret, nowMs: number): Pick<ClientSecret, "name" | "expiresMs"> {
  const name = tidyName(input.name ?? "")
  const expiresMs = input.expiresMs ?? null
  const errors: Record<string, string> = {}
  const problem = name === "" ? null : nameProblem(name, { of: "thing", charsMax: OAUTH_LIMITS.clientNameCharsMax })
  if (problem) errors.name = problem
  if (expiresMs !== null && expiresMs <= nowMs) errors.expiresMs = "That day is over. Choose a later one."
  if (Object.keys(errors).length === 0) return { name, expiresMs }
  throw new AppError("validation_failed", "Check the marked fields and send it again.", { formErrors: errors })
}
