// Who is an admin, by address. Somebody without an account gets one, without a password: a login link lets them in. Nobody loses the role
// by a file.
import { AppError } from "../../../../app/index.ts"
import { form } from "../../../../http/index.ts"
import { normaliseEmail } from "../../../../identity/index.ts"
import type { Kind, SetupDeps } from "../types.ts"

const FORM = form({}, { submit: "Save" })

export function adminsKind({ identity }: Pick<SetupDeps, "identity">): Kind {
  return {
    name: "admins",
    shape: "names",
    present: () => new Map(identity.admins().map(({ email }) => [email, {}])),
    idOf: (entry) => normaliseEmail(entry) ?? entry,
    formOf(entry) {
      if (!normaliseEmail(entry)) throw new AppError("validation_failed", `${entry} is no email address.`)
      return FORM
    },
    fresh: {},
    saveIn(tx, email) {
      const user =
        identity.userByEmail(email) ?? identity.createUserIn(tx, { email, passwordHash: null, emailVerified: true })
      identity.setAdminIn(tx, { userId: user.id, isAdmin: true })
    },
  }
}
