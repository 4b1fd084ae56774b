// What `directory` contributes: its setting, mail and sentences, people counted each hour, and what becomes of listings with their person.
import { HOUR_MS } from "../app/index.ts"
import type { Check, Part } from "../part/index.ts"
import type { Directory } from "./index.ts"
import { DIRECTORY_LIMITS } from "./limits.ts"
import { listingDecided } from "./mails.ts"
import { DIRECTORY_SENTENCES } from "./sentences.ts"
import { DIRECTORY_REVIEWS } from "./settings.ts"
import { DIRECTORY_PERSONAL, eraseDirectory } from "./store-personal.ts"

const HIDDEN = "listings of people who may not act are hidden by the view that all reads go through"

export const directoryPart: Part<{ directory: Directory }> = {
  name: "directory",
  letters: [listingDecided],
  settings: [DIRECTORY_REVIEWS],
  sentences: DIRECTORY_SENTENCES,
  personal: DIRECTORY_PERSONAL,
  keeps: [
    {
      what: "Reports of apps in the directory",
      goes: "Those that an admin looked at go; those that wait stay.",
      kept: "90 days",
      job: "sweep-directory",
    },
  ],
  run: ({ directory }) => ({
    checks: [() => waiting(directory)],
    jobs: [
      {
        name: "directory-people",
        everyMs: HOUR_MS,
        atStart: true,
        sliceRows: DIRECTORY_LIMITS.peopleRows,
        run: () => directory.countPeople(),
      },
      {
        name: "sweep-directory",
        everyMs: HOUR_MS,
        run: async ({ rows }) => (await directory.sweep(rows)) >= rows,
      },
    ],
    lifecycle: {
      suspended: { nothing: HIDDEN },
      reinstated: { nothing: HIDDEN },
      passwordChanged: { nothing: "a listing lets nobody in" },
      erased: (tx, { id }, rows) => eraseDirectory(tx, id, rows),
    },
  }),
}

function waiting(directory: Directory): Check[] {
  const [asked, reported] = [directory.countCut("waiting"), directory.countCut("reported")]
  if (asked + reported === 0) return []
  const text = [asked > 0 ? `${asked} to review` : "", reported > 0 ? `${reported} reported` : ""]
    .filter(Boolean)
    .join(", ")
  const href = asked > 0 ? "/admin/directory" : "/admin/directory?show=reported"
  return [{ label: "App directory", state: "ok", text, href }]
}
