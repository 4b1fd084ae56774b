// People as the admin's pages name them: by the ids that stand in the books and the audit log, and back from what an admin types.
import { ensure } from "../../app/index.ts"
import type { Identity, User } from "../../identity/index.ts"
import type { Oauth } from "../../oauth/index.ts"
import type { Payouts } from "../../payouts/index.ts"

type Deps = { identity: Pick<Identity, "userByPublicId" | "userByEmail"> }

/** @throws AppError not_found */
export function userOf({ identity }: Deps, id: string | undefined): User {
  const user = identity.userByPublicId(id ?? "")
  ensure(user, "not_found", "There is no user with this id. Search for them under Users.")
  return user
}

/** Whom money is owed: a person, or a team. @throws AppError not_found */
export function payeeOf({ payouts }: { payouts: Pick<Payouts, "payee"> }, id: string): User {
  const payee = payouts.payee(id)
  ensure(payee, "not_found", "There is nobody with this id who is paid. They are listed under Payouts.")
  return payee
}

/** Whose wallet it is: a person, or a team that is not deleted. @throws AppError not_found */
export function holderOf(deps: Deps & { payouts: Pick<Payouts, "payee"> }, id: string): User {
  return id.startsWith("tea_") ? payeeOf(deps, id) : userOf(deps, id)
}

export const labelOf = (user: Pick<User, "name" | "email">): string => user.name ?? user.email

/** "admin:usr_…" as that person's address, "app:cli_…" as that app's name; "system:sweeper" or "cli" in words, the rest as it is. */
export function actorName(
  { identity, oauth }: Deps & { oauth: Pick<Oauth, "clientByPublicId"> },
  actor: string,
): string {
  const [kind = "", publicId = ""] = actor.split(":")
  if (kind === "system") return "Purser"
  if (kind === "cli") return "the command line"
  if (kind === "app") {
    const name = oauth.clientByPublicId(publicId)?.name
    return name ? `${name} (app)` : actor
  }
  const email = identity.userByPublicId(publicId)?.email
  return email ? (kind === "admin" ? `${email} (admin)` : email) : actor
}

/** An email as the public id behind it; what is not one stays as it was typed. */
export const idTyped = ({ identity }: Deps, typed: string): string =>
  typed.includes("@") ? (identity.userByEmail(typed)?.publicId ?? typed) : typed
