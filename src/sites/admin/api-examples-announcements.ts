// What programs may send to the forms of announcements, and what such an answer holds beside its sentence.
import { Type as t } from "@sinclair/typebox"
import type { Described } from "./api-examples.ts"

const reason = "Asked by mail"

export const ANNOUNCEMENTS: Record<string, Described> = {
  "/admin/announcements": {
    body: {
      title: "Maintenance on Sunday",
      body: "From 6 to 7 UTC calls are refused with a hint when to come again.",
      audience: "all",
      banner: true,
      told: false,
      reason,
    },
    result: {
      announcement: t.String({
        description: "The announcement that was made",
        examples: ["ann_01K9ZT4M2Q8V6X3B7N5RJDHWCE"],
      }),
    },
  },
  "/admin/announcements/:announcement/ending": { body: { reason } },
}
