// What an admin decided about a listing, to its developer. What was said stands on the page behind the link.
import type { Letter } from "../part/index.ts"

export interface ListingDecidedData {
  /** The name of the app, as its developer gave it. */
  app: string
  /** `cli_…` */
  id: string
  slug: string
  decided: "published" | "remarked" | "suspended" | "reinstated"
}

const SUBJECTS = {
  published: "Your app is in the directory",
  remarked: "Your listing needs a change before it is shown",
  suspended: "Your listing was taken out of the directory",
  reinstated: "Your listing may be shown again",
} as const

const SAID = {
  published: "was looked at and stands in the directory now.",
  remarked: "was looked at and came back with a remark.",
  suspended: "was taken out of the directory by the people who run this service. The app itself goes on.",
  reinstated: "may be shown again: send it in when you are ready.",
} as const

/** What a later release may decide that this one does not know is told in general words. */
export const listingDecided: Letter<ListingDecidedData> = {
  kind: "directory_listing_decided",
  subject: ({ decided }) => SUBJECTS[decided] ?? "Your listing was looked at",
  body: ({ app, id, slug, decided }, { baseUrl }) => [
    `The directory listing of “${app}” ${SAID[decided] ?? "was looked at."}`,
    decided === "published"
      ? { text: "See it:", link: `${baseUrl}/directory/${slug}` }
      : { text: "Read more:", link: `${baseUrl}/developer/apps/${id}/listing` },
  ],
  sample: { app: "Storyteller", id: "cli_01", slug: "storyteller", decided: "remarked" },
  others: (["published", "suspended", "reinstated"] as const).map((decided) => ({
    app: "Storyteller",
    id: "cli_01",
    slug: "storyteller",
    decided,
  })),
}
