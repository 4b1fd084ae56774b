// SQL of teams, their people and invitations.
import type { UserId } from "../app/index.ts"
import { columnsOf, findRow, insertRow, type Reader, type Tx } from "../store/index.ts"
import type { Role } from "./rules.ts"
import type { TeamsAsked } from "./seen.ts"
import { teamInvites, teamMembers, teams } from "./tables.ts"
import type { Invite, InviteState, Member, Team } from "./types.ts"

export const insertTeam = (tx: Tx, row: Pick<Team, "id" | "publicId" | "name" | "makerId">): void =>
  void insertRow(tx, teams, { ...row, createdMs: tx.now })

export const teamById = (reader: Reader, id: UserId): Team | null => findRow(reader, teams, "id = ?", id)

/** One that is not deleted. */
export const teamByPublicId = (reader: Reader, publicId: string): Team | null =>
  findRow(reader, teams, "public_id = ? AND ended_ms IS NULL", publicId)

/** Deleted ones too. */
export const anyTeam = (reader: Reader, publicId: string): Team | null =>
  findRow(reader, teams, "public_id = ?", publicId)

/** Newest first. @param asked.text part of a name in any case, or an id */
export const teamsListed = (reader: Reader, { text, userId, beforeId, limit }: TeamsAsked): Team[] =>
  reader.all<Team>(
    `SELECT ${columnsOf(teams)} FROM teams
     WHERE (?1 = '' OR instr(lower(name), ?2) > 0 OR instr(name, ?1) > 0 OR public_id = ?1)
       AND (?3 IS NULL OR id IN (SELECT team_id FROM team_members WHERE user_id = ?3))
       AND (?4 IS NULL OR id < ?4)
     ORDER BY id DESC LIMIT ?5`,
    text,
    text.toLowerCase(),
    userId,
    beforeId,
    limit,
  )

/** Not deleted, by number. */
export const teamsAfter = (reader: Reader, after: number, most: number): Team[] =>
  reader.all<Team>(
    `SELECT ${columnsOf(teams)} FROM teams WHERE ended_ms IS NULL AND id > ? ORDER BY id LIMIT ?`,
    after,
    most,
  )

export const renameTeam = (tx: Tx, id: UserId, name: string) =>
  tx.run("UPDATE teams SET name = ? WHERE id = ?", name, id)

/** Nobody is in it any more, and nobody is asked into it. */
export function endTeam(tx: Tx, id: UserId): void {
  tx.run("UPDATE teams SET ended_ms = ? WHERE id = ? AND ended_ms IS NULL", tx.now, id)
  tx.run("DELETE FROM team_members WHERE team_id = ?", id)
  tx.run(
    `UPDATE team_invites SET state = 'revoked', to_email = NULL, token_hash = NULL, decided_ms = ?
     WHERE team_id = ? AND state = 'open'`,
    tx.now,
    id,
  )
}

export const insertMember = (tx: Tx, row: Pick<Member, "teamId" | "userId" | "role">): void =>
  void insertRow(tx, teamMembers, { ...row, joinedMs: tx.now })

export const memberOf = (reader: Reader, teamId: UserId, userId: UserId): Member | null =>
  findRow(reader, teamMembers, "team_id = ? AND user_id = ?", teamId, userId)

export const membersOf = (reader: Reader, teamId: UserId): Member[] =>
  reader.all<Member>(`SELECT ${columnsOf(teamMembers)} FROM team_members WHERE team_id = ? ORDER BY id`, teamId)

export const membershipsOf = (reader: Reader, userId: UserId): Member[] =>
  reader.all<Member>(`SELECT ${columnsOf(teamMembers)} FROM team_members WHERE user_id = ? ORDER BY id`, userId)

export const setRole = (tx: Tx, id: number, role: Role) =>
  tx.run("UPDATE team_members SET role = ? WHERE id = ?", role, id)

export const deleteMember = (tx: Tx, id: number) => tx.run("DELETE FROM team_members WHERE id = ?", id)

const countOf = (reader: Reader, sql: string, ...values: number[]): number =>
  reader.get<{ n: number }>(sql, ...values)!.n

export const countOwned = (reader: Reader, userId: UserId): number =>
  countOf(reader, "SELECT count(*) AS n FROM team_members WHERE user_id = ? AND role = 'owner'", userId)

/** Ended ones too. */
export const madeSince = (reader: Reader, userId: UserId, ms: number): number =>
  countOf(reader, "SELECT count(*) AS n FROM teams WHERE maker_id = ? AND created_ms > ?", userId, ms)

export const countJoined = (reader: Reader, userId: UserId): number =>
  countOf(reader, "SELECT count(*) AS n FROM team_members WHERE user_id = ?", userId)

/** People of a team, and those who are asked. */
export const countSeats = (reader: Reader, teamId: UserId, nowMs: number): number =>
  countOf(
    reader,
    `SELECT (SELECT count(*) FROM team_members WHERE team_id = ?1)
       + (SELECT count(*) FROM team_invites WHERE team_id = ?1 AND state = 'open' AND ends_ms > ?2) AS n`,
    teamId,
    nowMs,
  )

export const insertInvite = (
  tx: Tx,
  row: Pick<Invite, "publicId" | "teamId" | "userId" | "role" | "endsMs"> & { toEmail: string; tokenHash: string },
): void => void insertRow(tx, teamInvites, { ...row, state: "open", createdMs: tx.now })

export const inviteByHash = (reader: Reader, tokenHash: string): Invite | null =>
  findRow(reader, teamInvites, "token_hash = ? AND state = 'open'", tokenHash)

export const inviteByPublicId = (reader: Reader, teamId: UserId, publicId: string): Invite | null =>
  findRow(reader, teamInvites, "team_id = ? AND public_id = ?", teamId, publicId)

export const openInviteTo = (reader: Reader, teamId: UserId, email: string): Invite | null =>
  findRow(reader, teamInvites, "team_id = ? AND to_email = ? AND state = 'open'", teamId, email)

export const openInvitesOf = (reader: Reader, teamId: UserId, nowMs: number): Invite[] =>
  reader.all<Invite>(
    `SELECT ${columnsOf(teamInvites)} FROM team_invites WHERE team_id = ? AND state = 'open' AND ends_ms > ? ORDER BY id`,
    teamId,
    nowMs,
  )

export const invitedSince = (reader: Reader, userId: UserId, ms: number): number =>
  countOf(reader, "SELECT count(*) AS n FROM team_invites WHERE user_id = ? AND created_ms > ?", userId, ms)

/** @returns whether it was open */
export const decideInvite = (
  tx: Tx,
  id: number,
  state: Exclude<InviteState, "open">,
  toUserId: UserId | null = null,
): boolean =>
  tx.run(
    `UPDATE team_invites SET state = ?, to_user_id = ?, to_email = NULL, token_hash = NULL, decided_ms = ?
     WHERE id = ? AND state = 'open'`,
    state,
    toUserId,
    tx.now,
    id,
  ).changes === 1

/** What somebody who may invite no more has asked others to. */
export const revokeInvitesBy = (tx: Tx, teamId: UserId, userId: UserId): void =>
  void tx.run(
    `UPDATE team_invites SET state = 'revoked', to_email = NULL, token_hash = NULL, decided_ms = ?
     WHERE team_id = ? AND user_id = ? AND state = 'open'`,
    tx.now,
    teamId,
    userId,
  )

export const expireInvites = (tx: Tx, rows: number): number =>
  tx.run(
    `UPDATE team_invites SET state = 'expired', to_email = NULL, token_hash = NULL, decided_ms = ?1
     WHERE id IN (SELECT id FROM team_invites WHERE state = 'open' AND ends_ms <= ?1 LIMIT ?2)`,
    tx.now,
    rows,
  ).changes

export const deleteDecidedBefore = (tx: Tx, ms: number, rows: number): number =>
  tx.run("DELETE FROM team_invites WHERE id IN (SELECT id FROM team_invites WHERE decided_ms < ? LIMIT ?)", ms, rows)
    .changes

export const teamIds = (reader: Reader): UserId[] =>
  reader.all<{ id: UserId }>("SELECT id FROM teams").map(({ id }) => id)

/** Somebody and all teams that they own or ever made; of a team, those of its owner and of its maker. */
export const circleOf = (reader: Reader, id: UserId): UserId[] =>
  reader
    .all<{ id: UserId }>(
      `WITH people (id) AS (
         SELECT ?1 WHERE NOT EXISTS (SELECT 1 FROM teams WHERE id = ?1)
         UNION SELECT user_id FROM team_members WHERE team_id = ?1 AND role = 'owner'
         UNION SELECT maker_id FROM teams WHERE id = ?1 AND maker_id IS NOT NULL)
       SELECT ?1 AS id UNION SELECT id FROM people
       UNION SELECT t.id FROM people p JOIN teams t ON t.maker_id = p.id
       UNION SELECT m.team_id FROM people p JOIN team_members m ON m.user_id = p.id AND m.role = 'owner'`,
      id,
    )
    .map((row) => row.id)

export const ownerOf = (reader: Reader, teamId: UserId): UserId | null =>
  reader.get<{ id: UserId }>("SELECT user_id AS id FROM team_members WHERE team_id = ? AND role = 'owner'", teamId)
    ?.id ?? null
