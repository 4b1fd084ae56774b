// What `media` contributes: pictures that are shown nowhere go, and so do those that nobody owns any more.
import { HOUR_MS } from "../app/index.ts"
import type { Part } from "../part/index.ts"
import type { Media } from "./index.ts"
import { MEDIA_LIMITS } from "./rules.ts"
import { MEDIA_SENTENCES } from "./sentences.ts"
import { erasePictures, MEDIA_PERSONAL } from "./store-personal.ts"
import { CARD_READS } from "./worker-reads.ts"

const CTX = { actor: "system:sweep-media", requestId: "job_sweep-media", reason: "delete pictures that are not shown" }

export const mediaPart: Part<{ media: Pick<Media, "sweep"> }> = {
  name: "media",
  personal: MEDIA_PERSONAL,
  sentences: MEDIA_SENTENCES,
  reads: CARD_READS,
  run: ({ media }) => ({
    jobs: [
      {
        name: "sweep-media",
        everyMs: HOUR_MS,
        // A picture has up to 300 kB in four files: some milliseconds of writing a slice.
        sliceRows: MEDIA_LIMITS.sweepRows,
        run: async ({ rows }) => (await media.sweep(CTX, rows)) >= rows,
      },
    ],
    lifecycle: {
      suspended: {
        nothing: "icons stay with their apps, which oauth refuses; nobody else sees the person's own picture",
      },
      reinstated: { nothing: "nothing was taken away when they were suspended" },
      passwordChanged: { nothing: "pictures open nothing; a session that ends can send none" },
      erased: (tx, { id }, rows) => erasePictures(tx, id, rows),
    },
  }),
}
