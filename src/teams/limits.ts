// Every limit of teams, with its unit and its reason.
import { DAY_MS } from "../app/index.ts"

export const TEAM_LIMITS = {
  nameCharsMax: 80,
  /** Teams that one person owns at a time: more is a list that nobody keeps in order. */
  ownedMax: 5,
  /** Teams that one person makes within a day, ended ones too: each leaves rows for good. */
  madePerDayMax: 5,
  /** Teams that one person is in; invitations are accepted up to here. */
  joinedMax: 50,
  /** People of a team with open invitations. The page of members shows all of them. */
  membersMax: 100,
  /** An invitation waits for so long: a week, as other offers do. */
  inviteMs: 7 * DAY_MS,
  /** Invitations that one person sends within a day, each of which may send a mail to an address of their choice. */
  invitesPerDayMax: 20,
  /** What came of an invitation is kept for so long; the audit log keeps it. */
  inviteKeptMs: 90 * DAY_MS,
  /** Acts that the page of a team shows. */
  auditRows: 100,
} as const
