// Events of apps: their permissions, their people meeting limits, the app itself and its secrets. Of people they tell ids and nothing that
// a scope would have to open.
import { Type as t } from "@sinclair/typebox"
import { count, credits, day, kind, list, maybe, oneOf, text, USER } from "./shape.ts"

const PERMISSION = {
  permission: text("`con_…`: the permission, the same for one person and app for ever"),
  user: USER,
}
const TERMS = {
  ...PERMISSION,
  scopes: list("What is allowed from now on"),
  limits: t.Record(t.String(), t.String(), { description: "Credits a day by scope, as exact decimals" }),
}
const TERMS_EXAMPLE = {
  permission: "con_01KAZ3V9M4N8T2X6Q7R5S1P0WE",
  user: "usr_01KAZ3V9M4N8T2X6Q7R5S1P0WD",
  scopes: ["openid", "ai.chat"],
  limits: { "ai.chat": "100" },
}
const CLIENT_SECRET = {
  secret: text("Its id; the secret itself is never sent"),
  name: text("As its maker called it"),
}
const REFUSED = {
  user: USER,
  scope: text("What the call would have used, such as `ai.chat`"),
  day: day("The UTC day"),
}
const REFUSED_EXAMPLE = { user: TERMS_EXAMPLE.user, scope: "ai.chat", day: "2026-11-28" }

const VIDEO = {
  video: text("`video_…`, by which it is fetched"),
  request: text("`req_…`: the call that asked for it"),
  user: USER,
  model: text("As the call named it"),
}
const VIDEO_EXAMPLE = {
  video: "video_01KAZ3V9M4N8T2X6Q7R5S1P0WH",
  request: "req_01KAZ3V9M4N8T2X6Q7R5S1P0WJ",
  user: TERMS_EXAMPLE.user,
  model: "sora-2",
}

export const APP_EVENTS = {
  "permission.granted": kind({
    to: "app",
    when: "A person let your app in, for the first time, again, or with other scopes than before.",
    data: t.Object(TERMS),
    example: TERMS_EXAMPLE,
  }),
  "permission.changed": kind({
    to: "app",
    when: "A person changed what your app may spend a day, or which tools it may use.",
    data: t.Object(TERMS),
    example: TERMS_EXAMPLE,
  }),
  "permission.revoked": kind({
    to: "app",
    when: "A permission ended: its tokens work no more.",
    data: t.Object({
      ...PERMISSION,
      by: oneOf("Who ended it", "person", "team", "developer", "operator", "account_deleted", "app_deleted"),
    }),
    example: { permission: TERMS_EXAMPLE.permission, user: TERMS_EXAMPLE.user, by: "person" },
  }),
  "limit.reached": kind({
    to: "app",
    when: "A call of a person was refused because what they allow your app a day is used up.",
    note: "At most once a day, person and scope.",
    data: t.Object(REFUSED),
    example: REFUSED_EXAMPLE,
  }),
  "credits.exhausted": kind({
    to: "app",
    when: "A call of a person was refused because they have too few credits.",
    note: "At most once a day, person and scope.",
    data: t.Object(REFUSED),
    example: REFUSED_EXAMPLE,
  }),
  "video.completed": kind({
    to: "app",
    when: "A video that your app asked for is done, and was charged.",
    data: t.Object(VIDEO),
    example: VIDEO_EXAMPLE,
  }),
  "video.failed": kind({
    to: "app",
    when: "A video that your app asked for could not be made; its credits were given back.",
    data: t.Object({ ...VIDEO, error: text("Why, for programs") }),
    example: { ...VIDEO_EXAMPLE, error: "moderation_blocked" },
  }),
  "usage.day": kind({
    to: "app",
    when: "A UTC day ended on which your app was used: its sums.",
    note: "In place of an event for each call, which your server has seen already; sent within minutes of the end of the day.",
    data: t.Object({
      day: day("The UTC day"),
      users: count("People who made a call, refused ones too"),
      calls: count("Calls that were answered"),
      refused: count("Calls that were refused"),
      credits: credits("What people paid"),
      earned: credits("Your share of it"),
    }),
    example: { day: "2026-11-27", users: 41, calls: 1302, refused: 7, credits: "5120.25", earned: "426.5" },
  }),
  "app.suspended": kind({
    to: "app",
    when: "The operator suspended your app: no call and no sign-in from now on.",
    data: t.Object({ reason: text("As the operator wrote it") }),
    example: { reason: "It asks for passwords." },
  }),
  "app.reinstated": kind({
    to: "app",
    when: "Your app works again.",
    data: t.Object({}),
    example: {},
  }),
  "app.reviewed": kind({
    to: "app",
    when: "The operator decided about your app, or about its place in the directory.",
    data: t.Object({
      about: oneOf("What was decided about: whether people may sign in, or the directory listing", "app", "listing"),
      decision: oneOf("What was decided", "approved", "rejected", "changes_requested"),
      note: maybe("As the operator wrote it"),
    }),
    example: { about: "app", decision: "changes_requested", note: "The description names another product." },
  }),
  "client_secret.created": kind({
    to: "app",
    when: "A client secret of your app was made.",
    data: t.Object(CLIENT_SECRET),
    example: { secret: "sec_01KAZ3V9M4N8T2X6Q7R5S1P0WF", name: "Production" },
  }),
  "client_secret.revoked": kind({
    to: "app",
    when: "A client secret of your app was revoked.",
    data: t.Object(CLIENT_SECRET),
    example: { secret: "sec_01KAZ3V9M4N8T2X6Q7R5S1P0WF", name: "Production" },
  }),
  "app_key.created": kind({
    to: "app",
    when: "A secret key of your app was made, by which servers ask about it.",
    data: t.Object({ key: text("`apk_…`"), name: text("As its maker called it"), scopes: list("What it may read") }),
    example: { key: "apk_01KAZ3V9M4N8T2X6Q7R5S1P0WG", name: "Mailing list", scopes: ["users"] },
  }),
  "app_key.revoked": kind({
    to: "app",
    when: "A secret key of your app was revoked.",
    data: t.Object({ key: text("`apk_…`"), name: text("As its maker called it") }),
    example: { key: "apk_01KAZ3V9M4N8T2X6Q7R5S1P0WG", name: "Mailing list" },
  }),
} as const
