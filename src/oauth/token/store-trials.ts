// SQL of developers' test tokens: grants with a limit of their own.
import type { UserId } from "../../app/index.ts"
import type { Reader } from "../../store/index.ts"

/** Test tokens' grants of this person and app that were not ended. */
export const trialsOf = (
  reader: Reader,
  userId: UserId,
  clientPublicId: string,
): { id: number; publicId: string; createdMs: number }[] =>
  reader.all(
    `SELECT g.id, g.public_id AS publicId, g.created_ms AS createdMs
     FROM oauth_grants g INDEXED BY oauth_grants_user CROSS JOIN oauth_clients c ON c.id = g.client_id
     WHERE g.user_id = ? AND g.revoked_ms IS NULL AND g.trial_nano IS NOT NULL AND c.public_id = ?`,
    userId,
    clientPublicId,
  )
