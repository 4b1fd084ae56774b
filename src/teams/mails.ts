// The mails of teams. An invitation goes to an address, whether anybody has it here or not; its link opens a question, never a door.
import type { Letter } from "../part/index.ts"
import { isRole, ROLE_WORDS } from "./rules.ts"

/** Rows outlive releases. */
const roleWords = (role: string): string => (isRole(role) ? ROLE_WORDS[role] : "member")

export interface TeamInvitedData {
  /** As their people named it, and as the one who invites is called. */
  team: string
  from: string
  role: string
  link: string
}

export const teamInvited: Letter<TeamInvitedData> = {
  kind: "team_invited",
  subject: (_, { productName }) => `You are invited to a ${productName} team`,
  body: ({ team, from, role, link }, { productName }) => [
    `${from === "" ? "Somebody" : `“${from}”`} invites you to the team “${team}” as ${roleWords(role)}. Nothing changes until you accept; the invitation ends in seven days.`,
    { text: `Read what it means and answer. You need a ${productName} account with this address:`, link },
    "It counts for this address alone, so passing it on helps nobody. If you do not know what this is about, ignore this mail.",
  ],
  sample: {
    team: "Paper Boat Studio",
    from: "Grace Hopper",
    role: "admin",
    link: "https://ai.example.com/teams/join?token=abc",
  },
}

export interface TeamMemberData {
  team: string
  /** `tea_…` */
  id: string
  /** What happened; a new role by its name. */
  outcome: string
}

const OUTCOMES: Readonly<Record<string, { subject: string; words: string; isIn: boolean }>> = {
  joined: { subject: "Somebody joined your team", words: "Somebody accepted an invitation to", isIn: true },
  removed: { subject: "You are no longer in a team", words: "You were removed from", isIn: false },
  ended: { subject: "A team was deleted", words: "Its owner deleted", isIn: false },
  owner: { subject: "A team is yours now", words: "You own now, and answer for,", isIn: true },
}

const outcomeOf = (outcome: string) =>
  OUTCOMES[outcome] ?? {
    subject: "You have another role in a team",
    words: `You are ${roleWords(outcome)} now of`,
    isIn: true,
  }

export const teamMember: Letter<TeamMemberData> = {
  kind: "team_member",
  subject: ({ outcome }, { productName }) => `${outcomeOf(outcome).subject} · ${productName}`,
  body({ team, id, outcome }, { baseUrl }) {
    const { words, isIn } = outcomeOf(outcome)
    return [
      `${words} the team “${team}”.`,
      isIn
        ? { text: "Who is in it and what each may do:", link: `${baseUrl}/teams/${id}` }
        : { text: "Your teams:", link: `${baseUrl}/teams` },
    ]
  },
  sample: { team: "Paper Boat Studio", id: "tea_01", outcome: "joined" },
}
