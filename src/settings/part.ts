// What `settings` contributes: how the audit log reads a change.
import { type Part, said } from "../part/index.ts"

export const settingsPart: Part = {
  name: "settings",
  sentences: {
    "setting.changed": {
      topic: "settings",
      label: "Setting changed",
      say: ({ who, what }) => said`${who} changed ${what}`,
    },
  },
}
