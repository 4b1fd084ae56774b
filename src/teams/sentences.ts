// What the audit log says of teams; the page of a team reads the same sentences.
import { type AuditFacts, type Named, type Sentences, said } from "../part/index.ts"
import { isRole, ROLE_WORDS } from "./rules.ts"

/** `usr_…` as a name, where the facts have one. */
const member = ({ before, after }: AuditFacts): Named | string => {
  const id = after.member ?? before.member
  return typeof id === "string" ? { name: id } : "somebody"
}
const role = ({ after }: AuditFacts): string => (isRole(after.role) ? ROLE_WORDS[after.role] : "another role")

export const TEAM_SENTENCES: Sentences = {
  "team.created": { topic: "access", label: "Team made", say: ({ who, what }) => said`${who} made ${what}` },
  "team.renamed": { topic: "access", label: "Team renamed", say: ({ who, what }) => said`${who} renamed ${what}` },
  "team.invited": {
    topic: "access",
    label: "Invitation to a team",
    say: (facts) => said`${facts.who} invited somebody to ${facts.what} as ${role(facts)}`,
  },
  "team.invite_revoked": {
    topic: "access",
    label: "Invitation to a team taken back",
    say: ({ who, what }) => said`${who} took an invitation to ${what} back`,
  },
  "team.invite_declined": {
    topic: "access",
    label: "Invitation to a team declined",
    say: ({ who, what }) => said`${who} declined an invitation to ${what}`,
  },
  "team.joined": {
    topic: "access",
    label: "New member of a team",
    say: (facts) => said`${facts.who} joined ${facts.what} as ${role(facts)}`,
  },
  "team.role_changed": {
    topic: "access",
    label: "Role in a team",
    say: (facts) => said`${facts.who} changed the role of ${member(facts)} in ${facts.what} to ${role(facts)}`,
  },
  "team.member_removed": {
    topic: "access",
    label: "Member of a team removed",
    say: (facts) => said`${facts.who} removed ${member(facts)} from ${facts.what}`,
  },
  "team.member_left": {
    topic: "access",
    label: "Member left a team",
    say: ({ who, what }) => said`${who} left ${what}`,
  },
  "team.handed_over": {
    topic: "access",
    label: "Team handed over",
    say: (facts) => said`${facts.who} handed ${facts.what} over to ${member(facts)}`,
  },
  "team.ended": { topic: "access", label: "Team deleted", say: ({ who, what }) => said`${who} deleted ${what}` },
}
