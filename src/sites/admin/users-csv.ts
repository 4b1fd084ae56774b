// /admin/users.csv as the read Worker makes it: the list's own rows, filters, order and columns, of one moment.
import { CsvNumber, creditsDecimal, csvLine, nano } from "../../app/index.ts"
import type { Reader } from "../../store/index.ts"
import { type ListedUser, type UsersQuery, usersRows } from "./store-users.ts"

export interface UsersCsvInput {
  query: UsersQuery
  /** Of those that may be left out, as the list shows them. */
  columns: readonly string[]
  /** Names of plans by code. */
  plans: Readonly<Record<string, string>>
}

/** Each portion sorts anew, which takes up to 0.3 s of 100,000 people: large portions, 600 kB each. */
const PORTION_ROWS = 4_000

type Field = string | number | CsvNumber | null
const time = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString())
const credits = (amount: number): CsvNumber => new CsvNumber(creditsDecimal(nano(amount)))

/** A column of the list is one or more of the file. */
const COLUMNS: Readonly<Record<string, { heads: string[]; fields(user: ListedUser, input: UsersCsvInput): Field[] }>> =
  {
    person: { heads: ["name", "email"], fields: (user) => [user.name, user.email] },
    status: {
      heads: ["status", "admin", "developer"],
      fields: (user) => [user.state, user.isAdmin === 1 ? "yes" : "no", user.isDeveloper === 1 ? "yes" : "no"],
    },
    plan: { heads: ["plan"], fields: (user, { plans }) => [plans[user.plan] ?? user.plan] },
    balance: { heads: ["balance_credits"], fields: (user) => [credits(user.balanceNano)] },
    spent: { heads: ["spent_30_days_credits"], fields: (user) => [credits(user.spentNano)] },
    joined: { heads: ["joined"], fields: (user) => [time(user.createdMs)] },
    seen: { heads: ["last_seen"], fields: (user) => [time(user.seenMs)] },
    id: { heads: ["id"], fields: (user) => [user.publicId] },
  }

export function* usersCsv(reader: Reader, input: UsersCsvInput): Generator<string> {
  const columns = ["person", ...input.columns].flatMap((key) => COLUMNS[key] ?? [])
  yield csvLine(columns.flatMap((column) => column.heads))
  let place: UsersQuery["place"] = null
  do {
    const { rows, next }: ReturnType<typeof usersRows> = usersRows(reader, {
      ...input.query,
      place,
      limit: PORTION_ROWS,
    })
    if (rows.length > 0)
      yield rows.map((user) => csvLine(columns.flatMap((column) => column.fields(user, input)))).join("")
    place = next
  } while (place !== null)
}
