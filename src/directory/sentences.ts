// What the audit log says of listings in the directory.
import { type Sentences, said } from "../part/index.ts"

const act = (label: string, before: string, after = "") => ({
  topic: "apps" as const,
  label,
  say: ({ who, what }: Parameters<Sentences[string]["say"]>[0]) =>
    after === "" ? said`${who} ${before} ${what}` : said`${who} ${before} ${what} ${after}`,
})

export const DIRECTORY_SENTENCES: Sentences = {
  "listing.saved": act("Directory listing saved", "wrote the directory listing of"),
  "listing.asked": act("Directory listing sent in", "sent in the directory listing of"),
  "listing.withdrawn": act("Directory listing taken back", "took back the directory listing of"),
  "listing.published": act("App listed", "put", "in the directory"),
  "listing.remarked": act("Directory listing returned", "asked for changes to the directory listing of"),
  "listing.unlisted": act("App unlisted", "took", "out of the directory"),
  "listing.suspended": act("Directory listing suspended", "suspended the directory listing of"),
  "listing.reinstated": act("Directory listing let in again", "let the directory listing of", "in again"),
  "listing.featured": act("App featured", "featured", "in the directory"),
  "listing.unfeatured": act("App no longer featured", "no longer features", "in the directory"),
  "listing.reported": act("Directory listing reported", "reported the directory listing of"),
  "listing.reports_settled": act("Reports looked at", "looked at the reports of"),
  "listing.shot_added": act("Screenshot added", "added a screenshot to the directory listing of"),
  "listing.shot_removed": act("Screenshot removed", "removed a screenshot from the directory listing of"),
}
