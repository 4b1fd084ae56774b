// Who may do what in a team: one table, role × right, and nothing beside it. What is not in it is refused.

export const ROLES = ["owner", "admin", "billing", "viewer"] as const
export type Role = (typeof ROLES)[number]
/** Ownership is handed over, never given by an invitation. */
export const GIVEN_ROLES = ["admin", "billing", "viewer"] as const
export type GivenRole = (typeof GIVEN_ROLES)[number]

/** As people read them, within a sentence. */
export const ROLE_WORDS: Readonly<Record<Role, string>> = {
  owner: "owner",
  admin: "admin",
  billing: "billing manager",
  viewer: "viewer",
}

export const RIGHTS = ["see", "audit", "members", "money", "spend", "build", "own"] as const
/**
 * `see`: the team, its people, balance and use. `audit`: who did what. `members`: invite, change, remove. `money`: buy credits, plans and
 * invoices, and have earnings paid out. `spend`: keys, and what else uses credits. `build`: apps and APIs. `own`: name admins, hand over, delete.
 */
export type Right = (typeof RIGHTS)[number]

export const ROLE_RIGHTS: Readonly<Record<Role, ReadonlySet<Right>>> = {
  owner: new Set(RIGHTS),
  admin: new Set<Right>(["see", "audit", "members", "money", "spend", "build"]),
  billing: new Set<Right>(["see", "money"]),
  viewer: new Set<Right>(["see"]),
}

export const may = (role: Role, right: Right): boolean => ROLE_RIGHTS[role]?.has(right) ?? false

/** Whether somebody may make, change or end a membership of this role: admins are the owner's to name, and nobody names an owner. */
export const mayGive = (by: Role, role: Role): boolean =>
  role !== "owner" && may(by, role === "admin" ? "own" : "members")

/** Whether somebody may say what a member of this role spends: as they may change them, and owners may hold themselves back. */
export const mayLimit = (by: Role, role: Role): boolean => may(by, "own") || mayGive(by, role)

export const isRole = (value: unknown): value is Role => ROLES.includes(value as Role)

/** In the order that people read them. */
export const byRole = (a: Role, b: Role): number => ROLES.indexOf(a) - ROLES.indexOf(b)

/** Whose a team becomes when its owner is erased; with nobody of this role it ends. */
export const isTakenBy = (role: Role): boolean => role === "admin"
