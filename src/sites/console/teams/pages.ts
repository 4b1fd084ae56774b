// Addresses of teams: which somebody is in, who is in one, and how they came and go.
import type { PageEntry } from "../../base/index.ts"

const T = "/teams/:team"

export const TEAM_PAGES = [
  {
    path: "/teams",
    viewer: "person",
    title: "Teams",
    nav: { group: "", label: "Teams", icon: "users", order: 38 },
    search: {
      text: "Several people, one wallet: members, roles, invitations.",
      words: "team organisation organization company group members invite share roles",
    },
  },
  { path: "/teams/new", viewer: "person", title: "New team" },
  { path: "/teams/join", viewer: "person", title: "An invitation to a team", query: "token=:teamtoken" },
  { path: "/teams/join/refusal", viewer: "person", title: "Decline an invitation", query: "token=:teamtoken" },
  { path: T, viewer: "person", title: "A team" },
  { path: `${T}/name`, viewer: "person", title: "Rename a team" },
  { path: `${T}/activity`, viewer: "person", title: "What was done in a team" },
  { path: `${T}/invitation`, viewer: "person", title: "Invite somebody to a team" },
  { path: `${T}/members/:teammate`, viewer: "person", title: "Role in a team" },
  { path: `${T}/members/:teammate/limits`, viewer: "person", title: "What somebody of a team may spend" },
  { path: `${T}/members/:teammate/removal`, viewer: "person", title: "Remove somebody from a team" },
  { path: `${T}/owner`, viewer: "person", title: "Hand a team over" },
  { path: `${T}/leaving`, viewer: "person", title: "Leave a team" },
  { path: `${T}/deletion`, viewer: "person", title: "Delete a team" },
] as const satisfies readonly PageEntry[]
