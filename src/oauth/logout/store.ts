// SQL of who has to hear of a sign-out.
import type { Reader } from "../../store/index.ts"

interface ToTell {
  id: number
  publicId: string
}

/** Apps that want to hear, and were entered from this sign-in, whatever became of their grants. */
export const clientsBehind = (reader: Reader, sid: string): ToTell[] =>
  reader.all(
    `SELECT DISTINCT c.id, c.public_id AS publicId FROM oauth_grants g JOIN oauth_clients c ON c.id = g.client_id
     WHERE g.sid = ? AND c.backchannel_logout_uri IS NOT NULL`,
    sid,
  )

/** Apps that want to hear, and have a living grant of the person; test tokens are nobody's sign-in. */
export const clientsOfUser = (reader: Reader, userId: number): ToTell[] =>
  reader.all(
    `SELECT DISTINCT c.id, c.public_id AS publicId FROM oauth_grants g JOIN oauth_clients c ON c.id = g.client_id
     WHERE g.user_id = ? AND g.revoked_ms IS NULL AND g.trial_nano IS NULL AND c.backchannel_logout_uri IS NOT NULL`,
    userId,
  )
