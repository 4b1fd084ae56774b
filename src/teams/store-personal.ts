// What teams have of a person: which they are in, and invitations by and to them.
import { type Personal, takeSteps } from "../part/index.ts"
import { deleteSome, type Tx, updateSome } from "../store/index.ts"

export const TEAMS_PERSONAL: Personal = {
  tables: {
    teams: { erased: "emptied", exported: "teams.csv" },
    team_members: { erased: "deleted", exported: "teams.csv" },
    team_invites: { erased: "emptied", exported: "team-invitations.csv" },
  },
  files: [
    {
      name: "teams.csv",
      what: "Teams that you are in, with your role.",
      sql: `SELECT m.id AS place, t.public_id AS team, t.name, m.role, m.joined_ms, CASE WHEN t.maker_id = ?1 THEN 'by you' END AS made
        FROM team_members m JOIN teams t ON t.id = m.team_id WHERE m.user_id = ?1 AND m.id > ?2 ORDER BY m.id LIMIT ?3`,
    },
    {
      name: "team-invitations.csv",
      what: "Invitations to teams that you sent, accepted or declined.",
      sql: `SELECT i.id AS place, i.public_id AS invitation, t.public_id AS team, CASE WHEN i.user_id = ?1 THEN 'by you' ELSE 'to you' END AS sent,
          i.role, CASE WHEN i.user_id = ?1 THEN i.to_email END AS to_email, i.state, i.created_ms, i.decided_ms
        FROM team_invites i JOIN teams t ON t.id = i.team_id
        WHERE (i.user_id = ?1 OR i.to_user_id = ?1) AND i.id > ?2 ORDER BY i.id LIMIT ?3`,
    },
  ],
}

/** @param email invitations that wait for this address are nobody's any more */
export const eraseTeams = (tx: Tx, { id, email }: { id: number; email: string }, rows: number): number =>
  takeSteps(rows, [
    (left) => deleteSome(tx, "team_invites", "to_email = ?", [email], left),
    (left) => updateSome(tx, "team_invites", "user_id = NULL", "user_id = ?", [id], left),
    (left) => updateSome(tx, "team_invites", "to_user_id = NULL", "to_user_id = ?", [id], left),
    (left) => updateSome(tx, "teams", "maker_id = NULL", "maker_id = ?", [id], left),
  ])
