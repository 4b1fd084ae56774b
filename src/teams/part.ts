// What `teams` contributes: its letters and sweep, and what becomes of teams with their people.
import { HOUR_MS } from "../app/index.ts"
import type { Part } from "../part/index.ts"
import type { Teams } from "./index.ts"
import { teamInvited, teamMember } from "./mails.ts"
import { TEAM_SENTENCES } from "./sentences.ts"
import { eraseTeams, TEAMS_PERSONAL } from "./store-personal.ts"
import { TEAM_READS } from "./worker-reads.ts"

const PERSON_ALONE = "who may not sign in acts for no team; the others go on"

export const teamsPart: Part<{ teams: Pick<Teams, "sweep" | "releaseIn" | "of"> }> = {
  name: "teams",
  letters: [teamInvited, teamMember],
  sentences: TEAM_SENTENCES,
  personal: TEAMS_PERSONAL,
  reads: TEAM_READS,
  keeps: [
    {
      what: "Invitations to teams",
      goes: "Without the address, which goes as soon as they are over.",
      kept: "90 days after they are over",
      job: "sweep-teams",
    },
  ],
  run: ({ teams }) => ({
    jobs: [{ name: "sweep-teams", everyMs: HOUR_MS, run: async ({ rows }) => (await teams.sweep(rows)) >= rows }],
    lifecycle: {
      suspended: { nothing: PERSON_ALONE },
      reinstated: { nothing: PERSON_ALONE },
      passwordChanged: { nothing: "a membership lets nobody in by itself" },
      erased: (tx, person, rows) => teams.releaseIn(tx, person.id, rows) || eraseTeams(tx, person, rows),
      leaving({ id }) {
        const mine = teams.of(id)
        const owned = mine.filter(({ role }) => role === "owner")
        return {
          ends: mine.length > owned.length ? ["You leave your teams. Apps and credits there stay theirs."] : [],
          first: owned.map(({ team }) => ({
            text: `The team “${team.name}” is yours. Hand it over or delete it.`,
            href: `/teams/${team.publicId}`,
          })),
        }
      },
    },
  }),
}
