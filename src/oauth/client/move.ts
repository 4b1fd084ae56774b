// An app goes from one developer to another. What let the one before in ends in the same write: client secrets, tokens, codes, webhook secrets, and
// addresses of theirs that would hear of people. People are asked again, for they allowed it to somebody else.
import { ensure, type UserId } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import { houseNameIn } from "../../brand/index.ts"
import type { Tx } from "../../store/index.ts"
import { moveAppIn } from "../../webhooks/index.ts"
import type { Core } from "../core.ts"
import { OAUTH_LIMITS } from "../limits.ts"
import type { Client } from "../types.ts"
import { checkClient } from "./rules.ts"
import * as rows from "./store.ts"
import { revokeSecret, secretsOf } from "./store-secrets.ts"
import { ownedIn } from "./verbs.ts"

/** What a developer hands to another. */
export interface MoveClient {
  from: UserId
  to: UserId
  clientPublicId: string
  /** Where it sends people from now on. */
  redirectUris: readonly string[]
}

export function moveClientIn(core: Core, tx: Tx, { from, to, clientPublicId, redirectUris }: MoveClient): Client {
  const before = ownedIn(tx, from, clientPublicId)
  ensure(from !== to, "conflict", "This app is theirs already.")
  ensure(before.suspendedMs === null && before.removedMs === null, "conflict", "This app is suspended or deleted.")
  ensure(
    rows.countClientsOf(tx, to) < OAUTH_LIMITS.clientsPerOwnerMax,
    "conflict",
    `You have ${OAUTH_LIMITS.clientsPerOwnerMax} apps, the most one developer can have.`,
  )
  const theirs = { redirectUris: [...redirectUris], postLogoutUris: [], backchannelLogoutUri: null }
  const form = checkClient({ ...before, ...theirs }, { house: houseNameIn(tx), kept: before.name })
  rows.updateClient(tx, before.id, { ...form, source: before.source })
  rows.replaceUris(tx, before.id, form)
  const secrets = secretsOf(tx, before.id)
  for (const { publicId } of secrets) revokeSecret(tx, before.id, publicId)
  moveAppIn(tx, core.keyring, before.id, to)
  const { epoch } = rows.saveOwner(tx, before.id, to)
  tx.afterCommit(() => core.revoked.epochs.set(before.id, epoch))
  const nameOf = (id: typeof to) => (core.teams.byId(id, tx) ?? core.identity.userById(id))?.publicId ?? null
  auditIn(tx, {
    action: "client.moved",
    subject: before.publicId,
    before: { developer: nameOf(from), redirectUris: before.redirectUris, secrets: secrets.length },
    after: { developer: nameOf(to), redirectUris: form.redirectUris },
  })
  return rows.clientById(tx, before.id)!
}
