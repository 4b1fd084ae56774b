// What the app API answers: one schema types the code and stands in the OpenAPI document. Names are those of seed 000; fields are only
// ever added.
import { type Static, Type as t } from "@sinclair/typebox"
import { Amount } from "../../../gateway/index.ts"

const At = t.String({ format: "date-time", description: "RFC 3339, UTC" })
const orNull = <T extends Parameters<typeof t.Union>[0][number]>(schema: T) => t.Union([schema, t.Null()])

export const AppUser = t.Object(
  {
    object: t.Literal("app.user"),
    userId: t.String({
      description: "The person; the `sub` of their tokens",
      examples: ["usr_01K9ZT4M2Q8V6X3B7N5RJDHWCE"],
    }),
    authorizedAt: { ...At, description: "When they last said what your app may do, RFC 3339, UTC" } as typeof At,
    scopes: t.Array(t.String(), { description: "What they allow your app" }),
    usageLimits: t.Record(t.String(), Amount, {
      description: "What your app may spend of theirs in a UTC day, by scope",
      examples: [{ llm: { nano: "50000000", credits: "50" } }],
    }),
    displayName: t.Optional(orNull(t.String({ description: "Only with the scope `profile`" }))),
    avatarUrl: t.Optional(orNull(t.String({ description: "Only with the scope `profile`; null: no picture" }))),
    email: t.Optional(t.String({ description: "Only with the scope `email`" })),
    emailVerified: t.Optional(t.Boolean({ description: "Only with the scope `email`" })),
  },
  { description: "Somebody who lets your app in, with what they let it see" },
)
export type AppUserJson = Static<typeof AppUser>

export const AppUserList = t.Object(
  {
    object: t.Literal("list"),
    data: t.Array(AppUser, { description: "Newest permission first" }),
    hasMore: t.Boolean({ description: "Whether there are more" }),
    nextCursor: orNull(t.String({ description: "`cursor` of the next page; null on the last" })),
  },
  { description: "People who let your app in and gave it at least `openid`" },
)

/** What the query of a list of people may say. */
export const USERS_QUERY = {
  limit: t.Integer({ minimum: 1, maximum: 1_000, default: 100, description: "At most so many" }),
  cursor: t.String({ description: "`nextCursor` of the page before" }),
  scope: t.String({ description: "Only people who gave this scope" }),
  authorizedFrom: t.String({ description: "Only permissions from then on: a day or a moment, RFC 3339, UTC" }),
  authorizedTo: t.String({ description: "Only permissions before then" }),
  search: t.String({
    maxLength: 100,
    description: "An id, or a part of a name or an address that the person lets your app see",
  }),
} as const
